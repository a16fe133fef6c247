"""Promises to send money back over the rail that it came by; written beside the refund, kept by the worker."""

import secrets

from core import clock
from core.db import db
from payments.attempts import queries
from payments.attempts.models import RailRefund
from payments.attempts.rules import RefundState
from payments.models import Refund


def put(refund: Refund) -> RailRefund | None:
    """Promise to send a refund over the rail by which its order was paid, where one payment holds enough; else None.

    What was paid twice goes back to the payment that was too much: another person may have made it.
    """
    if refund.order_id is None:
        return None
    own = f":{refund.order_id}"
    paid = queries.left_on_rails(refund.order_id)
    for attempt, left_vnd in sorted(paid, key=lambda one: refund.key != f"attempt:{one[0].id}{own}"):
        if left_vnd >= refund.amount_vnd:
            made = RailRefund(
                key=secrets.token_hex(12), refund_id=refund.id, attempt_id=attempt.id, order_id=refund.order_id,
                rail_account_id=attempt.rail_account_id, amount_vnd=refund.amount_vnd, state=RefundState.PENDING,
                raw_state="", refund_ref="", asked_at=clock.now(), look_at=clock.now(),
            )  # fmt: skip
            db.session.add(made)
            db.session.flush()
            return made
    return None
