"""Tables of attempts. No card data: a provider's own numbers, our amounts, and the words by which it names a state."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref
from payments.attempts.rules import DisputeState, RefundState, State


def _one_of(column: str, values: type) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _once(table: str, column: str) -> Index:
    """A provider's number stands for one row, once it is known."""
    there = text(f"{column} <> ''")
    return Index(f"uq_{table}_{column}", "rail_account_id", column, unique=True, sqlite_where=there,
                 postgresql_where=there)  # fmt: skip


class Attempt(Base):
    """One try to pay some orders of a purchase at once, over a collector's account."""

    __tablename__ = "payment_attempt"
    __table_args__ = (
        _one_of("state", State),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        CheckConstraint("fee_vnd IS NULL OR fee_vnd >= 0", name="fee_not_negative"),
        CheckConstraint("(paid_at IS NOT NULL) = (state = 'paid')", name="paid_has_instant"),
        _once("payment_attempt", "provider_ref"),
        _once("payment_attempt", "payment_ref"),
        Index(None, "state", "look_at"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(
        unique=True, comment="ours; the provider counts repetitions under it as one"
    )
    purchase_id: Mapped[int] = ref("purchase.id")
    rail_account_id: Mapped[int] = ref("rail_account.id", index=False)
    amount_vnd: Mapped[Big]
    state: Mapped[str] = mapped_column(default=str(State.ASKED))
    raw_state: Mapped[str] = mapped_column(default="", comment="the provider's own word")
    provider_ref: Mapped[str] = mapped_column(default="", comment="its number of the attempt")
    payment_ref: Mapped[str] = mapped_column(default="", comment="its number of the money")
    pay_url: Mapped[str] = mapped_column(default="", comment="where the buyer pays; emptied when it ends")
    fee_vnd: Mapped[int | None] = mapped_column(comment="what the provider kept, once it says")
    asked_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]
    look_at: Mapped[Instant] = mapped_column(comment="when the provider is asked next while it is unfinished")
    problem: Mapped[str] = mapped_column(default="", comment="what a person must look at: amount, refused")


@immutable
class AttemptShare(Base):
    """One order's part of an attempt."""

    __tablename__ = "attempt_share"
    __table_args__ = (
        UniqueConstraint("attempt_id", "order_id"),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
    )
    id: Mapped[Id]
    attempt_id: Mapped[int] = ref("payment_attempt.id", index=False)
    order_id: Mapped[int] = ref("sale_order.id")
    amount_vnd: Mapped[Big]


class AttemptTaken(Base):
    """What an order took of a paid attempt, and what was too much for it; the fee is known later."""

    __tablename__ = "attempt_taken"
    __table_args__ = (
        UniqueConstraint("attempt_id", "order_id"),
        CheckConstraint("taken_vnd >= 0 AND surplus_vnd >= 0 AND fee_vnd >= 0", name="not_negative"),
    )
    id: Mapped[Id]
    attempt_id: Mapped[int] = ref("payment_attempt.id", index=False)
    order_id: Mapped[int] = ref("sale_order.id")
    taken_vnd: Mapped[Big]
    surplus_vnd: Mapped[Big] = mapped_column(default=0, comment="paid twice or too late: owed back")
    fee_vnd: Mapped[Big] = mapped_column(
        default=0, comment="the order's part of the provider's fee, largest remainder"
    )


class RailRefund(Base):
    """One refund sent over the rail that the money came by."""

    __tablename__ = "rail_refund"
    __table_args__ = (
        UniqueConstraint("refund_id"),
        _one_of("state", RefundState),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        _once("rail_refund", "refund_ref"),
        Index(None, "state", "look_at"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    refund_id: Mapped[int] = ref("refund.id", index=False)
    attempt_id: Mapped[int] = ref("payment_attempt.id")
    order_id: Mapped[int] = ref("sale_order.id")
    rail_account_id: Mapped[int] = ref("rail_account.id", index=False)
    amount_vnd: Mapped[Big]
    state: Mapped[str] = mapped_column(default=str(RefundState.PENDING))
    raw_state: Mapped[str] = mapped_column(default="")
    refund_ref: Mapped[str] = mapped_column(default="", comment="the provider's number of it")
    asked_at: Mapped[Instant]
    done_at: Mapped[Instant | None]
    look_at: Mapped[Instant]


class RailDispute(Base):
    """A buyer asked their bank for the money back."""

    __tablename__ = "rail_dispute"
    __table_args__ = (
        UniqueConstraint("rail_account_id", "dispute_ref"),
        _one_of("state", DisputeState),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
    )
    id: Mapped[Id]
    rail_account_id: Mapped[int] = ref("rail_account.id", index=False)
    attempt_id: Mapped[int] = ref("payment_attempt.id")
    dispute_ref: Mapped[str]
    amount_vnd: Mapped[Big]
    fee_vnd: Mapped[Big] = mapped_column(default=0)
    state: Mapped[str]
    raw_state: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


@immutable
class RailNews(Base):
    """News that came and was proved, with what it did: the second arrival finds the first."""

    __tablename__ = "rail_news"
    __table_args__ = (UniqueConstraint("rail_account_id", "event_ref"),)
    id: Mapped[Id]
    rail_account_id: Mapped[int] = ref("rail_account.id", index=False)
    event_ref: Mapped[str]
    kind: Mapped[str]
    attempt_id: Mapped[int | None] = ref("payment_attempt.id")
    receipt: Mapped[str]
    at: Mapped[Instant]


class BookDifference(Base):
    """A line of a provider's own book that ours does not have, or has otherwise. Stays until a person has looked."""

    __tablename__ = "book_difference"
    __table_args__ = (UniqueConstraint("rail_account_id", "movement_ref"),)
    id: Mapped[Id]
    rail_account_id: Mapped[int] = ref("rail_account.id", index=False)
    movement_ref: Mapped[str]
    kind: Mapped[str]
    theirs_vnd: Mapped[Big]
    ours_vnd: Mapped[Big]
    currency: Mapped[str]
    at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
