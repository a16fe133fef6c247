"""The table of half-filled forms."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accounts.drafts.rules import FORMS
from core.db import Base, Id, Instant, ref

_FORMS = ", ".join(f"'{form}'" for form in FORMS)


class FormDraft(Base):
    """What one person typed into one form and has not sent. Nobody else may open it; forgotten after 30 days."""

    __tablename__ = "form_draft"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        CheckConstraint(f"form IN ({_FORMS})", name="form_known"),
    )
    id: Mapped[Id]
    user_id: Mapped[int] = ref("person_account.id", index=False)
    organisation_id: Mapped[int | None] = ref("organisation.id", nullable=True)
    key: Mapped[str] = mapped_column(comment="the phone's own key: the same as of the thing it will become")
    form: Mapped[str]
    fields: Mapped[bytes] = mapped_column(comment="encrypted JSON: field → what was typed")
    updated_at: Mapped[Instant] = mapped_column(index=True)
