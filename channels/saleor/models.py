"""Tables of Saleor shops: the shops, who sells there, what was sent there, and the orders that came from there."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from channels.saleor.rules import InstanceState, ListingState, OrderState, Problem, Rank
from core.db import Base, Big, Id, Instant, ref
from core.work import Claimable


def _one_of(column: str, values: type[StrEnum], *more: str) -> CheckConstraint:
    listed = ", ".join(repr(str(value)) for value in (*values, *more))
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class SaleorInstance(Base):
    """One Saleor shop that a collector allowed: its token (encrypted), its keys, and whether it answers."""

    __tablename__ = "saleor_instance"
    __table_args__ = (
        _one_of("state", InstanceState),
        CheckConstraint("state = 'allowed' OR token IS NOT NULL", name="installed_has_token"),
        CheckConstraint("failures_count >= 0", name="failures_not_negative"),
    )
    id: Mapped[Id]
    organisation_id: Mapped[int] = ref("organisation.id")
    label: Mapped[str]
    api_url: Mapped[str] = mapped_column(unique=True, comment="the allow-list: no other address is heard")
    channel_slug: Mapped[str] = mapped_column(comment="a channel of the shop that counts in đồng")
    state: Mapped[str] = mapped_column(default=str(InstanceState.ALLOWED))
    app_id: Mapped[str] = mapped_column(default="", comment="the shop's own id of our app")
    token: Mapped[bytes | None] = mapped_column(LargeBinary, comment="encrypted; never shown again")
    jwks: Mapped[str] = mapped_column(default="", comment="public keys that it signs with, JSON")
    jwks_at: Mapped[Instant | None] = mapped_column(comment="when they were asked for last")
    setup: Mapped[str] = mapped_column(default="{}", comment="JSON: its ids of channel, warehouse, types")
    setup_problem: Mapped[str] = mapped_column(default="", comment="what its manager must mend")
    heard_at: Mapped[Instant | None] = mapped_column(comment="when it spoke to us last, proved")
    answered_at: Mapped[Instant | None] = mapped_column(comment="when it answered us last")
    failures_count: Mapped[int] = mapped_column(default=0, comment="in a row; an answer sets it to 0")
    failed_at: Mapped[Instant | None]
    failed_why: Mapped[str] = mapped_column(default="", comment="class of the last failure, no personal data")
    pause_until: Mapped[Instant | None] = mapped_column(comment="not called before: it failed or asked so")
    lease_until: Mapped[Instant | None] = mapped_column(comment="one worker at a time sends goods there")
    turned_at: Mapped[Instant | None] = mapped_column(
        comment="when its goods had their last turn: who waited longest is next"
    )
    read_to: Mapped[Instant | None] = mapped_column(comment="until when its orders were listed: lost knocks")
    created_at: Mapped[Instant]


class SaleorSeller(Base):
    """A cooperative that sells in a shop: nobody's goods go there unasked."""

    __tablename__ = "saleor_seller"
    instance_id: Mapped[int] = ref("saleor_instance.id", index=False, primary_key=True)
    cooperative_id: Mapped[int] = ref("cooperative.id", primary_key=True)
    joined_at: Mapped[Instant]
    left_at: Mapped[Instant | None]


class SaleorListing(Base):
    """A product in a shop: the row is the promise that the shop has it as it is here."""

    __tablename__ = "saleor_listing"
    __table_args__ = (
        UniqueConstraint("instance_id", "product_id"),
        _one_of("state", ListingState),
        CheckConstraint("tries_count >= 0", name="tries_not_negative"),
        CheckConstraint("rank BETWEEN 0 AND 2", name="rank_known"),
        Index(None, "instance_id", "state", "due_at"),
    )
    id: Mapped[Id]
    instance_id: Mapped[int] = ref("saleor_instance.id", index=False)
    product_id: Mapped[int] = ref("product.id")
    state: Mapped[str] = mapped_column(default=str(ListingState.PENDING))
    hint: Mapped[str] = mapped_column(
        default="", comment="versions and stock when it was last looked at: cheap to compare"
    )
    text_hash: Mapped[str] = mapped_column(default="", comment="of the words that were sent")
    media_hash: Mapped[str] = mapped_column(default="", comment="of the photos that were sent")
    remote_id: Mapped[str] = mapped_column(default="", comment="the shop's id of the product")
    rank: Mapped[int] = mapped_column(
        default=int(Rank.REST),
        comment="sent in this order: 0 sold out or withdrawn, 1 price or fewer, 2 the rest",
    )
    shown: Mapped[bool] = mapped_column(default=False, comment="on sale there, as far as we know")
    fault: Mapped[str] = mapped_column(default="", comment="the shop's code of what it refused")
    fault_text: Mapped[str] = mapped_column(default="", comment="and its own words")
    tries_count: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[Instant | None] = mapped_column(comment="a refused row is tried again then")
    sent_at: Mapped[Instant | None]


