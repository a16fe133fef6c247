"""What must not be sold goes first, then prices, then the rest; a slow shop holds up neither another nor the worker."""

import time
from types import SimpleNamespace

import pytest

from accounts.rules import SYSTEM
from catalog import operations as catalog
from catalog.models import Pack
from channels.saleor import outbox, queries, tasks
from channels.saleor.client import Client
from channels.saleor.drift import shown_otherwise
from channels.saleor.goods import Goods, PackGoods
from channels.saleor.operations import sell_there
from channels.saleor.publishing import Job, send
from channels.saleor.rules import Offer, Rank, pack_ref, product_ref, rank
from channels.saleor.turns import Turn
from core import clock
from core.db import db, transaction
from tests.channels_saleor.scene import connected
from tests.factories.orders import create_order, stocked
from tests.factories.weighed import by_weight
from tests.saleor_server.server import SaleorServer

SETUP = {"channel": "C", "warehouse": "W", "type": "T", "attributes": {}, "categories": {}}


def goods(count, price_vnd=1000):
    """So many products of one pack."""
    return [
        Goods(n, f"Món {n}", "", "", (), (PackGoods(n, "Gói", price_vnd, 2, 500),), ())
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({}, Rank.STOP),
        ({1: Offer(9000, 0, 0)}, Rank.STOP),
        ({1: Offer(9000, 0, 2)}, Rank.STOP),
        ({1: Offer(9000, 0, 5)}, Rank.REST),
        ({1: Offer(9000, 4, 4)}, Rank.CHANGE),
        ({1: Offer(8000, 5, 5)}, Rank.CHANGE),
        ({1: Offer(9000, 9, 9), 2: Offer(1, 1, 1)}, Rank.REST),
    ],
)
def test_how_soon_a_change_must_go_out(now, expected):
    assert rank({1: (9000, 5)}, now) == expected


def test_sales_stop_before_prices_go_out_and_prices_before_the_rest(scene):
    new_price, sold_out = stocked(5, scene.coop), stocked(5, scene.coop, name="Măng khô")
    scene.publish()
    said = len(scene.shop.calls)
    stocked(5, scene.coop, name="Mộc nhĩ")
    with transaction():
        catalog.set_price(SYSTEM, new_price.id, 71_000)
        catalog.withdraw(SYSTEM, scene.pack.product_id)
    create_order([(sold_out, 5)])
    outbox.notice(scene.instance_id)
    assert [one.rank for one in scene.listings()] == [Rank.STOP, Rank.CHANGE, Rank.STOP, Rank.REST]
    assert scene.publish() == 2 + 4, "two sales stopped, then everything looked at"
    names = [name for name, *_rest in scene.shop.calls[said:]]
    assert names == ["CpStocks", "CpLookup", "CpShown", "CpPrices", "CpCreate", "CpTexts"], (
        "no look before the stop"
    )
    for pack in (scene.pack, sold_out):
        assert scene.shop.variant(pack_ref(pack.id))["stocks"][0]["quantity"] == 0
    assert {one.state for one in scene.listings()} == {"sent"}


def test_sales_stop_in_hundreds_and_what_the_shop_lacks_stops_no_other(scene):
    packs = {scene.pack.id: 0} | dict.fromkeys(range(9_000, 9_103), 0)
    turn = Turn(Client(scene.server.url, scene.shop.token), for_s=600)
    taken = outbox.stop(turn, queries.setup_of(scene.row()), packs)
    assert sorted(len(given["stocks"]) for given in scene.shop.named("CpStocks")) == [4, 100]
    assert taken[scene.pack.id] and sum(taken.values()) == 1


