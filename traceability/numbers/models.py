"""Tables of prefixes, of the counts under them, and of every number given."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Big, Id, Instant, immutable, ref
from traceability.numbers.rules import Kind

_KINDS = ", ".join(repr(str(kind)) for kind in Kind)


class CompanyPrefix(Base):
    """A prefix that GS1 licensed to a cooperative, entered by the administrator who saw the paper."""

    __tablename__ = "company_prefix"
    __table_args__ = (
        sa.CheckConstraint("length(digits) BETWEEN 7 AND 10", name="digits_7_to_10"),
        sa.Index("uq_company_prefix_in_use", "cooperative_id", unique=True,
                 sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL")),
    )  # fmt: skip
    id: Mapped[Id]
    digits: Mapped[str] = mapped_column(unique=True)
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    licence: Mapped[str] = mapped_column(comment="number of GS1's certificate, as printed")
    document: Mapped[str] = mapped_column(comment="private file name of its scan")
    checked_by_id: Mapped[int | None] = ref("person_account.id", index=False)
    registered_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None] = mapped_column(
        comment="since when nothing more is given; old numbers stay"
    )


class NumberCount(Base):
    """How far a count has gone. Raised by one statement, which locks the row to the transaction's end."""

    __tablename__ = "number_count"
    __table_args__ = (sa.CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),)
    prefix: Mapped[str] = mapped_column(primary_key=True, comment="digits that its numbers begin with")
    kind: Mapped[str] = mapped_column(primary_key=True)
    used_count: Mapped[Big] = mapped_column(comment="the place that comes next")


@immutable
class GivenNumber(Base):
    """A number that was given, to what, and when. Never given again, even when the thing is gone."""

    __tablename__ = "given_number"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        sa.UniqueConstraint("kind", "number"),
        sa.Index(None, "cooperative_id", "kind"),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(comment="13 digits, 18 of an SSCC")
    prefix: Mapped[str]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    subject: Mapped[str] = mapped_column(comment="pack:17, place:3, unit:5")
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class CaseNumber(Base):
    """A GTIN-14: so many pieces of one pack in a case."""

    __tablename__ = "case_number"
    __table_args__ = (
        sa.CheckConstraint("pieces BETWEEN 2 AND 10000", name="pieces_plausible"),
        sa.UniqueConstraint("pack_id", "pieces"),
    )
    id: Mapped[Id]
    pack_id: Mapped[int] = ref("pack.id", index=False)
    pieces: Mapped[int]
    gtin: Mapped[str] = mapped_column(unique=True)


class NumberedPlace(Base):
    """A place with a GLN: a cooperative's store."""

    __tablename__ = "numbered_place"
    id: Mapped[Id]
    gln: Mapped[str] = mapped_column(unique=True)
    cooperative_id: Mapped[int] = ref("cooperative.id", unique=True, index=False)
    name: Mapped[str]
    made_at: Mapped[Instant]


class LogisticUnit(Base):
    """A case or pallet made to be moved, with its SSCC; where there is no company prefix, with the market's own
    number, which is none of GS1's.
    """

    __tablename__ = "logistic_unit"
    __table_args__ = (
        sa.CheckConstraint("(sscc IS NULL) <> (internal IS NULL)", name="one_number"),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_has_reason"),
        sa.Index(None, "cooperative_id", "made_at"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="of the request: a double tap makes one unit")
    sscc: Mapped[str | None] = mapped_column(
        unique=True, comment="18 digits under the cooperative's own prefix"
    )
    internal: Mapped[str | None] = mapped_column(unique=True, comment="KIEN-000012, where there is no prefix")
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    made_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    voided_at: Mapped[Instant | None] = mapped_column(
        comment="since when it is no case any more: opened, damaged"
    )
    void_reason: Mapped[str] = mapped_column(default="", comment="why; for the cooperative alone")
    voided_by_id: Mapped[int | None] = ref("person_account.id", index=False)
    contents: Mapped[list["UnitContent"]] = relationship(order_by="UnitContent.id")

    @property
    def number(self) -> str:
        """What stands on it: the SSCC, or the market's own number."""
        return self.sscc or self.internal or ""


@immutable
class UnitContent(Base):
    """So many packs of a lot inside a logistic unit."""

    __tablename__ = "unit_content"
    __table_args__ = (
        sa.CheckConstraint("pieces BETWEEN 1 AND 100000", name="pieces_plausible"),
        sa.UniqueConstraint("unit_id", "lot_id", "pack_id"),
    )
    id: Mapped[Id]
    unit_id: Mapped[int] = ref("logistic_unit.id", index=False)
    lot_id: Mapped[int] = ref("lot.id")
    pack_id: Mapped[int] = ref("pack.id", index=False)
    pieces: Mapped[int]
