"""What anybody may see of the catalogue: frozen, and made of plain values alone."""

from dataclasses import dataclass
from datetime import date, datetime

from catalog.rules import UnitPrice
from catalog.weighed.public import piece_text, rate_text, terms_text
from catalog.weighed.rules import Band
from core.format import vnd
from core.i18n import _, language


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture as the component `picture` shows it.

    illustration: name of a drawing of ours, empty for a photo. webp: (width, address) of the small widths; large: the
    address of the widest, for looking closely; jpeg: for readers without WebP. stamp: the address of a square of
    160 for the scan page; empty for older photos.
    """

    alt: str
    illustration: str = ""
    webp: tuple[tuple[int, str], ...] = ()
    large: str = ""
    jpeg: str = ""
    width_px: int = 320
    height_px: int = 320
    stamp: str = ""

    @property
    def src(self) -> str:
        """One address that any reader of pictures understands."""
        return f"/static/img/products/{self.illustration}.svg" if self.illustration else self.jpeg


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a list, as the component `product_card` shows it.

    share_bp: the producers' part of the goods' price under today's terms, None where none are set.
    """

    slug: str
    title: str
    pack_label: str
    price_vnd: int
    unit: UnitPrice | None
    picture: PictureView | None
    seller: str
    seller_slug: str
    place: str
    ocop_stars: int | None
    share_bp: int | None
    sold_out: bool
    rating_sum: int = 0
    rating_count: int = 0
    band: Band | None = None

    @property
    def name(self) -> str:
        """Name and pack in one line."""
        return f"{self.title}, {self.pack_label}" if self.pack_label else self.title

    @property
    def href(self) -> str:
        """Its page, in the reader's language."""
        return f"/products/{self.slug}" if language() == "vi" else f"/products/{self.slug}?hl={language()}"

    @property
    def from_text(self) -> str:
        """Who sells it, and where it is from as far as that is known."""
        return f"{self.seller}, {self.place}" if self.place else self.seller

    @property
    def unit_price(self) -> str:
        """130.000 đ / kg; empty for single pieces. Of what is weighed at packing: 120.000 đ/kg, mỗi con 1,2–1,6 kg."""
        return weighed_text(self.band) or unit_price_text(self.unit)

    @property
    def share_percent(self) -> int | None:
        """The producers' share in whole per cent, rounded down."""
        return None if self.share_bp is None else self.share_bp // 100


def weighed_text(band: Band | None) -> str:
    """120.000 đ/kg, mỗi con 1,2–1,6 kg; empty for goods in fixed packs."""
    return f"{rate_text(band)}, {piece_text(band)}" if band else ""


def unit_price_text(unit: UnitPrice | None) -> str:
    """A unit price in the reader's language; empty where there is none."""
    return f"{vnd(unit.amount_vnd)} / {_(unit.per)}" if unit else ""


@dataclass(frozen=True, slots=True)
class PackView:
    """A pack that can be chosen."""

    id: int
    label: str
    net_quantity: int
    net_unit: str
    gross_weight_g: int
    price_vnd: int
    unit_price: UnitPrice | None
    gtin: str
    restricted: bool
    available: int
    bundle: bool = False
    promised: int = 0
    promised_on: date | None = None
    band: Band | None = None

    @property
    def unit_price_text(self) -> str:
        """130.000 đ / kg; empty for single pieces, and for what is weighed at packing: `weighed_text` says more."""
        return "" if self.band else unit_price_text(self.unit_price)

    @property
    def weighed_text(self) -> str:
        """The terms of what is weighed at packing, as a sentence; empty for goods in fixed packs."""
        return terms_text(self.band) if self.band else ""


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A paper with its validity; `valid` says whether it holds on the day of reading. `name` is a message id."""

    kind: str
    name: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    valid: bool


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category with the number of products in it, or 0 where it was not counted."""

    id: int
    slug: str
    name: str
    name_en: str
    illustration: str
    count: int = 0

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if language() == "en" else self.name

    @property
    def href(self) -> str:
        """The list of its goods, in the reader's language."""
        path = f"/products?category={self.slug}"
        return path if language() == "vi" else f"{path}&hl={language()}"


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Everything a product's page says that the catalogue knows. origin: 'xã Côn Minh, Thái Nguyên', or empty."""

    id: int
    slug: str
    name: str
    category: CategoryView | None
    kind: str
    cooperative_id: int
    story: str
    ingredients: str
    usage: str
    storage: str
    warning: str
    notification_number: str
    shelf_life_days: int | None
    origin: str
    ocop_stars: int | None
    rating_sum: int
    rating_count: int
    published_at: datetime | None
    packs: tuple[PackView, ...]
    pictures: tuple[PictureView, ...]
    certificates: tuple[CertificateView, ...]
    province: str = ""
    province_code: str = ""
    question_count: int = 0
    allergens: str = ""
    harvest_months: int = 0
    card_file: str | None = None
