"""What the scan page shows: frozen, plain values."""

from dataclasses import dataclass
from datetime import date

from catalog.public import CertificateView
from catalog.queries import PackFact
from cooperatives.public import Seller
from storefront.scan.rules import Shared, Verdict
from traceability.public import Origin


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
class Scan:
    """One lot of one pack. leaves: how many lines of the log tell of it. serial: a number that we did not print."""

    pack: PackFact
    seller: Seller
    origin: Origin
    verdict: Verdict
    shared: Shared | None
    certificates: tuple[CertificateView, ...]
    leaves: int
    serial: str

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
