"""An outing to a fair, what it carried, what was sold there, and how each shortage was settled."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from channels.stall.rules import Answer, SaleState, Step
from core.db import Base, Big, Id, Instant, immutable, ref


class StallOuting(Base):
    """A cooperative goes to a fair with goods, and comes back. cash_counted_vnd: what lay in the box at the return."""

    __tablename__ = "stall_outing"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "key"),
        CheckConstraint("(closed_at IS NULL) = (cash_counted_vnd IS NULL)", name="closed_is_counted"),
        CheckConstraint("cash_counted_vnd >= 0 AND cash_expected_vnd >= 0", name="cash_not_negative"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    key: Mapped[str] = mapped_column(comment="the form's own: a double tap is one outing")
    name: Mapped[str]
    commune_id: Mapped[int] = ref("unit.id", index=False)
    day_on: Mapped[date]
    opened_at: Mapped[Instant]
    opened_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    closed_at: Mapped[Instant | None]
    cash_counted_vnd: Mapped[Big | None]
    cash_expected_vnd: Mapped[Big] = mapped_column(default=0, comment="of sales that had arrived by then")
    reason: Mapped[str] = mapped_column(default="", comment="why what came back is not what it should be")
    closed_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class StallGood(Base):
    """Packs of a lot that an outing carries, and where they went. Beyond: sold though they were never written down."""

    __tablename__ = "stall_good"
    __table_args__ = (
        UniqueConstraint("stall_outing_id", "lot_id", "pack_id"),
        CheckConstraint(
            "carried_quantity >= 0 AND sold_quantity >= 0 AND returned_quantity >= 0 AND lost_quantity >= 0"
            " AND found_quantity >= 0 AND beyond_quantity >= 0",
            name="not_negative",
        ),
        CheckConstraint(
            "sold_quantity + returned_quantity + lost_quantity <= carried_quantity + found_quantity",
            name="no_more_than_carried",
        ),
    )
    id: Mapped[Id]
    stall_outing_id: Mapped[int] = ref("stall_outing.id", index=False)
    lot_id: Mapped[int] = ref("lot.id", index=False)
    pack_id: Mapped[int] = ref("pack.id", index=False)
    carried_quantity: Mapped[Big] = mapped_column(default=0)
    sold_quantity: Mapped[Big] = mapped_column(default=0)
    beyond_quantity: Mapped[Big] = mapped_column(default=0)
    returned_quantity: Mapped[Big] = mapped_column(default=0)
    lost_quantity: Mapped[Big] = mapped_column(default=0)
    found_quantity: Mapped[Big] = mapped_column(default=0)


class StallSale(Base):
    """One sale as a phone sent it, once. order_id: what it became."""

    __tablename__ = "stall_sale"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in SaleState)})", name="state_known"),
        CheckConstraint("method IN ('cod', 'vietqr')", name="method_known"),
        CheckConstraint("(state = 'done') = (order_id IS NOT NULL)", name="done_has_order"),
        CheckConstraint("(state = 'void') = (void_reason <> '')", name="void_has_reason"),
        CheckConstraint("total_vnd > 0", name="total_positive"),
        CheckConstraint("given_vnd >= 0", name="given_not_negative"),
        CheckConstraint(
            f"answer IN ('', {', '.join(repr(one.value) for one in Answer)})", name="answer_known"
        ),
        CheckConstraint("answer = '' OR method = 'vietqr'", name="answer_of_transfer"),
        Index(None, "stall_outing_id", "state"),
    )
    id: Mapped[Id]
    stall_outing_id: Mapped[int] = ref("stall_outing.id", index=False)
    key: Mapped[str] = mapped_column(unique=True, comment="made by the phone: sent twice it is one sale")
    code: Mapped[str] = mapped_column(default="", comment="the order code that the buyer was shown")
    method: Mapped[str]
    total_vnd: Mapped[Big]
    given_vnd: Mapped[Big] = mapped_column(
        default=0, comment="cash that the buyer handed over, with the change"
    )
    state: Mapped[str]
    void_reason: Mapped[str] = mapped_column(default="")
    problem_text: Mapped[str] = mapped_column(
        default="", comment="why it cannot become an order as it stands"
    )
    answer: Mapped[str] = mapped_column(default="", comment="what became of a transfer that did not come")
    sold_at: Mapped[Instant]
    arrived_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    order_id: Mapped[int | None] = ref("sale_order.id")


@immutable
class StallSaleLine(Base):
    """So many packs of a lot in a sale, at the price of the stall."""

    __tablename__ = "stall_sale_line"
    __table_args__ = (
        UniqueConstraint("stall_sale_id", "pack_id", "lot_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price_vnd > 0", name="price_positive"),
    )
    id: Mapped[Id]
    stall_sale_id: Mapped[int] = ref("stall_sale.id", index=False)
    pack_id: Mapped[int] = ref("pack.id", index=False)
    lot_id: Mapped[int] = ref("lot.id", index=False)
    quantity: Mapped[Big]
    unit_price_vnd: Mapped[Big]


@immutable
class StallStep(Base):
    """How pieces that were not on the stall's own list were come by; written when it was done."""

    __tablename__ = "stall_step"
    __table_args__ = (
        CheckConstraint(f"step IN ({', '.join(repr(one.value) for one in Step)})", name="step_known"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )
    id: Mapped[Id]
    stall_sale_id: Mapped[int] = ref("stall_sale.id")
    stall_sale_line_id: Mapped[int] = ref("stall_sale_line.id", index=False)
    step: Mapped[str]
    quantity: Mapped[Big]
    order_id: Mapped[int | None] = ref("sale_order.id", index=False)
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
