"""Commands that answer line by line ask no database, and answer whatever comes in: a line out for each line in."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from flask import Flask

from core.db import db
from tests.conftest import over

SILENT = "postgresql+psycopg://nobody:nothing@192.0.2.1:5432/nowhere"  # RFC 5737: an address that nobody has
COMMANDS = {
    "registry classify": b'{"standard": "vn-2022-2025", "area": "rural", "b1": 139, "b2": 30}',
    "registry score": b'{"standard": "vn-2022-2025", "area": "urban", "answers": {}}',
    "registry measure": b'{"rows": [[0, 1], [1, 1]], "k": 1}',
    "gs1 check": b"(01)09506000134352",
    "log probe": b'{"leafIdx": 0, "treeSize": 1, "leafHash": "QQ==", "root": "QQ==", "proof": null}',
    "epcis hash": b"{}",
    "payments vietqr decode": b"0002010102",
    "payments vietqr encode": b'{"bin": "970436", "account": "1", "amount_vnd": null, "purpose": null}',
    "revenue split": b'{"amount_vnd": 100, "weights": {"a": 1, "b": 2}}',
}
DEEP = 100_000
HOSTILE = [
    b"", b"  \t ", b"\xff\xfe\x00", b"\xef\xbb\xbf", b"\x00", b"\x1a", b"null", b"[]", b"{}", b'"', b"[" * DEEP,
    b'{"rows":' * DEEP, b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}", b"9" * 5000, b'{"b1": ' + b"9" * 5000 + b"}",
    b'{"standard": "\\ud800", "area": "\\u0000", "b1": 1, "b2": 1}', b"x" * 1_100_000, b'{"x": NaN}', b"a\rb",
    b'{"standard": {}, "area": [], "b1": {}, "b2": []}', b"\xed\xa0\x80", "{\u2028}".encode(),
]  # fmt: skip


@pytest.fixture
def silent(app: Flask) -> Iterator[Flask]:
    """The application over a database that never answers; whoever asks it fails the test."""
    with over(app, SILENT):
        with app.app_context():

            @sa.event.listens_for(db.engine, "do_connect")
            def _(*_words: Any) -> NoReturn:
                raise AssertionError("a connection was tried")

        yield app


@pytest.mark.parametrize("command", COMMANDS)
def test_every_line_is_answered_and_no_connection_tried(silent: Flask, command: str) -> None:
    good = COMMANDS[command]
    lines = [good, good + b"\r", b"\xef\xbb\xbf" + good, *HOSTILE, good]  # the last without its newline
    got = silent.test_cli_runner().invoke(args=command.split(), input=b"\n".join(lines))
    assert got.exit_code == 0, got.exception
    rows = [json.loads(one) for one in got.stdout.splitlines()]
    assert len(rows) == len(lines) and all(isinstance(one, dict) for one in rows)
    assert rows[0] == rows[1] == rows[-1]
    blank = rows[3]
    assert blank["ok"] is False and blank["error"]


def test_nothing_in_is_nothing_out(silent: Flask) -> None:
    for command in COMMANDS:
        got = silent.test_cli_runner().invoke(args=command.split(), input=b"")
        assert (got.exit_code, got.stdout) == (0, "")


def test_commands_without_lines_ask_no_database_either(silent: Flask, tmp_path: Path) -> None:
    listed = silent.test_cli_runner().invoke(args=["registry", "standards", "list"])
    assert json.loads(listed.stdout) == [
        {"id": "vn-2022-2025", "from": "2022-01-01", "to": "2026-12-31", "demo": True},
        {"id": "vn-2027-2030", "from": "2027-01-01", "to": "2030-12-31", "demo": True},
    ]
    form = silent.test_cli_runner().invoke(
        args=["households", "export-xlsform", "--to", f"{tmp_path}/x.xlsx"]
    )
    assert form.exit_code == 0, form.output


def test_the_guard_would_notice(silent: Flask) -> None:
    with silent.app_context(), pytest.raises(AssertionError, match="tried"):
        db.session.execute(sa.text("SELECT 1"))
