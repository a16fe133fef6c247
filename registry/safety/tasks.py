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


def forget_decided() -> int:
    """What was said in decided cases goes when its time is over."""
    with transaction():
        return operations.forget_decided()


TASKS = [
    Task("clocks of breaches", 600, remind_of_breaches),
    Task("registry data that stayed long enough", 3600, forget_old),
    Task("words of cases decided long ago", 86_400, forget_decided),
]
