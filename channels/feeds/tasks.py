"""The worker's duties: store who fetched the feeds, and note which listings read differently."""

from channels.feeds import changes
from channels.feeds.operations import KIND, look_at, looked, store_fetches
from channels.feeds.queries import BATCH
from core import spool
from core.db import db, transaction
from core.work import Task


def store() -> int:
    """Fetches noted by web processes; how many."""
    return spool.drain(KIND, store_fetches)


def note_changes() -> int:
    """Look at every product that may read differently in the files; how many do. Two statements when nothing changed,
    a transaction for each 500 products else.
    """
    seen, found = changes.state_now(), changes.mark()
    if found is not None and (found.total, found.shared) == (seen.total, seen.shared):
        return 0
    alike = found is not None and found.shared == seen.shared
    ids = list(db.session.execute(changes.unnoted() if alike else changes.everything()).scalars())
    db.session.rollback()
    count = 0
    for start in range(0, len(ids), BATCH):
        with transaction():
            count += look_at(ids[start : start + BATCH])
    with transaction():
        looked(seen)
    return count


TASKS = [Task("channels.store_fetches", 5.0, store), Task("channels.note_feed_changes", 15.0, note_changes)]
