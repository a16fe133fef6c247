"""Cash on delivery: collected, remitted, refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.rules import Role
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from orders import queries as orders
from orders.models import Order
from payments import operations
from payments.cod.queries import cod_page
from payments.queries import payment_of
from tests.conftest import NOW
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import packed, place_order, shipped, staff_of
from tests.factories.revenue import delivered
from tests.payments.scene import balances, shelf
from traceability.models import Stock

pytestmark = pytest.mark.usefixtures("ctx")


def _order(quantity: int = 1) -> Order:
    return shipped(place_order([(shelf()[1], quantity)], method="cod")[0])


def _state(order: Order) -> tuple[str, str]:
    db.session.expire_all()
    return orders.order(order.id).state, payment_of(order.id).state


def _remit(
    order: Order, *others: Order, fee_vnd: int = 5_000, shipping_vnd: int = 0, key: str = "form-key-1"
):  # type: ignore[no-untyped-def]
    ids = [one.id for one in (order, *others)]
    treasurer = staff_of(order, Role.TREASURER)
    with transaction():
        return operations.remit_cod(
            treasurer, key, ids, carrier="Bưu điện", fee_vnd=fee_vnd, shipping_vnd=shipping_vnd
        )


def test_collected_cash_delivers_the_order_and_the_carrier_owes_it() -> None:
    order = _order()
    with transaction():
        operations.collect_cod(staff_of(order), order.id)
        operations.collect_cod(staff_of(order), order.id)
    assert _state(order) == ("delivered", "collected")
    assert balances(order)["cod_receivable"] == order.total_vnd
    assert orders.order(order.id).cod_collected_at == NOW


def test_a_remittance_turns_the_receivable_into_bank_money_less_the_costs() -> None:
    order = _order()
    with transaction():
        operations.collect_cod(staff_of(order), order.id)
    _remit(order, fee_vnd=5_000, shipping_vnd=22_000)
    assert _state(order) == ("delivered", "remitted")
    after = balances(order)
    assert "cod_receivable" not in after
    assert (after["bank"], after["provider_fee"], after["shipping_cost"]) == (
        order.total_vnd - 27_000,
        5_000,
        22_000,
    )


def test_a_list_may_hold_some_orders_only_and_collects_those_not_yet_marked() -> None:
    _coop, pack = shelf()
    made = [shipped(place_order([(pack, 1)], method="cod")[0]) for _number in range(3)]
    row = _remit(made[0], made[2])
    assert row.gross_vnd == made[0].total_vnd + made[2].total_vnd
    assert [_state(order)[1] for order in made] == ["remitted", "to_collect", "remitted"]
    page = cod_page(made[0].cooperative_id)
    assert [one.order_id for one in page.under_way] == [made[1].id]
    assert page.collected == ()
    assert page.remitted[0].net_vnd == row.gross_vnd - 5_000


def test_the_same_remittance_twice_is_one_and_an_order_is_paid_over_once() -> None:
    order = _order()
    first, again = _remit(order), _remit(order)
    assert first.id == again.id
    with pytest.raises(Conflict, match="lần trước"):
        _remit(order, key="form-key-2")
    db.session.rollback()
    assert balances(order)["bank"] == order.total_vnd - 5_000


def test_costs_above_the_sum_an_empty_list_and_a_day_to_come_are_refused() -> None:
    order = _order()
    treasurer = staff_of(order, Role.TREASURER)
    with pytest.raises(Invalid, match="Phí"), transaction():
        operations.remit_cod(treasurer, "form-key-1", [order.id], carrier="Bưu điện", fee_vnd=10**9)
    with pytest.raises(Invalid, match="Chưa chọn"), transaction():
        operations.remit_cod(treasurer, "form-key-2", [], carrier="Bưu điện")
    with pytest.raises(Invalid, match="bên giao"), transaction():
        operations.remit_cod(treasurer, "form-key-3", [order.id], carrier=" ")
    with pytest.raises(Invalid, match="chưa tới"), transaction():
        operations.remit_cod(
            treasurer, "form-key-4", [order.id], carrier="x", received_on=NOW.date() + timedelta(days=2)
        )
    assert _state(order) == ("shipped", "to_collect")


def test_a_refused_parcel_goes_to_quarantine_and_nothing_is_owed() -> None:
    order = _order(2)
    with transaction():
        operations.refuse_cod(staff_of(order), order.id, "Gọi ba lần không nghe máy")
    assert _state(order) == ("refused", "void")
    assert balances(order) == {}
    in_quarantine = select(Stock.on_hand).where(Stock.place == "quarantine", Stock.on_hand > 0)
    assert list(db.session.execute(in_quarantine).scalars()) == [2]
    with pytest.raises(Conflict), transaction():
        operations.refuse_cod(staff_of(order), order.id, "lần nữa")


def test_a_parcel_paid_by_transfer_that_comes_back_owes_the_buyer_the_money() -> None:
    order = shipped(place_order([(shelf()[1], 1)])[0])
    with transaction():
        operations.refuse_cod(staff_of(order), order.id, "Không có người nhận")
    assert _state(order) == ("refused", "refund_due")
    assert balances(order) == {"bank": order.total_vnd, "refund_due": -order.total_vnd}


def test_only_shipped_cash_orders_are_collected() -> None:
    _coop, pack = shelf()
    waiting = packed(place_order([(pack, 1)], method="cod")[0])
    with pytest.raises(Conflict), transaction():
        operations.collect_cod(staff_of(waiting), waiting.id)
    paid = shipped(place_order([(pack, 1)])[0])
    with pytest.raises(Conflict, match="chuyển khoản"), transaction():
        operations.collect_cod(staff_of(paid), paid.id)


def test_a_cash_order_delivered_by_the_sweep_can_be_refunded_and_remitted_in_any_order() -> None:
    order = delivered(_order(2))
    line = orders.lines(order.id)[0]
    with transaction():
        made = operations.refund(staff_of(order), order.id, {line.id: 1}, "Rách", key="form-key-9")
    assert _state(order) == ("delivered", "refund_due")
    _remit(order)
    assert _state(order) == ("delivered", "refund_due")
    with transaction():
        operations.mark_sent(staff_of(order), made.id, "bank")
    assert _state(order) == ("delivered", "paid")
    assert balances(order)["bank"] == order.total_vnd - 5_000 - 65_000


def test_cash_is_for_managers_and_treasurers_of_the_cooperative_only() -> None:
    order = _order()
    for verb in (operations.collect_cod, lambda who, number: operations.refuse_cod(who, number, "x")):
        with pytest.raises(NotAllowed), transaction():
            verb(staff_of(order, Role.DIGITAL_TEAM), order.id)
        with pytest.raises(NotFound), transaction():
            verb(manager_of(create_cooperative("HTX Kia")), order.id)
