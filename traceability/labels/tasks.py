"""The worker's duty: sheets that were asked for."""

from core.work import Task, sweep
from traceability.labels.cases.models import CaseLabel
from traceability.labels.cases.operations import make_case_label
from traceability.labels.models import LabelSheet
from traceability.labels.operations import make_sheet


def make_sheets() -> int:
    """Make every sheet that waits; how many were tried."""
    return sweep(LabelSheet, make_sheet, most=5)


def make_case_labels() -> int:
    """Make every case label that waits; how many were tried."""
    return sweep(CaseLabel, make_case_label, most=5)


TASKS = [
    Task("traceability.make_sheets", 1, make_sheets),
    Task("traceability.make_case_labels", 1, make_case_labels),
]
