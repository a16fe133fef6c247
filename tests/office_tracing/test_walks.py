"""Forward to every pack and order, backward to every household, whatever was mixed in between."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from accounts.rules import SYSTEM
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from office.tracing import dossiers, sheets
from office.tracing.balance import imbalances
from office.tracing.queries import find, lots_by_closure, lots_forward, orders_forward
from office.tracing.rules import (
    WIDE,
    Bundles,
    Edge,
    Loop,
    Node,
    closure,
    draw,
    ends,
    layers,
    marked,
    read_start,
)
from tests.factories import bundles, weighed
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.payments import place_order, shipped
from tests.factories.traceability import create_bulk, create_lot, create_slip, open_batch
from tests.queries import count_queries
from traceability.balance.operations import add_plot, assume_yield
from traceability.models import BatchInput, Lot
from traceability.operations import add_lot, add_slip, close_batch, pack_lot

MADE_ON = date(2026, 11, 22)


class Blend:
    """Two families' starch, blended with bought salt into one lot of noodles, sold in one order."""

    def __init__(self) -> None:
        self.coop = create_cooperative()
        self.producers = [create_producer(self.coop, name) for name in ("Lý Thị Một", "Lý Thị Hai")]
        self.slips = [create_slip(self.coop, producer) for producer in self.producers]
        starch = create_product(self.coop, "Tinh bột dong")
        self.bulks = [create_bulk(self.coop, starch, 30_000, [slip]) for slip in self.slips]
        noodles = create_product(self.coop, "Miến dong blend")
        self.pack = noodles.packs[0]
        product_id, pack_id = noodles.id, self.pack.id
        ids = [bulk.id for bulk in self.bulks]
        batch_id = open_batch(self.coop).id
        with transaction():
            for bulk_id in ids:
                add_lot(SYSTEM, batch_id, bulk_id, 10_000)
            from traceability.operations import add_material

            add_material(SYSTEM, batch_id, "muối", 500)
            self.lot = close_batch(SYSTEM, batch_id, [(product_id, 15_000, MADE_ON, None)])[0]
            self.lot_id = self.lot.id
            pack_lot(SYSTEM, self.lot_id, pack_id, 10)
        db.session.expire_all()
        self.order = shipped(place_order([(self.pack, 3)])[0])


@pytest.fixture
def blend(ctx: Flask) -> Blend:
    """The small blended world."""
    return Blend()


def test_every_kind_of_start_reaches_the_blended_lot_and_its_order(blend: Blend) -> None:
    slip, home = blend.slips[0], blend.slips[0].household_id
    with transaction():
        plot = add_plot(SYSTEM, slip.producer_id, slip.crop_id, "Nà Pò", 1_000, date(2026, 1, 1))
        plot_id = plot.id
    batch_id = db.session.get_one(Lot, blend.lot_id).batch_id
    lot = db.session.get_one(Lot, blend.bulks[0].id)
    for text in (f"slip:{slip.number}", f"household:{home}", f"plot:{plot_id}", f"lot:{lot.code}", "material:muối",
                 f"batch:{batch_id}"):  # fmt: skip
        start = find(text, blend.coop.id)
        assert blend.lot_id in lots_forward(start), text
        assert (blend.order.id, blend.lot_id, 3) in orders_forward(start), text
        assert lots_by_closure(start) == lots_forward(start), text


def test_backward_from_the_order_names_both_families_and_the_bought_salt(blend: Blend) -> None:
    found = dossiers.backward(find(f"order:{blend.order.code}", blend.coop.id))
    assert found.household_ids == sorted(slip.household_id for slip in blend.slips)
    assert found.materials == [("muối", 500)]
    assert {made.id for made in found.lots} == {blend.lot_id, *(bulk.id for bulk in blend.bulks)}


def test_a_dossier_counts_packs_here_and_away_and_says_nobodys_name(blend: Blend) -> None:
    found = dossiers.forward(find(f"slip:{blend.slips[0].id}", blend.coop.id))
    assert (found.gone, found.order_ids) == (3, [blend.order.id])
    assert sum(one.quantity for one in found.packs if one.lot_id == blend.lot_id) == 7
    said = json.dumps(sheets.document(found), ensure_ascii=False)
    assert blend.order.code in said and "Đỗ Minh Mẫu" not in said and "912345678" not in said
    assert b"Minh" not in sheets.table(found)
    listed = sheets.events(found)["epcisBody"]["eventList"]
    assert {one["bizStep"] for one in listed} >= {"creating_class_instance", "commissioning", "packing"}


