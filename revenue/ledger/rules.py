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
    if len(lines) < 2:
        return "few"
    if any(line.amount_vnd == 0 for line in lines):
        return "zero"
    return "unbalanced" if sum(line.amount_vnd for line in lines) else ""


def body_hash(kind: str, refs: Sequence[int | None], note: str, lines: Sequence[Line]) -> str:
    """SHA-256 over what an entry says; the same key must come with the same body.

    refs: order, slip and terms ids. Neither the order of lines nor the day matters: a gateway may repeat its
    news two days late. The day is in the entry's own hash.
    """
    rows = sorted((line.body() for line in lines), key=json.dumps)
    return hashlib.sha256(_COMPACT.encode([str(kind), list(refs), note, rows]).encode()).hexdigest()


def entry_hash(prev_hash: str, seq: int, key: str, at: datetime, on: date, body: str) -> str:
    """The link of the chain: SHA-256 over the previous link, place, key, instant (UTC), day and body."""
    return hashlib.sha256(
        f"{prev_hash}\n{seq}\n{key}\n{at.isoformat()}\n{on.isoformat()}\n{body}".encode()
    ).hexdigest()
