"""What the worker does for payments."""

from core.work import Task
from payments.operations import expire_unpaid

TASKS = [Task("payments.expire_unpaid", 30, expire_unpaid)]
