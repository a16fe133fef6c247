"""A month is closed once, refuses what comes late, and opens again only when two people want it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accounts.rules import Role
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from payments.cod.operations import remit_cod
from payments.payruns.operations import take_return
from revenue import operations
from revenue.audit.queries import faults
from revenue.closing import queries
from revenue.closing.operations import agree_to_reopen, ask_to_reopen, close_month
from revenue.closing.rules import closable_from, last_day, month_before, open_day, statements
from revenue.collector.operations import collect, open_collector
from revenue.collector.rules import Part
from revenue.ledger.queries import ledger_id
from revenue.models import Entry
from revenue.payouts.queries import returned_key
from revenue.rules import AccountKind, Line
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.payments import shipped
from tests.factories.revenue import delivered, opened, paid_out, refunded, weighed
from tests.revenue.stories import World, a_world
from tests.revenue.test_refund import line_of

NOVEMBER = date(2026, 11, 1)
IN_DECEMBER = datetime(2026, 12, 4, 3, 0, tzinfo=UTC)


def treasurer(world: World) -> object:
    return actor_for(Role.TREASURER, organisation_id=world.org)


def a_month() -> World:
    """Sales, a payout, a refund and cash on delivery in November."""
    world = a_world(advances=(10_000,))
    bought = delivered(world.bought(2))
    delivered(world.bought(1, "cod"))
    paid_out(world.producers[1], 5_000, "cash")
    refunded(bought, {line_of(bought): 65_000})
    return world


def closed(world: World, actor: object | None = None) -> int:
    with clock.use(IN_DECEMBER), transaction():
        return close_month(actor or treasurer(world), NOVEMBER)  # type: ignore[arg-type]


def test_both_statements_come_out_of_the_postings_and_balance(ctx: Flask) -> None:
    world = a_month()
    sheet = statements(queries.figures(ledger_id(world.org) or 0, NOVEMBER))
    assert sheet.balanced
    assert {line.kind: line.amount_vnd for line in sheet.assets}[AccountKind.CASH] == world.of(
        AccountKind.CASH
    )
    assert sheet.capital_vnd == 5_000_000
    assert sheet.month_result_vnd == sheet.result_vnd > 0
    assert sheet.assets_vnd == sheet.debts_vnd + 5_000_000 + sheet.result_vnd


def test_a_closed_month_takes_no_entry_whoever_writes_it(ctx: Flask) -> None:
    world = a_month()
    closed(world)
    lines = [Line(AccountKind.BANK, "", 1), Line(AccountKind.CAPITAL, "", -1)]
    with pytest.raises(DBAPIError, match="month of this entry is closed"), transaction():
        operations.post(world.org, "x", "late", lines, NOVEMBER + timedelta(days=29))
    with transaction():
        operations.post(world.org, "x", "next", lines, date(2026, 12, 1))
    assert list(faults()) == []


@pytest.mark.postgres
def test_postgresql_refuses_it_as_well(pg_app: Flask) -> None:
    with pg_app.app_context():
        test_a_closed_month_takes_no_entry_whoever_writes_it(pg_app)


def test_what_was_weighed_in_a_closed_month_counts_for_the_next_and_says_why(ctx: Flask) -> None:
    world = a_month()
    closed(world)
    with clock.use(IN_DECEMBER):
        slip = weighed(world.producers[0], advance_vnd=1_000, weighed_at=NOW + timedelta(days=3))
        again = db.session.query(Entry).filter_by(key=f"advance:{slip.id}").one()
    assert (slip.weighed_on, again.on) == (date(2026, 11, 25), date(2026, 12, 1))
    assert "25/11/2026" in again.note and "khoá" in again.note
    assert list(faults()) == []


def test_a_carriers_late_list_counts_for_the_next_month(ctx: Flask) -> None:
    world = a_world()
    order = shipped(world.bought(1, "cod"))
    closed(world)
    with clock.use(IN_DECEMBER), transaction():
        made = remit_cod(treasurer(world), "the-list-key", [order.id], carrier="Bưu điện",  # type: ignore[arg-type]
                         received_on=date(2026, 11, 30))  # fmt: skip
        entry = db.session.query(Entry).filter_by(key=f"remittance:{made.id}").one()
    assert (made.received_on, entry.on) == (date(2026, 11, 30), date(2026, 12, 1))
    assert "30/11/2026" in entry.note


def test_a_payout_that_the_bank_returned_in_a_closed_month_counts_for_the_next(ctx: Flask) -> None:
    world = a_world()
    delivered(world.bought(2))
    paid = paid_out(world.producers[0], 5_000, "bank").id
    closed(world)
    day = date(2026, 11, 30)
    for _again in range(2):
        with clock.use(IN_DECEMBER), transaction():
            take_return(treasurer(world), paid, "sai số tài khoản", day)  # type: ignore[arg-type]
    entry = db.session.query(Entry).filter_by(key=returned_key(paid)).one()
    assert entry.on == date(2026, 12, 1)
    assert "sai số tài khoản" in entry.note and "30/11/2026" in entry.note and "khoá" in entry.note
    assert list(faults()) == []


def test_money_that_a_collector_took_in_a_closed_month_counts_for_the_next_in_each_book(ctx: Flask) -> None:
    world = a_world()
    order = world.bought(1)
    with transaction():
        desk = open_collector("Bên thu hộ").id
    part = Part(order.id, world.coop.id, world.org, 65_000)
    closed(world)
    for _again in range(2):
        with clock.use(IN_DECEMBER), transaction():
            collect(desk, "stripe", [part], ref="late:1", on=date(2026, 11, 30))
    here, there = (
        db.session.query(Entry).filter_by(ledger_id=ledger_id(own), kind="collected").one()
        for own in (world.org, desk)
    )
    assert (here.on, there.on) == (date(2026, 12, 1), date(2026, 11, 30))
    assert "30/11/2026" in here.note and there.note == ""
    assert list(faults()) == []


def test_money_told_twice_stays_as_it_was_also_when_its_month_was_closed_between(ctx: Flask) -> None:
    world = a_world()
    order = world.bought(1)
    with transaction():
        desk = open_collector("Bên thu hộ").id
    part, day = Part(order.id, world.coop.id, world.org, 65_000), clock.today()
    with transaction():
        collect(desk, "stripe", [part], ref="twice:1", on=day)
    closed(world)
    with clock.use(IN_DECEMBER), transaction():
        assert collect(desk, "stripe", [part], ref="twice:1", on=day).again
    assert db.session.query(Entry).filter_by(ledger_id=ledger_id(world.org), kind="collected").one().on == day


def test_a_month_is_closed_from_its_fourth_day_after_and_once(ctx: Flask) -> None:
    world = a_month()
    who = treasurer(world)
    with clock.use(IN_DECEMBER - timedelta(days=1)), pytest.raises(Invalid), transaction():
        close_month(who, NOVEMBER)  # type: ignore[arg-type]
    assert closed(world, who) == closed(world, who)
    with clock.use(IN_DECEMBER), pytest.raises(Conflict), transaction():
        close_month(who, date(2026, 10, 5))  # type: ignore[arg-type]
    assert [one.turn for one in queries.closings(ledger_id(world.org) or 0)] == [1]


def test_only_a_second_person_opens_it_again_and_both_leave_an_audit_line(ctx: Flask) -> None:
    world = a_month()
    first, second = treasurer(world), actor_for(Role.MANAGER, organisation_id=world.org)
    close_id = closed(world, first)
    with pytest.raises(Conflict), transaction():
        agree_to_reopen(second, close_id)
    with transaction():
        ask_to_reopen(first, close_id, "ghi thiếu tiền gửi hàng")  # type: ignore[arg-type]
    assert queries.closed_until(ledger_id(world.org) or 0) == date(2026, 11, 30)
    with pytest.raises(NotAllowed), transaction():
        agree_to_reopen(first, close_id)  # type: ignore[arg-type]
    with transaction():
        agree_to_reopen(second, close_id)
    assert queries.closed_until(ledger_id(world.org) or 0) is None
    said = {row.verb for row in db.session.query(AuditLine).filter_by(subject=f"month_close:{close_id}")}
    assert said == {"close_month", "ask_to_reopen_month", "reopen_month"}
    opened(world.coop, bank_vnd=3)  # November again
    assert closed(world) != close_id
    assert [one.turn for one in queries.closings(ledger_id(world.org) or 0, NOVEMBER)] == [2, 1]
    assert list(faults()) == []


def test_another_cooperatives_month_is_answered_like_none(ctx: Flask) -> None:
    world, other = a_month(), a_month()
    close_id = closed(world)
    for verb in (
        lambda who: ask_to_reopen(who, close_id, "muốn sửa số"),
        lambda who: agree_to_reopen(who, close_id),
    ):
        with pytest.raises(NotFound), transaction():
            verb(treasurer(other))


def test_verify_says_when_a_closed_month_no_longer_adds_up(ctx: Flask) -> None:
    world = a_month()
    close_id = closed(world)
    with transaction():
        db.session.execute(text("DROP TRIGGER month_figure_no_update"))
        db.session.execute(
            text(f"UPDATE month_figure SET balance_vnd = 1 WHERE kind = 'cash' AND close_id = {close_id}")
        )
    assert any("was closed with cash at 1" in one for one in faults())


def test_an_entry_slipped_under_the_lock_is_found(ctx: Flask) -> None:
    world = a_month()
    closed(world)
    with transaction():
        db.session.execute(text("DROP TRIGGER entry_month_open"))
    opened(world.coop, bank_vnd=7)
    assert any("was closed over" in one for one in faults())


@pytest.mark.parametrize("skew", [timedelta(days=-2), timedelta(days=2)])
def test_a_clock_two_days_off_meets_no_closed_month(ctx: Flask, skew: timedelta) -> None:
    world = a_month()
    closed(world)
    with clock.use(IN_DECEMBER + skew):
        opened(world.coop, bank_vnd=5)
    assert list(faults()) == []


def test_days_of_months() -> None:
    assert (last_day(date(2026, 12, 1)), month_before(date(2026, 1, 15))) == (
        date(2026, 12, 31),
        date(2025, 12, 1),
    )
    assert closable_from(date(2026, 12, 9)) == date(2027, 1, 4)
    assert open_day(date(2026, 11, 30), None) == date(2026, 11, 30)
    assert open_day(date(2026, 12, 1), date(2026, 11, 30)) == date(2026, 12, 1)
