"""One cell of money or time as banks and carriers write it: a value, or what is wrong with it. Pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.clock import HANOI
from core.errors import Invalid
from core.i18n import N_
from core.text import clean
from payments.tables.columns import FOREIGN

Cell = str | int | float | None
_ERA = date(1899, 12, 30)  # Excel's day 1 is 1 January 1900, and it believes in 29 February 1900
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
MOST_VND = 10**12


def text(value: Cell, longest: int = 500) -> str:
    """A cell as one line; a whole number without its '.0'."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean(str(value))[:longest] if value is not None else ""


def amount(value: Cell) -> int:
    """Whole đồng with a sign; 0 for an empty cell: 200000, '200.000', '1,000,000.00', '+50.000 đ', '(5,000)'.

    >>> [amount(cell) for cell in ("1,000,000.00", "(5.000)", "-200.000 VND", 65000.0, "")]
    [1000000, -5000, -200000, 65000, 0]

    Raises Invalid for a text, a fraction of a đồng and foreign money.
    """
    if value is None:
        return 0
    if isinstance(value, int | float):
        return _whole(value)
    bare = value.strip()
    if FOREIGN.search(bare):
        raise Invalid(N_("“%(typed)s” không phải tiền đồng"), typed=bare[:30])
    bare = re.sub(r"(?i)(vnđ|vnd|đồng|đ|₫|dong)\.?|[\s\u00a0']", "", bare)
    if bare in ("", "-", "–", "+", "."):
        return 0
    match = re.fullmatch(r"\(([\d.,]+)\)|([+\-−–]?)([\d.,]+)([+\-−–]?)", bare)
    if match is None or not re.fullmatch(r"[0-9.,()+\-−–]+", bare):
        raise Invalid(N_("chưa đọc được số tiền “%(typed)s”"), typed=value.strip()[:30])
    digits = match[1] or match[3]
    minus = bool(match[1]) or (match[2] or match[4] or "+") in "-−–"
    size = _digits(digits, value.strip())
    return -size if minus else size


def _whole(value: int | float) -> int:
    if value != value or abs(value) > MOST_VND or value != int(value):
        raise Invalid(N_("“%(typed)s” có phần lẻ của đồng, hoặc quá lớn"), typed=str(value)[:30])
    return int(value)


def _digits(digits: str, typed: str) -> int:
    """'1.000.000', '1,000,000.00', '200.000,00', '65000' as a whole number."""
    bare = (
        re.sub(r"(?<=\d)[.,]0{1,2}$", "", digits)
        if re.search(r"[.,]\d{3}[.,]0{1,2}$|^\d+[.,]0{1,2}$", digits)
        else digits
    )
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,3}(,[0-9]{3})+", bare):
        bare = re.sub("[.,]", "", bare)
    if re.fullmatch(r"[0-9]+[.,][0-9]{1,2}", bare):
        raise Invalid(N_("“%(typed)s” có phần lẻ của đồng, hoặc quá lớn"), typed=typed[:30])
    if not re.fullmatch(r"[0-9]{1,13}", bare) or int(bare) > MOST_VND:
        raise Invalid(N_("chưa đọc được số tiền “%(typed)s”"), typed=typed[:30])
    return int(bare)


@dataclass(frozen=True)
class When:
    """A day of the bank's book, and the hour where it tells one."""

    on: date
    hour: time | None = None

    @property
    def at(self) -> datetime:
        """As an instant, UTC; noon where only the day is known."""
        return datetime.combine(self.on, self.hour or time(12), HANOI).astimezone(UTC)


def month_first(values: Iterable[Cell]) -> bool:
    """Whether a whole column of days writes the month before the day: one such as 11/22/2026 decides, unless another
    can only be read the other way."""
    american = european = False
    for value in values:
        if match := re.match(
            r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})\b", value if isinstance(value, str) else ""
        ):
            american |= int(match[2]) > 12
            european |= int(match[1]) > 12
    return american and not european


def when(value: Cell, hour: Cell = None, *, american: bool = False) -> When:
    """A day as banks write it: '22/11/2026', '22-11-26 10:05:00', '2026-11-22T10:05', '20261122', '22 Nov 2026', or
    as Excel counts it; the hour may stand in a column of its own. Raises Invalid.

    >>> when("22/11/2026 10:05:09").hour, when("05-NOV-2026").on
    (datetime.time(10, 5, 9), datetime.date(2026, 11, 5))
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 30_000 <= value <= 80_000:
            seconds = round((value - int(value)) * 86_400)
            clock = _clock(seconds) if seconds else None
            return When(_ERA + timedelta(days=int(value)), clock or _hour(hour))
        value = text(value)
    typed = text(value)
    on = _day(typed, american)
    if on is None:
        raise Invalid(N_("chưa đọc được ngày “%(typed)s”"), typed=typed[:30])
    return When(on, _hour(typed) or _hour(hour))


def _day(typed: str, american: bool) -> date | None:
    if match := re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", typed):
        return _date(match[1], match[2], match[3])
    if match := re.match(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)", typed):
        first, second = (match[2], match[1]) if american else (match[1], match[2])
        return _date(match[3], second, first)
    if match := re.match(r"(\d{1,2})[\s\-/]?([A-Za-z]{3})[a-z]*[\s\-/,]*(\d{4}|\d{2})(?!\d)", typed):
        month = _MONTHS.get(match[2].lower())
        return _date(match[3], str(month), match[1]) if month else None
    if match := re.fullmatch(r"(20\d{2})(\d{2})(\d{2})(\d{6})?", typed):
        return _date(match[1], match[2], match[3])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _clock(seconds: int) -> time:
    minutes, second = divmod(min(seconds, 86_399), 60)
    return time(*divmod(minutes, 60), second)


def _hour(value: Cell) -> time | None:
    """The hour in a cell, None where it has none; midnight to the second is how a day alone is often written."""
    if isinstance(value, float) and 0 < value < 1:
        return _clock(round(value * 86_400))
    match = re.search(r"(?:^|[\sT])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp][Mm])?", text(value))
    if match is None:
        return None
    number, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        number = number % 12 + (12 if match[4].lower() == "pm" else 0)
    if number > 23 or minute > 59 or second > 59:
        return None
    found = time(number, minute, second)
    return found if found != time(0) else None
