"""The worker's duty: complaints whose time has come."""

from core.db import transaction
from core.work import Task
from orders.complaints.operations import act_on_time


def keep_time() -> int:
    """Move what nobody moved in time."""
    with transaction():
        return act_on_time()


TASKS = [Task("orders.complaints", 60.0, keep_time)]
