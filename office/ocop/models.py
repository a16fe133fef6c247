"""Dossiers of products, their steps, and what a person added to them by hand."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref
from office.ocop.rules import Event, State

_OPEN = text("state IN ('gathering', 'sent')")


class OcopDossier(Base):
    """A product on its way to its stars. criteria: id of the set in force when it was opened."""

    __tablename__ = "ocop_dossier"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in State)})", name="state_known"),
        UniqueConstraint("cooperative_id", "key"),
        Index("uq_ocop_dossier_open", "product_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: Mapped[Id]
    key: Mapped[str]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    product_id: Mapped[int] = ref("product.id")
    criteria: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.GATHERING)
    opened_at: Mapped[Instant]
    certificate_id: Mapped[int | None] = ref("certificate.id", index=False, comment="what the result became")


@immutable
class OcopStep(Base):
    """One step of a dossier, with the day and the office it concerned."""

    __tablename__ = "ocop_step"
    __table_args__ = (
        CheckConstraint(f"event IN ({', '.join(repr(one.value) for one in Event)})", name="event_known"),
        CheckConstraint("stars IS NULL OR stars BETWEEN 3 AND 5", name="three_to_five"),
        UniqueConstraint("dossier_id", "key"),
    )
    id: Mapped[Id]
    dossier_id: Mapped[int] = ref("ocop_dossier.id", index=False)
    key: Mapped[str]
    event: Mapped[str]
    on: Mapped[date]
    office: Mapped[str] = mapped_column(default="", comment="to whom, or who decided")
    note: Mapped[str] = mapped_column(default="")
    stars: Mapped[int | None]
    number: Mapped[str] = mapped_column(default="", comment="of the decision, as on paper")
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class OcopPiece(Base):
    """What a person says to a criterion, with a private file or without. Taken away, it keeps its row."""

    __tablename__ = "ocop_piece"
    __table_args__ = (
        CheckConstraint("length(note) > 0 OR file IS NOT NULL", name="says_something"),
        UniqueConstraint("dossier_id", "key"),
    )
    id: Mapped[Id]
    dossier_id: Mapped[int] = ref("ocop_dossier.id", index=False)
    key: Mapped[str]
    criterion: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    file: Mapped[str | None] = mapped_column(comment="private file")
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    removed_at: Mapped[Instant | None]
