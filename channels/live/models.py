"""A live sale, its goods, its comments, and what each buyer is to get."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from channels.live.rules import Outcome
from core.db import Base, Big, Id, Instant, ref


class LiveSale(Base):
    """One broadcast of a cooperative."""

    __tablename__ = "live_sale"
    __table_args__ = (UniqueConstraint("cooperative_id", "key"),)
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    key: Mapped[str] = mapped_column(comment="the form's own: a double tap is one sale")
    title: Mapped[str]
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    next_on: Mapped[date | None] = mapped_column(comment="the next sale, told to whoever came too late")
    erased_at: Mapped[Instant | None] = mapped_column(comment="when names, phones and comments were erased")


class LiveGood(Base):
    """A pack on the sheet with the word that buyers type."""

    __tablename__ = "live_good"
    __table_args__ = (UniqueConstraint("live_sale_id", "code"), UniqueConstraint("live_sale_id", "pack_id"))
    id: Mapped[Id]
    live_sale_id: Mapped[int] = ref("live_sale.id", index=False)
    pack_id: Mapped[int] = ref("pack.id", index=False)
    code: Mapped[str] = mapped_column(comment="folded")
    is_shown: Mapped[bool] = mapped_column(default=False, comment="held up just now: a bare 'chốt' means it")


class LiveBuyer(Base):
    """Somebody who commented, with what is known for the parcel."""

    __tablename__ = "live_buyer"
    __table_args__ = (UniqueConstraint("live_sale_id", "name_key", "twin"),)
    id: Mapped[Id]
    live_sale_id: Mapped[int] = ref("live_sale.id", index=False)
    name_key: Mapped[str]
    twin: Mapped[int] = mapped_column(default=0, comment="0 the first of that name, 1 the second …")
    name: Mapped[str]
    receiver: Mapped[str] = mapped_column(default="", comment="the name on the parcel, where it is another")
    phone: Mapped[str] = mapped_column(default="", comment="E.164")
    commune_id: Mapped[int | None] = ref("unit.id", index=False)
    place: Mapped[str] = mapped_column(default="", comment="as typed, until it is one commune")
    address_line: Mapped[str] = mapped_column(default="")


class LiveComment(Base):
    """A comment and what became of it. settled_at: a person has seen to it."""

    __tablename__ = "live_comment"
    __table_args__ = (
        UniqueConstraint("live_sale_id", "digest"),
        CheckConstraint(
            f"outcome IN ({', '.join(repr(one.value) for one in Outcome)})", name="outcome_known"
        ),
    )
    id: Mapped[Id]
    live_sale_id: Mapped[int] = ref("live_sale.id", index=False)
    live_buyer_id: Mapped[int] = ref("live_buyer.id")
    body: Mapped[str]
    digest: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str] = mapped_column(default="", comment="what may be meant; of 'whose': the number in it")
    at: Mapped[Instant]
    settled_at: Mapped[Instant | None]


class LiveLine(Base):
    """So many of a pack put aside for a buyer out of one comment, or by hand. order_id: once it was ordered.

    is_unmet: asked for when there were not so many left; it holds nothing and is not ordered.
    """

    __tablename__ = "live_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("NOT is_unmet OR order_id IS NULL", name="unmet_not_ordered"),
    )
    id: Mapped[Id]
    live_buyer_id: Mapped[int] = ref("live_buyer.id")
    pack_id: Mapped[int] = ref("pack.id", index=False)
    quantity: Mapped[Big]
    is_unmet: Mapped[bool] = mapped_column(default=False)
    live_comment_id: Mapped[int | None] = ref("live_comment.id", index=False)
    order_id: Mapped[int | None] = ref("sale_order.id", index=False)
