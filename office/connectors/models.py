"""Where documents go, and the documents that wait, went, or were refused."""

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref
from core.work import Claimable
from office.connectors.rules import Kind


class ConnectorAccount(Base):
    """A system elsewhere, for one cooperative or (without one) for all. Set by an administrator alone."""

    __tablename__ = "connector_account"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(one.value) for one in Kind)})", name="kind_known"),
        CheckConstraint("failures_count >= 0", name="failures_not_negative"),
        UniqueConstraint("key"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(comment="of the form; the secret is sealed to it")
    cooperative_id: Mapped[int | None] = ref("cooperative.id")
    name: Mapped[str]
    kind: Mapped[str]
    address: Mapped[str] = mapped_column(comment="https://…, or the name of a folder of ours")
    secret: Mapped[bytes] = mapped_column(LargeBinary, comment="encrypted; never shown again")
    active: Mapped[bool] = mapped_column(default=True)
    failures_count: Mapped[int] = mapped_column(default=0, comment="in a row; an answer sets it to 0")
    failed_why: Mapped[str] = mapped_column(default="", comment="class of the last failure")
    failed_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    added_at: Mapped[Instant]
    added_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class ConnectorLetter(Claimable, Base):
    """One document for one connector. Its key is the same at every try; the body never changes."""

    __tablename__ = "connector_letter"
    __table_args__ = (UniqueConstraint("key"), Index(None, "cooperative_id", "written_at"))
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(
        comment="of the form that sent it, with the cooperative: idempotency key"
    )
    connector_id: Mapped[int] = ref("connector_account.id")
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    subject: Mapped[str] = mapped_column(comment="lot:12 or product:7, and the mapping")
    body: Mapped[str]
    body_bytes: Mapped[Big] = mapped_column(comment="its length in UTF-8")
    closed_fields: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    sent_at: Mapped[Instant | None]
    receipt: Mapped[str] = mapped_column(default="", comment="what the other side called it")
    refused: Mapped[str] = mapped_column(default="", comment="status of a no")
