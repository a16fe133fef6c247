"""Tables of what happens to a payout afterwards, and of the limit for one person alone."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref
from revenue.payouts.rules import How


class PayoutLimit(Base):
    """How much one person may pay out in a day without a second. Dated; a rise waits for a second person."""

    __tablename__ = "payout_limit"
    __table_args__ = (
        CheckConstraint("limit_vnd >= 0", name="limit_not_negative"),
        CheckConstraint("approved_by_user_id <> set_by_user_id", name="second_person"),
    )
    id: Mapped[Id]
    organisation_id: Mapped[int] = ref("organisation.id")
    from_on: Mapped[date]
    limit_vnd: Mapped[Big]
    set_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    set_at: Mapped[Instant]
    approved_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    approved_at: Mapped[Instant | None] = mapped_column(comment="NULL: a rise that waits for a second person")


@immutable
class PayoutConfirmation(Base):
    """The producer said that she holds the money. A cash payout without one is unconfirmed, and shown so."""

    __tablename__ = "payout_confirmation"
    __table_args__ = (
        CheckConstraint(f"how IN ({', '.join(repr(str(one)) for one in How)})", name="how_known"),
    )
    id: Mapped[Id]
    payout_id: Mapped[int] = ref("payout.id", unique=True, index=False)
    how: Mapped[str]
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class ProducerPin(Base):
    """A producer's own PIN, for those without a phone: argon2id. Set before a member of staff, whose name stays."""

    __tablename__ = "producer_pin"
    id: Mapped[Id]
    producer_id: Mapped[int] = ref("producer.id", unique=True, index=False)
    pin_hash: Mapped[str]
    set_at: Mapped[Instant]
    set_by_user_id: Mapped[int] = ref("person_account.id", index=False)
