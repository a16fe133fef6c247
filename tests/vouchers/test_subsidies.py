"""A programme's budget: held at check-out, owed on delivery, given back when nothing comes of it, never overdrawn."""

import gc
import secrets
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed
from orders import queries as orders
from orders.vouchers.rules import Refused
from payments.cod.operations import collect_cod, refuse_cod
from payments.operations import cancel, expire_unpaid
from payments.refunds.operations import refund
from revenue.audit.queries import faults
from revenue.ledger.queries import balance
from revenue.rules import AccountKind, subsidy
from revenue.subsidies import operations, queries
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.payments import packed, pay, shipped, staff_of
from tests.factories.revenue import delivered, opened
from tests.factories.vouchers import create_subsidy, order_with
from tests.revenue.stories import a_world

pytestmark = pytest.mark.usefixtures("ctx")


def money(staff):
    """free, held, delivered, owed of the one subsidy."""
    one = queries.budgets(staff.organisation_id)[0]
    assert one.set_aside_vnd == one.free_vnd + one.held_vnd + one.delivered_vnd
    return one.free_vnd, one.held_vnd, one.delivered_vnd, one.owed_vnd


def test_it_is_held_at_check_out_and_owed_on_delivery():
    world = a_world()
    staff, found = create_subsidy(100_000)
    order = order_with("VUNGCAO", [(world.pack, 2)])[0]
    assert (order.discount_vnd, order.subsidy_vnd) == (0, 26_000)
    assert money(staff) == (74_000, 26_000, 0, 0)
    delivered(order)
    assert money(staff) == (74_000, 0, 26_000, 26_000)
    assert world.of(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found.id)) == 26_000
    assert world.of(AccountKind.BANK) == order.total_vnd
    assert list(faults()) == []


def test_the_members_share_is_that_of_the_full_price():
    world, other = a_world(), a_world()
    create_subsidy(100_000, coop=world.coop)
    delivered(order_with("VUNGCAO", [(world.pack, 2)])[0])
    delivered(other.bought(2))
    assert [world.owed(who) for who in world.producers] == [other.owed(who) for who in other.producers]


def test_cash_on_delivery_collects_less_and_the_programme_owes_the_rest():
    world = a_world()
    _staff, found = create_subsidy(100_000)
    order = shipped(order_with("VUNGCAO", [(world.pack, 1)], "cod")[0])
    with transaction():
        collect_cod(staff_of(order), order.id)
    assert world.of(AccountKind.COD_RECEIVABLE, f"order:{order.id}") == order.total_vnd
    assert world.of(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found.id)) == 13_000
    assert list(faults()) == []


@pytest.mark.parametrize("way", ["cancel", "cancel paid", "expire", "refuse"])
def test_an_order_that_comes_to_nothing_frees_it(way):
    world = a_world()
    staff, _found = create_subsidy(100_000)
    order = order_with("VUNGCAO", [(world.pack, 2)], "cod" if way == "refuse" else "vietqr")[0]
    if way == "expire":
        with clock.use(NOW + timedelta(hours=2)):
            assert expire_unpaid() == 1
    elif way == "refuse":
        manager = staff_of(shipped(order))
        with transaction():
            refuse_cod(manager, order.id, "không nghe máy")
    else:
        if way == "cancel paid":
            pay(order)
        with transaction():
            cancel(order.token, order.id, "đổi ý")
    assert money(staff) == (100_000, 0, 0, 0)
    assert list(faults()) == []


def test_late_money_holds_it_again_if_it_is_still_there():
    world = a_world()
    staff, _found = create_subsidy(30_000)
    first = order_with("VUNGCAO", [(world.pack, 2)])[0]
    with clock.use(NOW + timedelta(hours=2)):
        expire_unpaid()
        pay(first)
    assert orders.order(first.id).state == "to_pack" and money(staff) == (4_000, 26_000, 0, 0)


def test_late_money_for_a_spent_budget_waits_in_suspense():
    world = a_world()
    staff, _found = create_subsidy(30_000, once_per_phone=False)
    first = order_with("VUNGCAO", [(world.pack, 2)])[0]
    with clock.use(NOW + timedelta(hours=2)):
        expire_unpaid()
        order_with("VUNGCAO", [(world.pack, 2)])
        pay(first)
    assert orders.order(first.id).state == "expired"
    assert balance(world.org, AccountKind.SUSPENSE) == -first.total_vnd
    assert money(staff) == (4_000, 26_000, 0, 0)


