"""The table of recordings."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accounts.voices.rules import LANGUAGES
from core.db import Base, Id, Instant, ref

_CODES = ", ".join(f"'{code}'" for code in LANGUAGES)


class Recording(Base):
    """A prompt spoken in one language. A newer one takes its place; files stay, named by content."""

    __tablename__ = "prompt_recording"
    __table_args__ = (
        CheckConstraint(f"language IN ({_CODES})", name="language_known"),
        CheckConstraint("file <> ''", name="has_file"),
    )
    id: Mapped[Id]
    prompt: Mapped[str] = mapped_column(comment="id in accounts/voices/prompts.json")
    language: Mapped[str] = mapped_column(comment="ISO 639-3")
    file: Mapped[str] = mapped_column(comment="public file")
    replaced: Mapped[bool] = mapped_column(default=False, comment="a newer recording stands")
    by_user_id: Mapped[int] = ref("person_account.id", index=False)
    at: Mapped[Instant]
