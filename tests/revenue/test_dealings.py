"""Bought outright or sold for the maker, internal or external: what is recorded, posted, shown and exported."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from accounts.rules import SYSTEM, Role
from cooperatives.operations import set_terms
from cooperatives.rules import Terms
from core import clock
from core.db import db, transaction
from core.errors import Conflict, NotAllowed, NotFound
from orders.queries import lines as order_lines
from revenue import queries
from revenue.audit.queries import faults
from revenue.dealings.queries import dealings
from revenue.ledger.queries import lines_of
from revenue.models import Entry
from revenue.rules import AccountKind, Component, Deal
from revenue.tasks import post_purchases, write_off_lots
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.revenue import delivered, opened, paid_out, refunded, weighed
from tests.factories.traceability import open_batch
from tests.households.test_views import token
from tests.revenue.stories import World
from traceability import operations as trace
from traceability.batches.ways import set_buying
from traceability.models import Batch, BatchInput, Lot

YEAR = 2026


def a_mixed_world(ways: tuple[str, ...] = ("consigned", "outright"), standings: tuple[str, ...] = ("member", "linked"),
                  advances: tuple[int, ...] = (0, 0), pieces: int = 40) -> World:  # fmt: skip
    """One batch of one 40 kg slip a producer (140,000 đ each), each taken its own way; all of it packed."""
    coop = create_cooperative()
    opened(coop)
    who = [
        create_producer(coop, f"Lý Thị {n}", standing) for n, standing in zip("ABCD", standings, strict=False)
    ]
    slips = [weighed(one, advance_vnd=paid) for one, paid in zip(who, advances, strict=True)]
    pack = create_product(coop).packs[0]
    batch = open_batch(coop, slips)
    manager, batch_id, product_id, pack_id = manager_of(coop), batch.id, pack.product_id, pack.id
    inputs = db.session.query(BatchInput).filter_by(batch_id=batch_id).order_by(BatchInput.id).all()
    chosen = [(one.id, way) for one, way in zip(inputs, ways, strict=True)]
    with transaction():
        for input_id, way in chosen:
            set_buying(manager, batch_id, way, [input_id])
        weight = pieces * pack.net_quantity
        lot_id = trace.close_batch(SYSTEM, batch_id, [(product_id, weight, clock.today(), None)])[0].id
    with transaction():
        trace.pack_lot(SYSTEM, lot_id, pack_id, pieces)
    return World(
        coop, who, slips, pack, db.session.get_one(Lot, lot_id), {"batch_id": batch_id, "manager": manager}
    )


def test_what_is_bought_outright_is_owed_in_full_when_the_batch_closes(ctx: Flask) -> None:
    world = a_mixed_world(advances=(0, 50_000))
    assert post_purchases() == 1
    assert post_purchases() == 0, "once a batch"
    assert world.owed(world.producers[1]) == 90_000, "140,000 less the 50,000 had at the scale"
    assert world.open_advance(world.slips[1]) == 0
    assert world.owed(world.producers[0]) == 0, "sold for its maker: paid by the split"
    assert world.of(AccountKind.GOODS_BOUGHT) == 140_000
    assert list(faults()) == []


def test_a_mixed_lot_is_shared_for_the_consigned_half_and_costed_for_the_bought_half(ctx: Flask) -> None:
    world = a_mixed_world()
    post_purchases()
    delivered(world.bought(2))
    assert world.owed(world.producers[0]) == 45_500, "70 % of half of 130,000"
    assert world.owed(world.producers[1]) == 140_000, "the price, and no share"
    assert world.of(AccountKind.COST_OF_GOODS) == 7_000, "2 of 40 packs of what cost 140,000"
    assert world.of(AccountKind.GOODS_BOUGHT) == 133_000
    shared = queries.lot_share(world.lot.id)
    assert (shared.sold_vnd, shared.producers_vnd) == (130_000, 45_500 + 7_000)
    assert (
        shared.producers_vnd + shared.processing_vnd + shared.fund_vnd + shared.untraced_vnd
        == shared.sold_vnd
    )
    assert list(faults()) == []


def test_a_refund_of_a_mixed_lot_takes_back_every_part_and_leaves_the_price_paid(ctx: Flask) -> None:
    world = a_mixed_world()
    post_purchases()
    bought = delivered(world.bought(2))
    line = order_lines(bought.id)[0].id
    refunded(bought, {line: 30_001})
    refunded(bought, {line: 99_999})
    assert world.owed(world.producers[0]) == 0
    assert world.owed(world.producers[1]) == 140_000
    assert world.of(AccountKind.COOPERATIVE_INCOME) == 0
    assert list(faults()) == []


def test_what_no_sale_bore_becomes_cost_when_the_lot_closes(ctx: Flask) -> None:
    world = a_mixed_world()
    post_purchases()
    delivered(world.bought(2))
    lot = db.session.get_one(Lot, world.lot.id)
    with transaction():
        lot = db.session.get_one(Lot, lot.id)
        lot.state = "closed"
    assert write_off_lots() == 1
    assert write_off_lots() == 0
    assert world.of(AccountKind.GOODS_BOUGHT) == 0
    assert world.of(AccountKind.COST_OF_GOODS) == 140_000
    assert list(faults()) == []


def test_a_sale_that_overtakes_the_purchase_costs_nothing_yet_and_all_at_the_end(ctx: Flask) -> None:
    world = a_mixed_world(ways=("outright", "outright"))
    delivered(world.bought(2))
    assert world.of(AccountKind.COST_OF_GOODS) == 0
    post_purchases()
    with transaction():
        db.session.get_one(Lot, world.lot.id).state = "closed"
    write_off_lots()
    assert world.of(AccountKind.COST_OF_GOODS) == 280_000 and world.of(AccountKind.GOODS_BOUGHT) == 0
    assert list(faults()) == []


def test_what_a_bought_lot_gave_to_a_later_batch_is_written_off_there(ctx: Flask) -> None:
    world = a_mixed_world(ways=("outright", "outright"))
    post_purchases()
    product_id, manager = world.pack.product_id, world.extra["manager"]
    slips = [weighed(one) for one in world.producers]
    bulk_batch, after = open_batch(world.coop, slips), open_batch(world.coop)
    first_id, second_id = bulk_batch.id, after.id
    with transaction():
        set_buying(manager, first_id, "outright")
        first = trace.close_batch(SYSTEM, first_id, [(product_id, 40_000, clock.today(), None)])[0]
        trace.add_lot(SYSTEM, second_id, first.id, 10_000)
        second = trace.close_batch(SYSTEM, second_id, [(product_id, 10_000, clock.today(), None)])[0]
        first.state = second.state = "closed"
    assert db.session.get_one(Batch, second_id).purchase == "posted", "nothing of its own to owe"
    post_purchases()
    assert world.of(AccountKind.GOODS_BOUGHT) == 4 * 140_000
    assert write_off_lots() == 2
    assert world.of(AccountKind.GOODS_BOUGHT) == 280_000, "what is left is the first world's lot, still open"
    assert list(faults()) == []


def test_a_bought_lot_counts_in_no_guarantee(ctx: Flask) -> None:
    world = a_mixed_world(ways=("outright", "outright"))
    manager = world.extra["manager"]
    with transaction():
        set_terms(manager, Terms(clock.today(), 6000, 3000, 1000, guaranteed_price=True))
    post_purchases()
    with transaction():
        db.session.get_one(Lot, world.lot.id).state = "closed"
    from revenue.tasks import settle_closed_lots

    settle_closed_lots()
    assert world.owed(world.producers[0]) == 140_000


def test_each_posting_names_its_clause_and_whose_goods_they_were(ctx: Flask) -> None:
    world = a_mixed_world(ways=("consigned", "consigned"))
    bought = delivered(world.bought(2))
    entry = db.session.query(Entry).filter_by(order_id=bought.id, kind="sale").one()
    lines = lines_of(entry.id)
    assert entry.terms_id is not None
    assert {(one.component, one.rule, one.deal) for one in lines if one.producer_id} == {
        (Component.PRODUCERS, "producers", Deal.CONSIGNED_INTERNAL),
        (Component.PRODUCERS, "producers", Deal.CONSIGNED_EXTERNAL),
    }
    assert {one.rule for one in lines if one.component == Component.FUND} == {"fund"}


def test_the_terms_say_how_a_harvest_is_taken_where_the_batch_does_not(ctx: Flask) -> None:
    coop = create_cooperative()
    opened(coop)
    assert open_batch(coop).buying == "consigned"
    manager = manager_of(coop)
    with transaction():
        set_terms(manager, Terms(clock.today(), 6000, 3000, 1000, buying="outright"))
    slip = weighed(create_producer(coop))
    batch = open_batch(coop, [slip])
    assert batch.buying == "outright"
    assert db.session.query(BatchInput).filter_by(batch_id=batch.id).one().buying == "outright"


def test_one_harvest_has_one_way_in_all_batches(ctx: Flask) -> None:
    coop = create_cooperative()
    opened(coop)
    slip, manager = weighed(create_producer(coop)), manager_of(coop)
    first, second = open_batch(coop), open_batch(coop)
    slip_id, first_id, second_id = slip.id, first.id, second.id
    with transaction():
        set_buying(manager, first_id, "outright")
        trace.add_slip(SYSTEM, first_id, slip_id, 10_000)
        trace.add_slip(SYSTEM, second_id, slip_id, 10_000)
    assert {one.buying for one in db.session.query(BatchInput).all()} == {"outright"}
    with pytest.raises(Conflict), transaction():
        set_buying(manager, second_id, "consigned")


def test_a_closed_batch_keeps_its_way(ctx: Flask) -> None:
    world = a_mixed_world()
    with pytest.raises(Conflict), transaction():
        set_buying(world.extra["manager"], world.extra["batch_id"], "consigned")


def test_only_the_own_manager_says_how_a_harvest_was_taken(ctx: Flask) -> None:
    coop, other = create_cooperative(), create_cooperative("HTX Kia")
    batch_id = open_batch(coop).id
    with pytest.raises(NotFound), transaction():
        set_buying(manager_of(other), batch_id, "outright")
    helper = actor_for(Role.DIGITAL_TEAM, coop.organisation_id)
    with pytest.raises(NotAllowed), transaction():
        set_buying(helper, batch_id, "outright")


def test_the_year_shows_both_ways_with_members_and_others(ctx: Flask) -> None:
    world = a_mixed_world()
    post_purchases()
    delivered(world.bought(2))
    found = {
        one.deal: one for one in dealings(world.org, clock.today(), clock.today().replace(year=YEAR + 1))
    }
    assert set(found) == {"consigned-internal", "outright-external"}
    assert found["consigned-internal"].makers_vnd == 45_500 and found["consigned-internal"].own_vnd == 13_000
    bought = found["outright-external"]
    assert (bought.makers_vnd, bought.own_vnd, bought.cost_vnd, bought.result_vnd) == (
        140_000,
        65_000,
        7_000,
        58_000,
    )


def test_the_page_and_the_workbook_name_way_side_clause_and_account(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world = a_mixed_world()
        post_purchases()
        delivered(world.bought(2))
        manager = manager_of(world.coop)
    sign_in(client, manager)
    page = client.get(f"/manage/money/dealings/{YEAR}").get_data(as_text=True)
    assert "Bán hộ thành viên" in page and "Mua đứt của hộ liên kết" in page and "156, 331; 4211" in page
    assert "chưa kiểm chứng" in page
    book = client.get(f"/manage/money/dealings/{YEAR}/lines.xlsx")
    rows: list[Any] = list(openpyxl.load_workbook(BytesIO(book.data)).active.values)
    assert {(row[5], row[6]) for row in rows[3:]} == {("bán hộ", "nội bộ"), ("mua đứt", "bên ngoài")}
    assert client.get("/manage/money/dealings/1999").status_code == 404


def test_a_manager_says_on_the_batchs_page_that_a_slip_was_bought(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        coop = create_cooperative()
        opened(coop)
        batch_id = open_batch(coop, [weighed(create_producer(coop))]).id
        input_id = db.session.query(BatchInput).one().id
        manager = manager_of(coop)
    sign_in(client, manager)
    path = f"/manage/batches/{batch_id}"
    body = token(client, path) | {"key": "way-of-batch-1", "buying": "outright", "input_id": str(input_id)}
    assert client.post(f"{path}/way", data=body | {"buying": "stolen"}).status_code == 422
    assert client.post(f"{path}/way", data=body).status_code == 302
    assert "mua đứt" in client.get(path).get_data(as_text=True)
    with app.app_context():
        assert db.session.query(BatchInput).one().buying == "outright"
        assert db.session.get_one(Batch, batch_id).buying == "consigned"


def test_money_paid_out_after_a_purchase_is_never_asked_back(ctx: Flask) -> None:
    world = a_mixed_world()
    post_purchases()
    paid_out(world.producers[1], 140_000, "cash")
    bought = delivered(world.bought(1))
    refunded(bought, {order_lines(bought.id)[0].id: 65_000})
    assert world.of(AccountKind.PRODUCER_RECEIVABLE, f"producer:{world.producers[1].id}") == 0
    assert list(faults()) == []


def test_verify_works_purchases_costs_and_guarantees_out_again(ctx: Flask) -> None:
    from revenue.dealings import audits

    world = a_mixed_world()
    post_purchases()
    delivered(world.bought(2))
    assert list(audits.faults()) == []
    slip_id, lot_id = world.slips[1].id, world.lot.id
    with transaction():
        for trigger in (
            db.session.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'")).scalars().all()
        ):
            db.session.execute(text(f'DROP TRIGGER "{trigger}"'))
        db.session.execute(text("UPDATE slip SET price_vnd_per_kg = 100 WHERE id = :id"), {"id": slip_id})
    found = list(audits.faults())
    assert any("the slips give" in one for one in found)
    assert f"lot {lot_id}: bears a cost of 7000, its bought harvest was paid 4000" in found
