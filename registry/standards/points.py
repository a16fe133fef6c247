"""A points table out of a workbook or JSON, with each fault named by its cell; and a blank workbook to fill in.

The official table's own layout was never seen, so the workbook is ours: a row for each option of each item of the
form, a column for each region. Whoever fills it in copies from the text of law, and a second person compares.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from catalog.sheets.texts import Sheet
from core.errors import Invalid
from core.i18n import N_
from registry.standards.rules import odd_table
from registry.standards.schema import faults as shape_faults

ITEM, OPTION = "item", "option"  # headings that the reader looks for; words beside them are for people
POINTS_MAX = 1000
FAULTS_MAX = 50


@dataclass(frozen=True)
class Fault:
    """What is wrong and where: a cell ('D7'), a row, or a place in a JSON file. why: a message id with params."""

    at: str
    why: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class Points:
    """A table as a standard's file has it, its limits where it brought any, and every fault found."""

    table: dict[str, Any] | None
    limit: dict[str, int] | None
    faults: tuple[Fault, ...]


def read_points(data: bytes, form: Mapping[str, Any]) -> Points:
    """The points in an uploaded file for a standard whose file is `form`. Raises Invalid for what is no such file."""
    from catalog.sheets.workbooks import (
        kind_of,
        read_workbook,
    )  # the machinery of workbooks, loaded when asked

    if data.lstrip()[:1] == b"{":
        return _from_json(data, form)
    if kind_of(data) != "xlsx":
        raise Invalid(
            N_("Chỉ nhận bảng Excel (.xlsx) hoặc JSON."),
            remedy=N_("Tải mẫu ở trang này rồi điền."),
            field="file",
        )
    table = form["b1"]["points"]
    if table is None:
        raise Invalid(
            N_("Chuẩn này chưa có mẫu phiếu, nên chưa có mẫu Excel."),
            remedy=N_("Gửi tệp JSON có cả các mục và mức điểm."),
            field="file",
        )
    for sheet in read_workbook(data):
        heading = _heading(sheet)
        if heading is not None:
            return _from_sheet(sheet, heading, table)
    raise Invalid(
        N_("Không thấy hàng đầu có hai cột item và option."),
        remedy=N_("Tải mẫu ở trang này rồi điền."),
        field="file",
    )


def _from_json(data: bytes, form: Mapping[str, Any]) -> Points:
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid(
            N_("Tệp JSON hỏng, không đọc được."), remedy=N_("Lưu lại rồi gửi."), field="file"
        ) from error
    table, limit = raw.get("table"), raw.get("limit")
    if not isinstance(table, dict):
        raise Invalid(
            N_("Tệp JSON không có phần table."), remedy=N_("Xem mẫu trong hướng dẫn."), field="file"
        )
    filled: dict[str, Any] = {"demo": False, "source": "-", "verified": True} | table
    if isinstance(filled.get("items"), list):
        filled["items"] = [
            {"source": "-", "verified": True} | one if isinstance(one, dict) else one
            for one in filled["items"]
        ]
    found = [f"table.{one}" for one in shape_faults(filled, "table")]
    if limit is not None:
        named = {"source": "-", "verified": True} | limit if isinstance(limit, dict) else limit
        found += [f"limit.{one}" for one in shape_faults(named, "limit")]
    if not found:
        found = list(odd_table(filled, {one["code"]: one for one in form["questions"]}))
    if found:
        return Points(None, None, tuple(Fault(*_split(one), {}) for one in found[:FAULTS_MAX]))
    kept = {name: limit[name] for name in ("rural", "urban")} if limit else None
    return Points(filled, kept, ())


def _split(fault: str) -> tuple[str, str]:
    """A fault of the checker as (place, why). Its words are the checker's own."""
    at, _colon, why = fault.partition(": ")
    return at, why.replace("%", "%%")


