"""An amount over members by grams, as the split does it; what comes in is a stranger's line and is read strictly."""

from typing import Any

from core.lines import Refused, read
from core.money import largest_remainder

WHOLE_MAX = 10**1000  # nothing is stored, so only the line's length bounds members and names


def split_line(line: bytes) -> dict[str, Any]:
    """{"amount_vnd": đồng, "weights": {member: grams}} → {"parts": {member: đồng}}, by largest remainder.

    The parts add up to the amount; equal remainders go to the smaller member by code point; a negative amount is the
    mirror of the positive one; a member of weight 0 gets 0. Members stand in the order of their code points.
    Raises Refused for anything else.

    >>> split_line(b'{"amount_vnd": 100, "weights": {"b": 1, "a": 1, "c": 1}}')
    {'parts': {'a': 34, 'b': 33, 'c': 33}}
    """
    asked = read(line, most=WHOLE_MAX)
    if missing := {"amount_vnd", "weights"} - asked.keys():
        raise Refused(f"{', '.join(sorted(missing))} is missing")
    amount = _whole(asked["amount_vnd"], "amount_vnd")
    weights = _weights(asked["weights"])
    parts = largest_remainder(amount, weights)
    return {"parts": {member: parts[member] for member in sorted(parts)}}


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{name} is no whole number")
    return value


def _weights(given: object) -> dict[str, int]:
    if not isinstance(given, dict):
        raise Refused('weights is no object of {"member": grams}')
    weights: dict[str, int] = {}
    for member, grams in given.items():
        weights[member] = _whole(grams, f"the weight of {member[:40]!r}")
        if weights[member] < 0:
            raise Refused(f"the weight of {member[:40]!r} is negative")
    if not any(weights.values()):
        raise Refused("no weight is positive")
    return weights
