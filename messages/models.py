"""Messages waiting to go out, or gone."""

from importlib import import_module

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant
from core.work import Claimable


class Message(Claimable, Base):
    """One message to one phone. Its key makes a repeated cause harmless; the gateway gets it as its own."""

    __tablename__ = "message"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    to_address: Mapped[str] = mapped_column(comment="E.164 phone number")
    kind: Mapped[str] = mapped_column(comment="what it is about, for counting; never shown")
    party: Mapped[str] = mapped_column(default="", index=True, comment="opaque key of the part that sent it")
    body: Mapped[str]
    written_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]


import_module("messages.conversations.models")  # the subpackage's tables belong to the same part
