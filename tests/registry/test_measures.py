"""Multidimensional measures: published worked examples, and what must always hold."""

import json
import os
import subprocess
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core.lines import Refused
from registry.cli import registry
from registry.measures.rules import measure, measure_line
from tests.factories.registry import submitted_review

# Alkire and others, Multidimensional Poverty Measurement and Analysis (2015), box 5.5: four persons, four indicators
# of one weight each, cut-off two. Read there: the scores 0, 1/2, 1, 1/4 of one society and 0, 1/2, 1/2, 1/2 of another,
# who of them is poor, and that their M0 is the same while H and A differ. Which indicators make up the scores of the
# first was not read but recalled (as the illustration of Alkire and Foster, 2011); the tests work each number by hand.
TEXTBOOK = [(0, 0, 0, 0), (0, 1, 0, 1), (1, 1, 1, 1), (0, 1, 0, 0)]
SAME_M0 = [
    (0, 0, 0, 0),
    (0, 1, 0, 1),
    (1, 0, 1, 0),
    (0, 1, 1, 0),
]  # any indicators of these scores
# UNDP, technical note of the global MPI (the Human Development Reports' own example of four households of 4, 7, 5 and 4
# persons; two indicators of health and two of education weigh 1/6 each, six of living standards 1/18 each (here 3 and 1
# of 18); poor from a third). Read in a copy that was set as homework
# (askfilo.com, "Calculate the MPI based on the following information"): sizes but one, and whole rows of malnutrition,
# deaths, electricity, water, sanitation, floor and fuel. Not legible there: schooling, enrolment, assets. These follow
# from the published scores 22.2, 72.2, 38.9 and 50.0 per cent, which are recalled, as are H 0.800, A 0.5625, MPI 0.450;
# which of the two schooling indicators the fourth lacks changes neither.
GLOBAL = [  # malnutrition, deaths, schooling, enrolment; electricity, water, sanitation, floor, fuel, assets
    (0, 1, 0, 0, 0, 0, 0, 0, 1, 0),
    (0, 1, 1, 1, 1, 0, 1, 0, 1, 1),
    (1, 0, 0, 0, 1, 1, 1, 0, 1, 0),
    (0, 1, 1, 0, 1, 0, 0, 0, 1, 1),
]
WEIGHTS, SIZES = [3, 3, 3, 3, 1, 1, 1, 1, 1, 1], [4, 7, 5, 4]


def test_the_textbook_example() -> None:
    """By hand: of four the scores are 0, 2, 4 and 1; two persons reach 2, so H = 2/4 and A = (2/4 + 4/4) / 2 = 3/4.

    M0 = 2/4 · 3/4 = 3/8 = (2 + 4) / 16. Of the six lacks of the poor, 1, 2, 1 and 2 are of each indicator.
    """
    found = measure(TEXTBOOK, [1] * 4, [1] * 4, 2)
    assert (found.h, found.a, found.m0) == (Fraction(1, 2), Fraction(3, 4), Fraction(3, 8))
    assert found.censored == (Fraction(1, 4), Fraction(1, 2), Fraction(1, 4), Fraction(1, 2))
    assert found.uncensored[1] == Fraction(3, 4)
    assert found.contributions == (Fraction(1, 6), Fraction(1, 3), Fraction(1, 6), Fraction(1, 3))


def test_two_societies_of_one_m0_differ_in_how_many_and_how_deep() -> None:
    """By hand: in the other three persons have 2 of 4, so H = 3/4, A = 1/2, and M0 = 6/16 again."""
    one, two = (measure(rows, [1] * 4, [1] * 4, 2) for rows in (TEXTBOOK, SAME_M0))
    assert one.m0 == two.m0 == Fraction(3, 8)
    assert (two.h, two.a) == (Fraction(3, 4), Fraction(1, 2)) and (one.h, one.a) == (two.a, two.h)


