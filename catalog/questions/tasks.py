"""What the worker does for questions: phone numbers do not stay for ever."""

from catalog.questions.operations import forget_phones
from core.db import transaction
from core.work import Task


def forget_old_phones() -> int:
    """Empty phone numbers a year after the question."""
    with transaction():
        return forget_phones()


TASKS = [Task("questions forget phones", 3600.0, forget_old_phones)]
