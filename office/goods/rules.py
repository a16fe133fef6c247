"""Prices raised or lowered by a per cent, to round amounts. Pure functions."""

import re

from core.errors import Invalid
from core.i18n import N_
from core.money import PRICE_MAX_VND

STEPS_VND = (1_000, 500, 100, 5_000, 10_000)
LEAST_BP, MOST_BP = -9_000, 30_000


def read_percent(typed: str) -> int:
    """A per cent as people type it, in basis points: '5', '-10 %', '2,5'. Raises Invalid.

    >>> read_percent("5"), read_percent("-10 %"), read_percent("2,5")
    (500, -1000, 250)
    """
    bare = re.sub(r"\s|%", "", typed.replace("−", "-").replace("–", "-"))
    match = re.fullmatch(r"([+-]?)(\d{1,3})(?:[.,](\d{1,2}))?", bare)
    if match is None:
        raise Invalid(
            N_("Chưa đọc được phần trăm “%(typed)s”."),
            remedy=N_("Viết 5 để tăng, -10 để giảm."),
            field="percent",
            typed=typed[:20],
        )
    size = int(match[2]) * 100 + int((match[3] or "0").ljust(2, "0"))
    found = -size if match[1] == "-" else size
    if not LEAST_BP <= found <= MOST_BP or found == 0:
        raise Invalid(
            N_("Tăng nhiều nhất 300 phần trăm, giảm nhiều nhất 90."),
            remedy=N_("Viết 5 để tăng, -10 để giảm."),
            field="percent",
        )
    return found


def changed_by(price_vnd: int, by_bp: int, step_vnd: int = 1_000) -> int:
    """A price changed by basis points, rounded half up to whole steps, never below one step nor above a billion.

    >>> changed_by(65_000, 500), changed_by(65_000, -1000), changed_by(400, -5000, 1_000)
    (68000, 59000, 1000)
    """
    exact = price_vnd * (10_000 + by_bp)
    rounded = (2 * exact + 10_000 * step_vnd) // (20_000 * step_vnd) * step_vnd
    return min(PRICE_MAX_VND, max(step_vnd, rounded))
