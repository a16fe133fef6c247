"""Vouchers at a cooperative's own cost: what they take off, when they are refused, what is shared then."""

import gc
from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from orders import queries as orders
from orders.models import Redemption
from orders.vouchers import operations, queries
from orders.vouchers.rules import Refused
from payments.operations import cancel
from payments.queries import payment_of
from payments.refunds.operations import refund
from revenue.audit.queries import faults
from revenue.queries import balance
from revenue.rules import AccountKind
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.payments import pay, staff_of
from tests.factories.revenue import delivered
from tests.factories.vouchers import create_voucher, draft, order_with
from tests.payments.scene import balances, shelf

pytestmark = pytest.mark.usefixtures("ctx")


def refusal(code, lines, **more):
    with pytest.raises(Refused) as refused:
        order_with(code, lines, **more)
    text = str(refused.value)
    del refused
    gc.collect()  # a refused purchase must not linger: SQLite gives its id away again
    return text


def test_it_lowers_what_the_buyer_pays_and_what_is_shared():
    coop, pack = shelf()
    create_voucher(coop)
    order = order_with("tet 2027", [(pack, 2)])[0]
    assert (order.goods_vnd, order.discount_vnd, order.subsidy_vnd) == (130_000, 13_000, 0)
    assert order.total_vnd == 117_000 + order.shipping_vnd == payment_of(order.id).amount_vnd
    delivered(order)
    book = balances(order)
    shared = -sum(amount for kind, amount in book.items() if kind not in ("bank", "shipping_income"))
    assert shared == 117_000 and book["bank"] == order.total_vnd
    assert list(faults()) == []


def test_its_use_is_written_once_for_each_order_it_touches():
    coop, pack = shelf()
    _other, other_pack = shelf(name="HTX Bạn")
    voucher = create_voucher(coop)
    made = order_with("TET2027", [(pack, 1), (other_pack, 1)])
    assert sorted(one.discount_vnd for one in made) == [0, 6_500]
    row = db.session.execute(sa.select(Redemption)).scalar_one()
    assert (row.voucher_id, row.amount_vnd, row.subsidy_id) == (voucher.id, 6_500, None)
    assert queries.own_vouchers(coop.id)[0].uses == 1


def test_the_same_key_again_uses_it_once():
    coop, pack = shelf()
    create_voucher(coop)
    first = order_with("TET2027", [(pack, 1)], key="the-same-key")
    again = order_with("TET2027", [(pack, 1)], key="the-same-key")
    assert [one.id for one in first] == [one.id for one in again]
    assert db.session.execute(sa.select(sa.func.count()).select_from(Redemption)).scalar_one() == 1


def test_it_is_refused_with_the_reason():
    coop, pack = shelf()
    _other, other_pack = shelf(name="HTX Bạn")
    today = clock.today()
    create_voucher(coop, "SAPTOI", from_on=today + timedelta(3), to_on=today + timedelta(9))
    create_voucher(coop, "CAODIEM", min_goods_vnd=500_000)
    create_voucher(coop, "RIENGTA")
    assert "Không có mã KHONGCO" in refusal("khongco", [(pack, 1)])
    assert "dùng từ ngày 25/11/2026" in refusal("SAPTOI", [(pack, 1)])
    assert "từ 500.000" in refusal("CAODIEM", [(pack, 1)]).replace("\u00a0", " ")
    assert f"hàng của {coop.name}" in refusal("RIENGTA", [(other_pack, 1)])
    with clock.use(NOW + timedelta(days=40)):
        assert "đã hết hạn ngày 22/12/2026" in refusal("RIENGTA", [(pack, 1)])


def test_uses_budget_and_phone_are_limits_and_a_cancelled_order_gives_its_use_back():
    coop, pack = shelf(100)
    create_voucher(coop, "MOTLAN", uses_max=1, once_per_phone=False)
    create_voucher(coop, "MOTSO")
    create_voucher(coop, "ITTIEN", budget_vnd=10_000, once_per_phone=False)
    first = order_with("MOTLAN", [(pack, 1)])[0]
    assert "hết lượt" in refusal("MOTLAN", [(pack, 1)], phone="+84900000009")
    with transaction():
        cancel(first.token, first.id, "đổi ý")
    order_with("MOTLAN", [(pack, 1)])
    order_with("MOTSO", [(pack, 1)])
    assert "đã dùng mã MOTSO" in refusal("MOTSO", [(pack, 1)])
    order_with("MOTSO", [(pack, 1)], phone="+84900000009")
    order_with("ITTIEN", [(pack, 1)])
    assert "hết lượt" in refusal("ITTIEN", [(pack, 1)])


