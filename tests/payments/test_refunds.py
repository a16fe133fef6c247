"""Cancelling and refunding put money and stock right."""

import pytest
from sqlalchemy import func, select

from accounts.rules import Role
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from orders import queries as orders
from orders.models import Order
from payments import operations
from payments.models import Refund
from payments.queries import payment_of, refund_due
from payments.refunds import queries as refunds
from revenue.rules import AccountKind
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import packed, pay, place_order, shipped, staff_of
from tests.factories.revenue import delivered
from tests.payments.scene import balances, shelf
from traceability.models import Stock

pytestmark = pytest.mark.usefixtures("ctx")


def _order(quantity: int = 1, method: str = "vietqr") -> Order:
    return place_order([(shelf()[1], quantity)], method=method)[0]


def _state(order: Order) -> tuple[str, str]:
    db.session.expire_all()
    return orders.order(order.id).state, payment_of(order.id).state


def _stock(place: str) -> tuple[int, int]:
    """On hand and reserved."""
    return db.session.execute(
        select(func.coalesce(func.sum(Stock.on_hand), 0), func.coalesce(func.sum(Stock.reserved), 0))
        .where(Stock.place == place)
    ).one()._tuple()  # fmt: skip


def _due(order: Order) -> Refund:
    return db.session.execute(
        select(Refund).where(Refund.order_id == order.id, Refund.state == "due")
    ).scalar_one()


def _send(order: Order, how: str = "bank") -> None:
    treasurer = staff_of(order, Role.TREASURER)
    with transaction():
        operations.mark_sent(treasurer, _due(order).id, how, "FT1")


def _refund(
    order: Order, quantity: int, shipping_vnd: int = 0, *, goods_back: bool = False, key: str = "form-key-1"
) -> Refund:
    line = orders.lines(order.id)[0]
    manager = staff_of(order)
    with transaction():
        return operations.refund(
            manager,
            order.id,
            {line.id: quantity},
            "Gói bị rách",
            shipping_vnd,
            goods_back=goods_back,
            key=key,
        )


def test_the_buyer_cancels_before_paying_and_the_goods_are_free() -> None:
    order = _order(2)
    with transaction():
        operations.cancel(order.token, order.id, "Đổi ý")
    assert _state(order) == ("cancelled", "void")
    assert _stock("store") == (20, 0)


def test_the_buyer_cancels_after_paying_and_everything_is_owed_back_then_sent() -> None:
    order = _order(2)
    pay(order)
    with transaction():
        operations.cancel(order.token, order.id, "Đổi ý")
    assert _state(order) == ("cancelled", "refund_due")
    assert balances(order) == {"bank": order.total_vnd, "refund_due": -order.total_vnd}
    _send(order)
    assert _state(order) == ("cancelled", "refunded")
    assert balances(order) == {}


def test_what_came_in_part_is_owed_back_when_cancelled() -> None:
    order = _order()
    pay(order, 10_000)
    with transaction():
        operations.cancel(staff_of(order), order.id, "Hết hàng")
    assert refund_due(order.id) == 10_000


def test_the_buyer_cannot_cancel_what_is_packed_but_staff_can_and_the_goods_go_to_quarantine() -> None:
    order = packed(_order(2))
    with pytest.raises(Conflict, match="Gọi hợp tác xã"), transaction():
        operations.cancel(order.token, order.id, "Đổi ý")
    with transaction():
        operations.cancel(staff_of(order), order.id, "Khách gọi")
    assert _state(order) == ("cancelled", "refund_due")
    assert _stock("quarantine")[0] == 2
    assert _stock("store") == (18, 0)


def test_nobody_cancels_what_was_shipped() -> None:
    order = shipped(_order())
    with pytest.raises(Conflict), transaction():
        operations.cancel(staff_of(order), order.id, "Muộn")


def test_a_wrong_token_or_another_cooperative_finds_no_order() -> None:
    order = _order()
    with pytest.raises(NotFound), transaction():
        operations.cancel("not-the-token", order.id, "x")
    with pytest.raises(NotFound), transaction():
        operations.cancel(manager_of(create_cooperative("HTX Kia")), order.id, "x")
    with pytest.raises(NotAllowed), transaction():
        operations.cancel(staff_of(order, Role.DIGITAL_TEAM), order.id, "x")
    with pytest.raises(Invalid, match="lý do"), transaction():
        operations.cancel(order.token, order.id, "  ")


