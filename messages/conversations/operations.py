"""Verbs of conversations. Who may speak is checked by the part that opened one."""

from sqlalchemy import func, select

from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.i18n import N_
from core.once import one_at_a_time
from core.text import clean
from messages.conversations.models import Conversation, ConversationLine

TEXT_MAX = 2000


def begin(key: str, party: str, side: str, user_id: int | None, text: str) -> Conversation:
    """Open a conversation with its first line. The same key is the same conversation."""
    one_at_a_time("conversation", key)
    found = db.session.execute(select(Conversation).where(Conversation.key == key)).scalar_one_or_none()
    if found is not None:
        return found
    made = Conversation(key=key, party=party, opened_at=clock.now())
    db.session.add(made)
    db.session.flush()
    say(made.id, key, side, user_id, text)
    return made


def say(conversation_id: int, key: str, side: str, user_id: int | None, text: str) -> ConversationLine:
    """Add a line. The same key is the same line. Raises Invalid for an empty text, Conflict once it was closed."""
    row = db.session.get_one(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    mine = ConversationLine.conversation_id == conversation_id
    found = db.session.execute(
        select(ConversationLine).where(mine, ConversationLine.key == key)
    ).scalar_one_or_none()
    if found is not None:
        return found
    if row.closed_at is not None:
        raise Conflict(N_("Cuộc trao đổi này đã khép."), remedy=N_("Mở một cuộc trao đổi mới."))
    words = clean(text, lines=True)[:TEXT_MAX]
    if not words:
        raise Invalid(N_("Viết vài chữ cho người kia biết."), field="text")
    last = db.session.execute(
        select(func.coalesce(func.max(ConversationLine.seq), 0)).where(mine)
    ).scalar_one()
    made = ConversationLine(
        conversation_id=conversation_id, seq=last + 1, key=key, side=side, by_user_id=user_id, at=clock.now(),
        text=words,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def close(conversation_id: int) -> None:
    """No more lines. A second time changes nothing."""
    row = db.session.get_one(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    row.closed_at = row.closed_at or clock.now()
    db.session.flush()
