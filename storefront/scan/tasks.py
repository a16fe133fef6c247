"""The worker's duty: openings that pages noted."""

from core import spool
from core.work import Task
from storefront.scan.openings.operations import KIND, store_scans


def store_noted_scans() -> int:
    """Store what the web processes noted; how many openings."""
    return spool.drain(KIND, store_scans)


TASKS = [Task("storefront.store_scans", 5, store_noted_scans)]
