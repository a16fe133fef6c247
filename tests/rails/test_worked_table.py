"""The worked table of docs/guide/money.md is run: every number in it is what the books say after that step."""

import re
from collections.abc import Iterator

from flask import Flask

from config import ROOT
from core.db import transaction
from payments import operations as payments
from payments.attempts import operations, refunds
from payments.attempts.models import RailRefund
from payments.providers.protocol import RefundSeen, RefundStanding, Seen, Standing
from revenue.collector import operations as verbs
from revenue.rules import AccountKind
from tests.factories.cooperatives import treasurer_of
from tests.factories.payments import staff_of
from tests.payments.scene import shelf
from tests.rails.scene import all_is_well, attempt_of, card_orders, collector, in_book, key, owed

GUIDE = ROOT / "docs" / "guide" / "money.md"


def _table() -> list[list[int]]:
    text = GUIDE.read_text(encoding="utf-8").partition("<!-- collector: worked -->")[2]
    rows = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    return [
        [int(cell.strip().replace(",", "").replace("−", "-")) for cell in row.split("|")[3:8]] for row in rows
    ]


def test_the_worked_table_of_the_guide_is_what_happens(ctx: Flask) -> None:
    assert list(_story()) == _table()


def _story() -> Iterator[list[int]]:
    who = collector()
    one, pack = shelf(name="HTX Một")
    other, more = shelf(name="HTX Hai", price_vnd=40_000)

    def seen() -> list[int]:
        mine = in_book(who.organisation_id)
        theirs = in_book(one.organisation_id)
        return [mine.get(AccountKind.RAIL_CLEARING, 0), mine.get(AccountKind.BANK, 0), owed(who, one)[0],
                owed(who, other)[0], theirs.get(AccountKind.BANK, 0)]  # fmt: skip

    orders = card_orders((pack, 1), (more, 1))
    found = attempt_of(orders[0])
    told = Seen(Standing.PAID, "succeeded", found.amount_vnd, "cs_1", "pi_1")
    with transaction():
        operations.apply(found.id, told)
    yield seen()
    with transaction():
        operations.apply(
            found.id, Seen(Standing.PAID, "succeeded", found.amount_vnd, "cs_1", "pi_1", fee_vnd=10_950)
        )
    yield seen()
    with transaction():
        verbs.settle(who.manager, "stripe", seen()[0], key())
    yield seen()
    with transaction():
        way = verbs.remit(who.manager, one.id, owed(who, one)[0], key())
    yield seen()
    with transaction():
        verbs.confirm(treasurer_of(one), way.id)
    yield seen()
    with transaction():
        payments.cancel(staff_of(orders[0]), orders[0].id, "khách đổi ý")
    sent = ctx_refund(orders[0].id)
    with transaction():
        refunds.apply(sent.id, RefundSeen(RefundStanding.DONE, "succeeded", "re_1"))
    yield seen()
    all_is_well()


def ctx_refund(order_id: int) -> RailRefund:
    """The refund of an order over its rail."""
    from core.db import db

    return db.session.query(RailRefund).filter_by(order_id=order_id).one()
