"""A site's orders become ours once, follow their state there, and reach the members like every sale."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from catalog.models import Pack
from channels.marketplaces import operations
from channels.marketplaces.previews import preview
from channels.marketplaces.rules import FAILED_TEXT, FileState, OrderState, Outcome, Problem, Site
from channels.marketplaces.tasks import forget, sales_of
from core.db import db, transaction
from core.errors import Invalid
from messages.models import Message
from orders.models import Order, Purchase
from orders.public import order_page
from orders.queries import board
from payments.elsewhere import markets
from payments.models import Refund
from revenue.ledger.queries import balance
from revenue.markets.operations import settle
from revenue.markets.queries import fees, held
from revenue.models import Entry, Posting
from revenue.rules import AccountKind
from tests.marketplaces.scene import bring, line, order_named, send, shop

pytestmark = pytest.mark.usefixtures("ctx")


def _available(pack):
    return db.session.get_one(Pack, pack.id, populate_existing=True).available


def _count(model):
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_file_is_previewed_without_writing_and_then_taken_once_however_often_it_comes():
    coop, manager, pack = shop(20)
    rows = [line("A1", pack, c6="2", c9="5000", c10="3000"), line("A2", pack), line("A3", pack, c2="Đã hủy")]
    found = send(manager, coop, rows, "k1")
    seen = preview(found, sales_of(found))
    assert (
        seen.counts == {Outcome.NEW: 2, Outcome.ENDED: 1}
        and seen.sum_vnd == 210_000
        and seen.fee_vnd == 8_000
    )
    assert _count(Order) == 0 and _available(pack) == 20, "looking writes nothing"
    letters = _count(Message)
    assert bring(manager, coop, rows, "k2").state == FileState.DONE
    assert _available(pack) == 17
    mine = order_named(coop, "A1")
    order = db.session.get_one(Order, mine.order_id)
    assert (order.state, order.goods_vnd, order.total_vnd, order.shipping_vnd) == (
        "to_pack",
        140_000,
        140_000,
        0,
    )
    purchase = db.session.get_one(Purchase, order.purchase_id)
    assert (purchase.buyer_name, purchase.buyer_phone, purchase.door) == (
        "N****n",
        "09****123",
        "marketplace",
    )
    assert "buyer" not in mine.told, "who bought is kept with the order alone"
    assert held(coop.organisation_id) == {"shopee": 210_000 - 8_000} and fees(coop.organisation_id) == {
        "shopee": 8_000
    }
    assert _count(Message) == letters, "the site tells its buyer itself"

    before = (_count(Order), _count(Entry), _count(Posting))
    again = bring(manager, coop, rows, "k3")
    assert again.done_count == 0 and (_count(Order), _count(Entry), _count(Posting)) == before


def test_a_newer_file_moves_an_order_on_to_the_members_and_an_older_one_never_back():
    coop, manager, pack = shop(20)
    first, done = (
        [line("B1", pack, c6="3")],
        [line("B1", pack, c6="3", c2="Hoàn thành", c9="9000", c15="SPX01")],
    )
    bring(manager, coop, first, "k1")
    bring(manager, coop, done, "k2")
    order = db.session.get_one(Order, order_named(coop, "B1").order_id)
    assert (order.state, order.carrier, order.tracking_number) == ("delivered", "Shopee", "SPX01")
    own = coop.organisation_id
    shared = -db.session.execute(
        select(func.sum(Posting.amount_vnd)).join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.kind == "sale", Entry.order_id == order.id, Posting.amount_vnd < 0)
    ).scalar_one()  # fmt: skip
    assert shared == 210_000 == order.total_vnd, (
        "all that was paid is shared, the fee is the cooperative's cost"
    )
    payable = db.session.execute(
        select(func.count(func.distinct(Posting.producer_id))).where(Posting.producer_id.is_not(None))
    ).scalar_one()
    assert payable == 2, "each member of the lot has a part"
    bring(manager, coop, first, "k3")
    assert order_named(coop, "B1").status == "delivered"
    assert balance(own, AccountKind.MARKET_RECEIVABLE, "market:shopee") == 201_000


def test_cancelled_and_returned_orders_give_goods_and_money_back_over_the_site():
    coop, manager, pack = shop(20)
    rows = [line("C1", pack), line("C2", pack, c2="Đang giao"), line("C3", pack, c6="4", c2="Hoàn thành")]
    bring(manager, coop, rows, "k1")
    assert _available(pack) == 14
    bring(manager, coop, [line("C1", pack, c2="Đã hủy"), line("C2", pack, c2="Đã hủy"),
                          line("C3", pack, c6="4", c2="Hoàn thành", c7="1")], "k2")  # fmt: skip
    states = [
        db.session.get_one(Order, order_named(coop, number).order_id).state for number in ("C1", "C2", "C3")
    ]
    assert states == ["cancelled", "refused", "delivered"]
    assert _available(pack) == 15, "what never left is free again, what came back waits in quarantine"
    assert held(coop.organisation_id) == {"shopee": 210_000}, "three of four pieces of C3"
    assert {one.state for one in db.session.execute(select(Refund)).scalars()} == {"sent"}
    bring(manager, coop, [line("C3", pack, c6="4", c2="Trả hàng")], "k3")
    assert held(coop.organisation_id) == {"shopee": 0}
    assert (
        balance(
            coop.organisation_id, AccountKind.BUYER_PREPAYMENT, f"order:{order_named(coop, 'C3').order_id}"
        )
        == 0
    )


def test_the_last_jar_goes_to_whom_ordered_first_and_the_other_waits_for_a_person():
    coop, manager, pack = shop(1)
    late, early = line("D1", pack, c1="2026-11-21 09:00"), line("D2", pack, c1="2026-11-21 08:00")
    found = send(manager, coop, [late, early, line("D3", "LA-LUNG")], "k0")
    seen = {row.sale.number: row.outcome for row in preview(found, sales_of(found)).rows}
    assert seen == {"D1": Outcome.SHORT, "D2": Outcome.NEW, "D3": Outcome.UNKNOWN}
    bring(manager, coop, [late, early, line("D3", "LA-LUNG")], "k1")
    assert [order_named(coop, one).problem for one in ("D2", "D1", "D3")] == [
        "",
        Problem.STOCK,
        Problem.GOODS,
    ]
    assert _available(pack) == 0 and _count(Order) == 1
    with transaction():
        operations.give_up(manager, Site.SHOPEE, order_named(coop, "D1").id)
    bring(manager, coop, [late], "k2")
    assert order_named(coop, "D1").state == OrderState.ENDED, "a later file does not bring it back"


def test_a_person_says_once_what_a_site_calls_a_pack():
    coop, manager, pack = shop(9)
    bring(manager, coop, [line("E1", "MIEN-500")], "k1")
    with transaction():
        operations.say_goods(manager, Site.SHOPEE, order_named(coop, "E1").id, {0: pack.id})
    bring(manager, coop, [line("E2", "mien-500 ")], "k2")
    assert {order_named(coop, one).state for one in ("E1", "E2")} == {OrderState.TAKEN}


def test_a_bad_cell_is_named_and_stops_no_other_order():
    coop, manager, pack = shop(9)
    rows = [
        line("F1", pack, c6="nhiều"),
        line("F2", pack, c2="Đang bay"),
        line("F3", pack, c5="7 USD"),
        line("F4", pack),
    ]
    found = bring(manager, coop, rows, "k1")
    cells = [fault.cell for sale in sales_of(found) for fault in sale.faults]
    assert cells[:3] == ["G2", "C3", "F4"] and _count(Order) == 1


def test_sums_that_differ_after_an_order_was_taken_wait_for_a_person():
    coop, manager, pack = shop(9)
    bring(manager, coop, [line("G1", pack)], "k1")
    bring(manager, coop, [line("G1", pack, c6="2", c2="Đang giao")], "k2")
    assert order_named(coop, "G1").problem == Problem.MONEY and _available(pack) == 8


def test_money_of_the_site_reaches_the_bank_and_never_more_than_it_holds():
    coop, manager, pack = shop(9)
    bring(
        manager,
        coop,
        [line("H1", pack, c8="10000", c9="4000", c6="3"), line("H1", pack, c8="10000", c9="4000")],
        "k1",
    )
    assert db.session.get_one(Order, order_named(coop, "H1").order_id).discount_vnd == 10_000
    assert held(coop.organisation_id) == {"shopee": 280_000 - 10_000 - 4_000}
    with pytest.raises(Invalid), transaction():
        settle(manager, "shopee", 266_001, "s0")
    for _time in range(2):
        with transaction():
            settle(manager, "shopee", 266_000, "s1", "FT1")
    assert held(coop.organisation_id) == {"shopee": 0}


def test_order_files_that_name_buyers_are_thrown_away_after_a_month(_clock):
    coop, manager, pack = shop(9)
    found = bring(manager, coop, [line("I1", pack)], "k1")
    assert forget() == 0
    with transaction():
        found.sent_at = found.sent_at.replace(month=9)
    assert forget() == 1 and sales_of(db.session.get_one(type(found), found.id, populate_existing=True)) == []


def test_an_order_on_which_the_market_fails_waits_and_the_others_go_on(monkeypatch, caplog):
    coop, manager, pack = shop(9)
    sell = markets.sell

    def fails(actor, site, key, buyer, *rest):
        if key.endswith(":J1"):
            raise IntegrityError("INSERT", {"buyer_name": buyer.name}, Exception(buyer.phone))
        return sell(actor, site, key, buyer, *rest)

    monkeypatch.setattr(markets, "sell", fails)
    assert bring(manager, coop, [line("J1", pack), line("J2", pack)], "k1").state == FileState.DONE
    stuck = order_named(coop, "J1")
    assert (stuck.state, stuck.problem, stuck.problem_text) == ("held", Problem.REFUSED, FAILED_TEXT)
    assert order_named(coop, "J2").state == OrderState.TAKEN and _available(pack) == 8
    told = [str(vars(one)) for one in caplog.records if one.msg == "market order failed"]
    assert len(told) == 1 and "IntegrityError" in told[0] and "N****n" not in told[0]

    monkeypatch.undo()
    with transaction():
        operations.try_again(manager, Site.SHOPEE, stuck.id)
    taken = order_named(coop, "J1")
    assert (taken.state, taken.problem, _count(Order)) == ("taken", "", 2) and _available(pack) == 7


def test_how_an_order_of_a_site_is_paid_is_said_as_it_is():
    coop, manager, pack = shop(9)
    bring(manager, coop, [line("K1", pack)], "k1")
    order = db.session.get_one(Order, order_named(coop, "K1").order_id)
    assert order_page(order).method_text == "Trả ở sàn"
    [row] = board(coop.id).rows
    assert row.paying_text == "Trả ở sàn"