def test_pieces_refunded_after_delivery_give_back_what_was_paid_for_them():
    coop, pack = shelf()
    create_voucher(coop, amount_vnd=10_000)
    order = delivered(order_with("TET2027", [(pack, 3)])[0])
    line = orders.lines(order.id)[0]
    with transaction():
        parts = [refund(staff_of(order), order.id, {line.id: 1}, "hỏng", key=f"refund-{n}").amount_vnd
                 for n in range(3)]  # fmt: skip
    assert sum(parts) == 3 * 65_000 - 10_000
    assert list(faults()) == []


def test_pieces_refunded_before_delivery_leave_nothing_behind():
    coop, pack = shelf()
    create_voucher(coop, amount_vnd=10_000)
    from tests.factories.payments import packed

    order = packed(order_with("TET2027", [(pack, 3)])[0])
    line = orders.lines(order.id)[0]
    with transaction():
        refund(staff_of(order), order.id, {line.id: 1}, "thiếu", key="refund-before")
    delivered(order)
    assert balance(coop.organisation_id, AccountKind.BUYER_PREPAYMENT) == 0
    assert list(faults()) == []


def test_only_the_cooperatives_manager_makes_and_stops_it():
    coop, pack = shelf()
    other, _pack = shelf(name="HTX Bạn")
    stranger = actor_for(Role.MANAGER, other.organisation_id)
    treasurer = actor_for(Role.TREASURER, coop.organisation_id)
    for who in (stranger, treasurer):
        with pytest.raises(NotAllowed), transaction():
            operations.make_voucher(who, coop.id, "some-key-1", draft())
    voucher = create_voucher(coop)
    with pytest.raises(NotFound), transaction():
        operations.stop_voucher(stranger, voucher.id)
    with transaction():
        operations.stop_voucher(actor_for(Role.MANAGER, coop.organisation_id), voucher.id)
    assert "đã ngừng" in refusal("TET2027", [(pack, 1)])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"percent_bp": None}, "percent"),
        ({"percent_bp": 1_000, "amount_vnd": 5_000}, "percent"),
        ({"percent_bp": 5_100}, "percent"),
        ({"percent_bp": 50}, "percent"),
        ({"amount_vnd": 500}, "amount_vnd"),
        ({"budget_vnd": 1}, "budget_vnd"),
        ({"code": "tết"}, "code"),
        ({"code": "DACO123"}, "code"),
        ({"to_on": NOW.date() - timedelta(days=30)}, "to_on"),
    ],
)
def test_a_voucher_that_cannot_be_is_refused_at_its_field(fields, field):
    coop, _pack = shelf()
    create_voucher(coop, "DACO123")
    with pytest.raises(Invalid) as refused:
        create_voucher(coop, **fields)
    assert refused.value.field == field


def test_a_sum_that_moved_is_asked_again_and_nothing_is_used():
    from dataclasses import replace

    from orders.operations import Changed, Wanted
    from orders.rules import Method
    from payments.operations import check_out
    from tests.factories.payments import buyer

    coop, pack = shelf()
    create_voucher(coop)
    who = replace(buyer(), voucher="TET2027")
    with pytest.raises(Changed), transaction():
        check_out("a-key-of-mine", who, [Wanted(pack.id, 1)], Method.COD, agreed_total_vnd=65_000)
    assert db.session.execute(sa.select(Redemption)).first() is None


def test_without_a_voucher_nothing_more_is_asked_of_the_database(app):
    from tests.factories.payments import place_order
    from tests.queries import count_queries

    _coop, pack = shelf()
    with count_queries(app) as plain:
        place_order([(pack, 1)])
    said = [one.replace("subsidy_vnd", "") for one in plain.statements]
    assert not any(
        word in one for one in said for word in ("voucher", "redemption", "subsidy", "invoice_request")
    )


def test_paid_by_transfer_the_reduced_sum_is_enough():
    coop, pack = shelf()
    create_voucher(coop)
    order = order_with("TET2027", [(pack, 1)])[0]
    pay(order)
    assert orders.order(order.id).state == "to_pack"
