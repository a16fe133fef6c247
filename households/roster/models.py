"""Tables: what happened to persons of households, by day; who is whose child. Rows are never changed."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref
from households.roster.rules import Kind

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)


@immutable
class RosterEvent(Base):
    """One thing that happened to one person on one day. A deed of several persons is several rows of one `deed`."""

    __tablename__ = "roster_event"
    __table_args__ = (
        UniqueConstraint("deed", "person_id"),
        UniqueConstraint("undoes_id"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("relation IN ('', 'head', 'spouse', 'child', 'parent', 'other')", name="relation_known"),
        CheckConstraint("(to_household_id IS NULL) = (relation = '')", name="place_with_household"),
        CheckConstraint("papers IN ('', 'none', 'some')", name="papers_known"),
        CheckConstraint("(kind = 'undo') = (undoes_id IS NOT NULL)", name="undo_names_its_event"),
    )  # fmt: skip
    id: Mapped[Id]
    deed: Mapped[str] = mapped_column(
        comment="random, from the form: sent twice is one deed; opening:… for what was held"
    )
    kind: Mapped[str]
    happened_on: Mapped[date] = mapped_column(comment="the first day on which it holds")
    person_id: Mapped[int] = ref("person.id")
    from_household_id: Mapped[int | None] = ref("household.id")
    to_household_id: Mapped[int | None] = ref("household.id")
    relation: Mapped[str] = mapped_column(default="", comment="her place in to_household; '' for none")
    with_person_id: Mapped[int | None] = ref(
        "person.id", comment="spouse of a marriage; the record that is kept of two"
    )
    papers: Mapped[str] = mapped_column(default="", comment="none: no identity papers; some")
    note: Mapped[str] = mapped_column(default="")
    undoes_id: Mapped[int | None] = ref("roster_event.id", index=False)
    recorded_at: Mapped[Instant]
    recorded_by_user_id: Mapped[int | None] = ref("person_account.id")
    recorded_as: Mapped[str] = mapped_column(comment="role worn")


@immutable
class ParentLink(Base):
    """One person is another's child, by birth or as the family says: generations and kin are read from it."""

    __tablename__ = "parent_link"
    __table_args__ = (
        UniqueConstraint("child_id", "parent_id"),
        CheckConstraint("child_id <> parent_id", name="nobody_is_her_own_parent"),
    )
    id: Mapped[Id]
    child_id: Mapped[int] = ref("person.id", index=False)
    parent_id: Mapped[int] = ref("person.id")
    recorded_at: Mapped[Instant]
