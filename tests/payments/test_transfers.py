"""Each outcome of a transfer has its stated effect on order, payment and ledger."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from messages.models import Message
from orders import queries as orders
from payments import operations
from payments.models import Payment, Transfer
from payments.providers import vietqr
from payments.queries import pay_view, payment_of, refund_due
from tests.conftest import NOW
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import notice, pay, place_order, staff_of
from tests.payments.scene import balances, shelf
from traceability.models import Stock

pytestmark = pytest.mark.usefixtures("ctx")


def _order(quantity: int = 1, **scene: int):  # type: ignore[no-untyped-def]
    _coop, pack = shelf(**scene)
    return place_order([(pack, quantity)])[0]


def _state(order) -> tuple[str, str]:  # type: ignore[no-untyped-def]
    db.session.expire_all()
    return orders.order(order.id).state, payment_of(order.id).state


def _reserved() -> int:
    return db.session.execute(select(func.sum(Stock.reserved))).scalar_one()


def test_check_out_makes_order_payment_and_reservation_in_one() -> None:
    order = _order(3)
    assert _state(order) == ("awaiting_payment", "awaiting")
    assert payment_of(order.id).amount_vnd == order.total_vnd
    assert _reserved() == 3


def test_the_same_key_gives_the_same_purchase_and_one_payment() -> None:
    _coop, pack = shelf()
    first = place_order([(pack, 1)], key="one-and-the-same")
    again = place_order([(pack, 1)], key="one-and-the-same")
    assert [order.id for order in first] == [order.id for order in again]
    assert db.session.execute(select(func.count()).select_from(Payment)).scalar_one() == 1
    with pytest.raises(Conflict):
        place_order([(pack, 2)], key="one-and-the-same")


def test_two_cooperatives_are_two_orders_with_two_accounts() -> None:
    (one, pack), (other, other_pack) = shelf(), shelf(name="HTX Kia")
    made = place_order([(pack, 1), (other_pack, 1)])
    assert {order.cooperative_id for order in made} == {one.id, other.id}
    views = [pay_view(order.id) for order in made]
    assert views[0].account_number != views[1].account_number


def test_a_cooperative_without_a_bank_account_takes_no_transfer_and_nothing_is_kept() -> None:
    coop, pack = shelf()
    from cooperatives import queries as cooperatives

    account = cooperatives.active_account(coop.id)
    assert account is not None
    with transaction():
        account.state, account.retired_at = "retired", clock.now() - timedelta(minutes=1)
    with pytest.raises(Invalid, match="chưa nhận được chuyển khoản"):
        place_order([(pack, 1)])
    db.session.rollback()
    assert _reserved() == 0
    assert place_order([(pack, 1)], method="cod")[0].state == "to_confirm"


def test_a_phone_has_a_limit_of_open_cash_orders() -> None:
    _coop, pack = shelf()
    for _number in range(3):
        place_order([(pack, 1)], method="cod")
    with pytest.raises(Invalid, match="3 đơn trả khi nhận"):
        place_order([(pack, 1)], method="cod")


def test_the_pay_view_holds_a_code_that_pays_this_order() -> None:
    order = _order()
    view = pay_view(order.id)
    read = vietqr.decode(view.payload)
    assert (read.amount_vnd, read.purpose, read.account_number) == (
        order.total_vnd,
        order.code,
        view.account_number,
    )
    assert view.qr_matrix == vietqr.matrix(view.payload)
    assert view.hold_until == NOW + timedelta(minutes=60)


def test_exact_money_pays_the_order() -> None:
    order = _order()
    made = pay(order)
    assert (made.outcome, made.state) == ("exact", "matched")
    assert _state(order) == ("to_pack", "paid")
    assert balances(order) == {"bank": order.total_vnd, "buyer_prepayment": -order.total_vnd}
    assert pay_view(order.id).qr_matrix == ()


def test_short_money_is_held_the_buyer_is_told_and_the_rest_completes_it() -> None:
    order = _order()
    assert pay(order, 20_000).outcome == "short"
    assert _state(order) == ("awaiting_payment", "partly")
    missing = order.total_vnd - 20_000
    view = pay_view(order.id)
    assert (view.received_vnd, view.amount_vnd) == (20_000, missing)
    assert vietqr.decode(view.payload).amount_vnd == missing
    told = db.session.execute(select(Message.body).where(Message.key.endswith(":short"))).scalar_one()
    assert order.code in told
    assert "còn thiếu" in told
    assert pay(order, missing).outcome == "exact"
    assert _state(order) == ("to_pack", "paid")
    assert balances(order)["buyer_prepayment"] == -order.total_vnd


def test_too_much_money_pays_the_order_and_the_surplus_is_owed_back() -> None:
    order = _order()
    made = pay(order, order.total_vnd + 5_000)
    assert (made.outcome, made.surplus_vnd) == ("over", 5_000)
    assert _state(order) == ("to_pack", "paid")
    assert refund_due(order.id) == 5_000
    assert balances(order)["refund_due"] == -5_000


def test_the_same_news_twice_is_one_transfer() -> None:
    order = _order()
    first, again = pay(order, provider_id="77"), pay(order, provider_id="77")
    assert first.id == again.id
    assert balances(order) == {"bank": order.total_vnd, "buyer_prepayment": -order.total_vnd}


def test_a_second_full_payment_waits_in_suspense() -> None:
    order = _order()
    pay(order)
    second = pay(order)
    assert (second.outcome, second.state) == ("duplicate", "suspense")
    assert balances(order)["suspense"] == -order.total_vnd
    assert _state(order) == ("to_pack", "paid")


def test_money_without_a_code_waits_in_suspense() -> None:
    order = _order()
    made = pay(order, content="chuyen tien mua iphone")
    assert (made.outcome, made.state, made.order_id) == ("unknown", "suspense", None)
    assert _state(order) == ("awaiting_payment", "awaiting")


def test_money_with_two_codes_is_unknown() -> None:
    _coop, pack = shelf()
    one, two = place_order([(pack, 1)])[0], place_order([(pack, 1)])[0]
    assert pay(one, content=f"{one.code} {two.code}").outcome == "unknown"


def test_a_code_of_another_cooperative_is_unknown() -> None:
    order = _order()
    other = place_order([(shelf(name="HTX Kia")[1], 1)])[0]
    assert pay(order, content=other.code).outcome == "unknown"
    assert _state(other) == ("awaiting_payment", "awaiting")


def test_money_for_a_cash_order_waits_in_suspense() -> None:
    _coop, pack = shelf()
    transfer_order, cash_order = place_order([(pack, 1)])[0], place_order([(pack, 1)], method="cod")[0]
    assert pay(transfer_order, content=cash_order.code).state == "suspense"
    assert _state(cash_order) == ("to_confirm", "to_collect")


def test_the_hold_lapses_and_the_goods_are_free_again() -> None:
    order = _order(2)
    with clock.use(NOW + timedelta(minutes=59)):
        assert operations.expire_unpaid() == 0
    with clock.use(NOW + timedelta(minutes=61)):
        assert operations.expire_unpaid() == 1
        assert operations.expire_unpaid() == 0
    assert _state(order) == ("expired", "void")
    assert _reserved() == 0


def test_late_money_revives_the_order_while_the_goods_are_there() -> None:
    order = _order(2)
    with clock.use(NOW + timedelta(hours=2)):
        operations.expire_unpaid()
        made = pay(order)
    assert (made.outcome, made.state) == ("late", "matched")
    assert _state(order) == ("to_pack", "paid")
    assert _reserved() == 2


def test_late_money_waits_in_suspense_when_the_goods_are_gone() -> None:
    _coop, pack = shelf(quantity=2)
    order = place_order([(pack, 2)])[0]
    with clock.use(NOW + timedelta(hours=2)):
        operations.expire_unpaid()
        place_order([(pack, 2)], phone="+84987654321")
        made = pay(order)
    assert (made.outcome, made.state, made.order_id) == ("late", "suspense", order.id)
    assert _state(order) == ("expired", "void")
    assert balances(order) == {"bank": order.total_vnd, "suspense": -order.total_vnd}


def test_late_money_of_an_order_that_was_paid_in_part_waits_too() -> None:
    order = _order()
    pay(order, 10_000)
    with clock.use(NOW + timedelta(hours=2)):
        operations.expire_unpaid()
        assert _state(order) == ("expired", "refund_due")
        assert refund_due(order.id) == 10_000
        assert pay(order, order.total_vnd - 10_000).outcome == "late"
    assert balances(order)["refund_due"] == -10_000
    assert "buyer_prepayment" not in balances(order)


def test_money_that_comes_before_the_sweep_still_pays() -> None:
    order = _order()
    with clock.use(NOW + timedelta(hours=2)):
        assert pay(order).outcome == "exact"
        assert operations.expire_unpaid() == 0
    assert _state(order) == ("to_pack", "paid")


def test_staff_give_unknown_money_to_its_order_with_a_reason() -> None:
    order = _order()
    made = pay(order, content="tien mien")
    with transaction():
        operations.match_transfer(
            staff_of(order, Role.TREASURER), made.id, order.code.lower(), "Khách gọi báo"
        )
    assert _state(order) == ("to_pack", "paid")
    assert balances(order) == {"bank": order.total_vnd, "buyer_prepayment": -order.total_vnd}


def test_money_cannot_be_matched_twice_or_to_an_order_that_is_paid() -> None:
    order = _order()
    pay(order)
    second = pay(order)
    manager = staff_of(order)
    with pytest.raises(Conflict), transaction():
        operations.match_transfer(manager, second.id, order.code, "thử")
    with pytest.raises(Invalid), transaction():
        operations.match_transfer(manager, second.id, "CP222222", "thử")
    with transaction():
        operations.return_transfer(manager, second.id, "Khách chuyển hai lần")
    with pytest.raises(Conflict), transaction():
        operations.return_transfer(manager, second.id, "lần nữa")


def test_returned_money_is_owed_then_sent() -> None:
    order = _order()
    pay(order)
    second = pay(order)
    treasurer = staff_of(order, Role.TREASURER)
    with transaction():
        owed = operations.return_transfer(treasurer, second.id, "Khách chuyển hai lần")
    assert balances(order)["refund_due"] == -order.total_vnd
    with transaction():
        operations.mark_sent(treasurer, owed.id, "bank", "FT1")
        operations.mark_sent(treasurer, owed.id, "bank", "FT1")
    assert balances(order) == {"bank": order.total_vnd, "buyer_prepayment": -order.total_vnd}
    assert _state(order) == ("to_pack", "paid")


def test_a_transfer_entered_by_hand_counts_like_one_that_was_told() -> None:
    order = _order()
    account_id = payment_of(order.id).bank_account_id
    assert account_id is not None
    manager = staff_of(order)
    with transaction():
        first = operations.enter_transfer(
            manager, "form-key-1", account_id, order.total_vnd, order.code, NOW, "FT99"
        )
    with transaction():
        again = operations.enter_transfer(
            manager, "form-key-1", account_id, order.total_vnd, order.code, NOW, "FT99"
        )
    assert first.id == again.id
    with pytest.raises(Conflict), transaction():
        operations.enter_transfer(manager, "form-key-1", account_id, 1, order.code, NOW, "FT99")
    assert _state(order) == ("to_pack", "paid")


def test_news_of_money_already_entered_by_hand_is_the_same_money() -> None:
    order = _order()
    account_id = payment_of(order.id).bank_account_id
    assert account_id is not None
    told = notice(order)
    with transaction():
        entered = operations.enter_transfer(
            staff_of(order), "form-key-1", account_id, order.total_vnd, order.code, NOW, told.reference
        )
    with transaction():
        later = operations.receive_transfer(account_id, told)
    assert later is not None
    assert later.id == entered.id
    assert balances(order)["bank"] == order.total_vnd


@pytest.mark.parametrize(("amount", "minutes"), [(0, 0), (10**12, 0), (50_000, 5)])
def test_an_impossible_amount_or_time_is_refused(amount: int, minutes: int) -> None:
    order = _order()
    account_id = payment_of(order.id).bank_account_id
    assert account_id is not None
    with pytest.raises(Invalid), transaction():
        operations.enter_transfer(
            staff_of(order), "form-key-1", account_id, amount, "", NOW + timedelta(minutes=minutes)
        )


def test_money_is_for_managers_and_treasurers_of_the_cooperative_only() -> None:
    order = _order()
    made = pay(order, content="?")
    account_id = payment_of(order.id).bank_account_id
    assert account_id is not None
    with pytest.raises(NotAllowed), transaction():
        operations.match_transfer(staff_of(order, Role.DIGITAL_TEAM), made.id, order.code, "x")
    stranger = manager_of(create_cooperative("HTX Kia"))
    with pytest.raises(NotFound), transaction():
        operations.match_transfer(stranger, made.id, order.code, "x")
    with pytest.raises(NotFound), transaction():
        operations.enter_transfer(stranger, "form-key-1", account_id, 1_000, "", NOW)


def test_news_about_another_account_is_refused_and_outgoing_money_is_no_news() -> None:
    from dataclasses import replace

    order = _order()
    account_id = payment_of(order.id).bank_account_id
    assert account_id is not None
    told = notice(order)
    with pytest.raises(Invalid), transaction():
        operations.receive_transfer(account_id, replace(told, account_number="999"))
    with transaction():
        assert operations.receive_transfer(account_id, replace(told, incoming=False)) is None
    assert db.session.execute(select(func.count()).select_from(Transfer)).scalar_one() == 0


def test_money_for_a_cancelled_order_waits_in_suspense() -> None:
    order = _order()
    told = notice(order)
    with transaction():
        operations.cancel(order.token, order.id, "Đổi ý")
    account_id = payment_of(order.id).bank_account_id
    assert account_id is not None
    with transaction():
        made = operations.receive_transfer(account_id, told)
    assert made is not None
    assert (made.outcome, made.state, made.order_id) == ("late", "suspense", order.id)
    assert _state(order) == ("cancelled", "void")