def _heading(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The number of the row with the headings, and where each stands."""
    for number, cells in sheet.rows[:20]:
        names = {str(cell).strip().lower(): place for place, cell in enumerate(cells) if cell is not None}
        if ITEM in names and OPTION in names:
            return number, names
    return None


def _from_sheet(sheet: Sheet, heading: tuple[int, dict[str, int]], table: Mapping[str, Any]) -> Points:
    number, places = heading
    faults: list[Fault] = []
    for column in table["columns"]:
        if column not in places:
            faults.append(Fault(f"A{number}", N_("Thiếu cột %(name)s."), {"name": column}))
    wanted = {(item["code"], option["code"]) for item in table["items"] for option in item["options"]}
    columns = [(name, places[name]) for name in table["columns"] if name in places]
    given: dict[tuple[str, str], list[int]] = {}
    for row, cells in sheet.rows:
        if row <= number or not any(cell not in (None, "") for cell in cells):
            continue
        key = (_word(cells, places[ITEM]), _word(cells, places[OPTION]))
        at = f"{_letter(places[ITEM])}{row}"
        if key not in wanted:
            faults.append(Fault(at, N_("Mẫu phiếu không có mục %(item)s, lựa chọn %(option)s."),
                                {"item": key[0], "option": key[1]}))  # fmt: skip
        elif key in given:
            faults.append(Fault(at, N_("Dòng này đã có ở trên."), {}))
        else:
            given[key] = list(_row_points(row, cells, columns, faults))
    for item, option in sorted(wanted - given.keys()):
        faults.append(
            Fault(
                f"A{number}",
                N_("Thiếu dòng: mục %(item)s, lựa chọn %(option)s."),
                {"item": item, "option": option},
            )
        )
    return Points(None if faults else _filled(table, given), None, tuple(faults[:FAULTS_MAX]))


def _letter(place: int) -> str:
    """A column's letters as a spreadsheet shows them.

    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'AA')
    """
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _word(cells: Sequence[Any], place: int) -> str:
    """A cell's code; Excel makes numbers of '1' and '2'."""
    value = cells[place] if place < len(cells) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _row_points(
    row: int, cells: Sequence[Any], columns: list[tuple[str, int]], faults: list[Fault]
) -> Iterator[int]:
    for _name, place in columns:
        value = cells[place] if place < len(cells) else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value.strip())
        at = f"{_letter(place)}{row}"
        if value in (None, ""):
            faults.append(Fault(at, N_("Ô trống: không có điểm thì viết 0."), {}))
        elif not isinstance(value, int) or not 0 <= value <= POINTS_MAX:
            faults.append(Fault(at, N_("%(value)s không phải số nguyên từ 0 đến %(most)s."),
                                {"value": str(value)[:40], "most": POINTS_MAX}))  # fmt: skip
        else:
            yield value


def _filled(table: Mapping[str, Any], given: Mapping[tuple[str, str], list[int]]) -> dict[str, Any]:
    items = [
        item
        | {
            "options": [
                option | {"points": given[item["code"], option["code"]]} for option in item["options"]
            ]
        }
        for item in table["items"]
    ]
    return {**table, "items": items}


def blank(
    table: Mapping[str, Any], questions: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> bytes:
    """A workbook to fill in: every option of every item by code, in words, and no points. names: of the columns."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    made = Workbook(write_only=True)
    sheet = made.create_sheet("B1")
    sheet.freeze_panes = "E3"
    for place in range(len(table["columns"]) + 4):
        sheet.column_dimensions[_letter(place)].width = 26 if place in (2, 3) else 18
    for words in (["", "", "", "", *(names.get(one, one) for one in table["columns"])],
                  [ITEM, OPTION, "muc", "lua_chon", *table["columns"]]):  # fmt: skip
        cells = [WriteOnlyCell(sheet, word) for word in words]
        for cell in cells:
            cell.font = Font(bold=True)
        sheet.append(cells)
    asked = {one["code"]: one for one in questions}
    for item in table["items"]:
        options = {one["code"]: one["vi"] for one in asked[item["question"]].get("options", [])}
        for option in item["options"]:
            code = option["code"]
            sheet.append([item["code"], code, item["vi"], options.get(code, code)])
    out = BytesIO()
    made.save(out)
    return out.getvalue()
