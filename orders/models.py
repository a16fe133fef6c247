"""Purchases, orders, their lines, the lots they hold, and all that happened to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Big, Id, Instant, immutable, ref
from orders.bundles.models import OrderBundle
from orders.carts.models import Cart, CartLine
from orders.claims.models import PurchaseClaim
from orders.complaints.models import Complaint, ComplaintStep
from orders.contracts.wordings import agreed_now
from orders.elsewhere.models import KeptCode
from orders.invoices.models import InvoiceRequest
from orders.links.models import LinkDay, OrderSource, ShortLink
from orders.reviews.models import BuyerReview, ReviewReport
from orders.rules import UNPAID, Door, Event, Method, State
from orders.vouchers.models import Redemption, Subsidy, Voucher
from orders.weighed.models import WeighedLine, WeighedPiece

__all__ = [
    "Allocation",
    "BuyerReview",
    "Cart",
    "CartLine",
    "Complaint",
    "ComplaintStep",
    "InvoiceRequest",
    "KeptCode",
    "LinkDay",
    "Order",
    "OrderBundle",
    "OrderEvent",
    "OrderLine",
    "OrderSource",
    "Problem",
    "Purchase",
    "PurchaseClaim",
    "Redemption",
    "ReviewReport",
    "ShortLink",
    "Subsidy",
    "Voucher",
    "WeighedLine",
    "WeighedPiece",
]


def _one_of(column: str, values: type[State] | type[Event] | type[Method] | type[Door]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


class Purchase(Base):
    """What a buyer ordered at once: who, and where to. One order for each cooperative hangs below it."""

    __tablename__ = "purchase"
    __table_args__ = (CheckConstraint(_one_of("door", Door), name="door_known"),)
    id: Mapped[Id]
    token: Mapped[str] = mapped_column(unique=True, comment="unguessable; holder may see all its orders")
    key: Mapped[str] = mapped_column(
        unique=True, comment="the sender's own key: a second arrival makes no second purchase"
    )
    buyer_name: Mapped[str]
    buyer_phone: Mapped[str] = mapped_column(index=True, comment="E.164")
    commune_id: Mapped[int] = ref("unit.id")
    address_line: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    gift_note: Mapped[str] = mapped_column(
        default="", comment="a card to lie in each parcel; no price goes with it"
    )
    language: Mapped[str] = mapped_column(default="vi")
    door: Mapped[str] = mapped_column(default=Door.WEB, comment="through which door it came")
    wording: Mapped[str] = mapped_column(
        default=agreed_now, comment="of the contract, with the limits of that day"
    )
    placed_at: Mapped[Instant]
    erased_at: Mapped[Instant | None] = mapped_column(comment="when name, phone, street and note were erased")


class Order(Base):
    """One cooperative's part of a purchase: its own code, state, money and parcel."""

    __tablename__ = "sale_order"
    __table_args__ = (
        CheckConstraint(_one_of("state", State), name="state_known"),
        CheckConstraint(_one_of("method", Method), name="method_known"),
        CheckConstraint("goods_vnd > 0", name="goods_positive"),
        CheckConstraint("discount_vnd BETWEEN 0 AND goods_vnd", name="discount_within_goods"),
        CheckConstraint("subsidy_vnd BETWEEN 0 AND goods_vnd - discount_vnd", name="subsidy_within_goods"),
        CheckConstraint("shipping_vnd >= 0", name="shipping_not_negative"),
        CheckConstraint(
            "total_vnd = goods_vnd - discount_vnd - subsidy_vnd + shipping_vnd", name="total_adds_up"
        ),
        CheckConstraint("weight_g > 0", name="weight_positive"),
        CheckConstraint("(hold_until IS NULL) = (method = 'cod')", name="transfer_has_hold"),
        Index(None, "cooperative_id", "state"),
        Index(None, "state", "hold_until"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True, comment="what the buyer writes in a bank transfer")
    token: Mapped[str] = mapped_column(unique=True, comment="unguessable; the tracking link")
    purchase_id: Mapped[int] = ref("purchase.id")
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    seller_name: Mapped[str] = mapped_column(comment="as agreed on that day, with number and address below")
    seller_registration: Mapped[str] = mapped_column(default="")
    seller_address: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    method: Mapped[str]
    goods_vnd: Mapped[Big]
    discount_vnd: Mapped[Big] = mapped_column(
        default=0, comment="borne by the cooperative: lowers what is split"
    )
    subsidy_vnd: Mapped[Big] = mapped_column(
        default=0, comment="paid by a programme: counts as paid in the split"
    )
    shipping_vnd: Mapped[Big]
    total_vnd: Mapped[Big] = mapped_column(comment="what the buyer pays")
    weight_g: Mapped[Big]
    days_min: Mapped[int]
    days_max: Mapped[int]
    hold_until: Mapped[Instant | None] = mapped_column(comment="until when goods wait for a bank transfer")
    placed_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]
    confirmed_at: Mapped[Instant | None]
    packed_at: Mapped[Instant | None]
    shipped_at: Mapped[Instant | None]
    delivered_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    carrier: Mapped[str] = mapped_column(default="")
    tracking_number: Mapped[str] = mapped_column(default="")
    cod_collected_at: Mapped[Instant | None]

    purchase: Mapped[Purchase] = relationship(lazy="joined", innerjoin=True)

    @property
    def hold_over(self) -> datetime | None:
        """The end of the hold while it still matters."""
        return self.hold_until if self.state in UNPAID else None


