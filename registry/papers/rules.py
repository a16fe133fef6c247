"""What a paper is made of, and its layouts as dated data. Pure. Papers speak Vietnamese whatever the screen does."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "layouts.json"
UNVERIFIED = "Bố cục giấy chưa đối chiếu với mẫu của cơ quan có thẩm quyền."
DEMO = "DEMO: điểm tính bằng bảng tự đặt, giấy này không có giá trị."


class PaperKind(StrEnum):
    """The papers that are printed."""

    MINUTES = "minutes"
    POSTING = "posting"
    CERTIFICATE = "certificate"
    REQUEST = "request"
    FORM_A = "form_a"
    FORM_B = "form_b"
    FORM_C = "form_c"


@dataclass(frozen=True)
class Layout:
    """How a paper is laid out between two days. columns: (heading, share of the width in percent).

    rows: what is printed to be ticked, where the paper asks the same of everybody.
    """

    paper: PaperKind
    id: str
    valid_from: date
    valid_to: date | None
    form: str
    title: str
    subject: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[str, ...]
    signers: tuple[str, ...]
    source: str
    verified: bool


def parse_layouts(text: str) -> tuple[Layout, ...]:
    """Layouts from JSON. Raises ValueError where columns do not fill the width, or two layouts hold on one day."""
    found: list[Layout] = []
    for one in json.loads(text)["layouts"]:
        columns = tuple((str(name), int(share)) for name, share in one["columns"])
        if sum(share for _name, share in columns) != 100:
            raise ValueError(f"{one['id']}: columns do not add up to 100")
        to = date.fromisoformat(one["to"]) if one["to"] else None
        since, rows, signers = (
            date.fromisoformat(one["from"]),
            tuple(one.get("rows", ())),
            tuple(one["signers"]),
        )
        layout = Layout(PaperKind(one["paper"]), one["id"], since, to, one["form"], one["title"], one["subject"],
                        columns, rows, signers, one["source"], bool(one["verified"]))  # fmt: skip
        for other in found:
            ends = other.valid_to or date.max
            if (
                other.paper is layout.paper
                and layout.valid_from <= ends
                and other.valid_from <= (to or date.max)
            ):
                raise ValueError(f"{layout.id} and {other.id} hold on one day")
        found.append(layout)
    return tuple(found)


@cache
def layouts() -> tuple[Layout, ...]:
    """The shipped layouts."""
    return parse_layouts(DATA.read_text(encoding="utf-8"))


def layout(paper: PaperKind, on: date) -> Layout:
    """The layout of a paper on a day; before the first, the first."""
    rows = sorted((one for one in layouts() if one.paper is paper), key=lambda one: one.valid_from)
    return next((one for one in reversed(rows) if one.valid_from <= on), rows[0])


@dataclass(frozen=True)
class Words:
    """A paragraph, under a heading where there is one."""

    text: str
    heading: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and values; a value that is '' is a dotted line to write on."""

    rows: Sequence[tuple[str, str]]
    heading: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under columns of (heading, share of the width in percent)."""

    columns: tuple[tuple[str, int], ...]
    rows: Sequence[tuple[str, ...]]
    heading: str = ""


@dataclass(frozen=True)
class Blank:
    """Dotted lines to write on."""

    lines: int
    heading: str = ""


Block = Words | Facts | Table | Blank


@dataclass(frozen=True)
class Sheet:
    """All that a paper says. stamp: who printed it and when, across every page. matrix: of a QR, or none."""

    layout: Layout
    title: str
    place: str
    number: str
    blocks: tuple[Block, ...]
    is_demo: bool
    stamp: str
    at: datetime
    matrix: tuple[tuple[bool, ...], ...] = ()
    scan: str = ""
