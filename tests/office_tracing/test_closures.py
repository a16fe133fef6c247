"""The kept graph answers as the walk by SQL does at every moment, and is read anew where it cannot be believed."""

import json
import os
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from accounts.rules import SYSTEM
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from office.operations import all_reached, recall
from office.tracing import queries
from office.tracing.closures import operations, tasks
from office.tracing.closures.queries import kept, path
from office.tracing.closures.rules import Graph, Unusable, read, written
from office.tracing.queries import by_kept, lots_forward, reach
from office.tracing.rules import Bundles, Kind, Start
from orders.models import Allocation, Order, OrderLine
from payments.carriers.operations import deliver_part
from payments.operations import cancel, expire_unpaid, refuse_cod
from revenue.operations import deliver
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.payments import packed, pay, place_order, shipped, staff_of
from tests.factories.traceability import create_slip, open_batch
from traceability.models import Batch, BatchInput, Lot, Slip
from traceability.operations import add_lot, add_material, close_batch, pack_lot, remove_input
from traceability.queries import forward

MADE_ON = date(2026, 11, 22)
SEEDS = range(40) if os.environ.get("EXAM") == "full" else range(2)
MATERIALS = ("muối", "nước")


class World:
    """A cooperative that does things at random: harvests, blends, packs, sells, takes back, recalls, corrects."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.coop = create_cooperative()
        self.coop_id = self.coop.id
        self.producer = create_producer(self.coop)
        self.product = create_product(self.coop, "Miến dong")
        self.pack, self.product_id = self.product.packs[0], self.product.id
        self.pack_id = self.pack.id
        self.open: list[int] = []
        self.deeds: tuple[Callable[[], object], ...] = (
            self.harvest, self.blend, self.blend, self.leave_open, self.close, self.correct, self.sell, self.sell,
            self.sell, self.go_on, self.go_on, self.go_on, self.give_up, self.expire, self.recall,
        )  # fmt: skip

    def lot(self) -> Lot | None:
        found = db.session.query(Lot).filter(Lot.state == "open", Lot.bulk_g > 4_000).order_by(Lot.id).all()
        return self.draw.choice(found) if found else None

    def order(self, *states: str) -> Order | None:
        found = db.session.query(Order).filter(Order.state.in_(states)).order_by(Order.id).all()
        return self.draw.choice(found) if found else None

    def _close(self, batch_id: int) -> None:
        with transaction():
            out = min(db.session.get_one(Batch, batch_id).input_g, 20_000)
            made = close_batch(SYSTEM, batch_id, [(self.product_id, out, MADE_ON, None)])[0]
            pack_lot(SYSTEM, made.id, self.pack_id, out // 2_000)

    def harvest(self) -> None:
        batch_id = open_batch(self.coop, [create_slip(self.coop, self.producer)]).id
        self._close(batch_id)

    def _mixed(self) -> int | None:
        lots = {lot.id for lot in (self.lot(), self.lot()) if lot is not None}
        if not lots:
            return None
        batch_id = open_batch(self.coop).id
        with transaction():
            for lot_id in sorted(lots):
                add_lot(SYSTEM, batch_id, lot_id, self.draw.choice((1_000, 2_000, 4_000)))
            if self.draw.random() < 0.5:
                add_material(SYSTEM, batch_id, self.draw.choice(MATERIALS), 500)
        return batch_id

    def blend(self) -> None:
        if (batch_id := self._mixed()) is not None:
            self._close(batch_id)

    def leave_open(self) -> None:
        if (batch_id := self._mixed()) is not None:
            self.open.append(batch_id)

    def close(self) -> None:
        if self.open:
            self._close(self.open.pop(self.draw.randrange(len(self.open))))

    def correct(self) -> None:
        """Take the newest input out of an open batch again: SQLite may give its number to the next."""
        if self.open:
            batch_id = self.open[-1]
            last = (
                db.session.query(BatchInput)
                .filter_by(batch_id=batch_id)
                .order_by(BatchInput.id.desc())
                .first()
            )
            with transaction():
                if last is not None:
                    remove_input(SYSTEM, batch_id, last.id)
                add_material(SYSTEM, batch_id, "nước", 1_000)

    def sell(self) -> None:
        place_order([(self.pack, self.draw.randint(1, 2))], self.draw.choice(("vietqr", "cod", "cod")))

    def go_on(self) -> None:
        order = self.order("awaiting_payment", "to_confirm", "to_pack", "packed", "shipped")
        if order is None:
            return
        if order.state != "shipped":
            shipped(order) if self.draw.random() < 0.7 else packed(order)
            return
        order_id, who, way = order.id, staff_of(order), self.draw.random()
        line = db.session.query(OrderLine).filter_by(order_id=order_id).one()
        line_id, quantity, cod = line.id, line.quantity, order.method == "cod"
        with transaction():
            if cod and way < 0.3:
                refuse_cod(who, order_id, "Khách không nhận")
            elif cod and way < 0.5 and quantity > 1:
                deliver_part(who, f"part-{order_id}", order_id, {line_id: 1})
            else:
                deliver(who, order_id)

    def give_up(self) -> None:
        order = self.order("awaiting_payment", "to_confirm", "to_pack", "packed")
        if order is not None:
            order_id, who = order.id, staff_of(order)
            with transaction():
                cancel(who, order_id, "Khách đổi ý")

    def expire(self) -> None:
        """Holds lapse; of one order the money comes late, which takes goods again."""
        with clock.use(clock.now() + timedelta(days=3)):
            expire_unpaid()
            order = self.order("expired")
            if order is not None:
                pay(order)

    def recall(self) -> None:
        lot = self.lot()
        if lot is not None and self.draw.random() < 0.3:
            lot_id, who = lot.id, manager_of(self.coop)
            with transaction():
                recall(who, lot_id, "Gói bị ẩm")

    def family(self) -> Start:
        """The household that brings the harvest."""
        household_id = db.session.query(Slip.household_id).limit(1).scalar()
        assert household_id is not None
        return Start(Kind.HOUSEHOLD, household_id, "", self.coop_id)

    def starts(self) -> list[Start]:
        """Something of every kind."""
        found = [Start(Kind.MATERIAL, 0, name, self.coop_id) for name in MATERIALS]
        found.append(self.family())
        for kind, table in ((Kind.LOT, Lot), (Kind.BATCH, Batch), (Kind.SLIP, Slip)):
            ids = [row[0] for row in db.session.query(table.id)]
            found += [Start(kind, one, "", self.coop_id) for one in self.draw.sample(ids, min(6, len(ids)))]
        return found


def by_sql(start: Start) -> tuple[list[int], list[int]]:
    """The lots and orders of a start, by statements alone."""
    lots = lots_forward(start)
    rows = db.session.query(OrderLine.order_id).join(Allocation, Allocation.order_line_id == OrderLine.id)
    return lots, sorted({row[0] for row in rows.filter(Allocation.lot_id.in_(lots))})


def many_at_once_say_what_each_alone_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One walk over many lots, by each of its three ways, beside a walk for each lot."""
    lots = [row[0] for row in db.session.query(Lot.id)]
    begun = world.draw.sample(lots, min(4, len(lots)))
    wanted = sorted({*begun, *(made for one in begun for made in forward(one))})
    with monkeypatch.context() as ways:
        assert queries.lots_made_of(begun) == wanted
        ways.setattr(queries, "CTE_MOST", 0)
        assert queries.lots_made_of(begun) == wanted
        ways.setattr(queries, "_kept_graph", lambda: None)
        ways.setattr(queries, "CHUNK", 1)
        assert queries.lots_made_of(begun) == wanted
    assert all_reached(begun) == [*begun, *(one for one in wanted if one not in begun)]


