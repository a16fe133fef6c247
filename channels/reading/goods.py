"""Which goods a message names: codes of a live sheet, runs of words of a product's name, amounts that tell packs apart.

Pure functions. Synonyms are the search's own (ngô and bắp).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.measures.rules import read_measure
from catalog.rules import Unit
from catalog.search.synonyms import load
from channels.reading.words import COMMON, NUMBERS, Token, fits
from core.errors import Invalid
from core.text import fold, words

NAME_WORDS_MAX = 5  # the longest run of a name's words that is looked for
_MEASURE = re.compile(
    r"(?<![a-z\d.,])(?P<figure>\d+(?:[.,]\d+)?|nua|mot|hai|ba|bon|nam|muoi)?\s*"
    r"(?P<unit>chuc|yen|ta|kg|ki lo|kilo|ky|can|lang|gram|gam|gr|g|ml|lit|l)(?![a-z])(?P<half>\s+ruoi)?"
)


@dataclass(frozen=True, slots=True)
class Good:
    """A pack that can be ordered. net: whole grams, millilitres or pieces. code: its word on a live sheet, or ''."""

    pack_id: int
    product_id: int
    name: str
    label: str
    net: int
    unit: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Goods named between two places of the text (token numbers). packs: all that it may mean."""

    first: int
    last: int
    packs: tuple[Good, ...]


@dataclass(frozen=True)
class Shelf:
    """The goods that a message may name."""

    goods: tuple[Good, ...]

    @cached_property
    def by_code(self) -> dict[str, Good]:
        """Folded code → pack."""
        return {fold(one.code).replace(" ", ""): one for one in self.goods if one.code}

    @cached_property
    def codes(self) -> re.Pattern[str] | None:
        """A code with a number before or after it, however it is typed: "2m1", "m1x2", "m1 2", "M1 - 3"."""
        if not self.by_code:
            return None
        code = "|".join(re.escape(code) for code in sorted(self.by_code, key=len, reverse=True))
        held = rf"(?P<%s>{code})(?![a-z\d]*[a-wyz])"
        number, box = rf"\d{{1,2}}|{'|'.join(NUMBERS)}", "goi|chai|hop|tui|lo|hu|cai|can|kg|chuc"
        more = rf"\s*(?:{box})\s+(?!(?:nha|nhe|di|a|ah|luon|shop|c|e|chi|em|oi|thoi|voi|ve|gui|ship)\b)[a-z]"
        digits = rf"(?P<after>\d{{1,2}})(?!\d|[a-z]|\s*(?:g|gr|ml|k|lang)\b)(?!{more})"
        word = rf"(?P<word>{'|'.join(NUMBERS)})(?=\s+(?:{box})\b)(?!{more})"
        many = rf"\s*(?:x|\*|:|-|sl|so luong)?\s*(?:{digits}|{word})"
        return re.compile(
            rf"(?<![a-z\d])(?:(?P<before>{number})\s*(?:(?:x|\*|{box})\s*)?{held % 'one'}|{held % 'other'}(?:{many})?)"
        )

    @cached_property
    def phrases(self) -> dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]]:
        """Folded run of words → the marked words and products that have it in their names."""
        found: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = {}
        for product_id, name in {one.product_id: one.name for one in self.goods}.items():
            for run in _runs(words(name)):
                key = tuple(fold(word) for word in run)
                if (run, product_id) not in found.setdefault(key, []):
                    found[key].append((run, product_id))
        return found

    @cached_property
    def packs(self) -> dict[int, tuple[Good, ...]]:
        """Product → its packs."""
        found: dict[int, list[Good]] = {}
        for one in self.goods:
            found.setdefault(one.product_id, []).append(one)
        return {product: tuple(ones) for product, ones in found.items()}


def _runs(name: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The runs of words by which a product may be called, with the words that other regions say instead."""
    table = load()
    for first in range(len(name)):
        for last in range(first + 1, min(len(name), first + NAME_WORDS_MAX) + 1):
            run = tuple(name[first:last])
            folded = tuple(fold(word) for word in run)
            if _says_nothing(folded, is_beginning=first == 0):
                continue
            yield run
            for other in table.marked.get(run, ()):
                if not all(word in COMMON for word in other):
                    yield other


def _says_nothing(run: Sequence[str], *, is_beginning: bool) -> bool:
    """Whether a run of words is in every sentence: one common word, or several that do not begin the name."""
    return all(word in COMMON or word.isdigit() for word in run) and not (is_beginning and len(run) > 1)


def find(typed: Sequence[Token], shelf: Shelf) -> list[Mention]:
    """What the tokens name, the longest run first at each place; runs side by side that share goods are one mention.

    "tinh dầu", "quế" of "tinh dầu quế" and "tinh dầu sả": the second narrows the first.
    """
    found: list[tuple[int, int, frozenset[int]]] = []
    place = 0
    while place < len(typed):
        hit = _longest(typed, place, shelf)
        if hit is None or (hit[0] == place and _in_a_name(typed, place)):
            place += 1
            continue
        last, products = hit
        if found and place - found[-1][1] <= 2 and (both := found[-1][2] & products):
            found[-1] = (found[-1][0], last, both)
        else:
            found.append((place, last, products))
        place = last + 1
    return [
        Mention(first, last, tuple(pack for one in sorted(products) for pack in shelf.packs[one]))
        for first, last, products in found
    ]


def _in_a_name(typed: Sequence[Token], place: int) -> bool:
    """Whether one word of goods stands in somebody's name: "Nguyễn Thị Hồng Phúc" orders no taro of Nguyên Phúc."""
    here, before = typed[place], typed[place - 1] if place else None
    after = typed[place + 1] if place + 1 < len(typed) else None
    led = before is not None and here.joined and before.capital
    followed = after is not None and after.joined and after.capital
    return here.capital and (led or followed)


def _longest(typed: Sequence[Token], place: int, shelf: Shelf) -> tuple[int, frozenset[int]] | None:
    for length in range(min(NAME_WORDS_MAX, len(typed) - place), 0, -1):
        run = typed[place : place + length]
        known = shelf.phrases.get(tuple(token.folded for token in run), ())
        products = frozenset(
            product
            for marked, product in known
            if all(fits(token, word, token.folded) for token, word in zip(run, marked, strict=True))
        )
        if products:
            return place + length - 1, products
    return None


def narrow(packs: Sequence[Good], amount: tuple[int, str] | None) -> tuple[tuple[Good, ...], int, bool]:
    """The packs that an amount leaves, how many of them make it up ("1 kg" is two packs of 500 g), and whether they do.

    amount: a number of whole grams, millilitres or pieces with its unit, None where none was said.
    """
    if amount is None:
        return tuple(packs), 1, True
    net, unit = amount
    same = tuple(one for one in packs if (one.net, one.unit) == (net, unit))
    if same:
        return same, 1, True
    parts = tuple(one for one in packs if one.unit == unit and one.net and net % one.net == 0)
    if parts:
        largest = max(one.net for one in parts)
        return tuple(one for one in parts if one.net == largest), net // largest, True
    return (tuple(packs), net, True) if unit == Unit.PIECE else (tuple(packs), 1, False)


def amounts(text: str) -> Iterable[tuple[int, int, tuple[int, str]]]:
    """Weights, volumes and tens in a folded text: from where to where, and what it is in whole g, ml or pieces."""
    for hit in _MEASURE.finditer(text):
        try:
            read = read_measure(hit[0].strip())
        except Invalid:
            continue
        if read.unit is not Unit.PIECE or hit["unit"] == "chuc":
            yield hit.start(), hit.end(), (read.quantity, str(read.unit))
