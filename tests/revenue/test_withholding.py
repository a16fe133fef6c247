"""Tax kept back from households: dated rules, thresholds by seller and calendar year, refunds, moves, the report."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from accounts.rules import SYSTEM
from cooperatives.operations import set_terms
from cooperatives.rules import Terms
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid
from households.models import Household
from households.operations import move_person
from orders.queries import lines as order_lines
from revenue import queries
from revenue.audit.queries import faults
from revenue.models import Posting
from revenue.rules import AccountKind
from revenue.tax import operations, rules
from revenue.tax import queries as tax
from tests.conftest import NOW
from tests.factories.accounts import sign_in
from tests.factories.cooperatives import create_producer, manager_of, treasurer_of
from tests.factories.households import create_household
from tests.factories.payments import shipped
from tests.factories.revenue import delivered, opened, refunded, weighed
from tests.factories.traceability import create_lot
from tests.households.test_views import token
from tests.queries import count_queries
from tests.revenue.stories import World, a_world

THIS = rules.Rule(
    "test-2026", "goods", date(2026, 1, 1), date(2026, 12, 31),
    (rules.Levy("vat", 100), rules.Levy("pit", 50, 60_000)), "a test", rules.UNVERIFIED,
)  # fmt: skip
NEXT = rules.Rule(
    "test-2027", "goods", date(2027, 1, 1), None,
    (rules.Levy("vat", 200), rules.Levy("pit", 50, 60_000)), "a test", rules.UNVERIFIED,
)  # fmt: skip


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules whose threshold an order can cross: 60,000 đ a year."""
    monkeypatch.setattr(tax, "dated_rules", lambda: (THIS, NEXT))


def taxed_world(grams: tuple[int, ...] = (40_000,), **more: Any) -> World:
    """Terms of 60 / 30 / 10 that keep tax back; every pack brings the families 39,000 đ."""
    world = a_world(grams=grams, **more)
    manager = manager_of(world.coop)
    with transaction():
        set_terms(manager, Terms(clock.today(), 6000, 3000, 1000, withholds_tax=True))
    return world


def kept(world: World) -> dict[str, int]:
    return {one: -world.of(AccountKind.TAXES_WITHHELD, one) for one in tax.TAXES}


# ---- the arithmetic ----


@given(st.lists(st.integers(1, 5_000_000), max_size=12), st.integers(0, 10_000), st.integers(0, 20_000_000))
def test_the_parts_of_a_year_add_up_to_the_tax_on_its_sum(sales: list[int], rate: int, exempt: int) -> None:
    rule = rules.Rule("x", "goods", date.min, None, (rules.Levy("pit", rate, exempt),), "s", rules.UNVERIFIED)
    before, sum_kept = 0, 0
    for amount in sales:
        part = rules.withheld(before, amount, rule)
        assert all(0 < one <= amount for one in part.values())
        before, sum_kept = before + amount, sum_kept + part.get("pit", 0)
    assert sum_kept == rules.due(before, rule)["pit"]


def test_the_rows_that_ship_name_their_source_and_whether_it_was_read() -> None:
    found = tax.dated_rules()
    assert {one.state for one in found} <= set(rules.STATES) and all(one.source for one in found)
    assert rules.rule_on(found, "goods", date(2026, 6, 30)).id == "vn-117-2025-goods"  # type: ignore[union-attr]
    assert rules.rule_on(found, "goods", date(2026, 7, 1)).id == "vn-252-2026-goods"  # type: ignore[union-attr]
    assert rules.rule_on(found, "goods", date(2025, 6, 30)) is None, "nothing is known before"
    assert all(one.state != rules.READ for one in found if "252" in one.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "sure"}, {"source": ""}, {"levies": [{"tax": "vat", "rate_bp": 10_001}]},
        {"levies": [{"tax": "vat", "rate_bp": 1, "exempt_vnd": -1}]}, {"from_on": "tomorrow"},
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_named(wrong: dict[str, Any]) -> None:
    row = {
        "id": "x",
        "activity": "goods",
        "from_on": "2026-01-01",
        "levies": [],
        "source": "s",
        "state": "read",
    }
    assert rules.parse([row])[0].to_on is None
    with pytest.raises(ValueError, match="tax rule x"):
        rules.parse([row | wrong])
    with pytest.raises(ValueError, match="same day"):
        rules.parse([row, row | {"id": "y"}])