@pytest.mark.parametrize("seed", SEEDS)
def test_kept_and_later_together_say_what_the_walk_by_sql_says(
    ctx: Flask, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(seed)
    compared = marked = 0
    for step in range(45):
        deed = world.harvest if step < 2 else world.draw.choice(world.deeds)
        try:
            deed()
        except DomainError:  # sold out, or recalled meanwhile: the verbs refuse, and nothing happened
            db.session.rollback()
        db.session.expire_all()
        if step == 8 or (step > 8 and world.draw.random() < 0.12):
            operations.keep()
        if step >= 8 and step % 3 == 0:
            graph = kept()
            for start in world.starts():
                found = by_kept(start)
                assert found is not None
                assert (found.lots, found.orders) == by_sql(start), (step, deed, start)
                compared += bool(found.orders)
                marked += bool(len(graph.sold.targets)) and bool(found.orders)
            many_at_once_say_what_each_alone_says(world, monkeypatch)
        db.session.rollback()
    assert compared > 20 and marked > 0


@pytest.fixture
def small(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which every walk is too wide for a statement, and every graph large enough to be kept."""
    path().unlink(missing_ok=True)  # another test's
    world = World(1)
    world.harvest()
    world.blend()
    world.sell()
    db.session.expire_all()
    monkeypatch.setattr(queries, "CTE_MOST", 0)
    monkeypatch.setattr(tasks, "FROM_LOTS", 1)
    return world


def warned(caplog: pytest.LogCaptureFixture) -> list[Any]:
    """Why the kept graph was not used, as the log says."""
    return [record.why for record in caplog.records if record.message.startswith("kept graph not used")]  # type: ignore[attr-defined]


def test_without_a_file_or_with_a_damaged_one_the_graph_is_read_anew_and_the_log_says_so(
    small: World, caplog: pytest.LogCaptureFixture
) -> None:
    start = small.family()
    wanted = by_sql(start)
    assert len(wanted[0]) == 2 and len(wanted[1]) == 1
    caplog.clear()
    assert (
        (found := reach(start))
        and (found.lots, found.orders) == wanted
        and warned(caplog) == ["FileNotFoundError"]
    )
    operations.keep()
    caplog.clear()
    assert (found := reach(start)) and (found.lots, found.orders) == wanted and not warned(caplog)
    whole = path().read_bytes()
    for spoiled in (b"", b"short", whole[:-4], whole[:60] + bytes([whole[60] ^ 1]) + whole[61:], whole + b"\0" * 8,
                    b"X" + whole[1:]):  # fmt: skip
        path().unlink()
        path().write_bytes(spoiled)
        caplog.clear()
        assert (found := reach(start)) and (found.lots, found.orders) == wanted
        assert len(warned(caplog)) == 1, spoiled[:8]
    assert tasks.keep_graph() == 1 and path().read_bytes() == whole and tasks.keep_graph() == 0


def test_the_commands_keep_the_graph_and_count_what_is_reached(app: Flask, small: World) -> None:
    db.session.remove()
    ran = [app.test_cli_runner().invoke(args=["trace", *args]) for args in (["keep"], ["reach", "lot:1"])]
    made, found = (json.loads(one.stdout) for one in ran)
    assert made["ok"] and made["file"] == str(path()) and made["counts"]["mixings"] == 1
    assert found["ok"] and found["counts"] == {"lots": 2, "orders": 1}


def test_a_graph_of_another_database_is_not_believed(small: World) -> None:
    graph = operations.keep()
    assert kept().lot_mark == graph.lot_mark
    with transaction():  # as after a restore: the same numbers, other rows
        db.session.get_one(Lot, graph.lot_mark).code = "KHAC-01"
    with pytest.raises(Unusable, match="another database"):
        kept()


def test_the_worker_keeps_it_anew_when_enough_came_after(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (tasks.keep_graph(), tasks.keep_graph()) == (1, 0)
    before = kept().lot_mark
    small.harvest()
    assert tasks.keep_graph() == 0
    monkeypatch.setattr(tasks, "LATER_LOTS", 0)
    assert tasks.keep_graph() == 1 and kept().lot_mark > before
    monkeypatch.setattr(tasks, "FROM_LOTS", 10_000)
    path().unlink()
    assert tasks.keep_graph() == 0 and not path().exists()


def test_what_is_written_is_read_without_a_copy() -> None:
    graph = Graph(3, 9, "1:x", [0, 1, 1, 2], Bundles([1, 1], [2, 2], 3), Bundles([2], [7], 3), [5], [1, 2, 2],
                  {(1, "muối"): (1, 2)})  # fmt: skip
    data = b"".join(written(graph))
    found = read(data)
    assert (
        list(found.batch_of) == [0, 1, 1, 2] and list(found.into.targets) == [2, 2] and found.sold.most == 7
    )
    assert list(found.batches_with(1, "muối")) == [2, 2] and not list(found.batches_with(2, "muối"))
    assert isinstance(found.batch_of, memoryview) and found.batch_of.obj is data
