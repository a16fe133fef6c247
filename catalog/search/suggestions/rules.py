"""Which beginnings a line is offered under. Pure functions."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from catalog.search.words import folded_words

Row = TypeVar("Row")
SHOWN = 8
KEPT = 16  # under a short beginning: a withdrawn product leaves a gap that others fill
KEY_MAX = 48
OF_A_KIND = 3  # sellers or places at most beside other kinds
ASIDE = re.compile(r"\([^)]*\)")
LEADING = frozenset({"htx"})  # nobody looks a seller up by the word that all have
CROWD = 64  # where more lines than this begin alike, the best are written down under the beginning itself


@dataclass(frozen=True, slots=True)
class Line:
    """A line to offer. rank: higher is better."""

    kind: str
    text: str
    text_en: str
    href: str
    rank: int
    product_id: int | None = None


def typed_key(text: str) -> str:
    """What is looked up for what was typed so far.

    >>> typed_key("  Tinh DẦU q")
    'tinh dau q'
    """
    return " ".join(folded_words(text))[:KEY_MAX]


def keys_of(line: Line) -> list[tuple[str, int]]:
    """The line's folded text from each of its words on, with its rank there: from the first word it counts most. What
    stands in brackets is no way to find it.

    >>> keys_of(Line("product", "Tinh dầu quế", "", "/x", 100))
    [('tinh dau que', 100), ('dau que', 60), ('que', 60)]
    """
    found: dict[str, int] = {}
    for text in dict.fromkeys((line.text, line.text_en)):
        words = folded_words(ASIDE.sub(" ", text))
        first = 1 if len(words) > 1 and words[0] in LEADING else 0
        for place in range(min(len(words), 6)):
            key = " ".join(words[place:])[:KEY_MAX]
            rank = line.rank if place <= first else line.rank * 3 // 5
            found[key] = max(rank, found.get(key, 0))
    return list(found.items())


def varied(
    rows: Iterable[Row], kind: Callable[[Row], str], href: Callable[[Row], str], most: int = KEPT
) -> list[Row]:
    """The first rows, each address once, of a kind at most OF_A_KIND; products as many as there is room for."""
    found: dict[str, Row] = {}
    kinds: Counter[str] = Counter()
    for row in rows:
        if href(row) in found or (kind(row) != "product" and kinds[kind(row)] == OF_A_KIND):
            continue
        found[href(row)] = row
        kinds[kind(row)] += 1
        if len(found) == most:
            break
    return list(found.values())


def laid_out(lines: Iterable[Line]) -> Iterator[tuple[str, int, Line]]:
    """Every (key, rank, line) of the table: each line under its own keys, and the best of each crowded beginning under
    the beginning and '*'."""
    rows = sorted(
        ((key, rank, line) for line in lines for key, rank in keys_of(line)),
        key=lambda row: (row[0], -row[1]),
    )
    yield from rows
    yield from _crowded(rows, 0, len(rows), 1)


def _crowded(
    rows: list[tuple[str, int, Line]], start: int, end: int, length: int
) -> Iterator[tuple[str, int, Line]]:
    """The best of each beginning of this length within sorted rows, and of the longer ones within it."""
    stack = [(start, end, length)]
    while stack:
        start, end, length = stack.pop()
        at = start
        while at < end:
            head, first = rows[at][0][:length], at
            while at < end and rows[at][0][:length] == head:
                at += 1
            if at - first > CROWD and len(head) == length:
                best = sorted(rows[first:at], key=lambda row: -row[1])
                kept = varied(best, lambda row: row[2].kind, lambda row: row[2].href)
                yield from ((f"{head}*", rank, line) for _key, rank, line in kept)
                stack.append((first, at, length + 1))
