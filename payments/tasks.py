"""What the worker does for payments."""

from core.work import Task
from payments.bank_statements.tasks import apply_statements
from payments.operations import expire_unpaid
from payments.rails.tasks import TASKS as RAIL_TASKS

TASKS = [
    Task("payments.expire_unpaid", 30, expire_unpaid),
    Task("payments.apply_statements", 5, apply_statements),
    *RAIL_TASKS,
]
