"""A command over a database that lacks its tables says so in one line, with what to do."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import create_app
from app.commands import lack, plainly
from core.db import db
from tests.conftest import settings_for


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose database has no tables."""
    app = create_app(settings_for(tmp_path_factory.mktemp("bare")))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    "command",
    ["payments reconcile", "payments reconcile --provider vnpay", "payments import-statement FILE",
     "payments collector Mẫu 0912345678", "revenue verify", "revenue export --format hledger", "log verify",
     "keys status", "keys rotate"],
)  # fmt: skip
def test_no_tables_is_one_clear_line(bare: Flask, tmp_path: Path, command: str) -> None:
    file = tmp_path / "statement.csv"
    file.write_text("Ngày,Diễn giải,Ghi có\n22/11/2026,CP222222,100000\n", encoding="utf-8")
    said = bare.test_cli_runner().invoke(args=command.replace("FILE", str(file)).split())
    assert said.exit_code == 1
    assert said.output.startswith("Error: the database has no tables")
    assert "flask db upgrade" in said.output
    assert said.output.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    ["trace forward lot:1", "trace balance", "epcis query", "epcis capture --cooperative X /dev/null"],
)
def test_what_answers_in_json_says_so_in_json_and_ends_well(bare: Flask, command: str) -> None:
    said = bare.test_cli_runner().invoke(args=command.split())
    answer = json.loads(said.stdout)
    assert said.exit_code == 0 and not answer["ok"] and "flask db upgrade" in answer["error"]


def test_a_key_that_does_not_fit_is_named(bare: Flask) -> None:
    @click.command()
    def opens() -> None:
        raise InvalidTag

    said = bare.test_cli_runner().invoke(plainly(plainly(opens)))
    assert (said.exit_code, said.output.count("\n")) == (1, 1)
    assert "FIELD_KEY" in said.output


class _Missing(Exception):
    sqlstate = "42P01"


def test_what_is_lacking_is_told_from_our_own_mistakes() -> None:
    asked = "SELECT 1"
    assert "no tables" in lack(ProgrammingError(asked, {}, _Missing("relation does not exist")))
    assert "cannot be opened" in lack(OperationalError(asked, {}, Exception("unable to open database file")))
    assert "cannot be opened" in lack(
        OperationalError(asked, {}, Exception("connection failed: refused\nIs it up?"))
    )
    assert lack(OperationalError(asked, {}, Exception("near SELEC: syntax error"))) == ""
