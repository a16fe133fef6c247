"""Noting that a feed was fetched, and storing what was noted; noting which listings read differently."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from catalog.models import Product
from channels.feeds import changes, queries
from channels.feeds.changes import State
from channels.feeds.models import FeedFetch, FeedListing, FeedMark, FeedWord
from channels.feeds.rules import Availability, Family, Feed, Item
from core import clock, spool
from core.db import db
from core.once import one_at_a_time
from core.pages import PageVersion

KIND = "feeds"
Key = tuple[str, int, str]


def note(feed: Feed, scope_id: int, who: Family, *, failed: bool = False) -> None:
    """Note one fetch in a file: the reader's answer never waits for a write. failed: it broke off while it was sent."""
    said = {"feed": feed.value, "scope": scope_id, "who": who.value, "at": clock.now().isoformat()}
    spool.append(KIND, said | ({"failed": True} if failed else {}))


def store_fetches(entries: Sequence[dict[str, Any]]) -> None:
    """Add noted fetches; entries of another shape are left out. Called by the spool inside its transaction."""
    found: dict[Key, tuple[int, datetime]] = {}
    broken: dict[Key, datetime] = {}
    for one in entries:
        feed, scope, who, at = (one.get(name) for name in ("feed", "scope", "who", "at"))
        known = feed in set(Feed) and who in set(Family) and isinstance(scope, int) and scope >= 0
        if not known or not isinstance(at, str):
            continue
        key, when = (str(feed), int(scope or 0), str(who)), datetime.fromisoformat(at)
        if one.get("failed"):
            broken[key] = max(when, broken.get(key, when))
            continue
        count, last = found.get(key, (0, when))
        found[key] = (count + 1, max(last, when))
    for key, (count, last) in sorted(found.items()):
        _add(key, count, last)
    for key, when in sorted(broken.items()):
        db.session.execute(update(FeedFetch).where(*_mine(key)).values(failed_at=when))


def _mine(key: Key) -> tuple[ColumnElement[bool], ...]:
    feed, scope_id, who = key
    return FeedFetch.feed == feed, FeedFetch.scope_id == scope_id, FeedFetch.family == who


def _add(key: Key, count: int, last: datetime) -> None:
    feed, scope_id, who = key
    mine = _mine(key)
    before = db.session.execute(select(FeedFetch.last_at).where(*mine)).scalar_one_or_none()
    if before is None:
        row = {"feed": feed, "scope_id": scope_id, "family": who, "fetch_count": count, "last_at": last}
        db.session.execute(insert(FeedFetch).values(row))
        return
    db.session.execute(
        update(FeedFetch).where(*mine)
        .values(fetch_count=FeedFetch.fetch_count + count, last_at=max(before, last))
    )  # fmt: skip


def look_at(product_ids: Sequence[int]) -> int:
    """Compare what the files say of at most 500 products with what they said at the last look, and note what differs as
    one step; how many differ. The worker's, one at a time; the caller's transaction.
    """
    one_at_a_time("feed-changes", "")
    found = _mark()
    versions = _versions(product_ids)  # before the goods: a change in between is looked at again
    items: dict[int, list[Item]] = {}
    for one in queries.items_of(product_ids):
        items.setdefault(one.product_id, []).append(one)
    rows = {
        row.product_id: row
        for row in db.session.execute(
            select(FeedListing).where(FeedListing.product_id.in_(product_ids))
        ).scalars()
    }
    owners = dict(
        db.session.execute(select(Product.id, Product.cooperative_id).where(Product.id.in_(product_ids)))
        .tuples()
        .all()
    )
    step, count = found.step + 1, 0
    for product_id in product_ids:
        row = rows.get(product_id) or FeedListing(
            product_id=product_id, cooperative_id=owners[product_id], digest=_digest([]), words={}, pictured=[],
            step=0, changed_at=clock.now(),
        )  # fmt: skip
        count += _compare(row, items.get(product_id, []), step)
        row.version = versions.get(product_id, 0)
        db.session.add(row)
    if count:
        found.step = step
    db.session.flush()
    return count


def _compare(row: FeedListing, items: Sequence[Item], step: int) -> bool:
    """Note what is said of a product now; whether it differs."""
    digest = _digest(items)
    if digest == row.digest:
        return False
    said = {str(one.pack_id): str(one.availability) for one in items}
    words = dict.fromkeys(row.words, str(Availability.GONE)) | said
    for pack_id, word in words.items():
        if row.words.get(pack_id) != word:
            db.session.add(FeedWord(pack_id=int(pack_id), availability=word, at=clock.now()))
    row.digest, row.words, row.step, row.changed_at = digest, words, step, clock.now()
    row.pictured = sorted({*row.pictured, *(one.pack_id for one in items if one.images)})
    return True


def _digest(items: Sequence[Item]) -> str:
    return sha256(repr(items).encode()).hexdigest()[:32]


def _versions(product_ids: Sequence[int]) -> dict[int, int]:
    tags = {f"product:{one}": one for one in product_ids}
    rows = db.session.execute(select(PageVersion.tag, PageVersion.version).where(PageVersion.tag.in_(tags)))
    return {tags[tag]: version for tag, version in rows}


def _mark() -> FeedMark:
    found = changes.mark()
    if found is None:
        found = FeedMark(id=1, step=0, total=-1, shared="")
        db.session.add(found)
    return found


def looked(seen: State) -> None:
    """Everything that may have changed up to `seen` has been looked at."""
    one_at_a_time("feed-changes", "")
    found = _mark()
    found.total, found.shared = seen.total, seen.shared
