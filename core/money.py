"""Whole đồng, and shares of them that always add up."""

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

from core.errors import Invalid
from core.i18n import N_

PRICE_MAX_VND = 1_000_000_000
Key = TypeVar("Key", bound="str | int | tuple[object, ...]")


def largest_remainder(total: int, weights: Mapping[Key, int | Fraction]) -> dict[Key, int]:
    """Divide a whole `total` over keys by weight so that the parts add up to it exactly.

    Each key first gets the floor of its share; what is left goes, one each, to the largest remainders, ties
    broken by the smaller key. Works for a negative total by symmetry. Raises ValueError if all weights are 0
    or any is negative.

    >>> largest_remainder(100, {"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    """
    if not any(weights.values()) or any(weight < 0 for weight in weights.values()):
        raise ValueError("weights must be non-negative and not all zero")
    sign, size = (-1, -total) if total < 0 else (1, total)
    scale = math.lcm(*(weight.denominator for weight in weights.values()))
    scaled = {
        key: int(weight * scale) for key, weight in weights.items()
    }  # whole: fractions cost ten times as much
    whole = sum(scaled.values())
    exact = {key: divmod(size * weight, whole) for key, weight in scaled.items()}
    parts = {key: share[0] for key, share in exact.items()}
    left = size - sum(parts.values())
    if left:
        for key in sorted(exact, key=lambda key: (-exact[key][1], key))[:left]:
            parts[key] += 1
    return {key: sign * part for key, part in parts.items()}


def share_bp(amount_vnd: int, rate_bp: int) -> int:
    """A rate in basis points of an amount, rounded down to the đồng."""
    return amount_vnd * rate_bp // 10_000


def parse_vnd(typed: str) -> int:
    """What a person types as an amount: '65000', '65.000', '65,000 đ', '65k'. Raises Invalid."""
    bare = re.sub(r"(đồng|vnđ|vnd|đ|₫|\s)", "", typed.casefold())
    if match := re.fullmatch(r"(\d{1,6})(k|n|ngàn|nghìn)", bare):
        return int(match[1]) * 1000
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", bare):
        bare = re.sub("[.,]", "", bare)
    if not re.fullmatch(r"\d{1,15}", bare):
        raise Invalid(
            N_("Chưa đọc được số tiền “%(typed)s”."),
            remedy=N_("Viết số, ví dụ 65000 hoặc 65.000."),
            typed=typed[:40],
        )
    return int(bare)


def check_price(amount_vnd: int, *, field: str = "price_vnd") -> int:
    """A selling price: more than 0 đ, at most a billion. Returns it, or raises Invalid."""
    if not 0 < amount_vnd <= PRICE_MAX_VND:
        raise Invalid(
            N_("Giá phải lớn hơn 0 và không quá 1 tỷ đồng."),
            remedy=N_("Xem lại số không ở cuối."),
            field=field,
        )
    return amount_vnd