def test_the_layout_that_ships_is_a_marked_example_and_a_later_one_replaces_it() -> None:
    (ours,) = tax.layouts()
    assert ours.example and ours.state == rules.UNVERIFIED
    row = {"id": "x", "kind": "year_report", "from_on": "2026-07-01", "source": "s", "state": "read",
           "columns": [{"heading": "Nhà bán", "field": "name"}]}  # fmt: skip
    both = (ours, *rules.parse_layouts([row]))
    assert rules.layout_on(both, "year_report", date(2026, 6, 30)) is ours
    assert getattr(rules.layout_on(both, "year_report", date(2026, 7, 1)), "id", "") == "x"
    assert rules.layout_on(both, "declaration", date(2026, 7, 1)) is None
    with pytest.raises(ValueError, match="layout x"):
        rules.parse_layouts([row | {"columns": [{"heading": "Mã", "field": "official_code"}]}])


# ---- in the book ----


def test_nothing_is_kept_back_unless_the_terms_say_so(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    delivered(world.bought(2))
    assert kept(world) == {"vat": 0, "pit": 0}


def test_tax_is_kept_back_of_the_share_and_the_household_is_owed_the_rest(ctx: Flask, small: None) -> None:
    world = taxed_world()
    delivered(world.bought(1))
    assert kept(world) == {"vat": 390, "pit": 0}
    assert world.owed(world.producers[0]) == 39_000 - 390
    assert {one.rule for one in db.session.query(Posting).filter(Posting.rule.like("tax:%"))} == {
        "tax:test-2026:vat"
    }
    assert list(faults()) == []


def test_an_order_that_crosses_the_threshold_is_taxed_for_what_lies_above_it(ctx: Flask, small: None) -> None:
    world = taxed_world()
    delivered(world.bought(1))
    delivered(world.bought(1))
    assert kept(world) == {"vat": 780, "pit": 90}, "78,000 in all: 0.5 % of the 18,000 above 60,000"
    delivered(world.bought(1))
    assert kept(world) == {"vat": 1_170, "pit": 285}
    assert list(faults()) == []


def test_a_refund_gives_back_its_part_of_the_tax_and_a_whole_refund_all_of_it(
    ctx: Flask, small: None
) -> None:
    world = taxed_world()
    delivered(world.bought(1))
    second = delivered(world.bought(1))
    line = order_lines(second.id)[0].id
    refunded(second, {line: 32_500})
    assert kept(world) == {"vat": 585, "pit": 45}
    refunded(second, {line: 32_500})
    assert kept(world) == {"vat": 390, "pit": 0}
    assert world.owed(world.producers[0]) == 39_000 - 390
    year = tax.year(world.org, 2026)[0]
    assert (year.turnover_vnd, year.kept_vnd) == (39_000, 390)
    assert list(faults()) == []


def test_a_refund_lowers_the_years_turnover_so_that_later_sales_are_taxed_less(
    ctx: Flask, small: None
) -> None:
    world = taxed_world()
    first = delivered(world.bought(1))
    refunded(first, {order_lines(first.id)[0].id: 65_000})
    delivered(world.bought(1))
    assert kept(world)["pit"] == 0
    assert list(faults()) == []


def test_two_members_of_one_household_share_one_threshold(ctx: Flask, small: None) -> None:
    world = taxed_world(grams=(40_000,))
    home = db.session.get_one(Household, world.slips[0].household_id)
    sister = create_producer(world.coop, "Lý Thị Em", household=home)
    slip = weighed(sister)
    lot = create_lot(world.coop, world.pack, 5, slips=[slip])
    delivered(world.bought(1))
    with transaction():
        db.session.execute(text("UPDATE stock SET on_hand = 0 WHERE lot_id <> :lot"), {"lot": lot.id})
    delivered(world.bought(1))
    found = tax.year(world.org, 2026)
    assert [one.turnover_vnd for one in found] == [78_000]
    assert kept(world)["pit"] == 90, "78,000 together"


def test_a_producer_who_moves_sells_for_the_household_of_the_slips_day(ctx: Flask, small: None) -> None:
    world = taxed_world()
    who, other = world.producers[0], create_household(head="Triệu Thị Mẫu")
    person_id, other_id = who.person_id, other.id
    with clock.use(NOW - timedelta(days=2)), transaction():
        move_person(SYSTEM, person_id, other_id, clock.today())
    slip = weighed(who)
    assert slip.household_id == other_id != world.slips[0].household_id
    later = create_lot(world.coop, world.pack, 5, slips=[slip])
    delivered(world.bought(1))
    with transaction():
        db.session.execute(text("UPDATE stock SET on_hand = 0 WHERE lot_id <> :lot"), {"lot": later.id})
    delivered(world.bought(1))
    sold = {one.seller: one.turnover_vnd for one in tax.year(world.org, 2026)}
    assert sold == {f"household:{world.slips[0].household_id}": 39_000, f"household:{other_id}": 39_000}
    assert kept(world)["pit"] == 0, "neither household is above the threshold"
    assert list(faults()) == []


def test_the_year_begins_at_midnight_in_ha_noi(ctx: Flask, small: None) -> None:
    world = taxed_world()
    delivered(world.bought(1))
    ready = [shipped(world.bought(1)), shipped(world.bought(1))]
    with clock.use(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)):
        delivered(ready[0])
    assert kept(world) == {"vat": 780, "pit": 90}, "23:59 on New Year's Eve: still the old year"
    with clock.use(datetime(2026, 12, 31, 17, 1, tzinfo=UTC)):
        delivered(ready[1])
    assert kept(world) == {"vat": 780 + 780, "pit": 90}, (
        "a minute past midnight: the new rate, the threshold anew"
    )
    assert [one.turnover_vnd for one in tax.year(world.org, 2027)] == [39_000]
    assert list(faults()) == []


