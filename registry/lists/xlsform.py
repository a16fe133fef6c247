"""The declaration as an XLSForm for ODK and Kobo: its questions and options in Vietnamese and English.

Layout: https://xlsform.org/en/. The wording is that of the newest shipped standard. An empty number means "not known".
What comes back becomes a draft that the household itself still confirms.
"""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from registry.questions import DUNNO
from registry.standards.files import shipped, text_of

FORM_ID, VERSION = "chophien_declaration", "2026112201"
VI, EN = "Tiếng Việt (vi)", "English (en)"
SURVEY = ("type", "name", f"label::{VI}", f"label::{EN}", f"hint::{VI}", f"hint::{EN}", "required", "constraint",
          f"constraint_message::{VI}", f"constraint_message::{EN}", "appearance")  # fmt: skip
CHOICES = ("list_name", "name", f"label::{VI}", f"label::{EN}")
Line = tuple[str, ...]


def questions() -> list[dict[str, Any]]:
    """The questions as the newest standard's file words them."""
    found: list[dict[str, Any]] = json.loads(text_of(list(shipped())[-1]))["questions"]
    return found


def _household() -> Iterator[Line]:
    """Who declares: what a household's record needs. No number of any paper is asked."""
    yield "start", "start"
    yield "end", "end"
    yield (
        "select_one agree", "agreed", "Nhà mình có đồng ý kê khai và để cán bộ xã xem lời kê không?",
        "Does the household agree to declare, and that the commune's officers read it?",
        "Không đồng ý thì dừng ở đây.", "If not, stop here.", "yes", ". = 'yes'",
        "Chỉ gửi khi nhà đã đồng ý.", "Send it only when the household agrees.",
    )  # fmt: skip
    yield "begin_group", "household", "Nhà mình", "The household"
    yield "text", "head_name", "Họ và tên chủ hộ", "Name of the head of the household", "", "", "yes"
    yield (
        "integer", "head_birth_year", "Năm sinh của chủ hộ", "Year in which the head was born",
        "Không nhớ thì để trống.", "Leave empty if not known.", "", ". >= 1900 and . <= 2026",
        "Viết bốn chữ số, ví dụ 1984.", "Write four digits, for example 1984.",
    )  # fmt: skip
    yield "text", "village", "Thôn, bản hoặc tổ", "Village", "", "", "yes"
    yield (
        "text", "phone", "Số điện thoại của nhà", "The household's telephone", "Không có thì để trống.",
        "Leave empty if there is none.", "", "", "", "", "numbers",
    )  # fmt: skip
    yield ("end_group",)


def _question(one: dict[str, Any]) -> Line:
    hint, hint_en = one.get("hint_vi", ""), one.get("hint_en", "")
    if one["kind"] != "number":
        return f"select_one {one['code']}", one["code"], one["vi"], one["en"], hint, hint_en, "yes"
    low, high = one["low"], one["high"]
    return (
        "integer", one["code"], f"{one['vi']} ({one['unit_vi']})", f"{one['en']} ({one['unit_en']})",
        f"{hint} Không biết thì để trống.".strip(), f"{hint_en} Leave empty if not known.".strip(), "",
        f". >= {low} and . <= {high}", f"Viết một số từ {low} đến {high}.", f"Write a number from {low} to {high}.",
    )  # fmt: skip


def survey() -> list[Line]:
    """The rows of the survey sheet, headings first."""
    asked = [_question(one) for one in questions()]
    return [
        SURVEY, *_household(), ("begin_group", "answers", "Kê khai", "Declaration"), *asked, ("end_group",),
    ]  # fmt: skip


def choices() -> list[Line]:
    """The rows of the choices sheet, headings first; "not known" can always be answered."""
    rows: list[Line] = [CHOICES, ("agree", "yes", "Đồng ý", "Yes"), ("agree", "no", "Không đồng ý", "No")]
    for one in questions():
        rows += [
            (one["code"], option["code"], option["vi"], option["en"]) for option in one.get("options", ())
        ]
        if one["kind"] != "number":
            rows.append((one["code"], DUNNO, "Không biết", "Not known"))
    return rows


def xlsform() -> bytes:
    """The workbook: survey, choices, settings."""
    from openpyxl import Workbook  # loaded when somebody asks

    book = Workbook()
    sheets: dict[str, list[Line]] = {
        "survey": survey(),
        "choices": choices(),
        "settings": [
            ("form_title", "form_id", "version", "default_language"),
            ("Kê khai của hộ", FORM_ID, VERSION, VI),
        ],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.remove(book.worksheets[0])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
