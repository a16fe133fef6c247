"""Reads of claimed purchases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.db import db
from orders.claims.models import PurchaseClaim
from orders.models import Order
from orders.rules import STATE_TEXT, State


@dataclass(frozen=True)
class MyOrder:
    """One of a person's own orders. state_text is a message id."""

    code: str
    token: str
    seller_name: str
    total_vnd: int
    state_text: str
    placed_at: datetime


def my_orders(user_id: int, page: int = 1, most: int = 20) -> tuple[Sequence[MyOrder], int]:
    """A page of a person's orders, the newest first, and how many pages. Two queries."""
    mine = (PurchaseClaim.user_id == user_id,)
    of = PurchaseClaim.purchase_id == Order.purchase_id
    total = db.session.execute(select(func.count(Order.id)).join(PurchaseClaim, of).where(*mine)).scalar_one()
    wanted = (
        select(Order.code, Order.token, Order.seller_name, Order.total_vnd, Order.state, Order.placed_at)
        .join(PurchaseClaim, of)
        .where(*mine)
        .order_by(Order.placed_at.desc(), Order.id.desc())
    )
    rows = db.session.execute(wanted.limit(most).offset((page - 1) * most)).tuples().all()
    found = [
        MyOrder(code, token, seller, total_vnd, STATE_TEXT[State(state)], placed_at)
        for code, token, seller, total_vnd, state, placed_at in rows
    ]
    return found, max(1, -(-int(total) // most))
