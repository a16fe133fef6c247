"""The worker's duty: store who fetched the feeds."""

from channels.feeds.operations import KIND, store_fetches
from core import spool
from core.work import Task


def store() -> int:
    """Fetches noted by web processes; how many."""
    return spool.drain(KIND, store_fetches)


TASKS = [Task("channels.store_fetches", 5.0, store)]
