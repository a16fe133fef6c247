"""What phones brought in."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from registry.phones.rules import EntryState, Kind

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)
_STATES = ", ".join(f"'{state}'" for state in EntryState)


class PhoneEntry(Base):
    """One form that was filled in on a phone without a line. What differs from what stands here waits for a person."""

    __tablename__ = "phone_entry"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "kind NOT IN ('screen', 'traits', 'visit', 'vote') OR case_id IS NOT NULL", name="case_named"
        ),
        CheckConstraint(
            "(kind = 'meeting' AND commune_id IS NOT NULL) OR (kind <> 'meeting' AND household_id IS NOT NULL)",
            name="of_a_household_or_a_village",
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="made by the phone: sent twice is one")
    kind: Mapped[str] = mapped_column(comment="what was filled in: rules.Kind")
    household_id: Mapped[int | None] = ref("household.id", nullable=True, comment="none for a meeting")
    commune_id: Mapped[int | None] = ref("unit.id", nullable=True, comment="of a meeting")
    village: Mapped[str] = mapped_column(default="", comment="of a meeting")
    meeting_id: Mapped[int | None] = ref(
        "village_meeting.id", nullable=True, index=False, comment="the meeting it became"
    )
    case_id: Mapped[int | None] = ref("review_case.id", nullable=True)
    review_id: Mapped[int | None] = ref("review.id", nullable=True, comment="the declaration it became")
    body: Mapped[bytes | None] = mapped_column(
        comment="encrypted JSON of what was filled in; only while it differs"
    )
    photo: Mapped[bytes | None] = mapped_column(
        comment="encrypted WebP of a signed sheet or minutes, while it differs"
    )
    state: Mapped[str]
    arrived_at: Mapped[Instant]
    user_id: Mapped[int] = ref("person_account.id")
    settled_at: Mapped[Instant | None]
    settled_by_user_id: Mapped[int | None] = ref("person_account.id", index=False, nullable=True)
