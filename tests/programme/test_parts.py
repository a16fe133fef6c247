"""Sums of sales, groups of people, cohorts, and reasons to call."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calls.rules import Reason, State, matters, urgency
from programme.reach.rules import KINH, MINORITY, UNKNOWN, cohorts, counted, ethnic_group, sex_group
from programme.rules import Month, months_until
from programme.sales.rules import Sale, by_month, csv_cell, matrix, millions, sums, total

TODAY = date(2026, 11, 22)
MONTHS = months_until(Month(2026, 11))
SALES = st.lists(
    st.builds(
        Sale, st.integers(1, 4), st.integers(1, 6), st.sampled_from(MONTHS), st.just("web"),
        st.integers(-10**6, 10**7), st.integers(-10**6, 10**7),
    )
)  # fmt: skip


@given(SALES)
def test_every_way_of_summing_gives_the_same_whole(sales: list[Sale]) -> None:
    whole = total(sales).goods_vnd
    assert sum(one.goods_vnd for one in sums(sales, lambda one: one.product_id).values()) == whole
    assert sum(one.goods_vnd for one in by_month(sales, MONTHS)) == whole
    assert sum(sum(cells) for cells in matrix(sales, MONTHS).values()) == whole


@given(SALES)
def test_who_sold_most_stands_first(sales: list[Sale]) -> None:
    amounts = [one.goods_vnd for one in sums(sales, lambda one: one.cooperative_id).values()]
    assert amounts == sorted(amounts, reverse=True)


def test_a_month_without_sales_is_nothing_not_missing() -> None:
    assert [one.goods_vnd for one in by_month([], MONTHS)] == [0] * 12


@pytest.mark.parametrize(
    ("vnd", "shown"), [(0, 0), (341_260_000, 341.3), (2_000_000, 2), (49_999, 0), (-150_000, -0.2)]
)
def test_millions_have_one_decimal(vnd: int, shown: float) -> None:
    assert millions(vnd) == shown


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_of_a_spreadsheet_is_a_formula(text: str) -> None:
    assert csv_cell(text) == f"'{text}" and csv_cell("Miến dong") == "Miến dong"


@pytest.mark.parametrize(
    ("code", "group"), [("01", KINH), ("09", MINORITY), ("99", UNKNOWN), ("55", UNKNOWN), (None, UNKNOWN)]
)
def test_a_group_is_what_was_declared(code: str | None, group: str) -> None:
    assert ethnic_group(code) == group


def test_a_sex_not_said_is_not_guessed() -> None:
    assert [sex_group(sex) for sex in ("female", "male", None)] == ["women", "men", "unknown"]


def test_groups_are_counted_in_their_order_with_the_empty_ones() -> None:
    made = counted(["men"] * 6 + ["women"] * 9, ("women", "men", "unknown"))
    assert [(cell.name, cell.count) for cell in made.cells] == [("women", 9), ("men", 6), ("unknown", 0)]


JOINED = dict.fromkeys(range(6), 2024) | dict.fromkeys(range(6, 13), 2025)


def test_a_household_without_a_sale_counts_as_nothing_earned() -> None:
    sums_of = {(home, 2026): 1_000_000 for home in range(3)}
    row = cohorts(JOINED, sums_of, (2025, 2026)).rows[0]
    assert (row.joined, row.households, row.medians) == (2024, 6, (0, 500_000))


def test_a_year_before_joining_has_no_median() -> None:
    assert cohorts(JOINED, {}, (2024, 2025)).rows[1].medians == (None, 0)


def test_a_small_cohort_is_hidden_with_another() -> None:
    made = cohorts(JOINED | {99: 2026, 98: 2026}, {(99, 2026): 7_000_000}, (2026,))
    assert [(row.joined, row.households) for row in made.rows] == [(2024, None), (2025, 7), (2026, None)]
    assert made.hides and made.total == 15
    assert made.rows[2].medians == made.rows[0].medians == (None,)


def test_one_small_cohort_alone_hides_its_total_too() -> None:
    made = cohorts({1: 2026, 2: 2026}, {}, (2026,))
    assert made.total is None and made.rows[0].households is None


@given(st.dictionaries(st.integers(0, 60), st.integers(2020, 2026), max_size=60))
def test_no_cohort_under_five_is_ever_printed(joined: dict[int, int]) -> None:
    for row in cohorts(joined, {}, (2026,)).rows:
        assert row.households is None or row.households >= 5
        assert row.households is not None or row.medians == (None,)


def _ago(*days: int) -> tuple[date, ...]:
    return tuple(TODAY - timedelta(days=one) for one in days)


WELL = State(TODAY - timedelta(days=400), TODAY, pieces=(20, 8))


def test_a_cooperative_that_is_well_needs_no_call() -> None:
    assert matters(WELL, TODAY) == ()


@pytest.mark.parametrize(
    ("state", "reason", "count", "days"),
    [
        (State(TODAY, TODAY, waiting_since=_ago(1, 3, 4, 9)), Reason.LATE_ORDERS, 2, 9),
        (State(TODAY, TODAY, ends=_ago(1, 200)), Reason.EXPIRED, 2, 0),
        (State(_ago(90)[0], _ago(30)[0]), Reason.QUIET, 1, 30),
        (State(_ago(45)[0], None), Reason.QUIET, 1, 45),
        (State(TODAY, TODAY, pieces=(0, 0, 9)), Reason.OUT_OF_STOCK, 2, 0),
        (State(TODAY, TODAY, ends=_ago(0, -30, -31)), Reason.EXPIRING, 2, 0),
        (State(TODAY, TODAY, pieces=(1, 7, 8)), Reason.LOW_STOCK, 2, 0),
    ],
)
def test_each_reason_to_call(state: State, reason: Reason, count: int, days: int) -> None:
    (found,) = matters(state, TODAY)
    assert (found.reason, found.count, found.days) == (reason, count, days)


@pytest.mark.parametrize("state", [State(_ago(29)[0], None), State(TODAY, TODAY, waiting_since=_ago(3)),
                                   State(TODAY, TODAY, ends=_ago(-31)), State(TODAY, TODAY, pieces=(8,))])  # fmt: skip
def test_the_day_before_a_limit_is_still_well(state: State) -> None:
    assert matters(state, TODAY) == ()


def test_orders_that_wait_come_before_stock_that_runs_low() -> None:
    late = matters(State(TODAY, TODAY, waiting_since=_ago(5)), TODAY)
    low = matters(State(TODAY, TODAY, pieces=(1,)), TODAY)
    assert urgency(late) < urgency(low) < urgency(())
    assert late[0].is_urgent and not low[0].is_urgent
