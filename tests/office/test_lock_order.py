"""Verbs of one cooperative hold the book, the log and the chain of audit in one order, so that none waits for ever."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, current_thread
from typing import Any

import pytest
from flask import Flask

from core import audit, clock
from core.db import db, transaction
from office.operations import recall
from orders import queries as orders
from orders.operations import Pick, pack, ship
from payments.operations import cancel, refund, refuse_cod
from revenue.ledger import operations as ledger
from revenue.operations import deliver, void_slip, weigh_and_advance
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.payments import packed, pay, place_order, shipped
from tests.factories.traceability import create_crop, create_lot
from traceability.log import operations as log

BOOK, LOG, CHAIN = "book", "log", "chain of audit"
ORDER = (BOOK, LOG, CHAIN)
OWNERS = ((ledger, BOOK), (log, LOG), (audit, CHAIN))


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which of the three was locked, each at its first time, since the list was emptied."""
    found: list[str] = []

    def watched(owner: Any, name: str, at: int, of: str) -> Callable[..., Any]:
        real = getattr(owner, name)

        def call(*args: Any) -> Any:
            if args[at] is owner._LOCK and of not in found:
                found.append(of)
            return real(*args)

        return call

    for owner, of in OWNERS:
        monkeypatch.setattr(owner, "run", watched(owner, "run", 0, of))
    monkeypatch.setattr(ledger, "rows", watched(ledger, "rows", 1, BOOK))
    yield found


def picks_of(order_id: int) -> list[Pick]:
    return [Pick(one.order_line_id, one.lot_id, one.quantity) for one in orders.allocations(order_id)]


def test_every_verb_that_tells_the_log_holds_the_book_before_and_the_audit_after(
    ctx: Flask, taken: list[str]
) -> None:
    coop = create_cooperative()
    goods = create_product(coop).packs[0]
    lot_id, manager = create_lot(coop, goods, 40).id, manager_of(coop)
    producer_id, crop_id = create_producer(coop).id, create_crop().id
    first = place_order([(goods, 2)])[0]
    pay(first)
    gone, home, back = first.id, packed(place_order([(goods, 1)])[0]).id, place_order([(goods, 1)], "cod")[0]
    refused = shipped(back).id
    line_id = orders.lines(gone)[0].id
    packed(place_order([(goods, 3)])[0])  # still here when the lot is recalled
    slip_ids: list[int] = []

    def weigh() -> None:
        made = weigh_and_advance(manager, key="w", producer_id=producer_id, crop_id=crop_id, gross_g=41_000,
                                 tare_g=1_000, grade="1", price_vnd_per_kg=3_500, advance_vnd=10_000,
                                 pay_from="bank")  # fmt: skip
        slip_ids.append(made.id)

    deeds: list[tuple[str, Callable[[], Any], tuple[str, ...]]] = [
        ("pack", lambda: pack(manager, gone, picks_of(gone)), (LOG, CHAIN)),
        ("ship", lambda: ship(manager, gone, "Bưu điện", ""), (LOG, CHAIN)),
        ("deliver", lambda: deliver(manager, gone), ORDER),
        ("refund", lambda: refund(manager, gone, {line_id: 1}, "Vỡ", goods_back=True, key="r"), ORDER),
        ("cancel", lambda: cancel(manager, home, "Khách đổi ý"), ORDER),
        ("refuse", lambda: refuse_cod(manager, refused, "Khách không nhận"), ORDER),
        ("weigh", weigh, ORDER),
        ("void", lambda: void_slip(manager, slip_ids[0], "Cân nhầm bao"), ORDER),
        ("recall", lambda: recall(manager, lot_id, "Gói bị ẩm"), ORDER),
    ]
    for name, deed, wanted in deeds:
        taken.clear()
        with transaction():
            deed()
        assert tuple(taken) == wanted, name


@pytest.mark.postgres
def test_packing_and_delivering_at_the_same_instant_both_end(
    pg_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pg_app.app_context():
        coop = create_cooperative()
        goods = create_product(coop).packs[0]
        create_lot(coop, goods, 10)
        manager, waiting = manager_of(coop), place_order([(goods, 1)])[0]
        pay(waiting)
        waiting_id, road_id = waiting.id, shipped(place_order([(goods, 1)])[0]).id
        db.session.remove()
    logged, audited, real = Event(), Event(), audit.record

    def in_step(*args: Any, **more: Any) -> None:
        """Packing stops before its audit line until delivery has written its own, and delivery before it goes on."""
        if current_thread().name.endswith("_0"):
            logged.set()
            audited.wait(0.5)
            real(*args, **more)
        else:
            real(*args, **more)
            audited.set()
            logged.wait(0.5)

    monkeypatch.setattr(audit, "record", in_step)

    def run(deed: Callable[[], Any]) -> str:
        with pg_app.app_context(), clock.use(clock.now()):
            try:
                with transaction():
                    return str(deed().__class__.__name__)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as threads:
        packing = threads.submit(run, lambda: pack(manager, waiting_id, picks_of(waiting_id)))
        delivery = threads.submit(run, lambda: deliver(manager, road_id))
        assert packing.result(20) == "Order" and delivery.result(20) == "Posted"
    with pg_app.app_context():
        assert orders.order(waiting_id).state == "packed" and orders.order(road_id).state == "delivered"
