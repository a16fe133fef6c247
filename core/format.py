"""Money, weights and days in each language's form. A number never leaves its unit: the space does not break."""

from datetime import date, datetime

from core.clock import HANOI, day_of
from core.i18n import language
from core.numerals import spoken_vnd, spoken_weight

NBSP = "\u00a0"
_SWAPPED = str.maketrans(",.", ".,")


def number(value: int | float) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return text.translate(_SWAPPED) if language() == "vi" else text


def vnd(amount: int) -> str:
    """65.000 đ; in English 65,000 đ."""
    return f"{'−' if amount < 0 else ''}{number(abs(amount))}{NBSP}đ"


def weight(grams: int) -> str:
    """250 g below a kilogram, 42,8 kg from there."""
    if abs(grams) < 1000:
        return f"{number(grams)}{NBSP}g"
    return f"{number(grams // 1000 if grams % 1000 == 0 else round(grams / 1000, 3))}{NBSP}kg"


def volume(millilitres: int) -> str:
    """10 ml, 1,5 l."""
    if abs(millilitres) < 1000:
        return f"{number(millilitres)}{NBSP}ml"
    return f"{number(round(millilitres / 1000, 3))}{NBSP}l"


def percent(part: int, whole: int) -> str:
    """A ratio as a per cent, with decimals only below one; an empty text where there is no denominator."""
    if not whole:
        return ""
    value = 100 * part / whole
    return f"{number(round(value, 2) if 0 < abs(value) < 1 else round(value))}{NBSP}%"


def day(value: date | datetime) -> str:
    """21/11/2026 in Vietnamese, 21 Nov 2026 in English, 2026年11月21日 in Japanese."""
    on = day_of(value) if isinstance(value, datetime) else value
    code = language()
    if code == "vi":
        return f"{on.day:02}/{on.month:02}/{on.year}"
    return f"{on.year}年{on.month}月{on.day}日" if code == "ja" else f"{on.day} {on:%b %Y}"


def instant(value: datetime) -> str:
    """14:05, 21/11/2026, in Vietnam's time."""
    return f"{value.astimezone(HANOI):%H:%M}, {day(value)}"


def spoken(amount_vnd: int) -> str:
    """An amount in words of the page's language."""
    return spoken_vnd(amount_vnd, language())


def spoken_mass(grams: int) -> str:
    """A weight in words of the page's language."""
    return spoken_weight(grams, language())
