"""Who fetched a feed last: the family of programme, never an address."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from channels.feeds.rules import Family, Feed
from core.db import Base, Big, Instant


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
