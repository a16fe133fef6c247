"""What the worker does for money: deliver what nobody contested, settle guaranteed lots that closed."""

import logging
from collections.abc import Callable
from datetime import timedelta

from accounts.rules import SYSTEM, Actor
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from core.work import Task
from orders.queries import shipped_before
from revenue.dealings.operations import post_purchase, write_off
from revenue.dealings.queries import batches_to_post, lots_to_write_off
from revenue.operations import deliver, settle_lot
from revenue.split.queries import lots_to_settle

log = logging.getLogger(__name__)
UNCONTESTED_DAYS = 7


def deliver_uncontested() -> int:
    """Deliver what was shipped seven days ago without an open problem; how many. Each in its own transaction."""
    due = shipped_before(clock.now() - timedelta(days=UNCONTESTED_DAYS))
    db.session.rollback()
    return sum(_try("deliver", order_id) for order_id in due)


def settle_closed_lots() -> int:
    """Add what a guaranteed price lacks, for lots that closed; how many."""
    due = lots_to_settle()
    db.session.rollback()
    return sum(_try("settle", lot_id) for lot_id in due)


def post_purchases() -> int:
    """Owe their makers what closed batches bought outright; how many batches."""
    due = batches_to_post()
    db.session.rollback()
    return sum(_try("purchase", batch_id) for batch_id in due)


def write_off_lots() -> int:
    """Turn into cost what is left of lots bought outright that are used up; how many."""
    due = lots_to_write_off()
    db.session.rollback()
    return sum(_try("write off", lot_id) for lot_id in due)


VERBS: dict[str, Callable[[Actor, int], object]] = {
    "deliver": deliver, "settle": settle_lot, "purchase": post_purchase, "write off": write_off,
}  # fmt: skip


def _try(what: str, row_id: int) -> int:
    """One row; a refusal is logged with its class and does not stop the others."""
    try:
        with transaction():
            VERBS[what](SYSTEM, row_id)
    except DomainError as error:
        log.warning("not done", extra={"duty": what, "row": row_id, "error": type(error).__name__})
        return 0
    return 1


TASKS = [
    Task("revenue.deliver", 60, deliver_uncontested),
    Task("revenue.guarantee", 300, settle_closed_lots),
    Task("revenue.purchases", 30, post_purchases),
    Task("revenue.cost", 300, write_off_lots),
]
