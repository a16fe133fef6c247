"""Sending what waits in the outbox."""

from core import clock
from core.db import db, transaction
from core.work import Task, settle, sweep
from messages.gateways import gateway
from messages.models import Message
from messages.operations import forget_old


def _send_one(message_id: int) -> None:
    message = db.session.get_one(Message, message_id)
    key, to, body = message.key, message.to_address, message.body
    db.session.rollback()  # no transaction stays open during the outward call
    gateway().send(key, to, body)
    with transaction():
        settle(Message, message_id, sent_at=clock.now())


def send_pending() -> int:
    """Send up to 50 messages."""
    return sweep(Message, _send_one)


def forget() -> int:
    """Erase what was sent long ago."""
    with transaction():
        return forget_old()


TASKS = [Task("messages.send", 1.0, send_pending), Task("messages.forget", 86_400.0, forget)]
