"""Where what a door was last told differs from now: price and stock, the largest difference first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select

from catalog.models import Pack, PriceChange, Product
from catalog.queries import pack_view
from channels.feeds.boards import FEED_TEXT
from channels.feeds.models import FeedFetch, FeedWord
from channels.feeds.rules import AVAILABILITY_TEXT, Availability, Feed, availability
from channels.marketplaces.models import MarketListing
from channels.marketplaces.rules import SITE_NAME, Site
from channels.saleor.drift import shown_otherwise
from core import clock
from core.db import db

SHOWN = 200
SELLS = (Availability.IN_STOCK, Availability.PREORDER)


@dataclass(frozen=True)
class Drift:
    """One pack at one door. told_*: what the door was told, None where that is not kept; now_*: what holds.

    door: its name; site: of a marketplace, '' for another door. at_risk_vnd: what the difference may cost. told_word,
    now_word: availability where a door is told a word and no number, '' where it is told a number.
    """

    door: str
    site: str
    product_id: int
    name: str
    told_vnd: int | None
    now_vnd: int
    told_stock: int | None
    now_stock: int
    told_at: datetime | None
    told_word: str = ""
    now_word: str = ""

    @property
    def oversold(self) -> int:
        """Pieces that the door may still sell and that are not there; one where it only knows that there are some."""
        if self.told_word:
            return int(self.told_word in SELLS and self.now_word not in SELLS)
        return max(0, (self.told_stock or 0) - self.now_stock)

    @property
    def words(self) -> tuple[str, str] | None:
        """Availability as told and as it is, message ids; None where they agree or a number was told."""
        if not self.told_word or self.told_word == self.now_word:
            return None
        return AVAILABILITY_TEXT[Availability(self.told_word)], AVAILABILITY_TEXT[Availability(self.now_word)]

    @property
    def at_risk_vnd(self) -> int:
        """Pieces that are not there at today's price, and what a price differs on every piece that is."""
        differs = abs((self.told_vnd or self.now_vnd) - self.now_vnd)
        return self.oversold * self.now_vnd + differs * max(
            1, min(self.now_stock, self.told_stock or self.now_stock)
        )


def drifts(cooperative_id: int) -> list[Drift]:
    """Every difference of a cooperative's doors, the largest first, at most SHOWN. Three statements."""
    found = [*_sites(cooperative_id), *_saleor(cooperative_id), *_feeds(cooperative_id)]
    return sorted(found, key=lambda one: (-one.at_risk_vnd, one.name, one.door))[:SHOWN]


def counts(cooperative_id: int) -> dict[str, int]:
    """{site: packs that differ}. One statement."""
    found: dict[str, int] = {}
    for one in _sites(cooperative_id):
        found[one.site] = found.get(one.site, 0) + 1
    return found


def _sites(cooperative_id: int) -> Iterable[Drift]:
    """What was filled into templates, against now. A pack that left the market counts as none in stock."""
    day = clock.today()
    rows = db.session.execute(
        select(MarketListing, Pack, Product.name, Product.state)
        .join(Pack, Pack.id == MarketListing.pack_id).join(Product, Product.id == Pack.product_id)
        .where(MarketListing.cooperative_id == cooperative_id)
    )  # fmt: skip
    for told, pack, name, state in rows:
        seen = pack_view(pack, day)
        stock = max(0, seen.available - seen.promised) if pack.active and state == "published" else 0
        if told.price_vnd != pack.price_vnd or told.stock != stock:
            yield Drift(
                SITE_NAME[Site(told.site)], told.site, pack.product_id, f"{name}, {pack.label}", told.price_vnd,
                pack.price_vnd, told.stock, stock, told.told_at,
            )  # fmt: skip


def _saleor(cooperative_id: int) -> Iterable[Drift]:
    """What shops were told last, against now; a pack that a shop does not have yet was told nothing."""
    for one in shown_otherwise(cooperative_id):
        yield Drift(f"Saleor: {one.label}", "", one.product_id, one.name, one.told_vnd, one.now_vnd, one.told_stock,
                    one.now_stock, one.told_at)  # fmt: skip


def _feeds(cooperative_id: int) -> Iterable[Drift]:
    """Packs whose price or availability is not what it was when a feed's programme fetched last. One statement."""
    fetched = (
        select(FeedFetch.feed, func.max(FeedFetch.last_at).label("at"))
        .where(FeedFetch.scope_id.in_((0, cooperative_id))).group_by(FeedFetch.feed).subquery()
    )  # fmt: skip
    changed = exists().where(PriceChange.pack_id == Pack.id, PriceChange.at > fetched.c.at)
    before = (
        select(PriceChange.price_vnd)
        .where(PriceChange.pack_id == Pack.id, PriceChange.at <= fetched.c.at)
        .order_by(PriceChange.at.desc(), PriceChange.id.desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    other = exists().where(FeedWord.pack_id == Pack.id, FeedWord.at > fetched.c.at)
    word = (
        select(FeedWord.availability).where(FeedWord.pack_id == Pack.id, FeedWord.at <= fetched.c.at)
        .order_by(FeedWord.at.desc(), FeedWord.id.desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    rows = db.session.execute(
        select(fetched.c.feed, fetched.c.at, Pack, Product.name, Product.state, before, word)
        .select_from(fetched).join(Product, Product.cooperative_id == cooperative_id)
        .join(Pack, Pack.product_id == Product.id).where(or_(changed & Pack.active, other))
        .order_by(fetched.c.feed, Pack.id).limit(SHOWN)
    )  # fmt: skip
    for feed, at, pack, name, state, told, said in rows:
        seen = pack_view(pack, clock.today())
        sold = pack.active and state == "published"
        now = availability(seen.available, seen.promised) if sold else Availability.GONE
        priced = told if sold and said != Availability.GONE else None
        if (priced is not None and priced != pack.price_vnd) or (said and said != now):
            yield Drift(FEED_TEXT[Feed(feed)], "", pack.product_id, f"{name}, {pack.label}", priced, pack.price_vnd,
                        None, seen.available if sold else 0, at, said or "", str(now) if said else "")  # fmt: skip
