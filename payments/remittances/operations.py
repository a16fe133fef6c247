"""The verb that knows a collector's transfer by its number."""

from sqlalchemy import select

from accounts.rules import Actor
from core import clock
from core.db import db
from payments.models import Transfer
from payments.rules import Outcome, TransferState
from payments.transfers.rules import same_text
from revenue.collector.models import Remittance
from revenue.collector.operations import confirm
from revenue.collector.rules import RemittanceState


def claim(actor: Actor, made: Transfer) -> bool:
    """Whether new money is a remittance to this cooperative: its number stands in the text and the sum is the same.

    One that is on its way is confirmed by the bank's own word. One that a person confirmed before is in the book
    already: the transfer is noted beside it, and nothing is posted a second time.
    """
    wanted = select(Remittance).where(
        Remittance.cooperative_id == made.cooperative_id, Remittance.amount_vnd == made.amount_vnd,
        Remittance.state != str(RemittanceState.RETURNED),
    )  # fmt: skip
    for found in db.session.execute(wanted.order_by(Remittance.id)).scalars():
        if same_text(found.number, made.content) and not _noted(made, found.number):
            confirm(actor, found.id)
            made.state, made.outcome = TransferState.REMITTED, Outcome.EXACT
            made.reason, made.settled_at = found.number, clock.now()
            db.session.flush()
            return True
    return False


def _noted(made: Transfer, number: str) -> bool:
    """Whether another transfer of the cooperative was this remittance."""
    wanted = select(Transfer.id).where(
        Transfer.cooperative_id == made.cooperative_id, Transfer.state == TransferState.REMITTED,
        Transfer.reason == number,
    )  # fmt: skip
    return db.session.execute(wanted).first() is not None
