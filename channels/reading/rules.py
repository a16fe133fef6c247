"""Reading an order out of a message: pure functions over text and the cooperative's own goods.

Nothing is decided here for a person: what may mean two things is said with both, and the reader is asked.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from channels.reading.goods import Good, Mention, Shelf, amounts, find, narrow
from channels.reading.words import CONTAINERS, NUMBERS, PRAISING, Token, asks, cancels, orders, spoken, tokens
from core.text import fold

QUANTITY_MAX = 99
_EACH = re.compile(rf"\bmoi (?:loai|thu|mon|cai|ma)(?: lay| cho)? (\d{{1,2}}|{'|'.join(NUMBERS)})\b")
_CUT = re.compile(r"[,;\n+&/]|(?<![a-z])(?:va|voi|cung|them)(?![a-z])")


class Intent(StrEnum):
    """What a message wants."""

    ORDER = "order"
    ASK = "ask"  # a question, to be answered by a person
    CANCEL = "cancel"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Item:
    """So many of a pack; `packs` has more than one where a person must choose. said: the words it was read from."""

    packs: tuple[Good, ...]
    quantity: int
    said: str
    counted: bool = True  # False where no number was said
    adds_up: bool = True  # False where the amount asked for is no whole number of packs

    @property
    def pack(self) -> Good | None:
        """The one pack meant, None where it is not certain."""
        return self.packs[0] if len(self.packs) == 1 and self.adds_up else None


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says. Every part may be missing."""

    intent: Intent
    items: tuple[Item, ...] = ()


def read_items(text: str, shelf: Shelf) -> tuple[Item, ...]:
    """The goods of a text in its order; the same pack twice is one item with the sum."""
    plain = unicodedata.normalize("NFC", text)
    folded = _folded_in_place(plain)
    found: list[tuple[int, Item]] = []
    if shelf.codes is not None:
        for hit in shelf.codes.finditer(folded):
            many = hit["before"] or hit["after"] or hit["word"]
            pack = shelf.by_code[hit["one"] or hit["other"]]
            one = Item(
                (pack,), _within(_number(many) if many else 1), plain[hit.start() : hit.end()], bool(many)
            )
            found.append((hit.start(), one))
        folded = shelf.codes.sub(lambda hit: " " * len(hit[0]), folded)
        plain = "".join(a if b != " " else " " for a, b in zip(plain, folded, strict=True))
    typed = tokens(plain)
    mentions = find(typed, shelf)
    for group in _clauses(plain, typed, mentions):
        leads = _before(typed, group.mentions[0].first, group.first, group.weighed) is not None
        for number, mention in enumerate(group.mentions):
            one = _item(plain, typed, group, number, leads=leads)
            found.append((typed[mention.first].start, one))
    together = _together([item for _at, item in sorted(found, key=lambda pair: pair[0])])
    if each := _EACH.search(folded):
        many = _within(_number(each[1]))
        return tuple(one if one.counted else Item(one.packs, many, one.said) for one in together)
    if len(together) == 1 and not together[0].counted:
        return (_elsewhere(together[0], typed, mentions, folded),)
    return together


@dataclass(frozen=True, slots=True)
class Clause:
    """The words between two commas in which goods are named, with clauses beside them that name none. Token numbers;
    weighed: letters that belong to a weight or volume; amounts: those, in the folded text.
    """

    first: int
    end: int
    mentions: tuple[Mention, ...]
    amounts: tuple[tuple[int, int, tuple[int, str]], ...]
    weighed: frozenset[int]


def _clauses(plain: str, typed: Sequence[Token], mentions: Sequence[Mention]) -> list[Clause]:
    """Cut at commas, line ends and "và", but only between goods: "mật ong, 2 chai" is one clause."""
    folded = _folded_in_place(plain)
    cuts = [hit.start() for hit in _CUT.finditer(folded)]
    weights = tuple(amounts(folded))
    groups: list[list[Mention]] = []
    for mention in mentions:
        here = typed[mention.first].start
        if groups and not any(typed[groups[-1][-1].last].end <= cut < here for cut in cuts):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    made, first = [], 0
    for number, group in enumerate(groups):
        end = len(typed)
        if number + 1 < len(groups):
            stop = next(cut for cut in reversed(cuts) if cut < typed[groups[number + 1][0].first].start)
            end = next(place for place, token in enumerate(typed) if token.start >= stop)
        begin, close = typed[first].start, typed[end - 1].end
        own = tuple(hit for hit in weights if begin <= hit[0] < close)
        letters = frozenset(place for hit in own for place in range(hit[0], hit[1]))
        made.append(Clause(first, end, tuple(group), own, letters))
        first = end
    return made


def _folded_in_place(text: str) -> str:
    """The text without marks, letter for letter, so that places in both are the same."""
    return "".join(letter if letter == "\n" else fold(letter)[:1] or " " for letter in text)


def _number(said: str) -> int:
    return int(said) if said.isdigit() else NUMBERS[said]


def _within(quantity: int) -> int:
    return max(1, min(quantity, QUANTITY_MAX))


