"""Who may open the pages of money."""

from typing import Any

from accounts.rules import SYSTEM, Role
from core import clock
from core.db import db, transaction
from revenue import operations
from revenue.models import Entry, Ledger, Payout
from revenue.rules import AccountKind, Line, producer
from tests.factories.revenue import opened
from tests.routes.row import SIGNED_IN, Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})
WEIGHERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM})


def first_entry(coop: Any, kind: str | None = None) -> int:
    """The id of a cooperative's first entry, of a kind if one is named; its book is opened if it has none."""
    asked = db.session.query(Entry.id).join(Ledger, Ledger.id == Entry.ledger_id)
    asked = asked.filter(Ledger.organisation_id == coop.organisation_id).order_by(Entry.id)
    found = (asked.filter(Entry.kind == kind) if kind else asked).first()
    if found is None:
        opened(coop, bank_vnd=1_000)
        found = asked.filter(Entry.kind == "opening").first()
    assert found is not None
    return int(found.id)


def first_payout(coop: Any, who: Any) -> int:
    """The id of a payout of a cooperative, paid now if there is none yet."""
    book = db.session.query(Payout.id).join(Ledger, Ledger.id == Payout.ledger_id)
    found = book.filter(Ledger.organisation_id == coop.organisation_id).first()
    if found is not None:
        return int(found.id)
    organisation_id, who_id = coop.organisation_id, who.id
    opened(coop, cash_vnd=10_000)
    with transaction():
        owed = [Line(AccountKind.COOPERATIVE_INCOME, "", 1_000),
                Line(AccountKind.PRODUCER_PAYABLE, producer(who_id), -1_000, producer_id=who_id)]  # fmt: skip
        operations.post(organisation_id, "bonus", f"bonus:{who_id}", owed, clock.today())
        return operations.pay_producer(SYSTEM, who_id, 1_000, "cash", f"matrix-{who_id:08}").id


# `page=False` for a producer's own statement: it opens for that person alone; tests/site reads it as her.
ROWS = [
    Row("weighing.new_slip", WEIGHERS),
    Row("weighing.make_slip", WEIGHERS, methods=("POST",), page=False,
        post=lambda w: {"producer_id": w.producer.id, "crop_id": w.slip.crop_id, "gross_g": "40", "grade": "1",
                        "price_vnd_per_kg": "3500", "pay_from": "none", "key": "matrix-slip-1"}),
    Row("weighing.void", frozenset({Role.MANAGER}), own=lambda w: {"slip_id": w.slip.id},
        foreign=lambda w: {"slip_id": w.other_slip.id}, methods=("GET", "POST")),
    Row("revenue.money", STAFF),
    Row("revenue.producer", STAFF, own=lambda w: {"producer_id": w.producer.id},
        foreign=lambda w: {"producer_id": w.other_slip.producer_id}, methods=("GET", "POST")),
    Row("revenue.print_statement", STAFF, own=lambda w: {"producer_id": w.producer.id},
        foreign=lambda w: {"producer_id": w.other_slip.producer_id}),
    Row("revenue.payout", STAFF, own=lambda w: {"payout_id": first_payout(w.coop, w.producer)},
        foreign=lambda w: {"payout_id": first_payout(w.other_coop, w.other_producer)}),
    Row("revenue.open_books", STAFF, methods=("GET", "POST")),
    Row("revenue.move", STAFF, methods=("GET", "POST")),
    Row("revenue.entries", STAFF),
    Row("revenue.entry", STAFF, own=lambda w: {"entry_id": first_entry(w.coop)},
        foreign=lambda w: {"entry_id": first_entry(w.other_coop)}),
    Row("revenue.reverse", STAFF, own=lambda w: {"entry_id": first_entry(w.coop)},
        foreign=lambda w: {"entry_id": first_entry(w.other_coop)}, methods=("GET", "POST")),
    Row("revenue.delivered", STAFF, own=lambda w: {"order_id": w.shipped_order.id},
        foreign=lambda w: {"order_id": w.other_order.id}, methods=("GET", "POST")),
    Row("revenue.my_statements", SIGNED_IN),
    Row("revenue.my_statement", SIGNED_IN, own=lambda w: {"producer_id": w.mine.id}, page=False,
        foreign=lambda w: {"producer_id": w.producer.id}),
    Row("revenue.my_print", SIGNED_IN, own=lambda w: {"producer_id": w.mine.id}, page=False,
        foreign=lambda w: {"producer_id": w.producer.id}),
]  # fmt: skip
