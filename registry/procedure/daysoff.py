"""Working days in Vietnam: public holidays and their swapped days as the `holidays` library knows them."""

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


@cache
def _vietnam() -> "HolidayBase":
    from holidays import country_holidays  # loaded when a clock runs: it brings every country

    return country_holidays("VN")


def works(day: date) -> bool:
    """Whether offices work on a day: no weekend, no public holiday; a Saturday worked in exchange counts.

    Swapped days are known once the government has said them and the library has been updated.
    """
    return bool(_vietnam().is_working_day(day))