def test_a_budget_is_never_overdrawn():
    world = a_world()
    staff, _found = create_subsidy(20_000, once_per_phone=False)
    order_with("VUNGCAO", [(world.pack, 1)])
    with pytest.raises(Refused, match="hết ngân sách"):
        order_with("VUNGCAO", [(world.pack, 1)])
    with pytest.raises(Refused, match="hết ngân sách"):
        queries.cut("VUNGCAO", "", {world.coop.id: 65_000}, clock.today())
    assert money(staff) == (7_000, 13_000, 0, 0)


def test_the_ledger_itself_refuses_to_overspend():
    from revenue.ledger.operations import post
    from revenue.rules import Line

    staff, found = create_subsidy(20_000)
    mine = subsidy(found.id)
    lines = [Line(AccountKind.SUBSIDY_BUDGET, mine, 20_001), Line(AccountKind.SUBSIDY_HELD, mine, -20_001)]
    with pytest.raises(Invalid, match="Ngân sách trợ giá chỉ còn"), transaction():
        post(staff.organisation_id, "subsidy_hold", "by-hand", lines, clock.today())


def test_one_code_over_two_cooperatives_is_divided_and_each_is_owed_its_part():
    one, other = a_world(), a_world()
    staff, found = create_subsidy(100_000, percent_bp=None, amount_vnd=10_001)
    made = order_with("VUNGCAO", [(one.pack, 2), (other.pack, 1)])
    assert sum(order.subsidy_vnd for order in made) == 10_001
    for order in made:
        delivered(order)
    claims = queries.claims_on(found)
    assert sum(claim.owed_vnd for claim in claims) == 10_001 == money(staff)[3]
    assert [queries.claims_of(world.coop.id)[0].owed_vnd for world in (one, other)] == [6_667, 3_334]
    assert list(faults()) == []


def test_pieces_refunded_after_delivery_go_back_to_the_buyer_and_to_the_budget():
    world = a_world()
    staff, found = create_subsidy(100_000)
    order = delivered(order_with("VUNGCAO", [(world.pack, 2)])[0])
    line = orders.lines(order.id)[0]
    with transaction():
        made = refund(staff_of(order), order.id, {line.id: 1}, "hỏng", key="refund-one")
    assert made.amount_vnd == 52_000
    assert money(staff) == (87_000, 0, 13_000, 13_000)
    assert world.of(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found.id)) == 13_000
    with transaction():
        refund(staff_of(order), order.id, {line.id: 1}, "hỏng nốt", key="refund-two")
    assert money(staff) == (100_000, 0, 0, 0)
    assert all(world.owed(who) == 0 for who in world.producers)
    assert list(faults()) == []


def test_pieces_refunded_before_delivery_free_their_part():
    world = a_world()
    staff, _found = create_subsidy(100_000)
    order = packed(order_with("VUNGCAO", [(world.pack, 3)])[0])
    line = orders.lines(order.id)[0]
    with transaction():
        made = refund(staff_of(order), order.id, {line.id: 1}, "thiếu", key="refund-before")
    assert made.amount_vnd == 52_000 and money(staff) == (74_000, 26_000, 0, 0)
    delivered(order)
    assert money(staff) == (74_000, 0, 26_000, 26_000)
    assert world.prepaid(order) == 0 and list(faults()) == []


def test_what_the_programme_pays_is_entered_once_in_both_books():
    world = a_world()
    staff, found = create_subsidy(100_000)
    order = delivered(order_with("VUNGCAO", [(world.pack, 2)])[0])
    treasurer = staff_of(order, Role.TREASURER)
    for _tap in range(2):
        with transaction():
            operations.receive(treasurer, world.coop.id, found.id, 20_000, "the-form-key", "FT123")
    assert world.of(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found.id)) == 6_000
    assert balance(staff.organisation_id, AccountKind.BANK) == 80_000
    claim = queries.claims_of(world.coop.id)[0]
    assert (claim.delivered_vnd, claim.paid_vnd, claim.owed_vnd) == (26_000, 20_000, 6_000)
    with pytest.raises(Conflict), transaction():
        operations.receive(treasurer, world.coop.id, found.id, 5_000, "the-form-key", "FT123")
    with pytest.raises(Invalid, match="còn nợ"), transaction():
        operations.receive(treasurer, world.coop.id, found.id, 6_001, "another-key")
    assert list(faults()) == []