class SaleorTold(Base):
    """What a shop was told last of a pack: what it still shows when something changed since."""

    __tablename__ = "saleor_told"
    __table_args__ = (CheckConstraint("stock >= 0", name="stock_not_negative"),)
    instance_id: Mapped[int] = ref("saleor_instance.id", index=False, primary_key=True)
    pack_id: Mapped[int] = ref("pack.id", primary_key=True)
    price_vnd: Mapped[Big]
    stock: Mapped[int] = mapped_column(
        comment="pieces, with those that it holds back for its own open orders"
    )
    told_at: Mapped[Instant]


class SaleorOrder(Claimable, Base):
    """An order of a shop. A knock sets it pending; the worker reads it there and does what either side lacks."""

    __tablename__ = "saleor_order"
    __table_args__ = (
        UniqueConstraint("instance_id", "remote_id"),
        _one_of("state", OrderState),
        _one_of("problem", Problem, ""),
        CheckConstraint("state <> 'taken' OR purchase_id IS NOT NULL", name="taken_is_ours"),
        CheckConstraint("knock_count >= 0", name="knocks_not_negative"),
    )
    id: Mapped[Id]
    instance_id: Mapped[int] = ref("saleor_instance.id", index=False)
    remote_id: Mapped[str]
    number: Mapped[str] = mapped_column(default="", comment="as the shop's people know it")
    purchase_id: Mapped[int | None] = ref("purchase.id")
    state: Mapped[str] = mapped_column(default=str(OrderState.WAITING))
    problem: Mapped[str] = mapped_column(default="")
    problem_text: Mapped[str] = mapped_column(default="", comment="what was refused, in Vietnamese; no name")
    refused: Mapped[bool] = mapped_column(default=False, comment="a person will not take it: cancel it there")
    phone: Mapped[str] = mapped_column(default="", comment="E.164, written by a person for the shop's")
    commune_id: Mapped[int | None] = ref("unit.id", index=False, comment="the same for its address")
    knock_count: Mapped[int] = mapped_column(default=1, comment="news that came meanwhile is not lost")
    local_seen: Mapped[str] = mapped_column(default="", comment="our side when it was last compared")
    looked_at: Mapped[Instant | None]
    created_at: Mapped[Instant]


class SaleorRefundAsk(Base):
    """A refund that a shop was asked to pay back, or (wish) asked us to pay back. Each is asked once."""

    __tablename__ = "saleor_refund_ask"
    __table_args__ = (
        UniqueConstraint("refund_id"),
        UniqueConstraint("saleor_order_id", "psp"),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        CheckConstraint("refund_id IS NOT NULL OR wish", name="ours_has_refund"),
    )
    id: Mapped[Id]
    saleor_order_id: Mapped[int] = ref("saleor_order.id", index=False)
    refund_id: Mapped[int | None] = ref("refund.id", index=False)
    wish: Mapped[bool] = mapped_column(default=False, comment="the shop asks us, who hold the money")
    transaction: Mapped[str] = mapped_column(comment="the shop's id of the payment")
    psp: Mapped[str] = mapped_column(comment="the name under which both sides speak of it")
    amount_vnd: Mapped[Big]
    certain: Mapped[bool] = mapped_column(default=False, comment="its answer reached us")
    asked_at: Mapped[Instant]
    reported_at: Mapped[Instant | None]