def test_a_turn_that_is_over_begins_nothing_more_and_the_next_takes_it_up(server):
    first = Turn(Client(server.url, server.shop.token), for_s=600)
    send(first, SETUP, [Job(one.product_id, one, text_hash=one.text_hash) for one in goods(24)])
    server.shop.slow["CpPrices"] = 0.2
    jobs = [Job(one.product_id, one, text_hash=one.text_hash) for one in goods(24, 2000)]
    began = time.monotonic()
    send(Turn(Client(server.url, server.shop.token), for_s=0.1), SETUP, jobs)
    assert time.monotonic() - began < 2
    late = [job.product_id for job in jobs if job.late]
    assert late and not any(job.fault for job in jobs)
    server.shop.slow.clear()
    send(Turn(Client(server.url, server.shop.token), for_s=600), SETUP, jobs)
    prices = {
        one["variants"][0]["channelListings"][0]["price"]["amount"] for one in server.shop.products.values()
    }
    assert prices == {2000.0} and not any(job.late for job in jobs)


def test_documents_go_several_at_a_time_while_the_shop_is_quick(server):
    turn = Turn(Client(server.url, server.shop.token), for_s=600)
    send(turn, SETUP, [Job(one.product_id, one) for one in goods(40)])
    server.shop.slow["CpPrices"] = 0.05
    send(turn, SETUP, [Job(one.product_id, one, text_hash=one.text_hash) for one in goods(40, 2000)])
    assert len(server.shop.named("CpPrices")) == 10 and 1 < server.most_at_once <= 4


def test_a_round_is_shared_by_all_shops_and_who_waited_longest_is_first(scene, monkeypatch):
    now, turns = [100.0], []

    def never_done(instance_id, *, for_s):
        now[0] += for_s
        turns.append((instance_id, for_s))
        return 100

    with SaleorServer() as second:
        other = connected(second, scene.coop)
        with transaction():
            scene.row().turned_at = clock.now()
        monkeypatch.setattr(tasks, "time", SimpleNamespace(monotonic=lambda: now[0]))
        monkeypatch.setattr(outbox, "send_some", never_done)
        tasks.publish()
    assert turns == [(other.instance_id, 10.0), (scene.instance_id, 10.0)] and now == [120.0]


def test_what_is_weighed_at_packing_stays_here_and_its_manager_is_told_why(scene):
    mixed = by_weight(coop=scene.coop)
    with transaction():
        fixed_id = catalog.add_pack(
            SYSTEM, mixed.product_id, label="Hộp 500 g", net_quantity=500, net_unit="g", price_vnd=90_000
        ).id
    only = by_weight(coop=scene.coop, name="Lợn bản")
    scene.publish()
    there = {one["externalReference"]: one for one in scene.shop.products.values()}
    assert [one["externalReference"] for one in there[product_ref(mixed.product_id)]["variants"]] == [
        pack_ref(fixed_id)
    ]
    assert product_ref(only.product_id) not in there
    assert {one.product_id for one in queries.kept_here(scene.coop.id)} == {mixed.product_id, only.product_id}
    with transaction():
        pack = db.session.get_one(Pack, fixed_id)
        catalog.retire_pack(SYSTEM, pack.id)
    scene.publish()
    [listing] = there[product_ref(mixed.product_id)]["channelListings"]
    assert not listing["isPublished"], "nothing of it has a price that holds"


def test_what_a_shop_was_told_stands_beside_what_holds_now(scene):
    pack = scene.pack
    assert list(shown_otherwise(scene.coop.id)) == []
    scene.buy(pack, 2)
    scene.publish()
    assert list(shown_otherwise(scene.coop.id)) == [], "what the shop holds back itself is no drift"
    with transaction():
        catalog.set_price(SYSTEM, pack.id, 71_000)
    create_order([(pack, 3)])
    new = stocked(4, scene.coop, name="Măng khô")
    outbox.notice(scene.instance_id)
    seen, unknown = shown_otherwise(scene.coop.id)
    assert (seen.told_vnd, seen.now_vnd, seen.told_stock, seen.now_stock) == (65_000, 71_000, 8, 5)
    assert seen.told_at and (unknown.product_id, unknown.told_vnd, unknown.now_stock) == (
        new.product_id,
        None,
        4,
    )
    scene.publish()
    assert list(shown_otherwise(scene.coop.id)) == []
    with transaction():
        sell_there(scene.manager, scene.instance_id, joined=False)
    left = next(shown_otherwise(scene.coop.id))
    assert (left.told_stock, left.now_stock) == (5, 0)
    scene.publish()
    assert list(shown_otherwise(scene.coop.id)) == []
