"""What the worker does for people."""

from accounts.drafts.operations import forget_old
from accounts.sessions.operations import forget_over
from core.db import transaction
from core.work import Task


def forget_old_drafts() -> int:
    """Drop half-filled forms that nobody touched for 30 days."""
    with transaction():
        return forget_old()


def forget_signed_out() -> int:
    """Drop the rows of machines whose time is over."""
    with transaction():
        return forget_over()


TASKS = [
    Task("accounts.forget_old_drafts", 3600.0, forget_old_drafts),
    Task("accounts.forget_signed_out", 3600.0, forget_signed_out),
]
