"""Who may open the pages of terms at work, of dealings and of tax."""

from typing import Any

from accounts.rules import Role
from core import clock
from tests.routes.row import SIGNED_IN, Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})
MANAGER = frozenset({Role.MANAGER})
BOTH = ("GET", "POST")


def _year(_world: Any) -> dict[str, int]:
    return {"year": clock.today().year}


def _household(producer: Any) -> dict[str, Any]:
    from cooperatives.queries import household_of_producer

    home = household_of_producer(producer.id, clock.today())
    return {"year": clock.today().year, "kind": "household", "number": home}


ROWS = [
    Row("terms_at_work.preview", STAFF),
    Row("terms_at_work.hours", MANAGER, own=lambda w: {"batch_id": w.batch.id},
        foreign=lambda w: {"batch_id": w.other_batch.id}, methods=BOTH),
    Row("dealings.index", STAFF, own=_year),
    Row("dealings.lines", STAFF, own=_year, page=False),
    Row("tax.index", STAFF),
    Row("tax.year", STAFF, own=_year),
    Row("tax.seller", STAFF, own=lambda w: _household(w.producer), foreign=lambda w: _household(w.other_producer)),
    Row("tax.report", STAFF, own=_year, page=False),
    Row("tax.pay", STAFF, methods=BOTH),
    Row("tax.mine", SIGNED_IN, own=lambda w: _year(w) | {"producer_id": w.mine.id}, page=False,
        foreign=lambda w: _year(w) | {"producer_id": w.producer.id}),
]  # fmt: skip
