"""The clauses that were in force when an order was placed, by version: `data/<version>.json`, only ever added to.

Each clause is a title and a text with places that `orders.contracts.queries` fills in. No lawyer has read them yet, and
the legal time limits in them are second hand: the last clause says so. What a purchase stores is the version with the
limits of that day, so that a later setting changes no contract.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from core.limits import limit

Clauses = tuple[tuple[str, str], ...]
NOW = "2026-11-22"
LIMITS = {"return_days": "return_days", "answer_days": "complaint_answer_days", "order_years": "order_years"}


@dataclass(frozen=True)
class Wording:
    """One version in both languages; the Vietnamese counts where they differ."""

    version: str
    vi: Clauses
    en: Clauses


@dataclass(frozen=True)
class Agreed:
    """What a purchase stores, read: the wording and the limits that were in force."""

    wording: Wording
    limits: dict[str, str]


@cache
def wording(version: str) -> Wording:
    """The wording of a version. Raises FileNotFoundError for none of ours: a purchase always names one that exists."""
    path = Path(__file__).parent / "data" / f"{version}.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    return Wording(version, *(tuple((title, text) for title, text in found[name]) for name in ("vi", "en")))


def agreed_now() -> str:
    """What an order placed now agrees to: `2026-11-22?return_days=14&…`."""
    return f"{NOW}?{urlencode({name: limit(setting) for name, setting in LIMITS.items()})}"


def agreed(stored: str) -> Agreed:
    """What a purchase stored, read."""
    version, _mark, limits = stored.partition("?")
    return Agreed(wording(version), dict(parse_qsl(limits)))
