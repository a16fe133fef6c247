"""Months, medians, and cells that stay hidden."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.rules import (
    LEAST,
    Month,
    hidden,
    is_shown,
    may_print_total,
    median,
    months_until,
    read_month,
    round_to,
    split,
)

COUNTS = st.lists(st.integers(0, 60), max_size=9)
MONTHS = st.builds(Month, st.integers(2000, 2100), st.integers(1, 12))
NOW = Month(2026, 11)


def _could_be(counts: list[int]) -> set[int]:
    """What a reader who knows total, shown cells and that no hidden cell is empty can still believe of a hidden one."""
    gone = hidden(counts)
    known = sum(counts[i] for i in gone)
    others = product(range(1, known + 1), repeat=len(gone) - 1)
    return {known - sum(rest) for rest in others if known > sum(rest)}


def test_nobody_finds_a_small_cell_by_subtraction() -> None:
    rows = [list(row) for size in (1, 2, 3, 4) for row in product((0, 1, 2, 4, 5, 6), repeat=size)]
    for row in filter(may_print_total, rows):
        assert not hidden(row) or _could_be(row) >= set(range(1, LEAST)), row


@given(COUNTS)
def test_every_small_cell_is_hidden_and_no_empty_one(counts: list[int]) -> None:
    gone = hidden(counts)
    assert {i for i, count in enumerate(counts) if 0 < count < LEAST} <= gone
    assert all(counts[i] > 0 for i in gone)


@given(COUNTS)
def test_one_hidden_cell_is_never_alone_beside_its_total(counts: list[int]) -> None:
    assert not (len(hidden(counts)) == 1 and may_print_total(counts))


@given(st.lists(st.integers(LEAST, 500), max_size=9))
def test_where_all_cells_are_large_nothing_is_hidden(counts: list[int]) -> None:
    assert hidden(counts) == frozenset() and may_print_total(counts)


@given(COUNTS)
def test_a_printed_split_adds_up_to_no_more_than_its_total(counts: list[int]) -> None:
    made = split([(str(i), count) for i, count in enumerate(counts)])
    shown = sum(cell.count or 0 for cell in made.cells)
    assert made.total is None or (shown <= made.total and (made.hides or shown == made.total))


def test_a_lone_small_group_takes_its_total_with_it() -> None:
    made = split([("women", 3), ("men", 0)])
    assert made.total is None and made.count("women") is None and made.count("men") == 0


def test_the_smallest_other_cell_hides_a_small_one() -> None:
    assert [cell.count for cell in split([("a", 40), ("b", 2), ("c", 9)]).cells] == [40, None, None]


@pytest.mark.parametrize(("count", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_lone_figure_needs_five(count: int, shown: bool) -> None:
    assert is_shown(count) is shown


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_half_of_the_values_lie_on_each_side_of_the_median(values: list[int]) -> None:
    middle = median(values)
    assert min(values) <= middle <= max(values)
    assert sum(value < middle for value in values) * 2 <= len(values)
    assert sum(value > middle + 1 for value in values) * 2 <= len(values)


@given(st.lists(st.integers(0, 10**9), min_size=1), st.randoms(use_true_random=False))
def test_the_median_does_not_ask_for_order(values: list[int], random: object) -> None:
    mixed = values[:]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert median(mixed) == median(values)


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="at least one"):
        median([])


@given(st.integers(0, 10**12))
def test_rounding_moves_by_half_a_step_at_most(value: int) -> None:
    assert abs(round_to(value, 100_000) - value) <= 50_000 and round_to(value, 100_000) % 100_000 == 0


@given(MONTHS, st.integers(-500, 500))
def test_months_count_there_and_back(month: Month, step: int) -> None:
    assert month.plus(step).plus(-step) == month


@given(MONTHS, st.integers(1, 40))
def test_months_follow_each_other(last: Month, count: int) -> None:
    months = months_until(last, count)
    assert len(months) == count and months[-1] == last
    assert all(one.plus(1) == after for one, after in pairwise(months))


@pytest.mark.parametrize(
    "text", ["", "soon", "2026", "2026-13", "2026-0", "2027-01", "٢٠٢٦-١١", "1999-05", "2026-011"]
)
def test_an_unreadable_or_coming_month_is_this_month(text: str) -> None:
    assert read_month(text, NOW) == NOW


@given(st.text(max_size=12))
def test_any_text_reads_as_a_month_not_later_than_now(text: str) -> None:
    assert read_month(text, NOW) <= NOW


def test_a_month_reads_back_from_its_code() -> None:
    assert read_month(Month(2026, 3).code, NOW) == Month(2026, 3)
