"""The usual reports as one workbook. Layouts are dated data; none was checked against an official form."""

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.i18n import N_, _
from registry.figures.queries import Round
from registry.figures.rules import CLASSES, DIMENSIONS
from registry.figures.words import SHEET_NAMES, TABLE_NAMES, cell_name, class_name, group_name
from registry.reports.rules import Node

_FILE = Path(__file__).parent / "data" / "layouts.json"
Cell = str | int


@cache
def layouts() -> tuple[dict[str, Any], ...]:
    """Every layout, as the file has it."""
    return tuple(json.loads(_FILE.read_text(encoding="utf-8"))["layouts"])


def layout_on(day: date) -> dict[str, Any]:
    """The layout of a day. Raises Invalid before the first."""
    for one in layouts():
        if one["from"] <= day.isoformat() and (one["to"] is None or day.isoformat() < one["to"]):
            return one
    raise Invalid(N_("Chưa có mẫu báo cáo cho đợt này."))


def workbook(seen: Round, place: str, stamp: str) -> bytes:
    """XLSX: a sheet for each table of the layout. stamp: who took it and when; it stands on every sheet."""
    import openpyxl  # loaded when somebody asks

    from catalog.sheets.exports import guarded

    layout = layout_on(date(seen.year, 12, 31))
    book = openpyxl.Workbook(write_only=True)
    for number, one in enumerate(layout["sheets"], 1):
        name = one["name"]
        title = _(SHEET_NAMES[name])
        sheet = book.create_sheet(f"{number}. {title}"[:31])
        sheet.append([guarded(f"{title}. {place}. {_('Đợt %(year)s', year=seen.year)}")])
        sheet.append([_("Số hộ tự kê khai, chưa phải kết quả công nhận.")])
        if seen.standard.is_demo:
            sheet.append([_("Điểm DEMO: không dùng để xét hộ.")])
        if not layout["verified"]:
            sheet.append([_("Mẫu bảng chưa đối chiếu với mẫu chính thức.")])
        sheet.append([guarded(stamp)])
        sheet.append([])
        for row in _table(one, seen):
            sheet.append([guarded(cell) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _table(sheet: dict[str, Any], seen: Round) -> Iterator[list[Cell]]:
    return _groups(seen) if sheet["rows"] == "groups" else _places(sheet["columns"], seen)


def _places(columns: list[str], seen: Round) -> Iterator[list[Cell]]:
    """A row for each place inside, then all of them together."""
    cells: list[str] = []
    for column in columns:
        codes = [one.code for one in seen.standard.indicators] if "*" in column else [""]
        cells += [column.replace("*", code) for code in codes]
    yield [_("Nơi"), _("Số hộ"), *(cell_name(cell) for cell in cells)]
    for name, node in named(seen):
        yield [name, node.households, *(node.counts[cell] for cell in cells)]
    yield [_("Cộng"), seen.top.households, *(seen.top.counts[cell] for cell in cells)]


def _groups(seen: Round) -> Iterator[list[Cell]]:
    yield [_("Nhóm"), _("Số hộ"), *(class_name(one) for one in CLASSES)]
    for title, rows in splits(seen.top):
        yield [title]
        for name, counts in rows:
            yield [name, sum(counts), *counts]


def named(seen: Round) -> list[tuple[str, Node]]:
    """The places inside by their written names."""
    inside = seen.top.inside.items()
    return sorted((seen.names.get((key,), key) or _("Chưa ghi"), node) for key, node in inside)


def splits(node: Node) -> list[tuple[str, list[tuple[str, tuple[int, ...]]]]]:
    """(title, the classes of every group of heads that has a household): each split adds up to all households."""
    return [
        (_(TABLE_NAMES[name]), _peoples(node) if name == "ethnic" else _groups_of(node, name))
        for name in DIMENSIONS
    ]


def _groups_of(node: Node, name: str) -> list[tuple[str, tuple[int, ...]]]:
    found = []
    for code in DIMENSIONS[name]:
        counts = tuple(node.counts[f"{name}/{code}/{one}"] for one in CLASSES)
        if sum(counts):
            found.append((group_name(code), counts))
    return found


def _peoples(node: Node) -> list[tuple[str, tuple[int, ...]]]:
    names = sorted({word.split("/")[1] for word in node.counts if word.startswith("people/")})
    return [
        (name or _("Chưa ghi dân tộc"), tuple(node.counts[f"people/{name}/{one}"] for one in CLASSES))
        for name in names
    ]
