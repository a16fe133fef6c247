"""Noting that a feed was fetched, and storing what was noted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from channels.feeds.models import FeedFetch
from channels.feeds.rules import Family, Feed
from core import clock, spool
from core.db import db

KIND = "feeds"
Key = tuple[str, int, str]


def note(feed: Feed, scope_id: int, who: Family) -> None:
    """Note one fetch in a file: the reader's answer never waits for a write."""
    spool.append(
        KIND, {"feed": feed.value, "scope": scope_id, "who": who.value, "at": clock.now().isoformat()}
    )


def store_fetches(entries: Sequence[dict[str, Any]]) -> None:
    """Add noted fetches; entries of another shape are left out. Called by the spool inside its transaction."""
    found: dict[Key, tuple[int, datetime]] = {}
    for one in entries:
        feed, scope, who, at = (one.get(name) for name in ("feed", "scope", "who", "at"))
        known = feed in set(Feed) and who in set(Family) and isinstance(scope, int) and scope >= 0
        if not known or not isinstance(at, str):
            continue
        key, when = (str(feed), int(scope or 0), str(who)), datetime.fromisoformat(at)
        count, last = found.get(key, (0, when))
        found[key] = (count + 1, max(last, when))
    for key, (count, last) in sorted(found.items()):
        _add(key, count, last)


def _add(key: Key, count: int, last: datetime) -> None:
    feed, scope_id, who = key
    mine = (FeedFetch.feed == feed, FeedFetch.scope_id == scope_id, FeedFetch.family == who)
    before = db.session.execute(select(FeedFetch.last_at).where(*mine)).scalar_one_or_none()
    if before is None:
        row = {"feed": feed, "scope_id": scope_id, "family": who, "fetch_count": count, "last_at": last}
        db.session.execute(insert(FeedFetch).values(row))
        return
    db.session.execute(
        update(FeedFetch).where(*mine)
        .values(fetch_count=FeedFetch.fetch_count + count, last_at=max(before, last))
    )  # fmt: skip
