"""Reads of conversations."""

from sqlalchemy import select

from core.db import db
from messages.conversations.models import ConversationLine


def lines(conversation_id: int) -> list[ConversationLine]:
    """Everything that was said, in order."""
    query = select(ConversationLine).where(ConversationLine.conversation_id == conversation_id)
    return list(db.session.execute(query.order_by(ConversationLine.seq)).scalars())
