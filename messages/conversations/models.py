"""Conversations and their lines."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Id, Instant, immutable, ref


class Conversation(Base):
    """One conversation between two sides, until it is closed with what came of it."""

    __tablename__ = "conversation"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="of the deed that opened it: a double tap is one")
    party: Mapped[str] = mapped_column(index=True, comment="opaque key of the part that opened it")
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


@immutable
class ConversationLine(Base):
    """What one side said. side: a word of the part that opened the conversation."""

    __tablename__ = "conversation_line"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"), UniqueConstraint("conversation_id", "key"))
    id: Mapped[Id]
    conversation_id: Mapped[int] = ref("conversation.id", index=False)
    seq: Mapped[int]
    key: Mapped[str] = mapped_column(comment="the form's own key: a double tap is one line")
    side: Mapped[str]
    by_user_id: Mapped[int | None] = mapped_column(
        BigId, comment="accounts.User.id; this part knows no such table"
    )
    at: Mapped[Instant]
    text: Mapped[str]