@pytest.mark.parametrize(
    ("cutoff", "h", "m0"), [(1, Fraction(3, 4), Fraction(7, 16)), (4, Fraction(1, 4), Fraction(1, 4))]
)
def test_the_textbook_example_by_union_and_by_intersection(cutoff: int, h: Fraction, m0: Fraction) -> None:
    found = measure(TEXTBOOK, [1] * 4, [1] * 4, cutoff)
    assert (found.h, found.m0) == (h, m0)


def test_the_example_of_the_global_index() -> None:
    """By hand, in eighteenths: 3+1 = 4, 3+3+3+1+1+1+1 = 13, 3+1+1+1+1 = 7, 3+3+1+1+1 = 9; poor from 6.

    The last three are: 7 + 5 + 4 of 20 persons, H = 0.8; A = (13·7 + 7·5 + 9·4) / (18·16) = 162/288 = 0.5625;
    M0 = 162 / (18·20) = 0.45.
    """
    found = measure(GLOBAL, SIZES, WEIGHTS, 6)
    assert (found.persons, found.poor, found.h) == (20, 16, Fraction(4, 5))
    assert round(float(found.a or 0), 4) == 0.5625 and round(float(found.m0 or 0), 3) == 0.450


def test_the_same_rows_give_what_mpitb_gives() -> None:
    """Said by `mpitb` 0.2, run beside this over a file of these rows: unweighted, and weighted by persons."""
    alone = measure(GLOBAL, [1] * 4, WEIGHTS, 6)
    assert [float(one or 0) for one in (alone.h, alone.a, alone.m0)] == pytest.approx(
        [0.75, 0.5370370370370371, 0.4027777777777778]
    )
    censored = [0.25, 0.5, 0.5, 0.25, 0.75, 0.25, 0.5, 0.0, 0.75, 0.5]
    assert [float(one or 0) for one in alone.censored] == censored
    parts = [
        0.10344827586206895,
        0.2068965517241379,
        0.2068965517241379,
        0.10344827586206895,
        0.10344827586206895,
    ]
    assert [float(one or 0) for one in alone.contributions[:5]] == pytest.approx(parts)
    uncensored = [0.25, 0.75, 0.5, 0.25, 0.75, 0.25, 0.5, 0.0, 1.0, 0.5]
    assert [float(one or 0) for one in alone.uncensored] == uncensored
    persons = measure(GLOBAL, SIZES, WEIGHTS, 6)
    assert [float(one or 0) for one in (persons.h, persons.a, persons.m0)] == pytest.approx(
        [0.8, 0.5625, 0.45]
    )
    censored = [0.25, 0.55, 0.55, 0.35, 0.8, 0.25, 0.6, 0.0, 0.8, 0.55]
    assert [float(one or 0) for one in persons.censored] == pytest.approx(censored)


