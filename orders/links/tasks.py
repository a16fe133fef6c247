"""The worker's duties: store the clicks that web processes noted; forget very old days."""

from core import spool
from core.db import transaction
from core.work import Task
from orders.links.operations import forget_old_days, store_clicks

KIND = "clicks"


def store() -> int:
    """Clicks into their days; how many."""
    return spool.drain(KIND, store_clicks)


def forget() -> int:
    """Days past the limit."""
    with transaction():
        return forget_old_days()


TASKS = [Task("orders.store_clicks", 2.0, store), Task("orders.forget_clicks", 86_400.0, forget)]
