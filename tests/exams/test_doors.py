"""The last unit from six doors at once: one stock update, one order, one split; the others are told so."""

import json
import random
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from channels.live import operations as live
from channels.live import taking
from channels.live.models import LiveBuyer
from channels.saleor.rules import pack_ref
from cooperatives.models import Cooperative
from core.db import db, transaction
from orders.models import Order, OrderLine
from orders.queries import order as order_row
from payments.queries import received
from revenue.audit.queries import faults
from revenue.models import Entry, Posting
from revenue.operations import deliver
from tests.channels_saleor.scene import Scene, connected
from tests.exams.doors import DOORS
from tests.exams.processes import Child
from tests.exams.stage import place, rounds
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_producer
from tests.factories.payments import pay, shipped, staff_of
from tests.factories.places import commune
from tests.factories.stalls import create_outing
from tests.factories.traceability import create_lot, create_slip
from tests.saleor_server.server import SaleorServer
from traceability.models import Stock
from traceability.stock.queries import differences

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
AHEAD_S = 0.3
STEP_S, JITTER_S = 0.15, 0.03


class Starts:
    """When each door begins. Whoever won begins a step later from then on, so that all come to the stock together
    however long their way to it is; started at one instant, the shortest way wins nearly every time.
    """

    def __init__(self) -> None:
        self.late_s = dict.fromkeys(DOORS, 0.0)
        self.dice = random.Random(7)

    def of(self) -> dict[str, float]:
        """Seconds after the shot, by door."""
        first = min(self.late_s.values())
        return {door: late - first + self.dice.uniform(0, JITTER_S) for door, late in self.late_s.items()}

    def saw(self, winner: str) -> None:
        """Who won."""
        self.late_s[winner] += STEP_S


@pytest.fixture
def market(session_app, tmp_path, request):
    """A place on PostgreSQL."""
    with place("postgresql", session_app, tmp_path, lambda: request.getfixturevalue("pg_template")) as made:
        yield made


def stage(scene: Scene, number: int) -> dict:
    """A pack of which one piece is left, of a slip of its own, and what each door needs to know."""
    coop = db.session.get_one(Cooperative, scene.coop)
    slip = create_slip(coop, create_producer(coop, f"Lý Thị Mẫu {number}"))
    pack = create_product(coop, f"Mật ong {number}", illustration="mat-ong").packs[0]
    lot = create_lot(coop, pack, 1, slips=[slip])
    outing, home = create_outing(coop, name=f"Phiên chợ {number}"), commune("Cầu Giấy").id
    with transaction():
        sale = live.open_sale(scene.manager, coop.id, f"live-door-{number:04}", "Tối thứ bảy")
        live.put_good(scene.manager, sale, pack.id, "M1")
        taking.take(scene.manager, sale, "Hoa: m1")
        buyer = db.session.query(LiveBuyer).filter_by(live_sale_id=sale.id).one()
        buyer.phone, buyer.commune_id, buyer.address_line = f"+8491{number:07}", home, "Số 8"
    scene.publish()
    there = scene.shop.buy([(pack_ref(pack.id), 1)], shipping=_carriage(scene, coop, pack))
    return {
        "pack": pack.id, "lot": lot.id, "coop": coop.id, "commune": home, "price": pack.price_vnd,
        "manager": scene.manager.user_id, "organisation": coop.organisation_id,
        "phones": [f"092 {number:03} 0001"], "live": sale.id, "outing": outing.id,
        "instance": scene.instance_id, "remote": there["id"], "number": there["number"],
    }  # fmt: skip


def _carriage(scene: Scene, coop: Cooperative, pack) -> int:
    return Scene(scene.server, scene.collector, coop, scene.manager, scene.instance_id).shipping(pack, 1)


def at_once(children: dict[str, Child], task: dict, starts: Starts) -> dict[str, str]:
    """All doors get ready, then take the last step so that they meet at the stock."""
    for child in children.values():
        child.stdin.write(json.dumps(task) + "\n")
        child.stdin.flush()
    for door, child in children.items():
        assert (said := child.stdout.readline().strip()) == "ready", (door, said)
    shot, after = time.time() + AHEAD_S, starts.of()
    for door, child in children.items():
        child.stdin.write(f"{shot + after[door]}\n")
        child.stdin.flush()
    return {door: json.loads(child.stdout.readline()) for door, child in children.items()}


def check(task: dict) -> None:
    """One order, its one piece out of stock once, and after delivery one split that reached the slip's producer."""
    sold = select(OrderLine.order_id).where(OrderLine.pack_id == task["pack"])
    [order_id] = db.session.execute(sold).scalars()
    order = order_row(order_id)
    if order.state != "delivered":
        if not received(order_id):
            pay(order)
        with transaction():
            deliver(staff_of(order), shipped(order_row(order_id)).id)
    on_hand = select(func.sum(Stock.on_hand), func.min(Stock.on_hand), func.sum(Stock.reserved))
    assert tuple(db.session.execute(on_hand.where(Stock.pack_id == task["pack"])).one()) == (0, 0, 0)
    splits = select(func.count(Posting.producer_id.distinct()), func.count(Entry.id.distinct())).join(
        Posting, Posting.entry_id == Entry.id
    )
    found = db.session.execute(
        splits.where(Posting.lot_id == task["lot"], Posting.producer_id.is_not(None))
    ).one()
    assert tuple(found) == (1, 1)
    assert not db.session.execute(select(Stock.id).where(Stock.on_hand < 0)).first()


def test_the_last_unit_is_sold_once_whichever_of_six_doors_asks_first(market, session_app):
    with SaleorServer() as server, market.inside(session_app):
        scene = connected(server.fresh())
        coop_id, manager = scene.coop.id, scene.manager
        scene = Scene(server, scene.collector, coop_id, manager, scene.instance_id)
        children = {
            door: Child("doors", door, env=market.env(LOG_LEVEL="error"), log=market.folder / f"{door}.log")
            for door in DOORS
        }
        winners, starts, many = Counter[str](), Starts(), rounds(3, 50)
        try:
            for number in range(many):
                task = stage(scene, number)
                db.session.remove()
                said = at_once(children, task, starts)
                [winner] = [door for door, word in said.items() if word == "bought"]
                assert all(word.startswith("told: ") for door, word in said.items() if door != winner), said
                winners[winner] += 1
                starts.saw(winner)
                check(task)
                db.session.remove()
        finally:
            for child in children.values():
                child.close()
        assert list(faults()) == [] and differences() == []
        assert db.session.scalar(select(func.count()).select_from(Order)) == winners.total()
        print("won by", dict(winners))
        assert many < 50 or len(winners) >= 5, "hardly a door is always too late"