def test_a_dossier_asks_the_same_number_of_statements_for_one_order_or_many(app: Flask, blend: Blend) -> None:
    start = find(f"lot:{blend.lot_id}", blend.coop.id)
    with count_queries(app) as one:
        dossiers.forward(start)
    for _more in range(3):
        place_order([(blend.pack, 1)])
    with count_queries(app) as four:
        dossiers.forward(start)
    assert four.count == one.count <= 14


def test_parts_of_a_gift_box_and_goods_weighed_piece_by_piece_are_found(ctx: Flask) -> None:
    coop = create_cooperative()
    pack = create_product(coop, "Miến trong hộp").packs[0]
    lot_id = create_lot(coop, pack, 10).id
    box = bundles.create_box(coop, [(pack, 2)])
    order = shipped(place_order([(box, 1)])[0])
    assert (order.id, lot_id, 2) in orders_forward(find(f"lot:{lot_id}", coop.id))
    chicken = weighed.by_weight(coop=coop)
    bird = place_order([(chicken, 1)])[0]
    held = db.session.query(Lot).filter_by(product_id=chicken.product_id).one()
    assert [row[0] for row in orders_forward(find(f"lot:{held.id}", coop.id))] == [bird.id]


def test_a_line_from_two_lots_is_found_from_either(ctx: Flask) -> None:
    coop = create_cooperative()
    pack = create_product(coop).packs[0]
    lots = [create_lot(coop, pack, 2).id for _each in range(2)]
    order = place_order([(pack, 4)])[0]
    for lot_id in lots:
        assert orders_forward(find(f"lot:{lot_id}", coop.id)) == [(order.id, lot_id, 2)]
    assert lots_forward(find(f"order:{order.code}", coop.id)) == lots


def test_another_cooperatives_things_and_nonsense_are_not_found(blend: Blend) -> None:
    stranger = create_cooperative("HTX Khác").id
    for text in (f"lot:{blend.lot_id}", f"slip:{blend.slips[0].id}", f"order:{blend.order.code}", "material:muối",
                 f"household:{blend.slips[0].household_id}"):  # fmt: skip
        with pytest.raises(NotFound):
            find(text, stranger)
    for text in ("", "lot", "cow:1", "lot:"):
        with pytest.raises(Invalid):
            read_start(text)


def test_the_commands_walk_from_a_code_rehearse_a_recall_and_refuse_in_one_line(
    app: Flask, blend: Blend
) -> None:
    code, order = db.session.get_one(Lot, blend.lot_id).code, blend.order.code
    db.session.remove()
    runner = app.test_cli_runner()

    def said(*args: str) -> dict[str, Any]:
        ran = runner.invoke(args=["trace", *args])
        assert ran.exit_code == 0, ran.output
        found: dict[str, Any] = json.loads(ran.stdout)
        return found

    whole = said("forward", f"lot:{code}")
    assert whole["ok"] and whole["counts"] == said("forward", code)["counts"]
    assert whole["counts"]["orders"] == 1 and whole["counts"]["packs_away"] == 3
    back = said("backward", order)
    assert back["counts"]["households"] == 2 and back["of"].startswith("order:")
    tried = said("recall", code, "--rehearse")
    assert (
        tried["rehearsal"]
        and tried["orders"] == [order]
        and tried["lots"] == [code]
        and tried["took_ms"] >= 0
    )
    table = runner.invoke(args=["trace", "forward", code, "--csv"]).stdout
    assert order in table and "Đỗ Minh" not in table
    for refused in (("forward", "nonsense"), ("backward", ""), ("forward", "12"), ("forward", "lot:"), ("recall", code),
                    ("forward", code, "--cooperative", "nobody"), ("recall", "\x00", "--rehearse")):  # fmt: skip
        assert said(*refused)["ok"] is False, refused