def test_mpitb_run_beside_over_a_file_gives_the_same(tmp_path: Path) -> None:
    """MPITB_PYTHON: a Python that has PyPI `mpitb` 0.2. It is GPL, so nothing here installs or imports it."""
    python = os.environ.get("MPITB_PYTHON")
    if not python:
        pytest.skip(
            "MPITB_PYTHON names no Python with mpitb (GPL: run as a program of its own, where there is one)"
        )
    random, file = Random(20261122), tmp_path / "rows.csv"
    rows = [[int(random.random() < 0.35) for _n in range(10)] for _m in range(60)]
    sizes = [random.randint(1, 9) for _m in rows]
    lines = [
        "a,b,c,d,e,f,g,h,i,j,size",
        *(f"{','.join(map(str, row))},{n}" for row, n in zip(rows, sizes, strict=True)),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    program = Path(__file__).with_name("mpitb_run.py")
    said = subprocess.run(
        [python, program, file, "ab/cd/efghij", "33"], capture_output=True, text=True, check=True
    )
    theirs = {(what, name): number for what, name, number in json.loads(said.stdout)}
    ours = measure(rows, sizes, WEIGHTS, 6)
    for name, value in (("H", ours.h), ("A", ours.a), ("M0", ours.m0)):
        assert theirs[name, ""] == pytest.approx(float(value or 0))
    for place, name in enumerate("abcdefghij"):
        for what, every in (("hd", ours.uncensored), ("hdk", ours.censored), ("pctb", ours.contributions)):
            assert theirs[what, name] == pytest.approx(float(every[place] or 0)), (what, name)


def test_the_twelve_indicators_of_the_form_worked_by_hand() -> None:
    """Three households of 5, 3 and 2 persons with 4, 3 and 2 lacks of 12, poor from three: H 8/10, M0 29/120."""
    rows = [[1] * 4 + [0] * 8, [1] * 3 + [0] * 9, [1] * 2 + [0] * 10]
    found = measure(rows, [5, 3, 2], [1] * 12, 3)
    assert (found.h, found.m0, found.a) == (Fraction(4, 5), Fraction(29, 120), Fraction(29, 96))
    assert found.contributions[0] == Fraction(8, 29) and found.contributions[3] == Fraction(5, 29)


@given(
    st.lists(st.lists(st.integers(0, 1), min_size=5, max_size=5), min_size=1, max_size=30),
    st.integers(1, 9),
    st.data(),
)
def test_m0_is_h_times_a_and_contributions_add_up(rows: list[list[int]], cutoff: int, data: Any) -> None:
    weights = [1, 2, 1, 3, 2]
    sizes = data.draw(st.lists(st.integers(1, 9), min_size=len(rows), max_size=len(rows)))
    found = measure(rows, sizes, weights, cutoff)
    if found.poor:
        assert found.h is not None and found.a is not None and found.m0 == found.h * found.a
        assert sum(one or 0 for one in found.contributions) == 1
    else:
        assert found.a is None and found.m0 == 0 and set(found.contributions) == {None}
    worse = [[1, *row[1:]] for row in rows]
    assert (measure(worse, sizes, weights, cutoff).m0 or 0) >= (found.m0 or 0)


def test_nobody_at_all_gives_no_share() -> None:
    found = measure([(1, 0)], [0], [1, 1], 1)
    assert (found.h, found.a, found.m0) == (None, None, None)


def test_a_line_is_answered_in_decimals_and_fractions() -> None:
    asked = {"rows": TEXTBOOK, "k": 2, "names": ["a", "b", "c", "d"]}
    got = measure_line(json.dumps(asked).encode())
    assert (got["H"], got["A"], got["M0"], got["poor"], got["persons"]) == (0.5, 0.75, 0.375, 2, 4)
    assert got["exact"] == {"H": "1/2", "A": "3/4", "M0": "3/8"} and got["contributions"][
        "b"
    ] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "odd",
    [
        {"rows": []}, {"rows": [[]]}, {"rows": [[0, 1], [1]]}, {"rows": [[2]]}, {"rows": [[True]]}, {"rows": "x"},
        {"k": 0}, {"k": 9}, {"k": None}, {"k": True}, {"weights": [1]}, {"weights": [0, 1]}, {"sizes": [-1]},
        {"names": ["a", "a"]}, {"names": "ab"}, {"names": [["a"], "b"]},
    ],
)  # fmt: skip
def test_an_odd_line_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        measure_line(json.dumps({"rows": [[0, 1]], "k": 1} | odd).encode())


def test_stored_results_are_measured_without_reading_an_answer(app: Flask) -> None:
    with app.app_context():
        submitted_review()
    args = ["measure", "--standard", "vn-2022-2025", "--round", "2026"]
    got = json.loads(app.test_cli_runner().invoke(registry, args).stdout)
    assert (got["persons"], got["poor"], got["H"], got["left_out"]) == (1, 1, 1.0, 0)
    other = json.loads(app.test_cli_runner().invoke(registry, [*args[:-1], "2025"]).stdout)
    assert (other["persons"], other["H"]) == (0, None)
