"""What the worker does for events: those written before they could be asked for are made findable."""

from core.db import transaction
from core.work import Task
from traceability.epcis.exchange.operations import index_own

BATCH = 200


def index_events() -> int:
    """Take up events that have no entry yet, a few hundred a transaction; safe to run twice."""
    total = 0
    while True:
        with transaction():
            done = index_own(BATCH)
        total += done
        if done < BATCH or total >= 10 * BATCH:
            return total


TASKS = [Task("traceability.index_events", 5, index_events)]
