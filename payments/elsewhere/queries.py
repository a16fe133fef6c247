"""Reads of money that was paid at another shop. Imports no other reads of payments: they add these sums to theirs."""

from collections.abc import Collection

from sqlalchemy import func, select

from core.db import db
from payments.elsewhere.models import MoneyElsewhere


def taken_by(order_ids: Collection[int]) -> dict[int, int]:
    """{order id: đồng} of their price that was paid elsewhere; orders without any are left out. One statement."""
    if not order_ids:
        return {}
    rows = db.session.execute(
        select(MoneyElsewhere.order_id, func.sum(MoneyElsewhere.taken_vnd))
        .where(MoneyElsewhere.order_id.in_(order_ids))
        .group_by(MoneyElsewhere.order_id)
    )
    return {order_id: int(amount) for order_id, amount in rows}


def known(order_id: int, ref: str) -> bool:
    """Whether a payment of that name was written down for an order."""
    wanted = select(MoneyElsewhere.id).where(MoneyElsewhere.order_id == order_id, MoneyElsewhere.ref == ref)
    return db.session.execute(wanted).first() is not None


def collector_of_order(order_id: int) -> tuple[int, str] | None:
    """(the collector's organisation, the place) that holds an order's money; None when nothing was paid elsewhere."""
    wanted = select(MoneyElsewhere.organisation_id, MoneyElsewhere.place).where(
        MoneyElsewhere.order_id == order_id
    )
    row = db.session.execute(wanted.order_by(MoneyElsewhere.id).limit(1)).one_or_none()
    return (row[0], row[1]) if row else None
