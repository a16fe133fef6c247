"""The treasurer's pages: sums of postings, a month's two statements, and an order followed to its payouts."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from orders import queries as orders
from revenue import operations
from revenue.ledger.queries import ledger_id
from revenue.rules import AccountKind
from revenue.treasury import queries
from revenue.treasury.rules import Move, age_band, paid_by
from revenue.treasury.trace import entries_of, kept_of, shares_of
from tests.factories.accounts import actor_for, sign_in
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.revenue import delivered, paid_out, refunded, weighed
from tests.queries import count_queries
from tests.revenue.stories import World, a_world
from tests.revenue.test_refund import line_of
from tests.revenue.test_views import token

NOVEMBER = date(2026, 11, 1)


def traced(world: World, order: Any) -> tuple[Any, Any]:
    entries = entries_of(world.org, order.id)
    return entries, {one.producer_id: one for one in shares_of(world.org, order.id, entries)}


def test_where_a_cooperative_stands_adds_up_to_its_book(ctx: Flask) -> None:
    world = a_world(advances=(10_000,))
    delivered(world.bought(1, "cod"))
    seen = queries.position(world.org)
    assert seen.money_vnd == world.of(AccountKind.CASH) == 4_990_000
    held = sum(one.amount_vnd for one in queries.held_by_carriers(world.org))
    assert dict(seen.coming)[AccountKind.COD_RECEIVABLE] == held >= 65_000
    assert seen.owed_vnd == sum(world.owed(one) for one in world.producers) + seen.suspense_vnd


def test_cash_with_a_carrier_grows_old(ctx: Flask) -> None:
    world = a_world()
    order = delivered(world.bought(1, "cod"))
    assert [(one.code, one.band) for one in queries.held_by_carriers(world.org)] == [(order.code, 0)]
    with clock.use(datetime(2026, 12, 20, tzinfo=UTC)):
        held = queries.held_by_carriers(world.org)
    assert (held[0].carrier, held[0].band) == ("Bưu điện", 2)
    assert queries.by_age(held) == [queries.Aged(2, held[0].amount_vnd)]
    assert [age_band(date(2026, 11, 1), date(2026, 11, day)) for day in (8, 9, 16, 30)] == [0, 1, 2, 2]


def test_a_products_margin_is_what_neither_families_nor_refunds_took(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought(2))
    refunded(bought, {line_of(bought): 65_000})
    row = queries.margins(ledger_id(world.org) or 0, NOVEMBER)[0].margin
    theirs = sum(world.owed(one) for one in world.producers)
    assert (row.goods_vnd, row.producers_vnd, row.costs_vnd) == (65_000, theirs, 0)
    assert (
        row.kept_vnd
        == 65_000 - theirs
        == -world.of(AccountKind.COOPERATIVE_INCOME) - world.of(AccountKind.FUND)
    )


def test_bank_and_till_through_a_month(ctx: Flask) -> None:
    world = a_world(advances=(10_000,))
    delivered(world.bought())
    bank, cash = queries.flows(ledger_id(world.org) or 0, NOVEMBER)
    assert (cash.opening_vnd, cash.in_vnd, cash.out_vnd, cash.closing_vnd) == (
        0,
        5_000_000,
        10_000,
        4_990_000,
    )
    assert bank.closing_vnd == world.of(AccountKind.BANK) > 0
    assert queries.flows(ledger_id(world.org) or 0, date(2026, 12, 1))[1].opening_vnd == 4_990_000


def test_an_order_is_followed_to_the_payout_that_paid_it(ctx: Flask) -> None:
    world = a_world(advances=(10_000,))
    first, second = delivered(world.bought()), delivered(world.bought())
    late, early = world.producers[1], world.producers[0]
    one = paid_out(late, world.owed(late) // 2)
    entries, shares = traced(world, first)
    assert [entry.kind for entry in entries] == ["money_in", "sale"]
    assert [(part.number, part.amount_vnd) for part in shares[late.id].paid] == [(one.number, one.amount_vnd)]
    assert shares[late.id].open_vnd == 0
    assert shares[early.id].advance_vnd == 10_000
    assert shares[early.id].earned_vnd == shares[early.id].advance_vnd + shares[early.id].open_vnd
    assert [part.number for part in shares[late.id].slips] == [world.slips[1].number]
    sold = sum(share.earned_vnd for share in shares.values()) + sum(amount for _c, amount in kept_of(entries))
    assert sold == orders.order(first.id).total_vnd
    assert traced(world, second)[1][late.id].paid == []


def test_a_payout_undone_no_longer_pays_the_share(ctx: Flask) -> None:
    """Bug of others: a payout that came back is still shown as settled."""
    world = a_world()
    order = delivered(world.bought())
    who = world.producers[0]
    paid = paid_out(who, world.owed(who))
    assert traced(world, order)[1][who.id].open_vnd == 0
    with transaction():
        operations.reverse(manager_of(world.coop), paid.entry_id, "chuyển nhầm người")
    share = traced(world, order)[1][who.id]
    assert (share.paid, share.open_vnd) == ([], world.owed(who))


def test_a_payout_returned_by_the_bank_is_owed_again_on_every_page(ctx: Flask) -> None:
    """Bug of others: a payout that the bank returned is still shown as settled."""
    from revenue.payouts.operations import return_payout
    from revenue.queries import statement

    world = a_world()
    order = delivered(world.bought())
    who = world.producers[0]
    owed = world.owed(who)
    paid = paid_out(who, owed)
    with transaction():
        return_payout(manager_of(world.coop), paid.id, "sai số tài khoản")
    share = traced(world, order)[1][who.id]
    assert (share.paid, share.open_vnd, world.owed(who)) == ([], owed, owed)
    seen = statement(world.org, who.id)
    assert (seen.owed_vnd, seen.paid_vnd) == (owed, 0)


def test_payouts_pay_the_oldest_credit_first_and_a_refund_takes_from_its_own_order() -> None:
    credits = paid_by([
        Move(1, 10, 100), Move(2, 11, 50), Move(3, None, -120), Move(4, 11, -20), Move(5, None, 120, undoes=3),
        Move(6, None, -30),
    ])  # fmt: skip
    assert [(one.entry_id, one.taken_vnd, one.paid, one.open_vnd) for one in credits] == [
        (1, 0, [(6, 30)], 70), (2, 20, [], 30),
    ]  # fmt: skip


@pytest.mark.parametrize("count", [2, 8])
def test_the_pages_ask_no_more_of_a_longer_book(app: Flask, count: int) -> None:
    with app.app_context():
        world = a_world()
        for _number in range(count):
            delivered(world.bought(1, "cod" if _number < 2 else "vietqr"))
            weighed(world.producers[0], advance_vnd=1_000)
        own, book = world.org, ledger_id(world.org) or 0
        db.session.remove()
    with app.app_context(), count_queries(app) as asked:
        queries.position(own)
        queries.held_by_carriers(own)
        queries.margins(book, NOVEMBER)
        queries.flows(book, NOVEMBER)
    assert asked.count == 5


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """A delivered order with a payout; its cooperative's manager is signed in."""
    with app.app_context():
        world = a_world(advances=(1_000,))
        order = delivered(world.bought())
        number = paid_out(world.producers[1], 5_000).number
        manager = manager_of(world.coop)
        facts = {"order": order.id, "code": order.code, "number": number,
                 "second": actor_for(Role.TREASURER, organisation_id=world.org),
                 "stranger": manager_of(create_cooperative())}  # fmt: skip
    sign_in(client, manager)
    return facts


