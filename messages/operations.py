"""Writing a message into the outbox. The worker sends it."""

from datetime import timedelta

from sqlalchemy import Table, bindparam, insert, select, update

from core import clock
from core.db import db, run
from core.limits import limit
from messages.models import Message

BODY_MAX = 600
_MESSAGE = Message.__table__
assert isinstance(_MESSAGE, Table)
_KNOWN, _ADD = select(_MESSAGE.c.id).where(_MESSAGE.c.key == bindparam("k")), insert(_MESSAGE)


def send(to: str, kind: str, text: str, key: str, party: str = "") -> None:
    """Put one message in the outbox, inside the caller's transaction. The same key twice is one message.

    to: E.164 phone number. text: at most 600 characters, in the receiver's language, already translated.
    """
    if run(_KNOWN, {"k": key}).first():
        return
    body = text[:BODY_MAX]
    run(
        _ADD,
        {"key": key, "to_address": to, "kind": kind, "party": party, "body": body, "written_at": clock.now()},
    )


def forget_old() -> int:
    """Erase number and text of messages sent longer ago than orders are kept; how many. That they were sent stays."""
    before = clock.now() - timedelta(days=366 * limit("order_years"))
    gone = db.session.execute(
        update(Message)
        .where(Message.sent_at < before, Message.to_address != "", Message.work_state == "done")
        .values(to_address="", body="")
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
