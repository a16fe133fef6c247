"""The split as arithmetic: parts always add up, nothing is ever negative, a refund of everything leaves zero.

Largest remainder throughout. `docs/guide/split.md` holds worked tables; the tests read the tables from that page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from core.money import largest_remainder
from revenue.rules import Component

GRADE_FACTOR_BP = 10_000
Key = TypeVar("Key", bound="str | int | tuple[object, ...]")


@dataclass(frozen=True)
class Terms:
    """How a sale is shared from a day on: the three rates add up to 10,000 basis points."""

    producers_bp: int
    processing_bp: int
    fund_bp: int
    grade_factors_bp: Mapping[str, int]


@dataclass(frozen=True)
class Contribution:
    """What one producer, in the household of the slip's day, put into a lot. `key` breaks ties and never changes."""

    key: str
    producer_id: int
    household_id: int | None
    grams: int
    grade: str


@dataclass(frozen=True)
class Share:
    """One part of a sale: which component, and whose when it is the producers'."""

    component: Component
    producer_id: int | None
    household_id: int | None
    amount_vnd: int


@dataclass(frozen=True)
class Settled:
    """How a producer's share is posted: over advances (slip → đồng, oldest first), over a debt, the rest payable."""

    advances: tuple[tuple[int, int], ...]
    receivable_vnd: int
    payable_vnd: int


@dataclass(frozen=True)
class TakenBack:
    """How a refunded share is posted: from what is still owed, as a debt where it was paid, by re-opening advances."""

    payable_vnd: int
    receivable_vnd: int
    advances: tuple[tuple[int, int], ...]


def divide(total: int, weights: Mapping[Key, int | Fraction]) -> dict[Key, int]:
    """Largest remainder, without the parts that came to nothing; an empty answer where nothing weighs anything."""
    if total == 0 or not any(weights.values()):
        return {}
    return {key: part for key, part in largest_remainder(total, weights).items() if part}


def over_lines(paid_vnd: int, owed: Mapping[int, int]) -> dict[int, int]:
    """What was paid, over what each line (0: shipping) costs. Exact when all was paid; in proportion when less was."""
    return divide(min(paid_vnd, sum(owed.values())), owed)


def line_parts(totals: Mapping[int, int], discount_vnd: int, subsidy_vnd: int) -> dict[int, tuple[int, int]]:
    """Of each line after the cooperative's discount: what the buyer pays, and what a programme does.

    >>> line_parts({1: 65_000, 2: 35_000}, 10_000, 18_000)
    {1: (46800, 11700), 2: (25200, 6300)}
    """
    cut = divide(discount_vnd, totals)
    kept = {line: total - cut.get(line, 0) for line, total in totals.items()}
    paid = divide(subsidy_vnd, kept)
    return {line: (amount - paid.get(line, 0), paid.get(line, 0)) for line, amount in kept.items()}


def over_lots(amount_vnd: int, packed: Mapping[int, int]) -> dict[int, int]:
    """A line's amount over the lots it was packed from, by pieces."""
    return divide(amount_vnd, packed)


def over_components(amount_vnd: int, terms: Terms) -> dict[Component, int]:
    """A lot's amount over producers, processing and fund."""
    rates = {  # a number first, so that a tie goes to the producers
        (1, Component.PRODUCERS): terms.producers_bp,
        (2, Component.PROCESSING): terms.processing_bp,
        (3, Component.FUND): terms.fund_bp,
    }
    return {key[1]: part for key, part in divide(amount_vnd, rates).items()}


def weight(contribution: Contribution, terms: Terms) -> int:
    """Grams × grade factor. A grade that the terms do not name counts in full."""
    return contribution.grams * terms.grade_factors_bp.get(contribution.grade, GRADE_FACTOR_BP)


def over_producers(amount_vnd: int, contributions: Iterable[Contribution], terms: Terms) -> list[Share]:
    """The producers' part over producers by grams × grade factor, then over the households one producer lived in."""
    by_producer: dict[tuple[str, int], dict[int, int]] = {}
    for one in contributions:
        homes = by_producer.setdefault((one.key, one.producer_id), {})
        home = one.household_id or 0
        homes[home] = homes.get(home, 0) + weight(one, terms)
    parts = divide(amount_vnd, {who: sum(homes.values()) for who, homes in by_producer.items()})
    return [
        Share(Component.PRODUCERS, who[1], home or None, amount)
        for who, part in sorted(parts.items())
        for home, amount in sorted(divide(part, by_producer[who]).items())
    ]


def split_lot(amount_vnd: int, contributions: Sequence[Contribution], terms: Terms) -> list[Share]:
    """One lot's part of a line, shared. Where no slip weighs anything the producers' part is `UNTRACED`."""
    shares: list[Share] = []
    for component, amount in over_components(amount_vnd, terms).items():
        if component is not Component.PRODUCERS:
            shares.append(Share(component, None, None, amount))
            continue
        producers = over_producers(amount, contributions, terms)
        shares += producers or [Share(Component.UNTRACED, None, None, amount)]
    return shares


def settle(share_vnd: int, open_advances: Sequence[tuple[int, int]], owed_back_vnd: int) -> Settled:
    """A share first settles the producer's oldest open advances [(slip, đồng)…], then a debt, the rest is payable."""
    left, settled = share_vnd, []
    for slip_id, open_vnd in open_advances:
        part = min(left, open_vnd)
        if part > 0:
            settled.append((slip_id, part))
            left -= part
    receivable = min(left, max(owed_back_vnd, 0))
    return Settled(tuple(settled), receivable, left - receivable)


def refund(amount_vnd: int, left: Mapping[Key, int]) -> dict[Key, int]:
    """A refund over what is left of each share. Never a difference of cumulative splits: that can go negative.

    Raises ValueError when more is asked than is left.
    """
    if amount_vnd > sum(left.values()):
        raise ValueError("more than is left of the sale")
    return divide(amount_vnd, left)


def take_back(
    amount_vnd: int,
    payable_left_vnd: int,
    owed_now_vnd: int,
    advances_left: Mapping[int, int],
    netted_left_vnd: int,
) -> TakenBack:
    """How a producer's refunded part is taken: payable first, then advances re-opened in the proportions first posted.

    payable_left_vnd: what of this share was posted as payable and not yet taken back; owed_now_vnd: what the producer
    is owed altogether (what of the payable was already paid becomes a debt, netted later and never asked in cash);
    advances_left, netted_left_vnd: what of this share settled advances and an earlier debt.
    """
    from_payable = min(amount_vnd, payable_left_vnd)
    owed = min(from_payable, max(owed_now_vnd, 0))
    pool = {(1, slip_id): left for slip_id, left in advances_left.items()} | {(2, 0): netted_left_vnd}
    rest = refund(amount_vnd - from_payable, pool)
    again = rest.pop((2, 0), 0)
    return TakenBack(
        owed, from_payable - owed + again, tuple((key[1], part) for key, part in sorted(rest.items()))
    )


def shortfall(guaranteed_vnd: int, earned_vnd: int) -> int:
    """What the cooperative adds when a lot closes under a guaranteed price."""
    return max(0, guaranteed_vnd - earned_vnd)
