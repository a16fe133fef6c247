"""A document as CSV and as a workbook: a row for each record, and a second sheet with where the fields come from."""

from io import BytesIO
from typing import Any

from office.passports.rules import FieldSet, flat
from office.records.sheets import cell, sheet


def _rows(document: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    names = list(document["records"][0]["fields"])
    rows = [[one["subject"], *(flat(one["fields"].get(name)) for name in names), "; ".join(one["missing"])]
            for one in document["records"]]  # fmt: skip
    return ["subject", *names, "missing"], rows


def as_csv(document: dict[str, Any]) -> bytes:
    """One table; its first line names the fields, its last column what is missing."""
    heads, rows = _rows(document)
    return sheet(heads, rows)


def as_workbook(document: dict[str, Any], asked: FieldSet) -> bytes:
    """The same as XLSX, with a sheet that says of every field whether it was read in the text."""
    from openpyxl import Workbook  # here, not above: 10 MB that most requests never need

    book = Workbook(write_only=True)
    data = book.create_sheet("Dữ liệu")
    heads, rows = _rows(document)
    for row in (heads, *rows):
        data.append([cell(value) for value in row])
    source = book.create_sheet("Nguồn")
    source.append([document["notice"]])
    source.append([asked.title, asked.source, "Dữ liệu minh hoạ" if document["demo"] else ""])
    source.append(["Trường", "Tên", "Bắt buộc", "Đã đối chiếu", "Nguồn"])
    for one in asked.fields:
        source.append([one.name, one.label, "có" if one.required else "không", "có" if one.verified else "chưa",
                       one.source])  # fmt: skip
    out = BytesIO()
    book.save(out)
    return out.getvalue()