def test_a_delivered_order_gives_back_in_part_and_each_share_gives_its_part() -> None:
    order = delivered(_order(3))
    before = balances(order)
    made = _refund(order, 1)
    assert made.amount_vnd == 65_000
    assert _state(order) == ("delivered", "refund_due")
    after = balances(order)
    assert after["refund_due"] == -65_000
    assert (
        sum(
            after.get(kind, 0) - before.get(kind, 0)
            for kind in ("producer_payable", "cooperative_income", "fund")
        )
        == 65_000
    )
    _send(order)
    assert _state(order) == ("delivered", "paid")
    assert balances(order)["bank"] == order.total_vnd - 65_000


def test_refunds_of_every_piece_and_the_delivery_give_everything_back() -> None:
    order = delivered(_order(3))
    _refund(order, 1, key="form-key-1")
    _refund(order, 2, order.shipping_vnd, key="form-key-2")
    assert refund_due(order.id) == order.total_vnd
    for row in db.session.execute(select(Refund.id).where(Refund.order_id == order.id)).scalars().all():
        with transaction():
            operations.mark_sent(staff_of(order), row, "bank")
    assert _state(order) == ("delivered", "refunded")
    assert balances(order) == {}


def test_the_same_form_twice_is_one_refund_and_another_body_is_a_conflict() -> None:
    order = delivered(_order(3))
    first, again = _refund(order, 1), _refund(order, 1)
    assert first.id == again.id
    assert refund_due(order.id) == 65_000
    with pytest.raises(Conflict):
        _refund(order, 2)


@pytest.mark.parametrize(("quantity", "shipping"), [(4, 0), (-1, 0), (0, 0), (1, 10**9), (1, -1)])
def test_more_than_is_left_nothing_or_less_is_refused(quantity: int, shipping: int) -> None:
    order = delivered(_order(3))
    with pytest.raises((Conflict, Invalid)):
        _refund(order, quantity, shipping)
    db.session.rollback()
    assert refund_due(order.id) == 0


def test_goods_that_came_back_wait_in_quarantine() -> None:
    order = delivered(_order(3))
    _refund(order, 2, goods_back=True)
    assert _stock("quarantine")[0] == 2
    assert _stock("store") == (17, 0)


def test_a_piece_missing_from_a_parcel_under_way_is_given_back_from_the_prepayment_and_never_shared() -> None:
    order = shipped(_order(3))
    _refund(order, 1)
    assert balances(order) == {
        "bank": order.total_vnd, "buyer_prepayment": 65_000 - order.total_vnd, "refund_due": -65_000,
    }  # fmt: skip
    delivered(orders.order(order.id))
    after = balances(order)
    assert "buyer_prepayment" not in after
    assert after["refund_due"] == -65_000


def test_before_packing_the_whole_order_is_cancelled_instead() -> None:
    order = _order(3)
    pay(order)
    with pytest.raises(Conflict, match="huỷ cả đơn"):
        _refund(order, 1)


def test_cash_is_used_when_it_is_there_and_refused_when_it_is_not() -> None:
    order = _order()
    pay(order)
    with transaction():
        operations.cancel(order.token, order.id, "Đổi ý")
    with pytest.raises(Invalid, match="tiền mặt"):
        _send(order, "cash")
    db.session.rollback()
    assert _state(order) == ("cancelled", "refund_due")


def test_the_buyers_account_is_kept_encrypted_and_becomes_a_code_that_pays_it() -> None:
    order = _order()
    pay(order)
    with transaction():
        operations.cancel(order.token, order.id, "Đổi ý")
    refund_id = _due(order).id
    with transaction():
        operations.set_payee(staff_of(order), refund_id, "970436", "0011223344", "Đỗ Minh Mẫu")
    found = db.session.get_one(Refund, refund_id)
    assert found.payee is not None
    assert b"0011223344" not in found.payee
    to = refunds.payee_of(found, order.code)
    assert to is not None
    assert (to.holder, to.account_number) == ("DO MINH MAU", "0011223344")
    assert order.code in to.payload
    with pytest.raises(Invalid), transaction():
        operations.set_payee(staff_of(order), refund_id, "970436", "không phải số", "x")


def test_the_ledger_agrees_with_the_rows_of_what_is_owed() -> None:
    order = delivered(_order(3))
    pay(order)
    _refund(order, 2)
    assert -balances(order)[str(AccountKind.REFUND_DUE)] == refund_due(order.id)
