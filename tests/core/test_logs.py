"""Our log stays legible: a library that tells of every step is heard only when something is wrong."""

import json
import logging

import pytest
import sqlalchemy as sa
from flask import Flask
from fpdf import FPDF
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from accounts.operations import create_user
from app.logs import JsonLine
from core import clock
from core.db import db, transaction
from traceability.labels.drawing import FONTS


def test_letters_that_a_paper_takes_along_make_no_line_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    paper = FPDF()
    paper.add_page()
    paper.add_font("Noto", "", FONTS / "NotoSans-Regular.ttf")
    paper.set_font("Noto")
    paper.cell(text="Chợ Phiên")
    assert paper.output().startswith(b"%PDF")
    for font in paper.fonts.values():
        font.ttfont.close()  # type: ignore[attr-defined]
    assert [line.getMessage() for line in caplog.records] == []
    logging.getLogger("fontTools.subset").warning("a table is broken")
    assert [line.getMessage() for line in caplog.records] == ["a table is broken"]


def test_what_a_person_typed_stands_in_no_line_though_an_error_repeats_it(ctx: Flask) -> None:
    name, number = "Triệu Thị Bí Mật", "+84987654321"
    with transaction():
        create_user(number, name)
    try:
        with transaction():
            db.session.execute(
                sa.insert(User).values(phone=number, name=name, session_key="x", created_at=clock.now())
            )
    except IntegrityError as error:
        told = _line(error)
    assert "IntegrityError" in told and "test_logs.py" in told
    try:
        int(name)
    except ValueError as error:
        told += _line(error)
    assert "ValueError" in told
    assert name not in told and number not in told and number[1:] not in told


def _line(error: Exception) -> str:
    record = logging.LogRecord("app", logging.ERROR, "", 0, "request failed", (), (type(error), error, None))
    return json.loads(JsonLine().format(record))["trace"]  # type: ignore[no-any-return]
