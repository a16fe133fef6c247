"""Marks, cloths and charts as numbers."""

from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core.charts import plot, short, ticks, widths
from core.stitch import FEWEST, MOST, matrix_path, stitch_mark, stitch_path, weave_spans


@given(st.text(max_size=40))
def test_a_mark_is_eightfold_symmetric_and_neither_dust_nor_block(key: str) -> None:
    cells = set(stitch_mark(key))
    assert {(8 - x, y) for x, y in cells} == cells
    assert {(y, x) for x, y in cells} == cells
    assert FEWEST <= len(cells) <= MOST


def test_a_household_keeps_its_mark_and_neighbours_differ() -> None:
    assert stitch_mark("k1") == stitch_mark("k1")
    assert len({stitch_path(f"household {n}") for n in range(200)}) >= 195


def test_a_path_draws_neighbouring_cells_as_one_run() -> None:
    assert matrix_path([[1, 1, 0], [0, 0, 1]]) == "M0 0h2v1h-2zM2 1h1v1h-1z"


@given(st.lists(st.integers(0, 10**12), max_size=8))
def test_the_shares_of_a_cloth_fill_it_without_gaps(amounts: list[int]) -> None:
    spans = weave_spans(amounts)
    assert len(spans) == len(amounts)
    if sum(amounts):
        assert round(sum(width for _start, width in spans), 6) == 100
    assert all(width >= 0 for _start, width in spans)


def test_a_negative_share_is_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        weave_spans([5, -1])


@given(st.integers(0, 10**13))
def test_ticks_reach_the_largest_value_in_few_round_steps(most: int) -> None:
    marks = ticks(most)
    assert marks[0] == 0 and marks[-1] >= most and 2 <= len(marks) <= 6


@pytest.mark.parametrize(
    ("value", "text"), [(950, "950"), (12_000, "12k"), (3_400_000, "3,4tr"), (1_200_000_000, "1,2tỷ")]
)
def test_an_axis_says_large_sums_shortly(app: Flask, value: int, text: str) -> None:
    with app.test_request_context("/"):
        assert short(value) == text


def test_bars_are_measured_against_the_longest() -> None:
    assert widths([10, 5, 0]) == [100, 50, 0]
    assert widths([0, 0]) == [0, 0]


def test_a_plot_stays_inside_its_frame_and_names_do_not_touch(app: Flask) -> None:
    names = [f"{month:02}/2026" for month in range(1, 13)]
    with app.test_request_context("/"):
        drawn = plot(names, [[0] * 11 + [5], [1] * 12])
    shown = [x for x, _name in drawn.names]
    assert drawn.names[-1][1] == "12/2026"
    assert min(b - a for a, b in pairwise(shown)) >= 64
    assert all(drawn.left <= line.x <= drawn.right for line in drawn.lines)


def test_a_single_point_can_be_plotted(app: Flask) -> None:
    with app.test_request_context("/"):
        assert plot(["T1"], [[3]]).lines[0].path.startswith("M")
