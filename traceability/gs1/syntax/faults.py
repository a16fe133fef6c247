"""What is wrong with an element, where it stands, and the checks that others are made of."""

import re
from dataclasses import dataclass

At = tuple[int, str] | None
PREFIX_LEAST = 4  # digits of the shortest company prefix


@dataclass(frozen=True, slots=True)
class Fault:
    """ai: of the element concerned. at: a place in the text as it came, counted from 0; None where it is the whole."""

    ai: str | None
    at: int | None
    why: str


def digits(text: str) -> At:
    """The first character that is no digit."""
    wrong = re.search(r"[^0-9]", text)
    return (wrong.start(), "not a digit") if wrong else None


def prefix(text: str) -> At:
    """Whether a text begins with a company prefix; whose it is, nobody can say without GS1's registry."""
    if len(text) < PREFIX_LEAST:
        return 0, "too short for a company prefix"
    wrong = digits(text[:PREFIX_LEAST])
    return (wrong[0], "not a company prefix") if wrong else None
