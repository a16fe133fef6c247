"""A price opened into its shares, as the pages show it."""

from dataclasses import dataclass

from core.i18n import N_
from core.money import largest_remainder

HOUSEHOLDS, COOPERATIVE, FUND = (
    N_("Các hộ làm ra"),
    N_("Hợp tác xã: chế biến, đóng gói, bán"),
    N_("Quỹ chung của hợp tác xã"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a price: who (a message id), how much, and its thread 1–5."""

    who: str
    amount_vnd: int
    thread: int


@dataclass(frozen=True, slots=True)
class Shares:
    """What the producers, the cooperative's work and its common fund get of a price, in basis points making 10,000."""

    producers_bp: int
    processing_bp: int
    fund_bp: int


def split_price(price_vnd: int, shares: Shares) -> tuple[Part, ...]:
    """A goods price under settlement terms, to the đồng; the parts add up to it.

    >>> [part.amount_vnd for part in split_price(65_000, Shares(5500, 4000, 500))]
    [35750, 26000, 3250]
    """
    weights = {1: shares.producers_bp, 2: shares.processing_bp, 3: shares.fund_bp}
    amounts = largest_remainder(price_vnd, weights)
    return tuple(
        Part(who, amounts[thread], thread)
        for thread, who in enumerate((HOUSEHOLDS, COOPERATIVE, FUND), start=1)
    )
