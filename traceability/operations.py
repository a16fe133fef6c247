"""The verbs of traceability, gathered for the parts above. Each lives in the subpackage of its noun."""

from traceability.batches.operations import (
    add_lot,
    add_material,
    add_slip,
    close_batch,
    open_batch,
    remove_input,
    save_recipe,
)
from traceability.lots.operations import close_lot, lose_bulk, mark_recalled, pack_lot, plan_lot
from traceability.slips.operations import add_crop, void_slip, weigh
from traceability.stock.operations import (
    confirm_packed,
    count_stock,
    destroy,
    lose_stock,
    move_stock,
    refresh_expired,
    release,
    reserve,
    restock,
    take_back,
)

__all__ = [
    "add_crop",
    "add_lot",
    "add_material",
    "add_slip",
    "close_batch",
    "close_lot",
    "confirm_packed",
    "count_stock",
    "destroy",
    "lose_bulk",
    "lose_stock",
    "mark_recalled",
    "move_stock",
    "open_batch",
    "pack_lot",
    "plan_lot",
    "refresh_expired",
    "release",
    "remove_input",
    "reserve",
    "restock",
    "save_recipe",
    "take_back",
    "void_slip",
    "weigh",
]
