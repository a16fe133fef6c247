"""Tables of pay runs. The money is in the ledger; these rows say who planned it, who agreed, and where each line is."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref
from payments.payruns.rules import LineState, RunState

_PLANNED = text(f"state = '{LineState.PLANNED}'")


def _one_of(values: type[RunState] | type[LineState]) -> CheckConstraint:
    return CheckConstraint(f"state IN ({', '.join(repr(str(one)) for one in values)})", name="state_known")


class Payrun(Base):
    """One round of paying producers."""

    __tablename__ = "payrun"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "key"),
        UniqueConstraint("cooperative_id", "number"),
        _one_of(RunState),
        CheckConstraint("approved_by_user_id <> made_by_user_id", name="second_person"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    key: Mapped[str] = mapped_column(comment="the form's own key: a double tap is one run")
    number: Mapped[str] = mapped_column(comment="TL-<year month>-<running number>")
    state: Mapped[str]
    upto_on: Mapped[date] = mapped_column(comment="pays what was earned up to this day")
    book_seq: Mapped[Big] = mapped_column(comment="the newest entry of the book when it was made")
    made_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    made_at: Mapped[Instant]
    approved_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    approved_at: Mapped[Instant | None]
    closed_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    closed_at: Mapped[Instant | None]


class PayrunLine(Base):
    """One producer in a run. A producer stands in one planned line at most, whoever makes runs at the same moment."""

    __tablename__ = "payrun_line"
    __table_args__ = (
        UniqueConstraint("run_id", "producer_id"),
        _one_of(LineState),
        CheckConstraint("amount_vnd > 0 AND amount_vnd <= owed_vnd", name="amount_owed"),
        CheckConstraint("method IN ('bank', 'cash')", name="method_known"),
        CheckConstraint(
            "(payout_id IS NOT NULL) = (state IN ('sent', 'confirmed', 'returned'))", name="sent_has_payout"
        ),
        Index("uq_payrun_line_planned", "producer_id", unique=True, sqlite_where=_PLANNED, postgresql_where=_PLANNED),
    )  # fmt: skip
    id: Mapped[Id]
    run_id: Mapped[int] = ref("payrun.id", index=False)
    producer_id: Mapped[int] = ref("producer.id")
    method: Mapped[str]
    amount_vnd: Mapped[Big]
    owed_vnd: Mapped[Big] = mapped_column(comment="all that was owed when the run was made")
    account_changed_at: Mapped[Instant | None] = mapped_column(
        comment="which account was agreed to: its last change"
    )
    state: Mapped[str]
    why: Mapped[str] = mapped_column(
        default="", comment="why it did not go or came back: a word of rules.Why, or text"
    )
    payout_id: Mapped[int | None] = ref("payout.id", unique=True, index=False)
    sent_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    moved_at: Mapped[Instant | None] = mapped_column(comment="of the present state")