def test_a_sale_of_last_year_refunded_now_counts_now(ctx: Flask, small: None) -> None:
    world = taxed_world()
    sold = delivered(world.bought(1))
    with clock.use(datetime(2027, 1, 5, 3, tzinfo=UTC)):
        refunded(sold, {order_lines(sold.id)[0].id: 65_000})
    assert kept(world) == {"vat": 0, "pit": 0}, "what was kept is given back at the rate it was kept at"
    assert [one.turnover_vnd for one in tax.year(world.org, 2026)] == [39_000]
    assert [one.turnover_vnd for one in tax.year(world.org, 2027)] == [-39_000]
    assert list(faults()) == []


def test_tax_is_kept_before_an_advance_is_settled_and_the_statement_adds_up(ctx: Flask, small: None) -> None:
    world = taxed_world(advances=(30_000,))
    delivered(world.bought(1))
    seen = queries.statement(world.org, world.producers[0].id)
    assert (seen.earned_vnd, seen.withheld_vnd, seen.advanced_vnd, seen.owed_vnd) == (
        38_610,
        390,
        30_000,
        8_610,
    )
    assert seen.owed_vnd == seen.earned_vnd - seen.advanced_vnd + seen.open_advance_vnd, "earned is after tax"


def test_verify_finds_tax_that_is_not_what_the_year_gives(ctx: Flask, small: None, monkeypatch: Any) -> None:
    world = taxed_world()
    delivered(world.bought(1))
    assert list(tax.faults()) == []
    dearer = rules.Rule(
        "test-2026", "goods", THIS.from_on, None, (rules.Levy("vat", 500),), "s", rules.UNVERIFIED
    )
    monkeypatch.setattr(tax, "dated_rules", lambda: (dearer,))
    (found,) = tax.faults()
    assert "taxed {'vat': 390}, the year gives {'vat': 1950}" in found


