"""The reads of traceability, gathered for the parts above. Each lives in the subpackage of its noun."""

from traceability.batches.queries import contributions, forward, lots_of_slip, shares, slips_behind
from traceability.lots.queries import lot_by_code, lot_of, newest_lots, origin_of
from traceability.slips.queries import crops, slip_line, slip_of, slip_page, void_of
from traceability.stock.queries import allocations, available, differences, expiring, free_lots, stock_of_lot
from traceability.stock.rules import is_sellable

__all__ = [
    "allocations",
    "available",
    "contributions",
    "crops",
    "differences",
    "expiring",
    "forward",
    "free_lots",
    "is_sellable",
    "lot_by_code",
    "lot_of",
    "lots_of_slip",
    "newest_lots",
    "origin_of",
    "shares",
    "slip_line",
    "slip_of",
    "slip_page",
    "slips_behind",
    "stock_of_lot",
    "void_of",
]