def test_the_treasurers_page_and_an_orders_way_open_for_staff_alone(
    staff: dict[str, Any], client: FlaskClient
) -> None:
    seen = client.get("/manage/money/treasurer")
    assert seen.status_code == 200 and "4.999.000" in seen.text
    for said in (staff["code"], staff["code"].lower(), staff["order"]):
        page = client.get(f"/manage/money/trace/{said}")
        assert page.status_code == 200
        assert staff["number"] in page.text and "Lý Thị B" in page.text
    assert "/manage/money/trace/" in client.get(f"/manage/orders/{staff['order']}").text
    sign_in(client, staff["stranger"])
    assert client.get(f"/manage/money/trace/{staff['code']}").status_code == 404
    assert client.get("/manage/money/trace/CPXXXXXX").status_code == 404


def test_a_month_is_closed_and_opened_by_two_on_the_page(staff: dict[str, Any], client: FlaskClient) -> None:
    address = "/manage/money/months/2026-11"
    assert "Chưa khoá được" in client.get(address).text
    with clock.use(datetime(2026, 12, 5, tzinfo=UTC)):
        page = client.get(address)
        assert client.post(address, data={"csrf_token": token(page)}).status_code == 422
        assert client.post(address, data={"csrf_token": token(page), "sure": "y"}).status_code == 302
        page = client.get(address)
        reopen = re.search(r"/manage/money/closings/\d+/reopen", page.text)
        assert reopen and "Đã khoá" in page.text
        form = {"csrf_token": token(client.get(reopen[0])), "reason": "ghi thiếu tiền gửi hàng"}
        assert client.post(reopen[0], data=form).status_code == 302
        assert "không tự mở được" in client.get(reopen[0]).text
        sign_in(client, staff["second"])
        form = {"csrf_token": token(client.get(reopen[0])), "sure": "y"}
        assert client.post(reopen[0], data=form).status_code == 302
        assert "Khoá sổ tháng này" in client.get(address).text
        sign_in(client, staff["stranger"])
        assert client.get(reopen[0]).status_code == 404
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("form", ["xlsx", "hledger", "beancount"])
def test_the_book_is_taken_out_and_leaves_an_audit_line(
    app: Flask, staff: dict[str, Any], client: FlaskClient, form: str
) -> None:
    made = client.get(f"/manage/money/book/{form}")
    assert made.status_code == 200
    assert made.headers["Content-Disposition"].startswith("attachment; filename=")
    assert made.data[:2] == b"PK" if form == "xlsx" else b"ProducerPayable" in made.data
    with app.app_context():
        assert db.session.query(AuditLine).filter_by(verb="export_book").count() == 1


def test_a_month_that_is_not_in_the_book_is_not_there(staff: dict[str, Any], client: FlaskClient) -> None:
    for said in ("2020-01", "2026-13", "x", "2026-11-01"):
        assert client.get(f"/manage/money/months/{said}").status_code == 404
