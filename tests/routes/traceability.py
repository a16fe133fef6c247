"""Who may open the pages of slips, batches, lots and stock."""

from accounts.rules import Role
from tests.routes.row import Row

READERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM, Role.TREASURER})
WRITERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM})
MANAGER = frozenset({Role.MANAGER})
BOTH, POST = ("GET", "POST"), ("POST",)


def slip(w):
    return {"slip_id": w.slip.id}


def other_slip(w):
    return {"slip_id": w.other_slip.id}


def batch(w):
    return {"batch_id": w.batch.id}


def other_batch(w):
    return {"batch_id": w.other_batch.id}


def lot(w):
    return {"lot_id": w.lot.id}


def other_lot(w):
    return {"lot_id": w.other_lot.id}


def own_recipe(w):
    return {"recipe_id": w.batch.recipe_id}


def other_recipe(w):
    return {"recipe_id": w.other_batch.recipe_id}


ROWS = [
    Row("trace_slips.slips", READERS),
    Row("trace_slips.slip", READERS, slip, other_slip),
    Row("trace_slips.void", WRITERS, slip, other_slip, page=False, methods=POST),
    Row("trace_slips.crops", MANAGER, methods=BOTH),
    Row("trace_batches.batches", READERS),
    Row("trace_batches.new_batch", WRITERS, methods=BOTH),
    Row("trace_batches.batch", READERS, batch, other_batch),
    *(
        Row(f"trace_batches.{name}", WRITERS, batch, other_batch, page=False, methods=POST)
        for name in ("add_slips", "add_part", "add_lot", "add_material", "close")
    ),
    Row("trace_batches.way", MANAGER, batch, other_batch, page=False, methods=POST),
    Row("trace_batches.remove_input", WRITERS, lambda w: batch(w) | {"input_id": 1},
        lambda w: other_batch(w) | {"input_id": 1}, page=False, methods=POST),
    Row("trace_batches.recipes", READERS),
    Row("trace_batches.new_recipe", MANAGER, methods=BOTH),
    Row("trace_batches.recipe", MANAGER, own_recipe, other_recipe, methods=BOTH),
    Row("trace_lots.lots", READERS),
    Row("trace_lots.plan", MANAGER, methods=BOTH),
    Row("trace_lots.lot", READERS, lot, other_lot),
    Row("trace_lots.pack", WRITERS, lot, other_lot, methods=BOTH),
    *(Row(f"trace_lots.{name}", MANAGER, lot, other_lot, methods=BOTH) for name in ("change", "bulk", "close")),
    Row("trace_lots.stock_page", READERS),
]  # fmt: skip
