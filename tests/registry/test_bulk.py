"""Scoring a file: the SELECT says what the one-by-one scorer says, row by row."""

import json
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from flask import Flask

from registry.bulk.rules import columns_of, select_of
from registry.bulk.scoring import CannotScore, rescore
from registry.cli import registry
from registry.questions import BY_ID, DUNNO, QUESTIONS
from registry.rules import Area, score
from registry.standards.files import shipped

NOW, NEXT = shipped().values()


def households(count: int) -> list[dict[str, Any]]:
    """Answers of every kind, gaps among them."""
    random = Random(20261122)
    table = NOW.b1_table
    assert table is not None
    made = []
    for number in range(count):
        row: dict[str, Any] = {"household": number, "urban": random.random() < 0.3}
        row["region"] = random.choice(table.columns[:-1])
        for one in QUESTIONS:
            if random.random() < 0.05:
                row[one.id] = None if one.kind == "number" or random.random() < 0.5 else DUNNO
            elif one.kind == "number":
                row[one.id] = random.randint(one.low, min(one.high, 12 if one.id != "area" else 200))
            else:
                row[one.id] = random.choice([value for value, _label in one.options])
        made.append(row)
    return made


def csv(file: Path, rows: list[dict[str, Any]]) -> Path:
    lines = [",".join(rows[0])]
    lines += [",".join("" if one is None else str(one) for one in row.values()) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_file_needs_a_column_for_each_question_that_is_used() -> None:
    assert {*columns_of(NOW)} == {*BY_ID, "region", "urban"} - {"waste"}
    assert "devices" not in columns_of(NEXT) and "region" not in columns_of(NEXT)
    for standard in (NOW, NEXT):
        text = select_of(standard, "answers")
        assert all(f'"{name}"' in text for name in columns_of(standard) if name in BY_ID)


@pytest.mark.parametrize("standard", [NOW, NEXT], ids=lambda one: one.id)
def test_the_file_scorer_equals_the_one_by_one_scorer(tmp_path: Path, standard: Any) -> None:
    rows = households(2_000)
    out = tmp_path / "out.parquet"
    counts = rescore(standard, csv(tmp_path / "in.csv", rows), to=out)
    read = duckdb.sql(f"SELECT outcome, b1_low, b1_high, b2_low, b2_high FROM '{out}' ORDER BY household")
    expected = []
    for row in rows:
        answers = {name: row[name] for name in BY_ID if row[name] is not None}
        one = score(answers, standard, Area(row["region"], row["urban"]))
        expected.append((one.outcome.value, *(one.b1 or (None, None)), *one.b2))
    assert read.fetchall() == expected
    assert counts["households"] == len(rows) == sum(counts["classes"].values())
    assert counts["classes"] == {
        name: sum(one[0] == name for one in expected) for name in ("poor", "near_poor", "none", "unsaid")
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: row.pop("water"), "no column water"),
        (lambda row: row.update(region="atlantis", urban=False), "no region"),
        (lambda row: row.update(urban=None), "no 'urban'"),
        (lambda row: row.update(people="ba"), "Conversion Error"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused(tmp_path: Path, change: Any, said: str) -> None:
    rows = households(5)
    for row in rows:
        change(row)
    with pytest.raises(CannotScore, match=said):
        rescore(NOW, csv(tmp_path / "in.csv", rows))


def test_the_command_prints_one_json_object(app: Flask, tmp_path: Path) -> None:
    runner, file = app.test_cli_runner(), csv(tmp_path / "in.csv", households(3))
    got = runner.invoke(registry, ["rescore", "--standard", "vn-2022-2025", "--from", str(file)])
    assert json.loads(got.stdout)["households"] == 3
    assert runner.invoke(registry, ["rescore", "--standard", "no", "--from", str(file)]).exit_code == 1
