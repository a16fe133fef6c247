"""Who may ask for labels and fetch them."""

import secrets

from accounts.rules import Role
from tests.routes.row import Row

WRITERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM})


def _order(lot_id, pack_id):
    """A finished sheet of a lot."""
    from accounts.rules import SYSTEM
    from core.db import transaction
    from traceability.labels.operations import order_labels
    from traceability.labels.tasks import make_sheets

    with transaction():
        sheet_id = order_labels(SYSTEM, secrets.token_urlsafe(12), lot_id, pack_id, 2, "2x4").id
    make_sheets()
    return sheet_id


def _pack_of(lot):
    from traceability.labels.queries import packs_of

    return packs_of(lot)[0][0]


def _sheet(lot):
    return {"sheet_id": _order(lot.id, _pack_of(lot))}


def _unit(lot):
    """A case of a lot."""
    from accounts.rules import SYSTEM
    from core.db import transaction
    from traceability.numbers.operations import make_unit

    inside = [(lot.id, _pack_of(lot), 2)]
    with transaction():
        return {"unit_id": make_unit(SYSTEM, secrets.token_urlsafe(12), inside).id}


def _case(lot):
    """A finished label of a case."""
    from accounts.rules import SYSTEM
    from core.db import transaction
    from traceability.labels.cases.operations import order_case_label
    from traceability.labels.tasks import make_case_labels

    unit_id = _unit(lot)["unit_id"]
    with transaction():
        label_id = order_case_label(SYSTEM, secrets.token_urlsafe(12), unit_id, "a4", 1).id
    make_case_labels()
    return {"label_id": label_id}


def _form(w):
    return {
        "pack_id": str(_pack_of(w.lot)),
        "quantity": "3",
        "layout": "3x7",
        "numbering": "own",
        "key": secrets.token_urlsafe(12),
    }


ROWS = [
    Row("labels.sheets", WRITERS, lambda w: {"lot_id": w.lot.id}, lambda w: {"lot_id": w.other_lot.id}, post=_form,
        methods=("GET", "POST")),
    Row("labels.sheet", WRITERS, lambda w: _sheet(w.lot), lambda w: _sheet(w.other_lot), methods=("GET", "POST")),
    Row("cases.unit", WRITERS, lambda w: _unit(w.lot), lambda w: _unit(w.other_lot), methods=("GET", "POST")),
    Row("cases.pdf", WRITERS, lambda w: _case(w.lot), lambda w: _case(w.other_lot), page=False),
    Row("labels.pdf", WRITERS, lambda w: _sheet(w.lot), lambda w: _sheet(w.other_lot), page=False),
]  # fmt: skip
