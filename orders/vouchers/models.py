"""Vouchers, the programmes that pay for some of them, and every use."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref


class Subsidy(Base):
    """A programme's offer to pay a part of the price. Its money is an account of the programme's ledger."""

    __tablename__ = "subsidy"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(comment="the form's own: a double tap is one programme")
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    name: Mapped[str] = mapped_column(comment="as buyers and cooperatives read it")
    basis: Mapped[str] = mapped_column(default="", comment="the decision or contract it rests on")
    created_at: Mapped[Instant]
    created_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class Voucher(Base):
    """A code. Of one cooperative, at its own cost; or of a subsidy, for one cooperative or (without one) for all."""

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint("(percent_bp IS NULL) <> (amount_vnd IS NULL)", name="percent_or_amount"),
        CheckConstraint("percent_bp BETWEEN 1 AND 9000", name="percent_in_bounds"),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        CheckConstraint("most_vnd > 0", name="most_positive"),
        CheckConstraint("min_goods_vnd >= 0", name="minimum_not_negative"),
        CheckConstraint("uses_max > 0", name="uses_positive"),
        CheckConstraint(
            "budget_vnd IS NULL OR (budget_vnd > 0 AND subsidy_id IS NULL)", name="own_budget_without_subsidy"
        ),
        CheckConstraint("to_on >= from_on", name="ends_after_begin"),
        CheckConstraint("cooperative_id IS NOT NULL OR subsidy_id IS NOT NULL", name="somebody_pays"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="the form's own: a double tap is one voucher")
    code: Mapped[str] = mapped_column(unique=True, comment="A–Z and 0–9, as buyers type it")
    name: Mapped[str] = mapped_column(default="", comment="what for, for the makers alone")
    cooperative_id: Mapped[int | None] = ref(
        "cooperative.id", comment="whose goods; none: of all, by a subsidy"
    )
    subsidy_id: Mapped[int | None] = ref("subsidy.id", comment="who pays; none: the cooperative")
    percent_bp: Mapped[int | None]
    amount_vnd: Mapped[Big | None]
    most_vnd: Mapped[Big | None]
    min_goods_vnd: Mapped[Big] = mapped_column(default=0)
    from_on: Mapped[date]
    to_on: Mapped[date] = mapped_column(comment="the last day")
    uses_max: Mapped[int | None] = mapped_column(comment="check-outs")
    once_per_phone: Mapped[bool] = mapped_column(default=True)
    budget_vnd: Mapped[Big | None] = mapped_column(
        comment="all its uses together, where the cooperative pays"
    )
    created_at: Mapped[Instant]
    created_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    stopped_at: Mapped[Instant | None]


@immutable
class Redemption(Base):
    """One order's use of a voucher. It counts as long as its order is neither cancelled, expired nor refused."""

    __tablename__ = "redemption"
    __table_args__ = (
        UniqueConstraint("order_id"),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
    )
    id: Mapped[Id]
    voucher_id: Mapped[int] = ref("voucher.id")
    order_id: Mapped[int] = ref("sale_order.id", index=False)
    subsidy_id: Mapped[int | None] = ref("subsidy.id", index=False, comment="who pays, as the voucher said")
    amount_vnd: Mapped[Big]
