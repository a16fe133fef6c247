"""The worker's part: a few letters at a time, so that a slow system elsewhere never holds up anything here."""

from core.work import Task, sweep
from office.connectors.models import ConnectorLetter
from office.connectors.operations import send_one


def send_letters() -> int:
    """Send at most three letters; safe to run at any time."""
    return sweep(ConnectorLetter, send_one, most=3)


TASKS = [Task("connectors.send", 5.0, send_letters)]
