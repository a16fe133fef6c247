"""Who fetched a feed last, by family of programme, never an address; and what changed since when."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from channels.feeds.rules import Availability, Family, Feed
from core.db import Base, Big, Id, Instant, ref


class FeedFetch(Base):
    """How often a family of programmes fetched a feed, and when last."""

    __tablename__ = "feed_fetch"
    __table_args__ = (
        CheckConstraint(f"feed IN ({', '.join(repr(one.value) for one in Feed)})", name="feed_known"),
        CheckConstraint(f"family IN ({', '.join(repr(one.value) for one in Family)})", name="family_known"),
        CheckConstraint("fetch_count > 0", name="fetches_positive"),
        CheckConstraint("scope_id >= 0", name="scope_not_negative"),
    )
    feed: Mapped[str] = mapped_column(primary_key=True)
    scope_id: Mapped[Big] = mapped_column(
        primary_key=True, autoincrement=False, comment="a cooperative's id; 0: the whole market's feed"
    )
    family: Mapped[str] = mapped_column(primary_key=True)
    fetch_count: Mapped[Big]
    last_at: Mapped[Instant]
    failed_at: Mapped[Instant | None] = mapped_column(comment="when a file last broke off while it was sent")


class FeedListing(Base):
    """What the files said of a product when the worker looked last, so that a change is known as one."""

    __tablename__ = "feed_listing"
    product_id: Mapped[int] = ref("product.id", primary_key=True, index=False)
    cooperative_id: Mapped[int] = ref("cooperative.id")
    version: Mapped[Big] = mapped_column(comment="of the product's page, as it was looked at")
    digest: Mapped[str] = mapped_column(comment="of everything that the files say of it")
    words: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="availability by pack id, of every pack ever listed"
    )
    pictured: Mapped[list[int]] = mapped_column(
        JSON, comment="ids of packs that channels of pictures were ever sent"
    )
    step: Mapped[Big] = mapped_column(index=True, comment="of the last change; 0: never in a file")
    changed_at: Mapped[Instant] = mapped_column(index=True)


class FeedWord(Base):
    """A pack's availability in the files from an instant on: what a channel was told when it fetched."""

    __tablename__ = "feed_word"
    __table_args__ = (
        CheckConstraint(
            f"availability IN ({', '.join(repr(one.value) for one in Availability)})",
            name="availability_known",
        ),
    )
    id: Mapped[Id]
    pack_id: Mapped[int] = ref("pack.id")
    availability: Mapped[str]
    at: Mapped[Instant]


class FeedMark(Base):
    """Up to where the worker has looked. One row."""

    __tablename__ = "feed_mark"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[Id]
    step: Mapped[Big] = mapped_column(comment="of the newest change")
    total: Mapped[Big] = mapped_column(comment="versions of all products' pages and of the sellers, added up")
    shared: Mapped[str] = mapped_column(
        comment="of what all listings hang on: day, rates, categories, sellers"
    )
