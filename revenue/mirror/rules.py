"""What a family may read of a lot in which others' harvest is as well. Pure.

Its own slips, its own money and the price on the shelf are its own to see. Of a lot of fewer than five households it
gets no sums: what is sold, less its own part, would be its neighbour's.
"""

from dataclasses import dataclass
from datetime import date

from traceability.public import Origin


@dataclass(frozen=True, slots=True)
class OwnSlip:
    """One of the family's slips. left_g: what no batch has taken yet."""

    id: int
    number: str
    crop: str
    weighed_on: date
    net_g: int
    left_g: int = 0


@dataclass(frozen=True, slots=True)
class Sold:
    """Packs of a lot: delivered ones, ones that lie somewhere, and the lowest and highest price of those delivered."""

    pieces: int
    left: int
    least_vnd: int
    most_vnd: int

    @property
    def percent(self) -> int:
        """How much of the lot's packs is sold, whole per cent rounded down."""
        return 100 * self.pieces // (self.pieces + self.left) if self.pieces + self.left else 0


@dataclass(frozen=True, slots=True)
class LotSeen:
    """One lot with the family's harvest in it. sums: what the lot brought and all its producers got, or None."""

    origin: Origin
    gtin: str
    slips: tuple[OwnSlip, ...]
    sold: Sold
    mine_vnd: int
    sums: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Mirror:
    """A page of lots, newest first; what still waits in the store; the number of pages."""

    lots: tuple[LotSeen, ...]
    waiting: tuple[OwnSlip, ...]
    page: int
    page_count: int


def may_see_sums(households: int | None, few: int) -> bool:
    """Whether sums of a lot may be shown to one of its families."""
    return households is not None and households >= few
