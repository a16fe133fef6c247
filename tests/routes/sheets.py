"""Who may open the pages of tables."""

import secrets

from accounts.rules import SYSTEM, Role
from catalog.sheets import operations, tasks
from core import files
from core.db import transaction
from tests.factories import sheets
from tests.routes.row import Row

MANAGER = frozenset({Role.MANAGER})


def _table(cooperative):
    key = secrets.token_urlsafe(12)
    with transaction():
        data = sheets.workbook([sheets.HEADINGS, sheets.good_row(1), *sheets.with_faults(3, 1)])
        one, _new = operations.receive(
            SYSTEM, cooperative.id, key, "hàng.xlsx", files.put(data, ".bin"), here=True
        )
        import_id = one.id
    tasks.advance(import_id)
    return {"key": key}


def _own(w):
    return _table(w.coop)


def _other(w):
    return _table(w.other_coop)


def _left(of):
    return lambda w: of(w) | {"kind": "csv"}


def _guessed(_w):
    keys = ("", "name", "category", "label", "quantity", "price", "shelf_life", "story")
    return {f"c{place}": key for place, key in enumerate(keys)}


ROWS = [
    Row("sheets.begin", MANAGER, methods=("GET", "POST")),
    Row("sheets.table", MANAGER, own=_own, foreign=_other),
    Row("sheets.choose", MANAGER, own=_own, foreign=_other, post=_guessed, page=False, methods=("POST",)),
    Row(
        "sheets.deed",
        MANAGER,
        own=_own,
        foreign=_other,
        post=lambda w: {"do": "drop"},
        page=False,
        methods=("POST",),
    ),
    Row("sheets.left", MANAGER, own=_left(_own), foreign=_left(_other), page=False),
    Row("sheets.goods", MANAGER, own=lambda w: {"kind": "csv"}, page=False),
    Row("sheets.empty", MANAGER, own=lambda w: {"kind": "xlsx"}, page=False),
    Row("sheets.drafts", MANAGER, methods=("GET", "POST"), post=lambda w: {"ids": str(w.product.id)}),
]
