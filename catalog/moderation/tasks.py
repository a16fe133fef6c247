"""The worker's duties: what must be down in time, and suspensions whose day has come."""

from catalog.moderation.operations import carry_out_due, take_down_late
from core.db import transaction
from core.work import Task


def keep_the_clock() -> int:
    """Take down what is nearly late, and close shops whose notice has run out."""
    with transaction():
        return take_down_late() + carry_out_due()


TASKS = [Task("catalog.moderation", 60.0, keep_the_clock)]
