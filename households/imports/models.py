"""Tables: lists that were sent, how their columns read, and what each brought into the record."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref


class RosterImport(Base):
    """A list as it was sent, encrypted; its rows are forgotten once it is accepted or dropped."""

    __tablename__ = "roster_import"
    __table_args__ = (
        CheckConstraint("state IN ('preview', 'accepted', 'dropped')", name="state_known"),
        CheckConstraint("(state = 'preview') = (content IS NOT NULL)", name="forgotten_when_done"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="the form's; names the list in addresses")
    commune_id: Mapped[int] = ref("unit.id")
    village: Mapped[str] = mapped_column(default="", comment="of rows that name none")
    only_village: Mapped[str] = mapped_column(default="", comment="of a village head: no other is taken")
    file_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="preview")
    content: Mapped[bytes | None] = mapped_column(comment="encrypted JSON: rows, headings")
    added_count: Mapped[int] = mapped_column(default=0)
    left_count: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[Instant]
    sent_by_user_id: Mapped[int | None] = ref("person_account.id")
    decided_at: Mapped[Instant | None]


class RosterLayout(Base):
    """What a commune's heading means, as its people once said."""

    __tablename__ = "roster_layout"
    __table_args__ = (UniqueConstraint("commune_id", "heading"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = ref("unit.id", index=False)
    heading: Mapped[str] = mapped_column(comment="folded")
    column_key: Mapped[str] = mapped_column(comment="'' for a column that is not read")


@immutable
class RosterRecord(Base):
    """What a line of a list or a form's submission became: the same one sent again adds nothing."""

    __tablename__ = "roster_record"
    __table_args__ = (
        UniqueConstraint("commune_id", "source", "key"),
        CheckConstraint("source IN ('list', 'form')", name="source_known"),
    )
    id: Mapped[Id]
    commune_id: Mapped[int] = ref("unit.id", index=False)
    source: Mapped[str]
    key: Mapped[str] = mapped_column(
        comment="keyed hash of a line's own key, or of the submission's instanceID"
    )
    household_id: Mapped[int] = ref("household.id")
    person_id: Mapped[int | None] = ref("person.id")
    recorded_at: Mapped[Instant]
