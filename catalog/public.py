"""What anybody may see of the catalogue: frozen, and made of plain values alone."""

from dataclasses import dataclass, field
from datetime import date, datetime

from catalog.rules import UnitPrice


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture as a page shows it. Addresses are complete paths; `widths` maps 320, 640 and 1280 to WebP files.

    An illustration has one SVG for all widths and says that it is drawn.
    """

    alt: str
    src: str
    widths: dict[int, str] = field(default_factory=dict)
    jpeg: str = ""
    width_px: int = 320
    height_px: int = 320
    illustration: bool = False

    @property
    def srcset(self) -> str:
        """The widths as an HTML srcset; empty for an illustration."""
        return ", ".join(f"{path} {width}w" for width, path in sorted(self.widths.items()))


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a list. share_bp: producers' part of the goods price by today's terms, None where none is set."""

    slug: str
    name: str
    pack_label: str
    price_vnd: int
    unit_price: UnitPrice | None
    picture: PictureView | None
    cooperative_name: str
    cooperative_slug: str
    place: str
    ocop_stars: int | None
    share_bp: int | None
    in_stock: bool
    rating_sum: int = 0
    rating_count: int = 0

    @property
    def title(self) -> str:
        """Name and pack in one line."""
        return f"{self.name}, {self.pack_label}" if self.pack_label else self.name

    @property
    def share_percent(self) -> int | None:
        """The producers' share in whole per cent."""
        return None if self.share_bp is None else self.share_bp // 100


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

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.name_en if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Everything a product's page says that the catalogue knows."""

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
    origin_commune_id: int | None
    ocop_stars: int | None
    rating_sum: int
    rating_count: int
    published_at: datetime | None
    packs: tuple[PackView, ...]
    pictures: tuple[PictureView, ...]
    certificates: tuple[CertificateView, ...]
