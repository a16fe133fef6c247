"""How long cash has lain with a carrier and what to do about it; a remittance's rows. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from core.errors import Invalid
from core.i18n import N_
from core.text import fold
from payments.carriers.columns import COLUMNS
from payments.tables import cells
from payments.tables.cells import Cell
from payments.tables.columns import Headings, letter


class Age(StrEnum):
    """How long cash has lain, in days."""

    WEEK = "0-7"
    FORTNIGHT = "8-14"
    MONTH = "15-30"
    LONGER = "30+"


AGE_TEXT: dict[Age, str] = {
    Age.WEEK: N_("0–7 ngày"),
    Age.FORTNIGHT: N_("8–14 ngày"),
    Age.MONTH: N_("15–30 ngày"),
    Age.LONGER: N_("Trên 30 ngày"),
}
ADVICE: dict[Age, str] = {
    Age.WEEK: N_("Chờ kỳ đối soát của bên giao."),
    Age.FORTNIGHT: N_("Nhắn bên giao, hỏi kỳ nào trả."),
    Age.MONTH: N_("Gọi bên giao, gửi danh sách mã vận đơn này."),
    Age.LONGER: N_("Khiếu nại bằng văn bản. Không đòi được thì ghi mất tiền."),
}


def age(lain: timedelta) -> Age:
    """The class of a time: the eighth day begins the second, the thirty-first the last.

    >>> age(timedelta(days=7)), age(timedelta(days=8)), age(timedelta(days=31))
    (<Age.WEEK: '0-7'>, <Age.FORTNIGHT: '8-14'>, <Age.LONGER: '30+'>)
    """
    days = max(0, lain.days)
    if days <= 7:
        return Age.WEEK
    if days <= 14:
        return Age.FORTNIGHT
    return Age.MONTH if days <= 30 else Age.LONGER


class Outcome(StrEnum):
    """What a row of a remittance is."""

    GOOD = "good"
    DIFFERS = "differs"
    OTHER = "other"  # sent by another carrier
    PAID = "paid"
    CLAIMED = "claimed"
    UNKNOWN = "unknown"
    TWICE = "twice"
    FAULT = "fault"


OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.GOOD: N_("Khớp với đơn"),
    Outcome.DIFFERS: N_("Khác số tiền"),
    Outcome.OTHER: N_("Đơn gửi bên giao khác"),
    Outcome.PAID: N_("Đã nộp lần trước"),
    Outcome.CLAIMED: N_("Đang khiếu nại"),
    Outcome.UNKNOWN: N_("Không thấy đơn"),
    Outcome.TWICE: N_("Đơn có hai dòng"),
    Outcome.FAULT: N_("Chưa đọc được"),
}


@dataclass(frozen=True)
class Row:
    """One row of a remittance. fault: [cell, message, params] where it cannot be read."""

    row_no: int
    tracking: str
    code: str
    collected_vnd: int = 0
    fee_vnd: int = 0
    shipping_vnd: int = 0
    fault: tuple[str, str, dict[str, object]] | None = None


def tracking_key(number: str) -> str:
    """A tracking number as it is compared: letters and digits alone.

    >>> tracking_key("EB 123-456 vn")
    'EB123456VN'
    """
    return re.sub(r"[^A-Z0-9]", "", fold(number).upper())


def same_carrier(one: str, other: str) -> bool:
    """Whether two names may be of one carrier: one holds the other, or one is not written.

    >>> same_carrier("Bưu điện", "BƯU ĐIỆN (VNPost)"), same_carrier("GHN", "Viettel Post")
    (True, False)
    """
    short, long = sorted((fold(one), fold(other)), key=len)
    return short in long


def lacking(keys: Sequence[str]) -> list[str]:
    """Titles of columns without which nothing can be matched."""
    titles = {column.key: column.title for column in COLUMNS}
    missing = [] if {"tracking", "code"} & set(keys) else [titles["tracking"]]
    return missing + ([] if "collected" in keys else [titles["collected"]])


def read_rows(rows: Sequence[tuple[int, tuple[Cell, ...]]], headings: Headings) -> tuple[Row, ...]:
    """The rows below the headings that name a parcel; sums, repeated headings and blank rows are left out."""
    return tuple(
        found
        for number, row in rows[headings.place + 1 :]
        if (found := _row(number, row, headings)) is not None
    )


def _row(number: int, row: Sequence[Cell], headings: Headings) -> Row | None:
    def of(key: str) -> Cell:
        place = headings.at(key)
        return row[place] if place is not None and place < len(row) else None

    tracking, code = cells.text(of("tracking"), 60), cells.text(of("code"), 200)
    if (not tracking and not code) or not cells.text(of("collected")):
        return None
    if [cells.text(cell) for cell in row if cells.text(cell)] == [text for text in headings.texts if text]:
        return None
    told: dict[str, int] = {}
    for key in ("collected", "fee", "shipping", "net"):
        try:
            told[key] = abs(cells.amount(of(key)))
        except Invalid as error:
            return Row(
                number,
                tracking,
                code,
                fault=(f"{letter(headings.at(key) or 0)}{number}", error.message, dict(error.params)),
            )
    if told["net"] and told["net"] != told["collected"] - told["fee"] - told["shipping"]:
        cell = f"{letter(headings.at('net') or 0)}{number}"
        return Row(
            number, tracking, code, fault=(cell, N_("thực nhận không bằng thu hộ trừ phí và cước"), {})
        )
    return Row(number, tracking, code, told["collected"], told["fee"], told["shipping"])
