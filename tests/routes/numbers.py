"""Who may open the pages of numbers."""

from accounts.rules import SYSTEM, Role
from core import files
from core.db import transaction
from tests.routes.row import Row
from traceability.numbers import operations

MANAGER, WRITERS = frozenset({Role.MANAGER}), frozenset({Role.MANAGER, Role.DIGITAL_TEAM})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
BOTH, POST = ("GET", "POST"), ("POST",)


def pack(w):
    return {"pack_id": w.pack.id}


def other_pack(w):
    return {"pack_id": w.other_pack.id}


def prefix(w):
    """A registered prefix of the first cooperative."""
    coop_id = w.coop.id
    known = operations.prefix_of(coop_id)
    if known is None:
        paper = files.put(b"%PDF-1.4 giay", ".pdf")
        with transaction():
            known = operations.register_prefix(
                SYSTEM, coop_id, digits="8931234567", licence="GS1-1", document=paper
            )
    return {"prefix_id": known.id}


ROWS = [
    Row("numbers.mine", MANAGER),
    Row("numbers.give_gtin", MANAGER, pack, other_pack, page=False, methods=POST),
    Row("numbers.give_case", MANAGER, pack, other_pack, page=False, methods=POST),
    Row("numbers.give_place", MANAGER, page=False, methods=POST),
    Row(
        "numbers.units",
        WRITERS,
        lambda w: {"lot_id": w.lot.id},
        lambda w: {"lot_id": w.other_lot.id},
        methods=BOTH,
    ),
    Row("numbers.register", ADMINISTRATOR),
    Row("numbers.enter", ADMINISTRATOR, lambda w: {"cooperative_id": w.coop.id}, methods=BOTH),
    Row("numbers.document", ADMINISTRATOR, prefix, page=False),
]
