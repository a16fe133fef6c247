"""`flask revenue split`: a line in, a line out; sums exact, ties to the smaller key, bad lines refused clearly."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from core.lines import answers
from revenue.sharing.rules import split_line

members = st.dictionaries(st.text(max_size=8), st.integers(0, 10**9), min_size=1, max_size=12)


def asked(**line: object) -> dict:
    return json.loads(next(answers([json.dumps(line).encode()], split_line)))


@given(st.integers(-(10**12), 10**12), members.filter(lambda weights: any(weights.values())))
def test_the_parts_add_up_and_a_negative_amount_is_the_mirror(amount: int, weights: dict[str, int]) -> None:
    parts = asked(amount_vnd=amount, weights=weights)["parts"]
    assert sum(parts.values()) == amount
    assert parts.keys() == weights.keys()
    mirror = asked(amount_vnd=-amount, weights=weights)["parts"]
    assert mirror == {member: -part for member, part in parts.items()}
    whole = sum(weights.values())
    assert all(abs(parts[one] * whole - amount * weights[one]) < whole for one in weights)


def test_equal_remainders_go_to_the_smaller_key_by_code_point() -> None:
    weights = {"đ": 1, "z": 1, "Z": 1, "\U0001f33e": 1, "\uffee": 1}
    parts = asked(amount_vnd=3, weights=weights)["parts"]
    assert [one for one, part in parts.items() if part] == ["Z", "z", "đ"]
    assert list(parts) == sorted(weights)
    assert asked(amount_vnd=4, weights=weights)["parts"]["\uffee"] == 1


def test_one_hundred_over_three_is_34_33_33() -> None:
    assert asked(amount_vnd=100, weights={"c": 1, "a": 1, "b": 1}) == {"parts": {"a": 34, "b": 33, "c": 33}}
    assert asked(amount_vnd=0, weights={"a": 5, "b": 0}) == {"parts": {"a": 0, "b": 0}}


def test_a_number_larger_than_any_column_is_shared_as_exactly() -> None:
    amount = 10**30 + 1
    assert asked(amount_vnd=amount, weights={"a": 10**25, "b": 10**25})["parts"] == {
        "a": 5 * 10**29 + 1,
        "b": 5 * 10**29,
    }
    many = {f"{'m' * 300}{number}": 2**70 + number for number in range(2_000)}
    assert sum(asked(amount_vnd=-amount, weights=many)["parts"].values()) == -amount


REFUSED = {
    b"": "blank",
    b"   \n": "blank",
    b"{": "not JSON",
    b"[1]": "not a JSON object",
    b"\xff\xfe": "not UTF-8",
    b"[" * 60_000: "nested too deeply",
    b'{"amount_vnd": 1}': "weights is missing",
    b'{"weights": {"a": 1}}': "amount_vnd is missing",
    b'{"amount_vnd": 1, "weights": {}}': "no weight is positive",
    b'{"amount_vnd": 1, "weights": {"a": 0}}': "no weight is positive",
    b'{"amount_vnd": 1, "weights": {"a": 2, "b": -1}}': "negative",
    b'{"amount_vnd": 1, "weights": {"a": 1, "a": 2}}': "twice",
    b'{"amount_vnd": 1, "amount_vnd": 2, "weights": {"a": 1}}': "twice",
    b'{"amount_vnd": 1.0, "weights": {"a": 1}}': "no whole number",
    b'{"amount_vnd": 1e3, "weights": {"a": 1}}': "no whole number",
    b'{"amount_vnd": NaN, "weights": {"a": 1}}': "no number",
    b'{"amount_vnd": true, "weights": {"a": 1}}': "amount_vnd is no whole number",
    b'{"amount_vnd": "1", "weights": {"a": 1}}': "amount_vnd is no whole number",
    b'{"amount_vnd": null, "weights": {"a": 1}}': "amount_vnd is no whole number",
    b'{"amount_vnd": 1, "weights": {"a": true}}': "no whole number",
    b'{"amount_vnd": 1, "weights": {"a": {"b": 1}}}': "no whole number",
    b'{"amount_vnd": 1, "weights": [1]}': "no object",
    b'{"amount_vnd": ' + b"9" * 5_000 + b', "weights": {"a": 1}}': "too large",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_shared_is_refused_and_said(line: bytes) -> None:
    said = json.loads(next(answers([line], split_line)))
    assert said["ok"] is False
    assert REFUSED[line] in said["error"]


def test_the_command_needs_no_database_and_answers_every_line(tmp_path: Path) -> None:
    five, back = (b'{"amount_vnd": %d, "weights": {"a": 1, "b": 1}}' % amount for amount in (5, -5))
    lines = b"\n".join([five, b"", b"nonsense", back])
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "revenue", "split"], cwd=ROOT, input=lines,
        env=bare | {"INSTANCE_DIR": str(tmp_path)}, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert said[0] == {"parts": {"a": 3, "b": 2}}
    assert [one["ok"] for one in said[1:3]] == [False, False]
    assert said[3] == {"parts": {"a": -3, "b": -2}}
    assert not list(tmp_path.glob("*.sqlite3"))
