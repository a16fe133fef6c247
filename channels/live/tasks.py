"""The worker's duty: erase who commented, 30 days after a live sale closed."""

from channels.live.operations import erase_ended
from core.db import transaction
from core.work import Task


def erase() -> int:
    """Sales whose names and comments were erased."""
    with transaction():
        return erase_ended()


TASKS = [Task("channels.erase_live_sales", 3600.0, erase)]
