"""The worker's part: search forgets stars whose paper has ended, and learns those whose paper has begun."""

from catalog.certificates.queries import turned_lately
from catalog.search.operations import reindex
from core import clock
from core.db import db, transaction
from core.work import Task


def follow_papers() -> int:
    """Index again the products whose OCOP paper turned lately; how many. Safe to run at any time."""
    product_ids = turned_lately(clock.today())
    db.session.rollback()
    for product_id in product_ids:
        with transaction():
            reindex(product_id)
    return len(product_ids)


TASKS = [Task("search follows papers", 3600.0, follow_papers)]