class OrderLine(Base):
    """So many packs at the price and under the name of that day."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "bundle_id", "pack_id", "unit_price_vnd"),
        Index(
            "uq_order_line_alone",
            "order_id",
            "pack_id",
            unique=True,
            sqlite_where=text("bundle_id IS NULL"),
            postgresql_where=text("bundle_id IS NULL"),
        ),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_in_bounds"),
        CheckConstraint("unit_price_vnd > 0", name="price_positive"),
        CheckConstraint("(bundle_id IS NULL) = (bundle_name = '')", name="in_a_named_box_or_alone"),
        CheckConstraint("refunded_quantity BETWEEN 0 AND quantity", name="refund_within_sale"),
        CheckConstraint("total_vnd = unit_price_vnd * quantity", name="total_is_price_times_quantity"),
    )
    id: Mapped[Id]
    order_id: Mapped[int] = ref("sale_order.id", index=False)
    pack_id: Mapped[int] = ref("pack.id")
    product_name: Mapped[str]
    pack_label: Mapped[str]
    unit_price_vnd: Mapped[Big]
    quantity: Mapped[int]
    refunded_quantity: Mapped[int] = mapped_column(default=0)
    total_vnd: Mapped[Big]
    gross_weight_g: Mapped[Big] = mapped_column(comment="of one pack, with its wrapping")
    bundle_id: Mapped[int | None] = ref("order_bundle.id", comment="the gift box it lies in")
    bundle_name: Mapped[str] = mapped_column(default="", comment="of that box")


class Allocation(Base):
    """Which lot a line's packs come from: proposed when reserved, confirmed or changed when packed."""

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("order_line_id", "lot_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("returned_quantity BETWEEN 0 AND quantity", name="return_within_quantity"),
    )
    id: Mapped[Id]
    order_line_id: Mapped[int] = ref("order_line.id", index=False)
    lot_id: Mapped[int] = ref("lot.id")
    quantity: Mapped[int]
    packed: Mapped[bool] = mapped_column(default=False)
    packed_g: Mapped[Big | None] = mapped_column(
        comment="of goods weighed at packing: all its pieces together"
    )
    returned_quantity: Mapped[int] = mapped_column(default=0, comment="came back and went to quarantine")


@immutable
class OrderEvent(Base):
    """One step of an order, never changed."""

    __tablename__ = "order_event"
    __table_args__ = (UniqueConstraint("order_id", "seq"),)
    id: Mapped[Id]
    order_id: Mapped[int] = ref("sale_order.id", index=False)
    seq: Mapped[int]
    event: Mapped[str] = mapped_column(comment="place, or a name of orders.rules.Event")
    from_state: Mapped[str]
    to_state: Mapped[str]
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    role: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class Problem(Base):
    """What a buyer says is wrong with an order, with a photo if there is one."""

    __tablename__ = "problem"
    __table_args__ = (
        UniqueConstraint("order_id", "key"),
        CheckConstraint("kind IN ('broken', 'wrong', 'missing', 'late', 'other')", name="kind_known"),
        CheckConstraint("(closed_at IS NULL) = (answer IS NULL)", name="closed_with_answer"),
    )
    id: Mapped[Id]
    order_id: Mapped[int] = ref("sale_order.id")
    key: Mapped[str] = mapped_column(comment="the form's own key: a double tap is one report")
    kind: Mapped[str]
    text: Mapped[str]
    photo: Mapped[str | None] = mapped_column(comment="private file, re-encoded, without metadata")
    reported_at: Mapped[Instant]
    closed_at: Mapped[Instant | None] = mapped_column(index=True)
    answer: Mapped[str | None]
