"""Writing a message into the outbox. The worker sends it."""

from sqlalchemy import select

from core import clock
from core.db import db
from messages.models import Message

BODY_MAX = 600


def send(to: str, kind: str, text: str, key: str, party: str = "") -> None:
    """Put one message in the outbox, inside the caller's transaction. The same key twice is one message.

    to: E.164 phone number. text: at most 600 characters, in the receiver's language, already translated.
    """
    if db.session.execute(select(Message.id).where(Message.key == key)).first():
        return
    db.session.add(
        Message(key=key, to_address=to, kind=kind, party=party, body=text[:BODY_MAX], written_at=clock.now())
    )
    db.session.flush()
