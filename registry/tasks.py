"""Duties of the worker: score declarations again once official points were approved; count what is not counted."""

from core.db import transaction
from core.work import Task
from registry.fairness.draws import place_again
from registry.fairness.operations import ask_anew
from registry.figures.operations import count_left
from registry.operations import score_again
from registry.procedure.reminders import remind
from registry.safety import tasks as safety
from registry.sales.operations import keep_years
from registry.standards.kept import keep_approved

BATCH = 100


def rescore_stored() -> int:
    """A batch of declarations whose results were made with other points than those approved since."""
    with transaction():
        return score_again(BATCH)


def count_stored() -> int:
    """A batch of declarations and decisions of before figures were kept."""
    with transaction():
        return count_left(BATCH)


def place_rechecks() -> int:
    """Re-checks without an officer, or whose officer left, are given to another by the same draw."""
    with transaction():
        return place_again()


def ask_officers() -> int:
    """What this round's counts ask of officers."""
    with transaction():
        return ask_anew()


def remind_officers() -> int:
    """What is late or nearly: one message of counts for each officer and working day."""
    with transaction():
        return remind()


def keep_sales() -> int:
    """The closed year of whoever consents, kept once; a contradiction is shown to the family first."""
    with transaction():
        return keep_years()


TASKS = [
    *safety.TASKS,
    Task("scores by approved points", 60, rescore_stored),
    Task("approved standards for commands", 600, keep_approved),
    Task("re-checks by another commune", 3600, place_rechecks),
    Task("questions to officers", 6 * 3600, ask_officers),
    Task("reminders of clocks", 3600, remind_officers),
    Task("counts for figures", 5, count_stored),
    Task("sales of the closed year", 6 * 3600, keep_sales),
]
