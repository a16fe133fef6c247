"""The usual reports as tables, ready to be written into a workbook or drawn on paper.

Layouts are dated data; none was checked against an official form.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.i18n import N_, _
from registry.figures.queries import Round
from registry.figures.rules import ABSENT, CAUSES, CLASSES, SPLITS, Basis
from registry.figures.words import SHEET_NAMES, TABLE_NAMES, cell_name, class_name, group_name
from registry.needs.kinds import KIND_NAMES
from registry.reports.rules import Node

_FILE = Path(__file__).parent / "data" / "layouts.json"
Cell = str | int


@dataclass(frozen=True)
class Sheet:
    """One table: a line of headings, then rows; a row of one cell is a heading between rows."""

    name: str
    title: str
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Report:
    """Tables of a round with all that must be said with them. stamp: who took it and when, on every sheet and page."""

    place: str
    year: int
    said: tuple[str, ...]
    stamp: str
    sheets: tuple[Sheet, ...]


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


def basis_said(basis: Basis, *, demo: bool) -> tuple[str, ...]:
    """What must be said with every figure: whose classes these are, and that points were invented."""
    said = [
        _("Số hộ đã được công nhận.")
        if basis is Basis.RECOGNISED
        else _("Số hộ tự kê khai, chưa phải kết quả công nhận.")
    ]
    return (*said, _("Điểm DEMO: không dùng để xét hộ.")) if demo else tuple(said)


def compiled(seen: Round, needs: Node, place: str, stamp: str, only: str = "") -> Report:
    """The reports of a round; `only`: one of them. needs: as `registry.reports.needs` counts them."""
    layout = layout_on(date(seen.year, 12, 31))
    said = [*basis_said(seen.basis, demo=seen.is_demo), _("Theo %(title)s.", title=seen.standard.title)]
    if not layout["verified"]:
        said.append(_("Mẫu bảng chưa đối chiếu với mẫu chính thức."))
    wanted = [(one["name"], one) for one in layout["sheets"] if only in ("", one["name"])]
    sheets = tuple(Sheet(name, _(SHEET_NAMES[name]), list(_rows(one, seen, needs))) for name, one in wanted)
    return Report(place, seen.year, tuple(said), stamp, sheets)


def _rows(sheet: dict[str, Any], seen: Round, needs: Node) -> Iterator[list[Cell]]:
    if sheet["rows"] == "groups":
        return _groups(seen)
    if sheet["rows"] == "moves":
        return _moves(seen)
    return _needs(needs) if sheet["rows"] == "needs" else _places(sheet["columns"], seen)


def _places(columns: list[str], seen: Round) -> Iterator[list[Cell]]:
    """A row for each place inside, then all of them together."""
    cells: list[str] = []
    for column in columns:
        every = CAUSES if column.startswith("cause/") else [one.code for one in seen.standard.indicators]
        cells += [column.replace("*", code) for code in (every if "*" in column else [""])]
    yield [_("Nơi"), _("Số hộ"), *(cell_name(cell, seen.basis) for cell in cells)]
    for name, node in named(seen):
        yield [name, node.households, *(node.counts[cell] for cell in cells)]
    yield [_("Cộng"), seen.top.households, *(seen.top.counts[cell] for cell in cells)]


def _groups(seen: Round) -> Iterator[list[Cell]]:
    yield [_("Nhóm"), _("Số hộ"), *(class_name(one, seen.basis) for one in CLASSES)]
    for title, rows in splits(seen.top):
        yield [title]
        for name, counts in rows:
            yield [name, sum(counts), *counts]


def _moves(seen: Round) -> Iterator[list[Cell]]:
    yield [_("Đợt trước"), _("Số hộ"), *(class_name(one, seen.basis) for one in CLASSES)]
    for name, counts in moves(seen):
        yield [name, sum(counts), *counts]


def _needs(needs: Node) -> Iterator[list[Cell]]:
    yield [_("Nhu cầu"), _("Đã nói"), _("Đã được giúp"), _("Chưa được giúp")]
    for kind, name in KIND_NAMES.items():
        yield [_(name), *(needs.counts[f"need/{kind}/{said}"] for said in ("said", "met", "unmet"))]
    yield [_("Số hộ đã nói nhu cầu"), needs.households]


def named(seen: Round) -> list[tuple[str, Node]]:
    """The places inside by their written names."""
    inside = seen.top.inside.items()
    return sorted((seen.names.get((key,), key) or _("Chưa ghi"), node) for key, node in inside)


def moves(seen: Round) -> list[tuple[str, list[int]]]:
    """Class in the round before → how many are in each class now; nothing where no round was counted before."""
    if seen.before is None:
        return []
    return [
        (class_name(was, seen.basis), [seen.top.counts[f"move/{was}/{now}"] for now in CLASSES])
        for was in (*CLASSES, ABSENT)
    ]


def splits(node: Node) -> list[tuple[str, list[tuple[str, tuple[int, ...]]]]]:
    """(title, the classes of every group that has a household): each split adds up to all households."""
    return [
        (_(TABLE_NAMES[name]), _peoples(node) if name == "ethnic" else _groups_of(node, name))
        for name in SPLITS
    ]


def _groups_of(node: Node, name: str) -> list[tuple[str, tuple[int, ...]]]:
    found = []
    for code in SPLITS[name]:
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
