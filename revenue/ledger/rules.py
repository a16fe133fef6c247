"""Balance and chain of entries, as pure functions."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime

from revenue.rules import Line

GENESIS = "0" * 64
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def fault(lines: Sequence[Line]) -> str:
    """What is wrong with an entry's lines: "few", "zero", "unbalanced", or "" when they may be posted."""
    return amounts_fault([line.amount_vnd for line in lines])


def amounts_fault(amounts: Sequence[int]) -> str:
    """The same of the lines' amounts alone, đồng."""
    if len(amounts) < 2:
        return "few"
    if not all(amounts):
        return "zero"
    return "unbalanced" if sum(amounts) else ""


def body_hash(kind: str, refs: Sequence[int | None], note: str, lines: Sequence[Line]) -> str:
    """SHA-256 over what an entry says; the same key must come with the same body.

    refs: order, slip and terms ids. Neither the order of lines nor the day matters: a gateway may repeat its
    news two days late. The day is in the entry's own hash.
    """
    return rows_hash(kind, refs, note, [line.body() for line in lines])


def rows_hash(kind: str, refs: Sequence[int | None], note: str, lines: Sequence[Sequence[object]]) -> str:
    """The same over lines as plain values in the order of `Line.body`: for reading a whole book again."""
    return hashlib.sha256(_COMPACT.encode([str(kind), list(refs), note, _sorted(lines)]).encode()).hexdigest()


def _sorted(lines: Sequence[Sequence[object]]) -> list[Sequence[object]]:
    """Lines in the order of their JSON text: written once for all and cut, which costs a third of writing each."""
    texts = json.dumps(lines)[2:-2].split("], [")
    if len(texts) != len(lines):  # a word of a line holds what we cut at
        return sorted(lines, key=json.dumps)
    places = sorted(range(len(lines)), key=lambda place: texts[place] + "]")
    return [lines[place] for place in places]


def entry_hash(prev_hash: str, seq: int, key: str, at: datetime, on: date, body: str) -> str:
    """The link of the chain: SHA-256 over the previous link, place, key, instant (UTC), day and body."""
    return hashlib.sha256(
        f"{prev_hash}\n{seq}\n{key}\n{at.isoformat()}\n{on.isoformat()}\n{body}".encode()
    ).hexdigest()
