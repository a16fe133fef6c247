"""Rules of the shared record: days of membership, ages, ethnic groups, what a consent may be for. All pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import Invalid
from core.i18n import N_

OLDEST_BIRTH_YEAR = 1900


class Sex(StrEnum):
    """As the person says."""

    MALE = "male"
    FEMALE = "female"


class Relation(StrEnum):
    """What a person is in the household."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    OTHER = "other"


class Purpose(StrEnum):
    """What a consent allows a cooperative to do. One purpose, one consent."""

    SHOW_NAME = (
        "show_name"  # name, village and stitch mark on product and scan pages, never an amount of money
    )
    CONTACT = "contact"  # the cooperative may call and write about deliveries and payments
    STATISTICS = (
        "statistics"  # sex and ethnic group may be counted in the project's tables, cells under 5 hidden
    )


@dataclass(frozen=True)
class EthnicGroup:
    """A group under one official list. A bare code means nothing: three lists give it to different groups."""

    list: str
    code: str
    name: str


def check_birth(birth_on: date | None, birth_year: int | None, today: date) -> int | None:
    """The year of birth that both agree on, None when unknown. Raises Invalid for the future, the past, a quarrel."""
    if birth_on is not None and birth_year is not None and birth_on.year != birth_year:
        raise Invalid(
            N_("Ngày sinh và năm sinh không khớp nhau."), remedy=N_("Xem lại năm."), field="birth_year"
        )
    year = birth_on.year if birth_on is not None else birth_year
    if year is None:
        return None
    late = birth_on is not None and birth_on > today
    if late or not OLDEST_BIRTH_YEAR <= year <= today.year:
        raise Invalid(
            N_("Năm sinh phải từ %(low)s đến %(high)s."),
            remedy=N_("Viết bốn chữ số, ví dụ 1984. Không nhớ thì để trống."),
            field="birth_year",
            low=OLDEST_BIRTH_YEAR,
            high=today.year,
        )
    return year


def holds_on(from_on: date, to_on: date | None, day: date) -> bool:
    """Whether a dated row holds on a day: the first day counts, the last does not.

    >>> holds_on(date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1))
    False
    """
    return from_on <= day and (to_on is None or day < to_on)


def initials(name: str) -> str:
    """A name that shows little: 'Lý Thị Mẫu' → 'L. T. Mẫu'."""
    words = name.split()
    return " ".join([f"{word[0]}." for word in words[:-1]] + words[-1:])
