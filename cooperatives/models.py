"""Tables: cooperatives with documents and bank accounts, producers with standing, dated settlement terms."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cooperatives.terms.models import TermsClause, TermsDraft
from core.db import Base, Id, Instant, immutable, ref

__all__ = [
    "BankAccount", "Cooperative", "CooperativeDocument", "Producer", "SettlementTerms", "Standing", "TermsClause",
    "TermsDraft", "TermsGrade",
]  # fmt: skip


class Cooperative(Base):
    """A cooperative: a row beside its organisation, which it gets when an administrator approves it."""

    __tablename__ = "cooperative"
    __table_args__ = (
        CheckConstraint("state IN ('applied', 'approved', 'suspended', 'refused')", name="state_known"),
        CheckConstraint("(state IN ('approved', 'suspended')) = (organisation_id IS NOT NULL)",
            name="approved_has_organisation",),
        CheckConstraint("state = 'applied' OR decided_at IS NOT NULL", name="decision_has_a_time"),
        CheckConstraint("founded_year IS NULL OR founded_year BETWEEN 1950 AND 2200", name="founded_year_plausible"),
    )  # fmt: skip
    id: Mapped[Id]
    organisation_id: Mapped[int | None] = ref("organisation.id", unique=True, index=False)
    slug: Mapped[str] = mapped_column(unique=True, comment="in /cooperatives/<slug>; never changes")
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(index=True)
    registration_number: Mapped[str] = mapped_column(
        unique=True, comment="of the cooperative's registration certificate"
    )
    registered_on: Mapped[date]
    registered_by: Mapped[str] = mapped_column(comment="the office that issued it")
    legal_representative: Mapped[str]
    commune_id: Mapped[int] = ref("unit.id", comment="head office")
    address_line: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(comment="E.164, shown on the shop page")
    zalo: Mapped[str] = mapped_column(default="", comment="E.164 of the Zalo account, or empty")
    email: Mapped[str] = mapped_column(default="")
    story: Mapped[str] = mapped_column(default="")
    craft_tradition: Mapped[str] = mapped_column(
        default="",
        comment="ethnic tradition of the craft, as the cooperative states; never computed from persons",
    )
    gs1_prefix: Mapped[str | None] = mapped_column(
        comment="its own, licensed; else numbers are of restricted circulation"
    )
    gs1_prefix_declared: Mapped[str] = mapped_column(
        default="",
        comment="as it wrote on its application; counts for nothing until registered",
    )
    founded_year: Mapped[int | None]
    logo: Mapped[str] = mapped_column(
        default="", comment="name of an illustration in static/img/cooperatives"
    )
    state: Mapped[str] = mapped_column(default="applied", index=True)
    application_key: Mapped[str] = mapped_column(
        unique=True, comment="of the form: a second tap is the same application"
    )
    applied_by_user_id: Mapped[int] = ref("person_account.id")
    applied_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decided_by_user_id: Mapped[int | None] = ref("person_account.id")
    refusal: Mapped[str] = mapped_column(default="", comment="the reason, shown to the applicant")
    is_demo: Mapped[bool] = mapped_column(default=False)
    documents: Mapped[list["CooperativeDocument"]] = relationship(order_by="CooperativeDocument.id")

    def page_tags(self) -> tuple[str, ...]:
        """The public pages that show it: its own, every list of sellers, every card with its name."""
        return ("cooperatives", "goods", f"cooperative:{self.id}")


class CooperativeDocument(Base):
    """A paper that came with an application. The file is private: administrators and the applicant read it."""

    __tablename__ = "cooperative_document"
    __table_args__ = (CheckConstraint("kind IN ('registration', 'charter', 'other')", name="kind_known"),)
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    kind: Mapped[str]
    file: Mapped[str] = mapped_column(comment="private file name of core.files")
    title: Mapped[str] = mapped_column(comment="the name it had, cleaned")
    added_at: Mapped[Instant]


class BankAccount(Base):
    """Where a cooperative's money goes. Proposed by one person, approved by another, then held 48 hours."""

    __tablename__ = "bank_account"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'waiting', 'active', 'retired')", name="state_known"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_persons"),
        CheckConstraint("state IN ('proposed', 'retired') OR (approved_by IS NOT NULL AND effective_at IS NOT NULL)",
                        name="approved_before_use"),
        Index("uq_bank_account_open_change", "cooperative_id", unique=True,
              sqlite_where=text("state IN ('proposed', 'waiting')"),
              postgresql_where=text("state IN ('proposed', 'waiting')")),
    )  # fmt: skip
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    bank_bin: Mapped[str] = mapped_column(comment="six digits of NAPAS")
    bank_name: Mapped[str]
    account_number: Mapped[str]
    holder: Mapped[str] = mapped_column(comment="as the bank prints it: capitals, no marks")
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by: Mapped[int] = ref("person_account.id")
    proposed_at: Mapped[Instant]
    approved_by: Mapped[int | None] = ref("person_account.id")
    approved_at: Mapped[Instant | None]
    effective_at: Mapped[Instant | None] = mapped_column(comment="from this instant money goes here")
    retired_at: Mapped[Instant | None] = mapped_column(
        comment="when it was withdrawn before use, or replaced"
    )
    webhook_key_hash: Mapped[str | None] = mapped_column(
        comment="keyed hash of the API key that its bank feed sends"
    )


