"""What the worker does for people."""

from accounts.drafts.operations import forget_old
from core.db import transaction
from core.work import Task


def forget_old_drafts() -> int:
    """Drop half-filled forms that nobody touched for 30 days."""
    with transaction():
        return forget_old()


TASKS = [Task("accounts.forget_old_drafts", 3600.0, forget_old_drafts)]
