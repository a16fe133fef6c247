"""Money that a collector sent on."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref
from revenue.collector.rules import RemittanceState


class Remittance(Base):
    """One bank transfer from a collector to a cooperative: entered by the one, confirmed by the other."""

    __tablename__ = "remittance"
    __table_args__ = (
        UniqueConstraint("collector_id", "key"),
        UniqueConstraint("number"),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        CheckConstraint(
            f"state IN ({', '.join(repr(str(one)) for one in RemittanceState)})", name="state_known"
        ),
        CheckConstraint("(state = 'sent') = (closed_at IS NULL)", name="closed_when_not_sent"),
    )
    id: Mapped[Id]
    collector_id: Mapped[int] = ref("organisation.id", index=False)
    cooperative_id: Mapped[int] = ref("cooperative.id")
    key: Mapped[str] = mapped_column(comment="the form's own: a second tap is the same transfer")
    number: Mapped[str] = mapped_column(
        comment="what stands in the transfer: NT-<year month>-<running number>"
    )
    amount_vnd: Mapped[Big]
    state: Mapped[str] = mapped_column(default=str(RemittanceState.SENT))
    reference: Mapped[str] = mapped_column(default="", comment="the bank's number of the transfer, if one")
    sent_on: Mapped[date]
    sent_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    closed_at: Mapped[Instant | None] = mapped_column(comment="confirmed by the cooperative, or returned")
    closed_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