def test_a_refund_after_the_programme_paid_is_netted_from_the_next():
    world = a_world()
    _staff, found = create_subsidy(100_000, once_per_phone=False)
    order = delivered(order_with("VUNGCAO", [(world.pack, 1)])[0])
    with transaction():
        operations.receive(staff_of(order), world.coop.id, found.id, 13_000, "the-form-key")
        refund(staff_of(order), order.id, {orders.lines(order.id)[0].id: 1}, "hỏng", key="refund-one")
    assert world.of(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found.id)) == -13_000
    delivered(order_with("VUNGCAO", [(world.pack, 2)])[0])
    assert world.of(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found.id)) == 13_000
    assert list(faults()) == []


def test_only_what_is_free_can_be_taken_back():
    world = a_world()
    staff, found = create_subsidy(100_000)
    order_with("VUNGCAO", [(world.pack, 2)])
    with pytest.raises(Invalid, match="chỉ còn"), transaction():
        operations.withdraw(staff, found.id, 74_001, "too-much-key")
    with transaction():
        operations.withdraw(staff, found.id, 74_000, "all-of-it-key")
    assert money(staff) == (0, 26_000, 0, 0) and balance(staff.organisation_id, AccountKind.BANK) == 26_000


def test_another_project_cannot_touch_it():
    _staff, found = create_subsidy(10_000)
    stranger, _other = create_subsidy(10_000, "KHACHAN")
    with pytest.raises(NotAllowed), transaction():
        operations.deposit(stranger, found.id, 1_000, "some-key-x")
    with pytest.raises(NotAllowed), transaction():
        operations.deposit(actor_for(Role.MANAGER), found.id, 1_000, "some-key-x")


def test_verify_says_so_when_the_two_books_disagree():
    from revenue.ledger.operations import post
    from revenue.rules import Line

    world = a_world()
    _staff, found = create_subsidy(10_000)
    lines = [Line(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found.id), 5), Line(AccountKind.CAPITAL, "", -5)]
    with transaction():
        post(world.org, "opening", "by-hand", lines, clock.today())
    assert any("claims 5, the programme owes 0" in one for one in faults())


@settings(
    max_examples=12, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.data())
def test_whatever_happens_all_parts_add_up_to_what_was_set_aside(app: Flask, data):
    world = a_world(quantity=30)
    opened(world.coop, bank_vnd=100_000)
    staff, found = create_subsidy(
        60_000, f"X{secrets.token_hex(4)}", coop=world.coop, once_per_phone=False,
        percent_bp=data.draw(st.integers(700, 9_000)),
    )  # fmt: skip
    code = queries.vouchers.of_subsidy(found.id)[0].code
    for _step in range(data.draw(st.integers(2, 6))):
        method = data.draw(st.sampled_from(["vietqr", "cod"]))
        phone = f"+849{secrets.randbelow(10**8):08}"
        try:
            order = order_with(code, [(world.pack, data.draw(st.integers(1, 3)))], method, phone=phone)[0]
        except Conflict:
            db.session.rollback()
            gc.collect()  # a refused purchase must not linger: SQLite gives its id away again
            continue
        end = data.draw(st.sampled_from(["leave", "cancel", "deliver", "refund", "refund early", "paid"]))
        _finish(world, order, end, found.id, data)
        one = next(row for row in queries.budgets(staff.organisation_id) if row.subsidy.id == found.id)
        assert one.set_aside_vnd == 60_000 == one.free_vnd + one.held_vnd + one.delivered_vnd
        assert min(one.free_vnd, one.held_vnd, one.delivered_vnd) >= 0
        in_bank = balance(staff.organisation_id, AccountKind.BANK)
        assert in_bank == one.free_vnd + one.held_vnd + one.owed_vnd
    assert list(faults()) == []


def _finish(world, order, end, subsidy_id, data):
    """Bring an order to one of its ends."""
    if end == "leave":
        return
    if end == "cancel":
        with transaction():
            cancel(order.token, order.id, "đổi ý")
        return
    line = orders.lines(order.id)[0]
    if end == "refund early" and order.method == "vietqr":
        packed(order)
        with transaction():
            refund(staff_of(order), order.id, {line.id: 1}, "thiếu", key=secrets.token_hex(8))
        order = orders.order(order.id)
    order = delivered(order)
    if end == "refund":
        pieces = data.draw(st.integers(1, line.quantity))
        with transaction():
            refund(staff_of(order), order.id, {line.id: pieces}, "hỏng", key=secrets.token_hex(8))
    owed = world.of(AccountKind.SUBSIDY_RECEIVABLE, subsidy(subsidy_id))
    if end == "paid" and owed > 0:
        with transaction():
            operations.receive(staff_of(order), world.coop.id, subsidy_id, owed, secrets.token_hex(8))
    if order.method == "vietqr":
        left = orders.lines(order.id)[0]
        assert world.prepaid(order) == 0, left.refunded_quantity
