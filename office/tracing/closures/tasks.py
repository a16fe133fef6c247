"""The worker's duty: keep the graph anew when enough came after it."""

import logging

from sqlalchemy.exc import OperationalError

from core.work import Task
from office.tracing.closures import queries
from office.tracing.closures.operations import keep
from office.tracing.closures.rules import Unusable

log = logging.getLogger(__name__)
FROM_LOTS = 10_000  # below that recursive statements answer everything
LATER_LOTS, LATER_SOLD, LATER_PART = 2_000, 20_000, 50  # came after: so many, and a fiftieth of what is kept


def keep_graph() -> int:
    """Keep the graph if there is none that can be used, or a fiftieth came after it; 1 if it was made."""
    lot_mark, sold_mark = queries.marks()
    if lot_mark < FROM_LOTS:
        return 0
    try:
        graph = queries.kept()
    except Unusable as why:
        log.info("graph kept anew", extra={"why": str(why)})
    else:
        lots, sold = lot_mark - graph.lot_mark, sold_mark - graph.sold_mark
        few_lots = lots <= max(LATER_LOTS, graph.lot_mark // LATER_PART)
        few_sold = max(sold, len(graph.pending)) <= max(LATER_SOLD, graph.sold_mark // LATER_PART)
        if few_lots and few_sold:
            return 0
    try:
        keep()
    except OperationalError as busy:  # writers did not let us look: in five minutes again
        log.warning("graph not kept", extra={"error": type(busy.orig).__name__})
        return 0
    return 1


TASKS = [Task("office.keep_graph", 300.0, keep_graph)]
