"""Tables: households, persons, who lived where between which days, and consents."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from households.identity.models import PersonPaper
from households.imports.models import RosterImport, RosterLayout, RosterRecord
from households.roster.models import ParentLink, RosterEvent

__all__ = [
    "Consent",
    "Household",
    "HouseholdMember",
    "ParentLink",
    "Person",
    "PersonPaper",
    "RosterEvent",
    "RosterImport",
    "RosterLayout",
    "RosterRecord",
]


class Household(Base):
    """A household at a place. Poverty data never stands here: it lives in `registry`, which nothing here can import."""

    __tablename__ = "household"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; its stitch mark is drawn from it")
    commune_id: Mapped[int] = ref("unit.id")
    village: Mapped[str] = mapped_column(comment="thôn, bản, tổ")
    address_line: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Instant]


class Person(Base):
    """A person, recorded once, whichever household she lives in and however many cooperatives she supplies."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("sex IS NULL OR sex IN ('male', 'female')", name="sex_known"),
        CheckConstraint("(ethnic_list IS NULL) = (ethnic_code IS NULL) AND "
                        "(ethnic_code IS NULL) = (ethnic_name IS NULL)", name="ethnic_group_whole"),
        CheckConstraint("birth_year IS NULL OR birth_year BETWEEN 1900 AND 2200", name="birth_year_plausible"),
    )  # fmt: skip
    id: Mapped[Id]
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(index=True)
    birth_on: Mapped[date | None]
    birth_year: Mapped[int | None]
    sex: Mapped[str | None]
    ethnic_list: Mapped[str | None] = mapped_column(
        comment="e.g. gso-121-1979; code and name belong to this list"
    )
    ethnic_code: Mapped[str | None]
    ethnic_name: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(index=True, comment="E.164; often shared, so not unique")
    user_id: Mapped[int | None] = ref("person_account.id", unique=True, index=False)


class HouseholdMember(Base):
    """A person belongs to a household from one day until before another."""

    __tablename__ = "household_member"
    __table_args__ = (
        CheckConstraint("relation IN ('head', 'spouse', 'child', 'parent', 'other')", name="relation_known"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),
        Index("uq_household_member_open", "person_id", unique=True, sqlite_where=text("to_on IS NULL"),
              postgresql_where=text("to_on IS NULL")),
    )  # fmt: skip
    id: Mapped[Id]
    household_id: Mapped[int] = ref("household.id")
    person_id: Mapped[int] = ref("person.id")
    relation: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date | None] = mapped_column(comment="first day on which it no longer holds")


class Consent(Base):
    """A person of a household lets one organisation do one thing, in stated words, until she withdraws it."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("purpose IN ('show_name', 'contact', 'statistics')", name="purpose_known"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="withdrawn_after_given"),
        Index("uq_consent_open", "household_id", "organisation_id", "purpose", unique=True,
              sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")),
    )  # fmt: skip
    id: Mapped[Id]
    person_id: Mapped[int] = ref("person.id", comment="who gave it")
    household_id: Mapped[int] = ref("household.id")
    organisation_id: Mapped[int] = ref("organisation.id", comment="to whom")
    purpose: Mapped[str]
    wording_version: Mapped[str] = mapped_column(comment="of households/data/consents.json")
    given_at: Mapped[Instant]
    helped_by_user_id: Mapped[int | None] = ref(
        "person_account.id", comment="who read it out or typed for her"
    )
    withdrawn_at: Mapped[Instant | None]

    def page_tags(self) -> tuple[str, ...]:
        """The public pages that name people who agreed."""
        return ("people",)
