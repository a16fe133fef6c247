"""Duties of the worker: lots expire by themselves, and the catalogue must know."""

from importlib import import_module
from importlib.util import find_spec

from core.db import transaction
from core.work import Task
from traceability.stock.operations import refresh_expired


def refresh_available() -> int:
    """Renew the available numbers of packs whose lots expired; safe to run twice."""
    with transaction():
        return refresh_expired()


TASKS = [Task("traceability.refresh_available", 60, refresh_available)]
if find_spec("traceability.epcis.tasks"):
    TASKS += import_module("traceability.epcis.tasks").TASKS
if find_spec("traceability.labels.tasks"):
    TASKS += import_module("traceability.labels.tasks").TASKS
if find_spec("traceability.log.tasks"):
    TASKS += import_module("traceability.log.tasks").TASKS
