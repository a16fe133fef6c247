"""Short links, their clicks by day, and the orders that came by one."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref
from orders.links.rules import Channel


class ShortLink(Base):
    """`/s/<code>`: a product in one channel. The name tells two posters apart."""

    __tablename__ = "short_link"
    __table_args__ = (
        CheckConstraint(
            f"channel IN ({', '.join(repr(one.value) for one in Channel)})", name="channel_known"
        ),
        UniqueConstraint("product_id", "channel", "name"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    cooperative_id: Mapped[int] = ref("cooperative.id")
    product_id: Mapped[int] = ref("product.id", index=False)
    channel: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = ref("person_account.id", index=False)


class LinkDay(Base):
    """How often a link was opened on a day. No address and no device of a person is kept."""

    __tablename__ = "link_day"
    __table_args__ = (CheckConstraint("click_count > 0", name="clicks_positive"),)
    link_id: Mapped[int] = ref("short_link.id", primary_key=True, index=False)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    click_count: Mapped[Big]


@immutable
class OrderSource(Base):
    """Which link brought an order of the cooperative that made the link."""

    __tablename__ = "order_source"
    order_id: Mapped[int] = ref("sale_order.id", primary_key=True, index=False)
    link_id: Mapped[int] = ref("short_link.id")
