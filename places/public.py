"""What of places may be shown to anybody."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, or_, select

from core.db import run
from core.errors import DomainError
from places.models import Unit
from places.queries import rates_on, shipping_quote
from places.rules import Level


@dataclass(frozen=True)
class PublicRate:
    """One line of the delivery prices: how far, up to which weight, for how much, in how many days."""

    zone: str
    up_to_g: int
    price_vnd: int
    days_min: int
    days_max: int
    source: str


def public_rates(on: date) -> list[PublicRate]:
    """The delivery prices of a day, near to far, light to heavy."""
    names = ("zone", "up_to_g", "price_vnd", "days_min", "days_max", "source")
    return [PublicRate(**{name: getattr(rate, name) for name in names}) for rate in rates_on(on)]


@dataclass(frozen=True, slots=True)
class ProvinceChoice:
    """A province to have goods sent to: its statistics office code and its name."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a parcel to a province costs, and between which calendar days it comes when ordered today.

    With `trouble` (a message in the reader's language is made of it) there is no price.
    """

    province: ProvinceChoice
    price_vnd: int = 0
    first_on: date | None = None
    last_on: date | None = None
    trouble: DomainError | None = None


@cache
def _provinces() -> Select[Any]:
    day: Any = bindparam("day")
    here = (
        Unit.level == Level.PROVINCE,
        Unit.valid_from <= day,
        or_(Unit.valid_to.is_(None), Unit.valid_to > day),
    )
    return select(Unit.id, Unit.code, Unit.name).where(*here).order_by(Unit.folded)


def provinces_to_choose(on: date) -> tuple[ProvinceChoice, ...]:
    """The provinces of a day by name; read once a day by each process, since units change by law alone."""
    kept: dict[date, tuple[ProvinceChoice, ...]] = current_app.extensions.setdefault("provinces", {})
    if on not in kept:
        found = tuple(ProvinceChoice(*row) for row in run(_provinces(), {"day": on}).tuples())
        if not found:  # nothing loaded yet: ask again next time
            return ()
        kept.clear()
        kept[on] = found
    return kept[on]


def delivery_to(
    from_commune_id: int, code: str, weight_g: int, start: date, *, on_rates_of: date
) -> Delivery | None:
    """Cost and days of sending so much to a province, leaving on `start`; None for an unknown code."""
    province = next((one for one in provinces_to_choose(on_rates_of) if one.code == code), None)
    if province is None:
        return None
    try:
        quote = shipping_quote(from_commune_id, province.id, weight_g, on_rates_of)
    except DomainError as error:
        return Delivery(province, trouble=error)
    first, last = start + timedelta(quote.days_min), start + timedelta(quote.days_max)
    return Delivery(province, quote.price_vnd, first, last)
