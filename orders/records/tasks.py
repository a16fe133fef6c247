"""The worker's duty: erase who bought, once nobody must keep it."""

from core.db import transaction
from core.work import Task
from orders.records.operations import erase_buyers, erase_complaints


def erase_old() -> int:
    """The next purchases and complaints; how many."""
    with transaction():
        return erase_buyers() + erase_complaints()


TASKS = [Task("orders.erase_old", 3600.0, erase_old)]
