"""Duties of the worker: score declarations again once official points were approved."""

from core.db import transaction
from core.work import Task
from registry.operations import score_again

BATCH = 100


def rescore_stored() -> int:
    """A batch of declarations whose results were made with other points than those approved since."""
    with transaction():
        return score_again(BATCH)


TASKS = [Task("scores by approved points", 60, rescore_stored)]