class Producer(Base):
    """Somebody who supplies a cooperative: a person, or a household without a phone and without a named person."""

    __tablename__ = "producer"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "person_id"),
        UniqueConstraint("cooperative_id", "household_id"),
        UniqueConstraint("cooperative_id", "code"),
        CheckConstraint("(person_id IS NULL) <> (household_id IS NULL)", name="person_or_household"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(
        unique=True, comment="random and stable; breaks ties when money is divided"
    )
    cooperative_id: Mapped[int] = ref("cooperative.id")
    person_id: Mapped[int | None] = ref("person.id")
    household_id: Mapped[int | None] = ref("household.id")
    code: Mapped[str] = mapped_column(comment="short, said aloud at the scales: 014")
    added_at: Mapped[Instant]


class Standing(Base):
    """Member or linked, between days. Only members hold shares and votes."""

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint("kind IN ('member', 'linked')", name="kind_known"),
        CheckConstraint("to_on IS NULL OR to_on > from_on", name="ends_after_it_begins"),
        Index("uq_standing_open", "producer_id", unique=True, sqlite_where=text("to_on IS NULL"),
              postgresql_where=text("to_on IS NULL")),
    )  # fmt: skip
    id: Mapped[Id]
    producer_id: Mapped[int] = ref("producer.id")
    kind: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date | None] = mapped_column(comment="first day on which it no longer holds")

    def page_tags(self) -> tuple[str, ...]:
        """The public pages that name or count those who supply."""
        return ("people",)


@immutable
class SettlementTerms(Base):
    """How a sale is shared from a day until the next terms begin. Never edited: a change is a new row."""

    __tablename__ = "settlement_terms"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "from_on", "revision"),
        CheckConstraint("producers_bp + processing_bp + fund_bp = 10000", name="shares_make_a_whole"),
        CheckConstraint(
            "producers_bp >= 0 AND processing_bp >= 0 AND fund_bp >= 0", name="shares_not_negative"
        ),
        CheckConstraint("recall_borne_by IN ('cooperative', 'producers')", name="recall_known"),
        CheckConstraint("buying IN ('consigned', 'outright')", name="buying_known"),
        CheckConstraint("advance_bp BETWEEN 0 AND 10000", name="advance_in_range"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    from_on: Mapped[date]
    revision: Mapped[int] = mapped_column(
        default=1, comment="a correction before the day comes is a later revision of it"
    )
    producers_bp: Mapped[int]
    processing_bp: Mapped[int]
    fund_bp: Mapped[int]
    guaranteed_price: Mapped[bool] = mapped_column(
        default=False, comment="a shortfall on advances is the cooperative's"
    )
    recall_borne_by: Mapped[str] = mapped_column(default="cooperative")
    buying: Mapped[str] = mapped_column(
        default="consigned", comment="how a harvest is taken where the batch does not say"
    )
    member_agreement: Mapped[bool] = mapped_column(
        default=True,
        comment="members supply under a written agreement: their goods count as internal",
    )  # fmt: skip
    withholds_tax: Mapped[bool] = mapped_column(
        default=False, comment="tax is kept back from households' shares"
    )
    advance_bp: Mapped[int] = mapped_column(
        default=10_000, comment="of a slip's value, the most that is paid at the scale"
    )
    set_by_user_id: Mapped[int | None] = ref("person_account.id")
    set_at: Mapped[Instant]
    grades: Mapped[list["TermsGrade"]] = relationship(order_by="TermsGrade.grade")
    clauses: Mapped[list["TermsClause"]] = relationship(order_by="TermsClause.number")

    def page_tags(self) -> tuple[str, ...]:
        """Cards and pages show how a price is shared."""
        return ("goods", f"cooperative:{self.cooperative_id}")


@immutable
class TermsGrade(Base):
    """The weight of a grade when a sale is divided by grams: grade 1 is 10000."""

    __tablename__ = "terms_grade"
    __table_args__ = (
        UniqueConstraint("terms_id", "grade"),
        CheckConstraint("factor_bp > 0 AND factor_bp <= 20000", name="factor_in_range"),
    )
    id: Mapped[Id]
    terms_id: Mapped[int] = ref("settlement_terms.id")
    grade: Mapped[str]
    factor_bp: Mapped[int]
