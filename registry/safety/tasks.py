"""Duties of the worker: reminders of the 72-hour clock, and forgetting."""

from core.db import transaction
from core.work import Task
from registry.safety import operations


def remind_of_breaches() -> int:
    """Administrators hear when a day is left, and when it is late."""
    with transaction():
        return operations.remind_of_breaches()


def forget_old() -> int:
    """What has stayed long enough goes."""
    with transaction():
        return operations.forget_old()


TASKS = [
    Task("clocks of breaches", 600, remind_of_breaches),
    Task("registry data that stayed long enough", 3600, forget_old),
]
