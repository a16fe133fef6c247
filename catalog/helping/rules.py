"""How long help lasts."""

from datetime import date, timedelta

HELP_DAYS = 30


def last_day(agreed_on: date) -> date:
    """The last day of a help that was agreed on a day: thirty days, then the manager is asked again.

    >>> last_day(date(2026, 11, 22))
    datetime.date(2026, 12, 22)
    """
    return agreed_on + timedelta(days=HELP_DAYS)
