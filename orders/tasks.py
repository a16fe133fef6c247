"""What the worker does for orders."""

from core.db import transaction
from core.work import Task
from orders.carts.operations import sweep_old
from orders.complaints.tasks import TASKS as COMPLAINTS
from orders.links.tasks import TASKS as LINKS
from orders.records.tasks import TASKS as RECORDS


def forget_old_carts() -> int:
    """Drop carts that nobody touched for 60 days."""
    with transaction():
        return sweep_old()


TASKS = [Task("orders.forget_old_carts", 3600.0, forget_old_carts), *COMPLAINTS, *LINKS, *RECORDS]
