"""Which column of somebody's table means what: by its heading, in Vietnamese or English, folded. Pure functions.

No bank's, carrier's or commune's own layout was to be had: the headings that parts list are words such tables commonly
use, written from general knowledge and unverified. What is not recognised, or wrongly, a person says once and it is
remembered.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.text import fold

HEADING_ROWS = 40  # titles, names and a period may stand above the headings


@dataclass(frozen=True)
class Column:
    """One kind of column. title: as we write it. known_as: folded headings that mean it, apart by commas. like: a
    pattern for headings that only contain it."""

    key: str
    title: str
    known_as: str
    like: str = ""

    def is_named(self, piece: str) -> bool:
        """Whether a folded heading, or one half of a bilingual one, is a name of it."""
        return piece in {name.strip() for name in self.known_as.split(",")}


@dataclass(frozen=True)
class Headings:
    """The headings of a table: their row's place among the rows, their texts, and what each column is taken for."""

    place: int
    texts: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def layout(self) -> dict[str, str]:
        """What is remembered: folded heading → key, '' for a column that is not read."""
        return {heading_key(text): key for text, key in zip(self.texts, self.keys, strict=True) if text}

    def at(self, key: str) -> int | None:
        """The place of a column, None where the table has none."""
        return self.keys.index(key) if key in self.keys else None


def heading_key(heading: str) -> str:
    """A heading as it is compared and remembered.

    >>> heading_key("Số tiền  ghi Có (VND)")
    'so tien ghi co vnd'
    """
    return " ".join(re.findall(r"[a-z0-9+#&]+", fold(heading)))


def pieces(heading: str) -> list[str]:
    """The parts of a heading that may each name it: bilingual ones stand apart by a slash, a bracket or a new line.

    >>> pieces("Ngày giao dịch/\\nTransaction date (GMT+7)")
    ['ngay giao dich', 'transaction date', 'gmt+7']
    """
    parts = [heading_key(part) for part in re.split(r"[/\n\r|()\[\]:;–—]| - ", heading)]
    return [part for part in parts if part]


def named(heading: str, columns: Sequence[Column]) -> str:
    """The key of the column that a heading names, '' for none."""
    whole = heading_key(heading)
    for part in (whole, *pieces(heading)):  # as a whole first: "Nợ/Có" is neither of the two
        for column in columns:
            if column.is_named(part):
                return column.key
    for column in columns:
        if column.like and re.search(column.like, whole):
            return column.key
    return ""


def find_headings(
    rows: Sequence[Sequence[object]], columns: Sequence[Column], layout: Mapping[str, str]
) -> Headings | None:
    """The row that reads most like headings among the first, and what its columns are; None where no row does.

    layout: what was remembered for this sender; it goes before what the headings say. A key is given once, to the
    first column that has it: a second "amount" is not read.
    """
    best: Headings | None = None
    for place, row in enumerate(rows[:HEADING_ROWS]):
        if any(isinstance(cell, int | float) for cell in row):
            continue
        texts = tuple(
            " ".join(str(cell or "").split()) if "\n" not in str(cell or "") else str(cell) for cell in row
        )
        keys = _keys(texts, columns, layout)
        count = sum(bool(key) for key in keys)
        if count >= 2 and (best is None or count > sum(bool(key) for key in best.keys)):
            best = Headings(place, texts, keys)
    return best


def first_row_of_words(rows: Sequence[Sequence[object]]) -> Headings | None:
    """Where no heading is known: the first row of three words or more, for a person to say what they mean."""
    for place, row in enumerate(rows[:HEADING_ROWS]):
        texts = tuple(str(cell or "").strip() for cell in row)
        if sum(bool(re.search(r"[^\W\d_]", text)) for text in texts) >= 3:
            return Headings(place, texts, ("",) * len(texts))
    return None


def _keys(texts: Sequence[str], columns: Sequence[Column], layout: Mapping[str, str]) -> tuple[str, ...]:
    given: set[str] = set()
    keys = []
    for text in texts:
        known = layout.get(heading_key(text)) if text else None
        key = known if known is not None else named(text, columns) if text else ""
        keys.append("" if key in given else key)
        given.add(key)
    return tuple(keys)


def letter(place: int) -> str:
    """A column as a spreadsheet names it, from 0.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
