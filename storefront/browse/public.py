"""What the shop's pages show beyond their parts' own views: frozen, plain values."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup

from catalog.clips.public import ClipView
from catalog.kinds.rules import ALLERGENS, NONE
from catalog.measures.rules import ALL_YEAR, in_season, months_of
from catalog.public import CertificateView, PackView, ProductCard, ProductPage
from catalog.questions.public import QuestionView
from cooperatives.public import Seller
from core import clock
from core.format import number
from core.i18n import _
from orders.reviews.public import ReviewView
from orders.reviews.rules import average_tenths
from places.outline.public import MapView
from places.public import Delivery, ProvinceChoice
from storefront.browse.queries import LotOnSale
from storefront.browse.rules import Part, Shares


@dataclass(frozen=True, slots=True)
class Example:
    """A price opened up on the home page."""

    card: ProductCard
    parts: tuple[Part, ...]
    from_on: date


@dataclass(frozen=True, slots=True)
class Rating:
    """An average of stars in tenths, 0 where nobody reviewed yet."""

    tenths: int

    @property
    def stars(self) -> int:
        """Whole stars to draw, rounded half up."""
        return (self.tenths + 5) // 10

    @property
    def text(self) -> str:
        """4,7 in Vietnamese, 4.7 in English."""
        return number(self.tenths / 10)


@lru_cache(maxsize=64)
def province_options(provinces: tuple[ProvinceChoice, ...], chosen: str) -> Markup:
    """Thirty-four lines that are the same on every product's page: drawn once, not a page at a time."""
    line = Markup('<option value="{}"{}>{}</option>')
    mark = Markup(" selected")
    return Markup("\n").join(
        line.format(one.code, mark if one.code == chosen else "", one.name) for one in provinces
    )


@dataclass(frozen=True, slots=True)
class BoxLine:
    """So many packs of one kind in a gift box; total_vnd: what they cost alone; lot: the one they would come from."""

    name: str
    label: str
    slug: str
    quantity: int
    total_vnd: int
    gtin: str
    lot: LotOnSale | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A product page: the product, the pack that is chosen, its seller, shares, lot and neighbours."""

    page: ProductPage
    pack: PackView
    seller: Seller
    shares: Shares | None
    parts: tuple[Part, ...]
    terms_from_on: date | None
    lot: LotOnSale | None
    related: tuple[ProductCard, ...]
    neighbours: tuple[ProductCard, ...] = ()
    contents: tuple[BoxLine, ...] = ()
    reviews: tuple[ReviewView, ...] = ()
    questions: tuple[QuestionView, ...] = ()
    country: MapView | None = None
    provinces: tuple[ProvinceChoice, ...] = ()
    delivery: Delivery | None = None
    clip: ClipView | None = None

    @property
    def rating(self) -> Rating:
        """What buyers gave, on average."""
        return Rating(average_tenths(self.page.rating_sum, self.page.rating_count))

    @property
    def ocop_stars(self) -> int | None:
        """The stars, while an OCOP paper of theirs holds."""
        return self.page.ocop_stars

    @property
    def allergens(self) -> str:
        """Those that the seller named, or that there are none; empty where nothing was said."""
        codes = self.page.allergens
        return (
            _("Không có")
            if codes == NONE
            else ", ".join(_(ALLERGENS[one]) for one in codes.split(",") if one)
        )

    @property
    def in_season(self) -> bool:
        """Whether it is being harvested now; nothing is said of what grows all year."""
        return self.page.harvest_months != ALL_YEAR and in_season(self.page.harvest_months, clock.today())

    @property
    def months(self) -> str:
        """The harvest months; empty where nothing was said."""
        months = months_of(self.page.harvest_months)
        if len(months) == 12:
            return _("Quanh năm")
        return _("tháng %(months)s", months=", ".join(map(str, months))) if months else ""

    @property
    def province_choices(self) -> Markup:
        """The options of the choice of provinces, the asked one marked."""
        return province_options(self.provinces, self.delivery.province.code if self.delivery else "")

    @property
    def apart_vnd(self) -> int:
        """What the contents of a box cost one by one; 0 for anything else."""
        return sum(one.total_vnd for one in self.contents)

    @property
    def papers(self) -> tuple[CertificateView, ...]:
        """Those that hold today: what has ended, or not begun, is never advertised."""
        return tuple(one for one in self.page.certificates if one.valid)

    @property
    def producers_percent(self) -> int:
        """The producers' share in whole per cent, rounded down."""
        return self.shares.producers_bp // 100 if self.shares else 0
