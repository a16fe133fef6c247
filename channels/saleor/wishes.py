"""A shop asks for money back that was paid here, not there: written down under a name that both sides keep."""

from typing import Any

from sqlalchemy import func, select

from channels.saleor.models import SaleorRefundAsk
from channels.saleor.operations import knock
from channels.saleor.remote import OURS
from channels.saleor.rules import CURRENCY, whole_vnd
from core import clock
from core.db import db


def wish(instance_id: int, told: Any) -> str | None:
    """Write a request down, inside the caller's transaction; its name, or None for a payment that is not ours.

    The shop calls again when it got no answer: an open request of the same sum for the same payment is the same one.
    """
    try:
        payment, action = told["transaction"], told["action"]
        order, amount = payment["order"], whole_vnd(action["amount"])
        ids = (str(payment["id"]), str(order["id"]), str(order["number"]))
        known = str(payment["pspReference"]).startswith(OURS) and action["currency"] == CURRENCY
    except (KeyError, TypeError, ValueError):
        return None
    if not known or amount <= 0:
        return None
    row = knock(instance_id, ids[1], ids[2])
    mine = (SaleorRefundAsk.saleor_order_id == row.id, SaleorRefundAsk.wish)
    again = db.session.execute(
        select(SaleorRefundAsk.psp).where(
            *mine, SaleorRefundAsk.transaction == ids[0], SaleorRefundAsk.amount_vnd == amount,
            SaleorRefundAsk.refund_id.is_(None),
        )
    ).scalar()  # fmt: skip
    if again is not None:
        return str(again)
    count = db.session.execute(select(func.count()).select_from(SaleorRefundAsk).where(*mine)).scalar_one()
    made = SaleorRefundAsk(
        saleor_order_id=row.id, wish=True, transaction=ids[0], psp=f"{OURS}W{row.id}-{count + 1}", amount_vnd=amount,
        asked_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.psp
