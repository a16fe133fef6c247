"""Goods in a shop are as they are here: made once, changed when they change, taken off when they are; faults by row."""

from dataclasses import replace
from datetime import timedelta

from accounts.rules import SYSTEM
from catalog import operations as catalog
from catalog.models import Pack
from channels.saleor import outbox, queries
from channels.saleor.client import Client
from channels.saleor.goods import Goods, PackGoods
from channels.saleor.operations import sell_there, try_listings
from channels.saleor.publishing import Job, send
from channels.saleor.rules import pack_ref, product_ref
from channels.saleor.trying import try_shop
from channels.saleor.turns import Turn
from core import clock
from core.db import db, transaction
from tests.channels_saleor.scene import Scene, connected, later
from tests.factories.orders import create_order, stocked
from tests.saleor_server.server import SaleorServer


def price(scene: Scene, pack: Pack) -> float:
    """What the shop asks for a pack."""
    return scene.shop.variant(pack_ref(pack.id))["channelListings"][0]["price"]["amount"]


def quantity(scene: Scene, pack: Pack) -> int:
    """How many the shop counts."""
    return scene.shop.variant(pack_ref(pack.id))["stocks"][0]["quantity"]


def only(scene: Scene) -> dict:
    """The one product of the shop."""
    [found] = scene.shop.products.values()
    return found


def test_a_product_goes_there_with_its_pack_price_stock_and_origin(scene):
    pack, there = scene.pack, only(scene)
    assert (
        there["externalReference"] == product_ref(pack.product_id)
        and there["channelListings"][0]["isPublished"]
    )
    assert (price(scene, pack), quantity(scene, pack)) == (65_000.0, 10)
    said = [one["plainText"] for one in there["attributes_sent"]]
    assert scene.coop.name in said and "4 sao" in said and "Thái Nguyên" in said[0]
    assert f"/01/{pack.gtin}/10/" in said[3], "the lot that is sold next"
    assert scene.listings()[0].state == "sent" and scene.listings()[0].shown


def test_a_second_round_and_a_second_set_up_send_nothing_twice(scene):
    calls = len(scene.shop.calls)
    assert scene.publish() == 0 and len(scene.shop.calls) == calls
    assert scene.shop.zones[0]["countries"] == [{"code": "VN"}], "or the warehouse would count as empty"
    assert scene.shop.channel_warehouses == [scene.shop.warehouse]


def test_a_changed_price_and_stock_go_out_in_the_next_round_and_nothing_else(scene):
    pack = scene.pack
    with transaction():
        catalog.set_price(SYSTEM, pack.id, 71_000)
    create_order([(pack, 3)])
    before = len(scene.shop.calls)
    scene.publish()
    assert (price(scene, pack), quantity(scene, pack)) == (71_000.0, 7)
    assert {name for name, *_rest in scene.shop.calls[before:]} == {"CpLookup", "CpPrices", "CpStocks"}


def test_what_is_withdrawn_here_is_withdrawn_there_and_comes_back(scene):
    pack = scene.pack
    with transaction():
        catalog.withdraw(SYSTEM, pack.product_id)
    scene.publish()
    assert not only(scene)["channelListings"][0]["isPublished"] and quantity(scene, pack) == 0
    with transaction():
        catalog.publish(SYSTEM, pack.product_id)
    scene.publish()
    assert only(scene)["channelListings"][0]["isPublished"] and quantity(scene, pack) == 10


def test_a_cooperative_that_leaves_takes_its_goods_along(scene):
    with transaction():
        sell_there(scene.manager, scene.instance_id, joined=False)
    scene.publish()
    assert not only(scene)["channelListings"][0]["isPublished"]


def test_nobodys_goods_go_there_unasked(scene):
    stocked(5)
    scene.publish()
    assert len(scene.shop.products) == 1


def test_a_new_pack_is_added_and_one_that_is_gone_leaves_the_channel(scene):
    pack = scene.pack
    with transaction():
        made = catalog.add_pack(
            SYSTEM, pack.product_id, label="Gói 1 kg", net_quantity=1000, net_unit="g", price_vnd=120_000
        )
        made_id = made.id
    scene.publish()
    assert price(scene, db.session.get_one(Pack, made_id)) == 120_000.0
    with transaction():
        catalog.retire_pack(SYSTEM, made_id)
    scene.publish()
    assert scene.shop.variant(pack_ref(made_id))["channelListings"] == []


def test_a_refused_row_stops_no_other_and_its_manager_is_told(scene):
    good, bad = stocked(5, scene.coop), stocked(5, scene.coop, name="Măng khô")
    scene.shop.spoil[product_ref(bad.product_id)] = "INVALID_PRICE"
    scene.publish()
    assert scene.shop.variant(pack_ref(good.id)) and len(scene.shop.products) == 2
    [fault] = queries.faults(scene.instance_id, scene.coop.id)
    assert (fault.product_id, fault.code) == (bad.product_id, "INVALID_PRICE")
    assert scene.publish() == 0, "not again at once"
    scene.shop.spoil.clear()
    with transaction():
        try_listings(scene.manager, scene.instance_id)
    scene.publish()
    assert len(scene.shop.products) == 3 and queries.faults(scene.instance_id) == []


