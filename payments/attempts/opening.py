"""After an order is placed: its providers are asked, once what was agreed is safely written."""

from sqlalchemy import select

from core.db import db
from payments.attempts.models import Attempt
from payments.attempts.operations import open_attempt
from payments.attempts.rules import State


def open_purchase(purchase_id: int, ip: str) -> None:
    """Ask for every payment of a purchase that was not asked for yet. Outside any transaction; twice is harmless.

    A provider that does not answer is asked again by the worker. ip: the buyer's, passed on and never stored.
    """
    wanted = select(Attempt.id).where(Attempt.purchase_id == purchase_id, Attempt.state == str(State.ASKED))
    for attempt_id in list(db.session.execute(wanted.order_by(Attempt.id)).scalars()):
        open_attempt(attempt_id, ip)
