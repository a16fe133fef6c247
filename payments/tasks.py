"""What the worker does for payments."""

from core.work import Task
from payments.operations import expire_unpaid
from payments.rails.tasks import TASKS as RAIL_TASKS

TASKS = [Task("payments.expire_unpaid", 30, expire_unpaid), *RAIL_TASKS]
