"""What of places may be shown to anybody."""

from dataclasses import dataclass
from datetime import date

from places.queries import rates_on


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
