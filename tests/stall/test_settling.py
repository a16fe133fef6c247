"""Sales that phones bring back: once, by the lot, in the till; and who gives way."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from channels.stall import operations, queries, settling
from channels.stall.models import StallSale
from channels.stall.operations import Counted
from channels.stall.rules import Answer, SaleState, Step, seal
from channels.stall.tasks import finish
from channels.stall.unpaid import answer
from channels.stall.waiting import waits
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid
from orders.models import Allocation, Order, Purchase
from orders.rules import Door, Method
from payments.models import Refund
from revenue.audit.queries import faults
from revenue.ledger.queries import balances
from revenue.models import Entry
from revenue.rules import AccountKind
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import notice, pay, place_order
from tests.factories.stalls import create_outing, sell, take_codes
from tests.factories.traceability import create_lot
from traceability.rules import Place
from traceability.stock.queries import differences, free_lots


@pytest.fixture
def coop(ctx):
    return create_cooperative("HTX Quầy")


@pytest.fixture
def pack(coop):
    return create_product(coop, "Mật ong").packs[0]


def free(pack, lot):
    return {one.lot_id: one.quantity for one in free_lots(pack.id, lot.made_on)}.get(lot.id, 0)


def back(coop, outing, counts, cash_vnd, reason=""):
    me, coop_id, outing_id = manager_of(coop), coop.id, outing.id
    with transaction():
        found = queries.outing_of(coop_id, outing_id, lock=True)
        operations.come_back(me, found, Counted(counts, cash_vnd, reason))
    return queries.goods_of(outing_id)


def agree(coop, sale):
    me, coop_id, outing = manager_of(coop), coop.id, queries.outing_of(coop.id, sale.stall_outing_id)
    seen, sale_id = seal(queries.plans(outing, queries.lines_of([sale.id])[sale.id])), sale.id
    with transaction():
        settling.confirm(me, coop_id, sale_id, seen)
    return db.session.get_one(StallSale, sale_id, populate_existing=True)


def test_what_is_on_the_lorry_is_not_sold_on_the_web_and_comes_back_into_the_store(coop, pack):
    lot = create_lot(coop, pack, 5)
    outing = create_outing(coop, [(lot, pack, 4)])
    assert free(pack, lot) == 1
    good = queries.goods_of(outing.id)[0]
    sell(coop, outing, [(lot.id, pack, 1)])
    with pytest.raises(Invalid, match="không đúng với sổ"):
        back(coop, outing, {good.id: 2}, pack.price_vnd)
    good = back(coop, outing, {good.id: 2}, pack.price_vnd, "vỡ một lọ dọc đường")[0]
    assert (good.sold, good.returned, good.lost, good.left) == (1, 2, 1, 0)
    assert (free(pack, lot), operations.lying(lot.id, pack.id, Place.STALL)) == (3, 0)
    assert differences() == []


def test_a_cash_sale_sent_twice_is_one_order_delivered_shared_by_its_lot_with_its_money_in_the_till(
    coop, pack
):
    early, late = create_lot(coop, pack, 2), create_lot(coop, pack, 3)
    outing = create_outing(coop, [(late, pack, 3)])
    key = "11111111-2222-4333-8444-555555555555"
    sale = sell(coop, outing, [(late.id, pack, 2)], key=key, given_vnd=200_000)
    assert sell(coop, outing, [(late.id, pack, 2)], key=key, given_vnd=200_000).id == sale.id
    with pytest.raises(Conflict):
        sell(coop, outing, [(late.id, pack, 1)], key=key, given_vnd=200_000)
    order = db.session.get_one(Order, sale.order_id)
    assert (order.state, order.purchase.door, order.shipping_vnd) == ("delivered", Door.STALL, 0)
    assert order.total_vnd == 2 * pack.price_vnd
    assert [(one.lot_id, one.quantity, one.packed) for one in db.session.query(Allocation)] == [
        (late.id, 2, True)
    ]
    held = balances(coop.organisation_id)
    assert held[AccountKind.CASH] == order.total_vnd and not held[AccountKind.COD_RECEIVABLE]
    assert held[AccountKind.PRODUCER_PAYABLE] < 0
    assert (free(pack, early), operations.lying(late.id, pack.id, Place.STALL)) == (2, 1)
    assert differences() == []


def test_a_transfer_is_matched_by_the_code_shown_offline_whether_it_comes_before_the_sale_or_after(
    coop, pack
):
    lot = create_lot(coop, pack, 3)
    outing = create_outing(coop, [(lot, pack, 3)])
    codes = take_codes(coop, outing)["codes"]
    waits = sell(coop, outing, [(lot.id, pack, 1)], Method.VIETQR, code=codes[0])
    order = db.session.get_one(Order, waits.order_id)
    assert (order.code, order.state) == (codes[0], "awaiting_payment")
    assert finish() == 0
    pay(order)
    assert finish() == 1 and finish() == 0
    db.session.refresh(order)
    assert order.state == "delivered"
    _comes_first(order, pack, codes[1])
    second = sell(coop, outing, [(lot.id, pack, 1)], Method.VIETQR, code=codes[1])
    assert db.session.get_one(Order, second.order_id).state == "delivered"
    assert not balances(coop.organisation_id)[AccountKind.SUSPENSE]
    assert queries.sums(queries.sales_of(outing.id)).waiting_vnd == 0


def _comes_first(order, pack, code):
    from payments.models import Payment
    from payments.operations import receive_transfer

    account_id = db.session.query(Payment).filter_by(order_id=order.id).one().bank_account_id
    told = notice(order, pack.price_vnd, content=f"MBVCB {code} chuyen tien")
    with transaction():
        assert receive_transfer(account_id, told).state == "suspense"


def test_two_phones_that_sold_more_than_was_carried_take_from_the_store_and_it_is_named(coop, pack):
    lot = create_lot(coop, pack, 5)
    outing = create_outing(coop, [(lot, pack, 2)])
    sell(coop, outing, [(lot.id, pack, 2)])
    assert sell(coop, outing, [(lot.id, pack, 1)]).state == SaleState.DONE
    assert [(one.step, one.quantity) for one in queries.named(outing.id)] == [(Step.STORE, 1)]
    assert free(pack, lot) == 2 and differences() == []


def test_goods_handed_over_win_and_the_youngest_unpaid_order_gives_way_with_an_apology(coop, pack):
    lot = create_lot(coop, pack, 3)
    outing = create_outing(coop, [(lot, pack, 1)])
    (paid,), (young,) = place_order([(pack, 1)]), place_order([(pack, 1)])
    pay(paid)
    sale = sell(coop, outing, [(lot.id, pack, 3)])
    assert (sale.state, sale.order_id) == (SaleState.HELD, None)
    with pytest.raises(Conflict, match="chờ quyết"):
        back(coop, outing, {queries.goods_of(outing.id)[0].id: 0}, 0)
    sale = agree(coop, sale)
    assert agree(coop, sale).order_id == sale.order_id
    assert [(one.step, one.order_id) for one in queries.named(outing.id)] == [
        (Step.APOLOGY, young.id), (Step.APOLOGY, paid.id),
    ]  # fmt: skip
    for one in (paid, young):
        db.session.refresh(one)
    assert (paid.state, young.state) == ("cancelled", "cancelled")
    owed = db.session.query(Refund).one()
    assert (owed.order_id, owed.amount_vnd, owed.state) == (paid.id, paid.total_vnd, "due")
    assert (
        db.session.scalar(select(func.count()).select_from(Purchase).where(Purchase.door == Door.STALL)) == 1
    )
    assert free(pack, lot) == 0 and differences() == []


def test_an_order_that_gives_way_gets_another_lot_of_the_same_pack(coop, pack):
    lot = create_lot(coop, pack, 1)
    (web,) = place_order([(pack, 1)])
    other = create_lot(coop, pack, 1)
    outing = create_outing(coop, [(other, pack, 1)])
    back(coop, outing, {queries.goods_of(outing.id)[0].id: 1}, 0)
    sale = agree(coop, sell(coop, outing, [(lot.id, pack, 1)]))
    db.session.refresh(web)
    assert web.state == "awaiting_payment"
    held = db.session.query(Allocation).filter_by(packed=False).one()
    assert (held.lot_id, sale.state) == (other.id, SaleState.DONE)
    assert [one.step for one in queries.named(outing.id)] == [Step.SUBSTITUTE]
    assert differences() == []


def test_a_sale_that_comes_after_the_return_takes_back_the_loss_that_was_booked(coop, pack):
    lot = create_lot(coop, pack, 2)
    outing = create_outing(coop, [(lot, pack, 2)])
    back(coop, outing, {queries.goods_of(outing.id)[0].id: 1}, 0, "thiếu một lọ chưa rõ")
    assert sell(coop, outing, [(lot.id, pack, 1)]).state == SaleState.DONE
    good = queries.goods_of(outing.id)[0]
    assert (good.sold, good.lost, good.returned) == (1, 0, 1)
    assert [one.step for one in queries.named(outing.id)] == [Step.LOSS]
    assert free(pack, lot) == 1 and differences() == []


def test_a_sale_taken_back_at_the_stall_is_kept_with_its_reason_and_moves_nothing(coop, pack):
    lot = create_lot(coop, pack, 2)
    outing = create_outing(coop, [(lot, pack, 2)])
    sale = sell(coop, outing, [(lot.id, pack, 1)], void_reason="bấm nhầm món")
    assert (sale.state, sale.order_id) == (SaleState.VOID, None)
    assert db.session.query(Order).count() == 0 and queries.goods_of(outing.id)[0].left == 2


def unpaid_sale(coop, pack, *, back_first=True):
    """A sale by VietQR whose transfer does not come, of an outing that is back; two of two packs were taken along."""
    lot = create_lot(coop, pack, 2)
    outing = create_outing(coop, [(lot, pack, 2)])
    code = take_codes(coop, outing)["codes"][0]
    sale_id = sell(coop, outing, [(lot.id, pack, 1)], Method.VIETQR, code=code).id
    if back_first:
        back(coop, outing, {queries.goods_of(outing.id)[0].id: 1}, 0)
    return lot, outing, sale_id


def says(coop, sale_id, said, reason=""):
    me, coop_id = manager_of(coop), coop.id
    with transaction():
        answer(me, coop_id, sale_id, said, reason)
    return db.session.get_one(Order, db.session.get_one(StallSale, sale_id).order_id, populate_existing=True)


def test_a_transfer_that_did_not_come_is_asked_about_at_the_return(coop, pack):
    _lot, outing, sale_id = unpaid_sale(coop, pack)
    assert [one.count for one in waits(coop.id)] == [0, 1] and queries.sums(
        queries.sales_of(outing.id)
    ).asked == 1
    with pytest.raises(Invalid, match="lý do"):
        says(coop, sale_id, Answer.LOST)
    says(coop, sale_id, Answer.CASH)
    assert [one.count for one in waits(coop.id)] == [0, 0]


def test_paid_in_cash_after_all_is_delivered_shared_and_in_the_till(coop, pack):
    _lot, outing, sale_id = unpaid_sale(coop, pack)
    order = says(coop, sale_id, Answer.CASH)
    assert says(coop, sale_id, Answer.CASH).id == order.id and (order.state, order.method) == (
        "delivered",
        "cod",
    )
    held = balances(coop.organisation_id)
    assert (held[AccountKind.CASH], held[AccountKind.COD_RECEIVABLE]) == (order.total_vnd, 0)
    assert (
        held[AccountKind.PRODUCER_PAYABLE] < 0
        and queries.sums(queries.sales_of(outing.id)).cash_vnd == order.total_vnd
    )
    with pytest.raises(Conflict):
        says(coop, sale_id, Answer.LOST, "nói lại lần nữa")
    assert differences() == []


@pytest.mark.parametrize("back_first", [True, False])
def test_goods_of_a_buyer_who_did_not_pay_are_for_sale_again(coop, pack, back_first):
    lot, outing, sale_id = unpaid_sale(coop, pack, back_first=back_first)
    order = says(coop, sale_id, Answer.RETURNED, "khách để lại hàng")
    good = queries.goods_of(outing.id)[0]
    assert (order.state, good.sold, good.returned, good.left) == (
        ("cancelled", 0, 2, 0) if back_first else ("cancelled", 0, 0, 2)
    )
    assert (free(pack, lot), operations.lying(lot.id, pack.id, Place.STALL)) == (
        (2, 0) if back_first else (0, 2)
    )
    assert operations.lying(lot.id, pack.id, Place.QUARANTINE) == 0 and differences() == []


def test_goods_that_are_gone_unpaid_are_written_off(coop, pack):
    lot, outing, sale_id = unpaid_sale(coop, pack)
    order = says(coop, sale_id, Answer.LOST, "khách không chuyển")
    assert order.state == "cancelled" and operations.lying(lot.id, pack.id, Place.QUARANTINE) == 0
    assert queries.sums(queries.sales_of(outing.id)).lost_vnd == order.total_vnd
    assert differences() == []


def test_money_that_came_leaves_nothing_to_answer(coop, pack):
    _lot, _outing, sale_id = unpaid_sale(coop, pack)
    pay(db.session.get_one(Order, db.session.get_one(StallSale, sale_id).order_id))
    with pytest.raises(Conflict, match="đã có tiền"):
        says(coop, sale_id, Answer.CASH)


@pytest.mark.parametrize("more_vnd", [-20_000, 30_000])
def test_cash_that_differs_at_the_return_is_in_the_book_with_reason_and_who_counted(coop, pack, more_vnd):
    lot = create_lot(coop, pack, 2)
    outing = create_outing(coop, [(lot, pack, 2)])
    sell(coop, outing, [(lot.id, pack, 1)])
    good, counted_vnd = queries.goods_of(outing.id)[0], pack.price_vnd + more_vnd
    back(coop, outing, {good.id: 1}, counted_vnd, "trả nhầm tiền thừa")
    back(coop, outing, {good.id: 1}, counted_vnd, "trả nhầm tiền thừa")
    held = balances(coop.organisation_id)
    assert (held[AccountKind.CASH], held[AccountKind.CASH_DIFFERENCE]) == (counted_vnd, -more_vnd)
    [entry] = db.session.query(Entry).filter_by(kind="cash_counted")
    assert entry.note == f"{outing.name}: trả nhầm tiền thừa"
    closed = queries.outing_of(coop.id, outing.id)
    assert closed.closed_by_user_id is not None


def test_a_cash_sale_that_comes_late_explains_what_was_too_much_in_the_box(coop, pack):
    lot = create_lot(coop, pack, 2)
    outing = create_outing(coop, [(lot, pack, 2)])
    good = queries.goods_of(outing.id)[0]
    back(coop, outing, {good.id: 1}, pack.price_vnd, "máy kia chưa gửi về")
    sell(coop, outing, [(lot.id, pack, 1)])
    held = balances(coop.organisation_id)
    assert (held[AccountKind.CASH], held[AccountKind.CASH_DIFFERENCE]) == (pack.price_vnd, 0)
    assert list(faults()) == [] and differences() == []


def test_a_sale_that_is_refused_is_held_with_the_reason_in_each_language(coop, pack):
    lot = create_lot(coop, pack, 2, expires_on=clock.today() + timedelta(days=1))
    outing = create_outing(coop, [(lot, pack, 2)])
    with clock.use(clock.now() + timedelta(days=3)):
        sale = sell(coop, outing, [(lot.id, pack, 1)])
    message, _remedy, params = json.loads(sale.problem_text)
    assert sale.state == SaleState.HELD and message % params == queries.problem_words(
        sale.problem_text
    ).removesuffix(f" {_remedy}")
    assert queries.problem_words("lời cũ") == "lời cũ"
