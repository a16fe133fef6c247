"""The worked tables of docs/guide/tax.md, and those of split.md that clauses and bought goods added."""

from datetime import date

import pytest

from cooperatives.terms.rules import Clause
from revenue.dealings.rules import part_of_cost
from revenue.rules import Component
from revenue.split import rules
from revenue.split.rules import Contribution, Goods
from revenue.tax.rules import UNVERIFIED, Levy, Rule, withheld
from tests.revenue import test_split_tables as split_page

GRADES = {"1": 10_000}
EXAMPLE = Rule(
    "example", "goods", date.min, None, (Levy("vat", 100), Levy("pit", 50, 60_000)), "a test", UNVERIFIED
)


def tax_rows(name: str) -> list[list[int]]:
    return split_page.rows(name, split_page.PAGE.with_name("tax.md"))


@pytest.mark.parametrize("row", tax_rows("withheld"))
def test_a_share_is_taxed_for_what_it_adds_to_the_year(row: list[int]) -> None:
    kept = withheld(row[0], row[1], EXAMPLE)
    assert [kept.get("vat", 0), kept.get("pit", 0)] == row[2:]


@pytest.mark.parametrize("row", tax_rows("tax refund"))
def test_a_refund_takes_tax_back_in_proportion(row: list[int]) -> None:
    amount, *rest = row
    back = rules.refund(amount, dict(zip("abc", rest[:3], strict=True)))
    assert [back.get(key, 0) for key in "abc"] == rest[3:]


@pytest.mark.parametrize("row", split_page.rows("clauses"))
def test_clauses_are_paid_out_of_the_processing_part(row: list[int]) -> None:
    amount, platform, fee, fee_kg, labour_kg, labour_hour, grams, made, minutes, *want = row
    clauses = [
        Clause("platform", "rate", rate_bp=platform), Clause("fee", "rate", rate_bp=fee, name="bao bì"),
        Clause("fee", "kg", amount_vnd=fee_kg, name="tem"), Clause("labour", "kg", amount_vnd=labour_kg),
        Clause("labour", "hour", amount_vnd=labour_hour),
    ]  # fmt: skip
    terms = rules.Terms(
        6000, 3000, 1000, GRADES, tuple(one for one in clauses if one.rate_bp or one.amount_vnd)
    )
    goods = Goods(grams, made, {("w", 9, 0): minutes} if minutes else {})
    sums: dict[Component, int] = {}
    for share in rules.split_lot(amount, [Contribution("a", 1, None, 5, "1")], terms, goods):
        sums[share.component] = sums.get(share.component, 0) + share.amount_vnd
    assert sums[Component.PRODUCERS] == pytest.approx(amount * 6 / 10, abs=1)
    found = (Component.PLATFORM, Component.FEE, Component.LABOUR, Component.PROCESSING)
    assert [sums.get(one, 0) for one in found] == want


@pytest.mark.parametrize("row", split_page.rows("funds"))
def test_named_funds_share_the_fund_part(row: list[int]) -> None:
    amount, fund_bp, development, reserve, *want = row
    terms = rules.Terms(6000, 4000 - fund_bp, fund_bp, GRADES, (
        Clause("fund", "rate", rate_bp=development, name="development"),
        Clause("fund", "rate", rate_bp=reserve, name="reserve"),
    ))  # fmt: skip
    found = {one.rule: one.amount_vnd for one in rules.split_lot(amount, [], terms)}
    assert [found.get(f"fund:{name}", 0) for name in ("development", "reserve")] == want


@pytest.mark.parametrize("row", split_page.rows("outright"))
def test_bought_goods_bring_the_cooperative_what_they_bring(row: list[int]) -> None:
    amount, consigned, bought, *want = row
    given = [
        Contribution("a", 1, None, consigned, "1"),
        Contribution("b", 2, None, bought, "1", outright=True),
    ]
    sums: dict[Component, int] = {}
    for share in rules.split_lot(amount, given, rules.Terms(6000, 3000, 1000, GRADES)):
        sums[share.component] = sums.get(share.component, 0) + share.amount_vnd
    found = (Component.PRODUCERS, Component.PROCESSING, Component.FUND, Component.OUTRIGHT)
    assert [sums.get(one, 0) for one in found] == want


@pytest.mark.parametrize("row", split_page.rows("cost"))
def test_the_sold_part_of_a_bought_lot_leaves_at_its_cost(row: list[int]) -> None:
    assert part_of_cost(*row[:3]) == row[3]