def _item(plain: str, typed: Sequence[Token], clause: Clause, number: int, *, leads: bool) -> Item:
    """One of a clause's goods. leads: numbers stand before the goods in this clause ("2 miến 1 trà"), not after."""
    mention = clause.mentions[number]
    least = clause.mentions[number - 1].last + 1 if number else clause.first
    most = clause.mentions[number + 1].first if number + 1 < len(clause.mentions) else clause.end
    begin, end = typed[least].start, typed[most - 1].end
    near = [hit for hit in clause.amounts if begin <= hit[0] < end]
    name = range(typed[mention.first].start, typed[mention.last].end)
    packs, times, adds_up = narrow(mention.packs, _nearest(near, name))
    before = _before(typed, mention.first, least, clause.weighed)
    quantity = before if leads else _after(typed, mention.last, most, clause.weighed)
    if quantity is None and not leads and len(clause.mentions) == 1:
        quantity = before
    if quantity is None and leads and number + 1 == len(clause.mentions):
        quantity = _after(typed, mention.last, most, clause.weighed)
    said = plain[name.start : name.stop]
    return Item(packs, _within((quantity or 1) * times), said, quantity is not None or times > 1, adds_up)


def _nearest(near: Sequence[tuple[int, int, tuple[int, str]]], inside: range) -> tuple[int, str] | None:
    """The amount closest to the goods' name; one before it may belong to the goods before, so after goes first."""
    after = [hit for hit in near if hit[0] >= inside.start]
    before = [hit for hit in near if hit[0] < inside.start and inside.start - hit[1] <= 12]
    chosen = before[-1:] or after[:1]
    return chosen[0][2] if chosen else None


def _before(typed: Sequence[Token], first: int, least: int, weighed: frozenset[int]) -> int | None:
    """A number just before the goods, with or without a container between: "2 gói miến", "hai miến"."""
    place = first - 1
    while place >= least and (typed[place].folded in CONTAINERS or typed[place].start in weighed):
        if typed[place].number is not None and typed[place].start not in weighed:
            break
        place -= 1
    if place < least or typed[place].start in weighed:
        return None
    return _value(typed, place)


def _after(typed: Sequence[Token], last: int, most: int, weighed: frozenset[int]) -> int | None:
    """A number after the goods and before the next: "miến 2", "miến x2", "miến dong lấy 2 gói"."""
    for place in range(last + 1, min(most, last + 6)):
        token = typed[place]
        if token.start in weighed or token.folded in ("x", "sl"):
            continue
        follows = typed[place + 1].folded if place + 1 < most else ""
        value = _value(typed, place, in_digits=place > last + 1 and follows not in CONTAINERS)
        if value is not None:
            return value
    return None


def _elsewhere(item: Item, typed: Sequence[Token], mentions: Sequence[Mention], folded: str) -> Item:
    """The only number of a text whose goods had none beside them: "còn m1 không, chốt 2"."""
    weighed = {place for hit in amounts(folded) for place in range(hit[0], hit[1])}
    named = {place for mention in mentions for place in range(mention.first, mention.last + 1)}
    numbers = [
        value
        for place, token in enumerate(typed)
        if place not in named and token.start not in weighed and (value := token.number)
    ]
    if len(numbers) != 1:
        return item
    return Item(item.packs, _within(item.quantity * numbers[0]), item.said)


def _value(typed: Sequence[Token], place: int, *, in_digits: bool = False) -> int | None:
    return (typed[place].number or None) if in_digits else typed[place].value


def _together(items: Sequence[Item]) -> tuple[Item, ...]:
    merged: dict[tuple[int, ...], Item] = {}
    for item in items:
        key = tuple(one.pack_id for one in item.packs)
        held = merged.get(key)
        if held is None:
            merged[key] = item
        elif item.counted and held.counted:
            merged[key] = Item(item.packs, _within(held.quantity + item.quantity), held.said)
        elif item.counted:
            merged[key] = item
    return tuple(merged.values())


def intent_of(text: str, items: Sequence[Item]) -> Intent:
    """Whether a message orders, asks, takes back, or only chats.

    A verb of ordering outweighs a question beside it ("còn m1 không, chốt 2"); goods alone are an order.
    """
    if cancels(text):
        return Intent.CANCEL
    wants, said = orders(text), spoken(text).split()
    if asks(text) and not (items and wants):
        return Intent.ASK
    if items and not wants and not any(one.counted for one in items) and PRAISING & set(said):
        return Intent.NONE
    return Intent.ORDER if items or (wants and _is_short(said)) else Intent.NONE


def _is_short(said: Sequence[str]) -> bool:
    """ "chốt", "lấy 2 nhé": an order of what is being shown."""
    return len(said) <= 5


def read_message(text: str, shelf: Shelf, shown: Good | None = None) -> Message:
    """What a comment wants. shown: the goods held up just now; "chốt 2" means them."""
    items = read_items(text, shelf)
    intent = intent_of(text, items)
    if intent is Intent.ORDER and not items and shown is not None:
        numbers = [value for token in tokens(text) if (value := token.number)]
        items = (Item((shown,), _within(numbers[0] if numbers else 1), text.strip(), bool(numbers)),)
    return Message(intent, items if intent is not Intent.NONE else ())
