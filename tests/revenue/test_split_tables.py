"""The worked tables of docs/guide/split.md, run row by row: the table is the test."""

import re
from pathlib import Path

import pytest

from revenue.rules import Component
from revenue.split import rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "split.md"
GRADES = {"1": 10_000, "2": 8_500, "3": 7_000}


def rows(name: str, page: Path = PAGE) -> list[list[int]]:
    """The rows of the table that stands under `<!-- table: name -->`."""
    after = page.read_text(encoding="utf-8").split(f"<!-- table: {name} -->")[1]
    block = re.split(r"\n\n(?!\|)", after.strip())[0]
    return [[int(cell) for cell in line.strip("| ").split("|")] for line in block.splitlines()[2:]]


def terms(producers: int = 6000, processing: int = 3000, fund: int = 1000) -> rules.Terms:
    return rules.Terms(producers, processing, fund, GRADES)


@pytest.mark.parametrize("row", rows("lines"))
def test_what_was_paid_is_divided_over_lines_and_shipping(row: list[int]) -> None:
    paid, one, two, shipping, *parts = row
    divided = rules.over_lines(paid, {1: one, 2: two, 99: shipping})
    assert [divided.get(key, 0) for key in (1, 2, 99)] == parts


@pytest.mark.parametrize("row", rows("lots"))
def test_a_line_is_divided_between_its_packed_lots_first(row: list[int]) -> None:
    amount, *rest = row
    divided = rules.over_lots(amount, dict(zip("abc", rest[:3], strict=True)))  # type: ignore[arg-type]
    assert [divided.get(lot, 0) for lot in "abc"] == rest[3:]  # type: ignore[call-overload]


@pytest.mark.parametrize("row", rows("components"))
def test_a_lots_part_is_divided_over_producers_processing_and_fund(row: list[int]) -> None:
    amount, producers, processing, fund, *parts = row
    divided = rules.over_components(amount, terms(producers, processing, fund))
    assert [divided.get(c, 0) for c in (Component.PRODUCERS, Component.PROCESSING, Component.FUND)] == parts


@pytest.mark.parametrize("row", rows("producers"))
def test_the_producers_part_goes_by_grams_and_grade(row: list[int]) -> None:
    amount, *rest = row
    given = [
        rules.Contribution(key, number, None, rest[2 * number], str(rest[2 * number + 1]))
        for number, key in enumerate("abc")
    ]
    divided = {share.producer_id: share.amount_vnd for share in rules.over_producers(amount, given, terms())}
    assert [divided.get(number, 0) for number in range(3)] == rest[6:]


@pytest.mark.parametrize("row", rows("settle"))
def test_a_share_settles_the_oldest_advance_first(row: list[int]) -> None:
    share, first, second, debt, *want = row
    settled = rules.settle(share, [(1, first), (2, second)], debt)
    gone = dict(settled.advances)
    assert [gone.get(1, 0), gone.get(2, 0), settled.receivable_vnd, settled.payable_vnd] == want


@pytest.mark.parametrize("row", rows("refund"))
def test_a_refund_is_divided_over_what_is_left(row: list[int]) -> None:
    amount, *rest = row
    taken = rules.refund(amount, dict(zip("abc", rest[:3], strict=True)))
    assert [taken.get(key, 0) for key in "abc"] == rest[3:]


@pytest.mark.parametrize("row", rows("take back"))
def test_payable_is_taken_first_and_advances_open_in_the_proportions_first_posted(row: list[int]) -> None:
    amount, payable, owed, first, second, netted, *want = row
    back = rules.take_back(amount, payable, owed, {1: first, 2: second}, netted)
    opened = dict(back.advances)
    assert [back.payable_vnd, back.receivable_vnd, opened.get(1, 0), opened.get(2, 0)] == want


@pytest.mark.parametrize("row", rows("guarantee"))
def test_the_cooperative_adds_what_a_guaranteed_price_lacks(row: list[int]) -> None:
    assert rules.shortfall(row[0], row[1]) == row[2]
