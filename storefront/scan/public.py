"""What the scan page shows: frozen, plain values."""

from dataclasses import dataclass
from datetime import date

from catalog.public import CertificateView
from catalog.queries import PackFact
from cooperatives.public import Seller
from storefront.scan.openings.rules import Seen
from storefront.scan.rules import MAKERS_SHOWN, Shared, Verdict
from traceability.public import Maker, Origin


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot in a list to choose from."""

    gtin: str
    code: str
    product_name: str
    made_on: date
    expires_on: date | None
    recalled: bool


@dataclass(frozen=True, slots=True)
class Country:
    """The country with a dot for each province where the lot's harvest grew; (x, y) on the drawing."""

    land: str
    islands: str
    dots: tuple[tuple[int, int], ...]
    provinces: str


@dataclass(frozen=True, slots=True)
class Label:
    """The label that carries a serial. leaf_count: how many of the lot's events the serial commits to."""

    void: bool
    printed_on: date
    leaf_count: int


@dataclass(frozen=True, slots=True)
class Scan:
    """One lot of one pack. leaves: how many lines of the log tell of it. serial: what stands behind AI 21; label: what
    the book has of it, None for a serial that nobody here printed. seen: how often the code was opened.
    """

    pack: PackFact
    seller: Seller
    origin: Origin
    verdict: Verdict
    shared: Shared | None
    certificates: tuple[CertificateView, ...]
    leaves: int
    serial: str
    lot_id: int
    seen: Seen
    country: Country | None
    label: Label | None = None

    @property
    def makers(self) -> tuple[Maker, ...]:
        """The first of those who agreed to be shown: a page holds so many marks."""
        return self.origin.makers[:MAKERS_SHOWN]

    @property
    def others(self) -> int:
        """Households that are counted and not shown here."""
        return max(0, (self.origin.households or 0) - len(self.makers))

    @property
    def can_buy(self) -> bool:
        """Whether the pack's product page is open."""
        return self.pack.on_sale


@dataclass(frozen=True, slots=True)
class Goods:
    """A product scanned without a lot, with the lots to choose from."""

    pack: PackFact
    seller: Seller
    lots: tuple[LotLine, ...]
