"""One duty of the worker for each rail."""

from functools import partial

from core.work import Task
from payments.attempts.reconciliation import reconcile
from payments.rails.rules import RAILS


def _round(rail: str) -> int:
    tally = reconcile(rail)
    return tally.changed + tally.differences


TASKS = [Task(f"payments.reconcile.{rail}", 5, partial(_round, rail)) for rail in RAILS]