def test_a_lot_can_never_go_back_into_the_batch_it_came_from(blend: Blend) -> None:
    batch_id = db.session.get_one(Lot, blend.lot_id).batch_id
    with pytest.raises(Conflict), transaction():
        add_lot(SYSTEM, batch_id, blend.lot_id, 100)
    assert imbalances(blend.coop.id) == []


def test_a_loop_written_past_the_verbs_ends_every_walk_and_is_named(blend: Blend) -> None:
    first = db.session.get_one(Lot, blend.bulks[0].id)
    with transaction():
        db.session.execute(insert(BatchInput).values(batch_id=first.batch_id, lot_id=blend.lot_id, weight_g=1,
                                                     material_name="", buying="", at=first.created_at))  # fmt: skip
    start = find(f"lot:{blend.lot_id}", blend.coop.id)
    assert set(lots_forward(start)) == {blend.lot_id, first.id} == set(lots_by_closure(start))
    assert dossiers.backward(start).household_ids
    whats = {one.what for one in imbalances(blend.coop.id)}
    assert {"loop", "batch_input", "lot_used"} <= {what.value for what in whats}


def test_deliveries_above_what_the_plots_may_give_are_flagged_and_hold_nothing_up(blend: Blend) -> None:
    slip = blend.slips[0]
    producer_id, crop_id, coop_id = slip.producer_id, slip.crop_id, blend.coop.id
    with transaction():
        add_plot(SYSTEM, producer_id, crop_id, "Ruộng nhỏ", 5, date(2026, 1, 1))
        assume_yield(SYSTEM, coop_id, crop_id, date(2026, 1, 1), 4_000, "khuyến nông xã, 2026")
    [found] = imbalances(coop_id)
    assert (found.said, found.found, found.suspicion) == (40_000, 20_000, True)
    more = create_slip(blend.coop, blend.producers[0])
    batch_id = open_batch(blend.coop).id
    with transaction():
        add_slip(SYSTEM, batch_id, more.id)


def test_a_household_without_a_known_plot_is_not_flagged(blend: Blend) -> None:
    assert imbalances(blend.coop.id) == []


# ---- rules ----

EDGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=80)


@given(EDGES, st.sets(st.integers(0, 30), max_size=3))
def test_the_closure_reaches_what_walking_by_hand_reaches(
    pairs: list[tuple[int, int]], starts: set[int]
) -> None:
    reached, fresh = set(starts), set(starts)
    while fresh:
        fresh = {b for a, b in pairs if a in fresh} - reached
        reached |= fresh
    sources, targets = [a for a, _b in pairs], [b for _a, b in pairs]
    for spare in (31, 31 * WIDE * 2):  # a small graph is walked in wide waves, a large one node by node
        seen = closure(Bundles(sources, targets, spare), starts)
        assert set(marked(seen)) == reached
    leaves = Bundles(sources, [1000 + b for b in targets], 31)
    assert set(marked(ends(leaves, seen))) == {1000 + b for a, b in pairs if a in reached}


@given(EDGES)
def test_layers_put_every_node_below_all_that_lead_to_it(pairs: list[tuple[int, int]]) -> None:
    edges = [Edge(f"n:{min(a, b)}", f"n:{max(a, b)}") for a, b in pairs if a != b]
    depth = layers(edges)
    assert all(depth[edge.source] < depth[edge.target] for edge in edges)


def test_layers_refuse_a_loop() -> None:
    with pytest.raises(Loop):
        layers([Edge("a", "b"), Edge("b", "c"), Edge("c", "b")])


def test_a_drawing_never_leaves_the_width_of_a_phone_and_says_how_many_it_leaves_out() -> None:
    nodes = [Node(f"slip:{n}", "slip", f"PC-26-{n:04}") for n in range(9)] + [
        Node("lot:1", "lot", "MD-2611-01")
    ]
    drawn = draw(nodes, [Edge(f"slip:{n}", "lot:1") for n in range(9)], {"slip": "%(count)s phiếu nữa"})
    assert all(box.x >= 0 and box.x + box.width <= 336 for box in drawn.boxes)
    assert [box.title for box in drawn.boxes] == ["PC-26-0000", "PC-26-0001", "+7", "MD-2611-01"]
    assert len(drawn.curves) == 3
