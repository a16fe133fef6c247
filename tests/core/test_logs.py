"""Our log stays legible: a library that tells of every step is heard only when something is wrong."""

import logging

import pytest
from flask import Flask
from fpdf import FPDF

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
