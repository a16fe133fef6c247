"""Where in a template the goods go: which sheet, which rows are headings, what each column means. Pure.

Sites put several rows above the goods: keys that nobody sees, headings, whether it must be filled, how to fill it.
Every one of them may name a column; the row that names most is taken for the headings.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from channels.marketplaces.columns import CHINESE, CONSTANT, TEMPLATE
from channels.marketplaces.rules import sku_key
from channels.marketplaces.workbooks import COLUMNS_MAX, Row, Sheet
from core.errors import Invalid
from core.headings import HEADING_ROWS, heading_key, letter, named
from core.i18n import N_
from core.text import fold

_MUST = re.compile(r"\b(bat buoc|mandatory|required|wajib)\b")
_NEED_NOT = re.compile(
    r"\b(khong bat buoc|conditional|co dieu kien|bersyarat|optional|not mandatory|not required)\b"
)
HEADING_MAX_CHARS = 120
KNOWN_LEAST, WORDS_LEAST = (
    2,
    3,
)  # columns that a row of headings names by itself; words of one that a person explains


@dataclass(frozen=True)
class Field:
    """One column of a template. letter: as Excel names it. heading: as the file writes it. key: what we put there,
    '' for nothing; constant: that text for every row. must: the file says that it must be filled. kilograms: of a
    weight, whether its heading speaks of kg; None where it does not say."""

    place: int
    letter: str
    heading: str
    key: str = ""
    constant: str = ""
    must: bool = False
    kilograms: bool | None = None


@dataclass(frozen=True)
class Layout:
    """A template understood. heading_no: the row of the headings. first_no: the first row for goods.

    known: {row number: code of ours} of goods that stand in it already: then only their price and stock are renewed.
    """

    sheet: Sheet
    heading_no: int
    first_no: int
    fields: tuple[Field, ...]
    known: dict[int, str]

    def place(self, key: str) -> int | None:
        """The place of the column that means `key`."""
        return next((one.place for one in self.fields if one.key == key), None)


def meaning(text: str, *, whole: bool = False) -> str:
    """The key of the column that a heading names, '' for none. whole: only where it is nothing but its name."""
    if not text.strip() or len(text) > HEADING_MAX_CHARS:
        return ""
    bare = re.sub(r"[*＊]|\s+$", "", text).strip()
    if bare in CHINESE:
        return CHINESE[bare]
    if whole:
        key = heading_key(bare)
        return next((column.key for column in TEMPLATE if column.is_named(key)), "")
    return named(bare, TEMPLATE)


def read_layout(sheets: Sequence[Sheet], codes: Container[str]) -> Layout:
    """The sheet of a template that names most columns, understood. codes: folded codes of our goods. Where none names
    two that we know, the sheet with the widest row of words: a person says what its columns are.

    Raises Invalid where no sheet has a row of three words.
    """
    scored = [
        (max(_scores(sheet).values(), default=0), sheet.visible, -place) for place, sheet in enumerate(sheets)
    ]
    best = max(scored, default=(0, False, 0))
    if best[0] >= KNOWN_LEAST:
        return layout_of(sheets[-best[2]], codes)
    wide = [
        (len(_words(sheet, _wordiest(sheet))), sheet.visible, -place) for place, sheet in enumerate(sheets)
    ]
    widest = max(wide, default=(0, False, 0))
    if widest[0] < WORDS_LEAST:
        raise Invalid(
            N_("Không thấy cột nào của mẫu đăng hàng."),
            remedy=N_("Tải mẫu đăng hàng hàng loạt từ trang người bán của sàn, gửi nguyên tệp đó."), field="sheet",
        )  # fmt: skip
    return layout_of(sheets[-widest[2]], codes)


def _words(sheet: Sheet, number: int) -> list[str]:
    """The short texts with letters that stand in a row."""
    row = sheet.rows.get(number)
    texts = [cell.text for cell in row.cells.values() if not cell.formula] if row else []
    return [text for text in texts if len(text) <= HEADING_MAX_CHARS and re.search(r"[^\W\d_]", text)]


def _wordiest(sheet: Sheet) -> int:
    """The row of the first ones that has most words, the upper one of two; 0 for an empty sheet."""
    rows = sorted(sheet.rows)[:HEADING_ROWS]
    seen = [number for number in rows if not sheet.rows[number].hidden] or rows
    return max(seen, key=lambda number: (len(_words(sheet, number)), -number), default=0)


def _scores(sheet: Sheet) -> dict[int, int]:
    """{row number: how many different columns it names}, of the first rows."""
    return {
        number: len({key for cell in sheet.rows[number].cells.values() if (key := meaning(cell.text))})
        for number in sorted(sheet.rows)[:HEADING_ROWS]
    }


def layout_of(sheet: Sheet, codes: Container[str], said: Mapping[str, Sequence[str]] | None = None,
              first_no: int = 0) -> Layout:  # fmt: skip
    """One sheet understood. said: {folded heading: (key, constant)} as a person agreed before, which goes first.

    first_no: the first row for goods as a person said, 0 for a guess.
    """
    scores = _scores(sheet)
    visible = [number for number in scores if not sheet.rows[number].hidden] or list(scores)
    heading_no = max(visible, key=lambda number: (scores[number], -number), default=1)
    if scores.get(heading_no, 0) < KNOWN_LEAST:
        heading_no = _wordiest(sheet) or heading_no
    columns = sorted({column for number in list(scores) for column in sheet.rows[number].cells})[:COLUMNS_MAX]
    top = _first_row(sheet, heading_no, codes, columns)
    first = first_no if first_no > heading_no else top
    above = [number for number in sorted(sheet.rows) if number < min(first, top)]
    fields, given = [], set[str]()
    for column in columns:
        heading = _heading(sheet, column, heading_no, above)
        if not heading:
            continue
        known = (said or {}).get(heading_key(heading))
        key = known[0] if known is not None else _meant(sheet, column, heading_no, above)
        key = "" if key in given and key != CONSTANT else key
        given.add(key)
        words = " ".join(fold(sheet.text(number, column)) for number in above)
        fields.append(Field(
            column, letter(column), heading[:200], key, known[1] if known is not None and key == CONSTANT else "",
            _must(sheet, column, above), _kilograms(words),
        ))  # fmt: skip
    place = next((one.place for one in fields if one.key == "sku"), None)
    return Layout(sheet, heading_no, first, tuple(fields), _known(sheet, first, place, codes))


def _heading(sheet: Sheet, column: int, heading_no: int, above: Sequence[int]) -> str:
    """What a column is called: in the row of headings, else the nearest short text above the goods."""
    if said := sheet.text(heading_no, column).strip():
        return " ".join(said.split())
    for number in sorted(above, key=lambda one: abs(one - heading_no)):
        if (said := sheet.text(number, column).strip()) and len(said) <= HEADING_MAX_CHARS:
            return " ".join(said.split())
    return ""


def _meant(sheet: Sheet, column: int, heading_no: int, above: Sequence[int]) -> str:
    if key := meaning(sheet.text(heading_no, column)):
        return key
    return next((key for number in above if (key := meaning(sheet.text(number, column), whole=True))), "")


def _must(sheet: Sheet, column: int, above: Sequence[int]) -> bool:
    texts = [sheet.text(number, column).strip() for number in above]
    short = [fold(text) for text in texts if 0 < len(text) <= HEADING_MAX_CHARS]
    if any(_NEED_NOT.search(text) for text in short):
        return False
    return any(_MUST.search(text) for text in short) or any("*" in (text[:1], text[-1:]) for text in texts)


def _kilograms(words: str) -> bool | None:
    if re.search(r"\b(kg|kilogram|ki lo)\b", words):
        return True
    return False if re.search(r"\b(g|gram|gr|gam)\b", words) else None


def _first_row(sheet: Sheet, heading_no: int, codes: Container[str], columns: Sequence[int]) -> int:
    """The row under the headings and their explanations: the first that is blank, or holds goods of ours."""
    number = heading_no + 1
    while (row := sheet.rows.get(number)) is not None and row.filled and not _ours(row, codes):
        number += 1
    return number


def _ours(row: Row, codes: Container[str]) -> bool:
    return any(sku_key(cell.text) in codes for cell in row.cells.values() if cell.text)


def _known(sheet: Sheet, first: int, place: int | None, codes: Container[str]) -> dict[int, str]:
    if place is None:
        return {}
    return {
        number: key
        for number in sorted(sheet.rows)
        if number >= first and (key := sku_key(sheet.text(number, place))) and key in codes
    }