def test_an_answer_that_is_lost_makes_nothing_twice(scene):
    stocked(5, scene.coop)
    scene.shop.lose_next = ["CpCreate"]
    assert scene.publish() and scene.row().failures_count == 1
    assert scene.publish() == 0, "left alone for a while"
    with later(seconds=30):
        scene.publish()
    assert len(scene.shop.products) == 2 and scene.listings()[1].state == "sent"
    assert len(scene.shop.named("CpCreate")) == 2 and scene.row().failures_count == 0


def test_a_product_that_was_made_after_we_looked_is_no_fault_and_is_found_at_the_next_look(
    scene, monkeypatch
):
    pack = stocked(5, scene.coop)
    scene.shop.lose_next = ["CpCreate"]
    scene.publish()
    there, looked = scene.shop._CpLookup, iter([True])
    monkeypatch.setattr(scene.shop, "_CpLookup", lambda given: dict.fromkeys(
        f"r{n}" for n in range(len(given))) if next(looked, False) else there(given))  # fmt: skip
    with later(seconds=30):
        scene.publish()
        assert queries.faults(scene.instance_id) == [] and scene.listings()[1].state == "pending"
        scene.publish()
    assert len(scene.shop.products) == 2 and scene.shop.variant(pack_ref(pack.id))
    assert scene.listings()[1].state == "sent"


def test_a_shop_that_says_when_is_left_alone_until_then(scene):
    stocked(5, scene.coop)
    scene.shop.fail_next = [("CpLookup", 429, {"Retry-After": "120"})]
    scene.publish()
    heard = len(scene.shop.calls)
    with later(seconds=119):
        scene.publish()
        assert len(scene.shop.calls) == heard
    with later(seconds=121):
        scene.publish()
    assert len(scene.shop.products) == 2


def test_a_shop_that_is_down_harms_no_other(scene):
    with SaleorServer() as second:
        other = connected(second, scene.coop)
        stocked(5, scene.coop)
        scene.shop.fail_next = [("", 500, {})] * 9
        scene.publish()
        assert (len(other.shop.products), len(scene.shop.products)) == (2, 1)


def test_goods_go_in_bulk_each_once(server):
    setup = {"channel": "C", "warehouse": "W", "type": "T", "attributes": {}, "categories": {}}
    goods = [
        Goods(number, f"Món {number}", "", "", (), (PackGoods(number, "Gói", 1000, 2, 500),), ())
        for number in range(1, 105)
    ]
    turn = Turn(Client(server.url, server.shop.token), for_s=600)
    for _round in range(2):
        jobs = [Job(one.product_id, one, text_hash=one.text_hash) for one in goods]
        send(turn, setup, jobs)
        assert not any(job.fault for job in jobs) and all(job.remote_id for job in jobs)
    assert sorted(len(given["products"]) for given in server.shop.named("CpCreate")) == [4, 50, 50]
    assert len({one["externalReference"] for one in server.shop.products.values()}) == 104
    assert max(len(given) for given in server.shop.named("CpLookup")) == 25


def test_no_document_has_more_changes_than_saleor_takes_and_a_photo_tried_again_is_there_once(server):
    setup = {"channel": "C", "warehouse": "W", "type": "T", "attributes": {}, "categories": {}}
    photos = tuple(
        (f"https://cho.example/{name}.jpg", "Miến") for name in ("1", "2", "3", "broken", "5", "6")
    )
    goods = [
        Goods(n, f"Món {n}", "", "", (), (PackGoods(n, "Gói", 1000, 2, 500),), photos[: n % 2 * 6])
        for n in range(1, 10)
    ]
    turn = Turn(Client(server.url, server.shop.token), for_s=600)
    for price in (1000, 2000, 3000):
        jobs = [
            Job(one.product_id, replace(one, packs=(replace(one.packs[0], price_vnd=price),)))
            for one in goods
        ]
        send(turn, setup, jobs)
        assert [job.fault for job in jobs] == ["PHOTO" if job.product_id % 2 else "" for job in jobs]
    assert sorted(len(given) // 2 for given in server.shop.named("CpPrices")) == [1, 1, 4, 4, 4, 4]
    assert {len(one["media"]) for one in server.shop.products.values()} == {0, 5}
    assert server.shop.variant("CP-9")["channelListings"][0]["price"]["amount"] == 3000.0


def test_a_worker_that_died_in_the_midst_holds_nobody_up_for_long(scene):
    stocked(5, scene.coop)
    with transaction():
        scene.row().lease_until = clock.now() + outbox.LEASE  # as of a worker that began and was killed
    assert scene.publish() and len(scene.shop.products) == 1
    with later(seconds=61):
        scene.publish()
        assert len(scene.shop.products) == 2 and scene.row().lease_until is None


def test_the_turn_is_kept_while_a_slow_shop_is_spoken_to(scene, monkeypatch):
    stocked(5, scene.coop)
    until = []

    def slow(turn, _setup, _jobs):
        for minutes in (0, 1, 2):
            with later(minutes=minutes):
                turn.before()
            until.append(scene.row().lease_until)

    monkeypatch.setattr(outbox, "send", slow)
    outbox.notice(scene.instance_id)
    outbox.send_some(scene.instance_id)
    assert [one - until[0] for one in until] == [timedelta(minutes=minutes) for minutes in (0, 1, 2)]


def test_a_channel_that_does_not_count_in_dong_is_said_so(scene):
    scene.shop.currency = "USD"
    assert "VND" in try_shop(scene.collector, scene.instance_id)
    stocked(5, scene.coop)
    scene.publish()
    assert len(scene.shop.products) == 1
    scene.shop.currency = "VND"
    assert try_shop(scene.collector, scene.instance_id) == ""
