"""The worker's part: search follows papers that begin and end, and managers hear of those that end soon."""

from catalog.certificates.operations import remind_of
from catalog.certificates.queries import to_remind, turned_lately
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


def remind() -> int:
    """Remind managers 60, 30 and 7 days before a paper ends; how many papers. Safe to run at any time."""
    papers = to_remind(clock.today())
    db.session.rollback()
    for certificate_id in papers:
        with transaction():
            remind_of(certificate_id)
    return len(papers)


TASKS = [Task("search follows papers", 3600.0, follow_papers), Task("papers that end soon", 3600.0, remind)]
