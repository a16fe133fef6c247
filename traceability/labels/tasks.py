"""The worker's duty: sheets that were asked for."""

from core.work import Task, sweep
from traceability.labels.models import LabelSheet
from traceability.labels.operations import make_sheet


def make_sheets() -> int:
    """Make every sheet that waits; how many were tried."""
    return sweep(LabelSheet, make_sheet, most=5)


TASKS = [Task("traceability.make_sheets", 1, make_sheets)]