def test_what_was_kept_is_paid_over_once_and_never_more(ctx: Flask, small: None) -> None:
    world = taxed_world()
    opened(world.coop, bank_vnd=1_000_000)
    delivered(world.bought(1))
    treasurer = treasurer_of(world.coop)
    with transaction():
        operations.pay_tax(treasurer, "vat", 300, "paid-1", "GNT 1")
        operations.pay_tax(treasurer, "vat", 300, "paid-1")
    assert kept(world)["vat"] == 90
    with pytest.raises(Invalid), transaction():
        operations.pay_tax(treasurer, "vat", 91, "paid-2")
    with pytest.raises(Conflict), transaction():
        operations.pay_tax(treasurer, "vat", 5, "paid-1")
    assert list(faults()) == []


def test_tax_refunded_after_it_was_paid_over_is_netted_from_the_next(ctx: Flask, small: None) -> None:
    world = taxed_world()
    opened(world.coop, bank_vnd=1_000_000)
    bought, treasurer = delivered(world.bought(1)), treasurer_of(world.coop)
    with transaction():
        operations.pay_tax(treasurer, "vat", 390, "paid-all-1")
    refunded(bought, {order_lines(bought.id)[0].id: 65_000})
    assert kept(world)["vat"] == -390
    delivered(world.bought(1))
    assert kept(world)["vat"] == 0
    assert list(faults()) == []


# ---- pages and paper ----


def test_the_years_page_paper_and_workbook_say_that_nothing_of_it_is_verified(
    app: Flask, client: FlaskClient, small: None
) -> None:
    with app.app_context():
        world = taxed_world()
        delivered(world.bought(2))
        treasurer, home = treasurer_of(world.coop), world.slips[0].household_id
    sign_in(client, treasurer)
    page = client.get("/manage/money/tax/2026").get_data(as_text=True)
    assert "78.000" in page and "vượt ngưỡng" in page and "Chưa kiểm chứng" in page and "test-2026" in page
    paper = client.get(f"/manage/money/tax/2026/household/{home}").get_data(as_text=True)
    assert paper.count("chưa kiểm chứng</text>") == 2 and "780" in paper
    book = openpyxl.load_workbook(BytesIO(client.get("/manage/money/tax/2026/report.xlsx").data))
    for sheet in book:
        assert sheet["A1"].value == "CHƯA KIỂM CHỨNG" and sheet.oddHeader.center.text == "CHƯA KIỂM CHỨNG"
    assert [row[1] for row in book.worksheets[0].values][5] == 78_000
    assert client.get("/manage/money/tax/2030").status_code == 404
    assert client.get("/manage/money/tax/2026/household/999999").status_code == 404


def test_the_treasurer_enters_what_was_paid_over(app: Flask, client: FlaskClient, small: None) -> None:
    with app.app_context():
        world = taxed_world()
        opened(world.coop, bank_vnd=1_000_000)
        delivered(world.bought(1))
        treasurer = treasurer_of(world.coop)
    sign_in(client, treasurer)
    path = "/manage/money/tax/pay"
    body = token(client, path) | {
        "key": "pay-tax-form-1",
        "tax": "vat",
        "amount_vnd": "390",
        "reference": "GNT 7",
    }
    assert client.post(path, data=body | {"amount_vnd": "391"}).status_code == 422
    assert client.post(path, data=body).status_code == 302
    assert client.post(path, data=body).status_code == 302, "a second tap is the same payment"


@pytest.mark.parametrize("grams", [(40_000,), (5_000,) * 5])
def test_the_year_takes_as_many_questions_for_many_sellers_as_for_one(
    ctx: Flask, small: None, grams: tuple[int, ...]
) -> None:
    world = taxed_world(grams=grams)
    delivered(world.bought(1))
    with count_queries(ctx) as counted:
        assert len(tax.year(world.org, 2026)) == len(grams)
    assert counted.count == 5
