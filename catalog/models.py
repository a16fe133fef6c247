"""Tables of the catalogue."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.bundles.models import BundlePart
from catalog.cards.models import CardPicture
from catalog.certificates.models import CertificateProduct, CertificateSighting, CertificateTerm
from catalog.certificates.rules import Scope
from catalog.clips.models import Clip
from catalog.collections.models import Collection, CollectionProduct
from catalog.helping.models import ListingHelp
from catalog.history.models import ProductChange
from catalog.moderation.models import SuspensionNotice, Takedown
from catalog.photos.rules import Shot
from catalog.questions.models import Question
from catalog.rules import CertificateKind, GtinKind, Kind, PhotoState, State, Unit
from catalog.search import ddl, drop_ddl
from catalog.search.models import SearchBuild, SearchEntry, Suggestion
from catalog.sheets.models import SheetCode, SheetHeading, SheetImport, SheetRow
from core.db import Base, Big, Id, Instant, immutable, ref
from core.money import PRICE_MAX_VND
from core.work import Claimable

__all__ = [
    "BundlePart",
    "CardPicture",
    "Category",
    "Certificate",
    "CertificateProduct",
    "CertificateSighting",
    "CertificateTerm",
    "Clip",
    "Collection",
    "CollectionProduct",
    "ListingHelp",
    "Pack",
    "Photo",
    "PriceChange",
    "Product",
    "ProductChange",
    "Question",
    "SearchBuild",
    "SearchEntry",
    "SheetCode",
    "SheetHeading",
    "SheetImport",
    "SheetRow",
    "Suggestion",
    "SuspensionNotice",
    "Takedown",
]


def _one_of(column: str, values: type) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Category(Base):
    """A kind of goods, with the rules that its kind brings."""

    __tablename__ = "category"
    __table_args__ = (_one_of("kind", Kind),)
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(comment="Vietnamese")
    name_en: Mapped[str]
    kind: Mapped[str]
    illustration: Mapped[str] = mapped_column(comment="static/img/products/<name>.svg")
    position: Mapped[int]

    def page_tags(self) -> tuple[str, ...]:
        """It is named on every list."""
        return ("goods",)


class Product(Base):
    """One thing a cooperative sells, in one or more packs. A draft may lack anything but its cooperative."""

    __tablename__ = "product"
    __table_args__ = (
        _one_of("state", State),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_has_instant"),
        CheckConstraint(
            "shelf_life_days IS NULL OR shelf_life_days BETWEEN 1 AND 36500", name="shelf_life_plausible"
        ),
        CheckConstraint("ocop_stars IS NULL OR ocop_stars BETWEEN 3 AND 5", name="ocop_three_to_five"),
        CheckConstraint("rating_count >= 0 AND rating_sum >= 0", name="rating_not_negative"),
        CheckConstraint("harvest_months BETWEEN 0 AND 4095", name="harvest_is_twelve_bits"),
        CheckConstraint("state <> 'published' OR helper_user_id IS NULL", name="published_is_confirmed"),
        Index("ix_product_shown", "state", "published_at"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="made by the phone: a double tap is one product")
    cooperative_id: Mapped[int] = ref("cooperative.id")
    slug: Mapped[str] = mapped_column(
        unique=True, comment="follows the name until first published, then stays"
    )
    name: Mapped[str] = mapped_column(default="")
    name_folded: Mapped[str] = mapped_column(default="")
    category_id: Mapped[int | None] = ref("category.id")
    story: Mapped[str] = mapped_column(default="")
    ingredients: Mapped[str] = mapped_column(default="")
    usage: Mapped[str] = mapped_column(default="")
    storage: Mapped[str] = mapped_column(default="")
    warning: Mapped[str] = mapped_column(default="")
    notification_number: Mapped[str] = mapped_column(default="", comment="of a cosmetic product")
    shelf_life_days: Mapped[int | None]
    origin_commune_id: Mapped[int | None] = ref("unit.id")
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    review_note: Mapped[str] = mapped_column(default="", comment="why it is held or was sent back")
    ocop_stars: Mapped[int | None]
    allergens: Mapped[str] = mapped_column(
        default="", comment="codes of catalog.kinds.rules.ALLERGENS, or 'none'; empty: not said"
    )
    harvest_months: Mapped[int] = mapped_column(default=0, comment="bit 0 January … bit 11 December")
    helper_user_id: Mapped[int | None] = ref(
        "person_account.id", index=False, comment="filled in for the owner, who has not confirmed it yet"
    )
    rating_sum: Mapped[int] = mapped_column(default=0, comment="pushed down by orders")
    rating_count: Mapped[int] = mapped_column(default=0, comment="pushed down by orders")
    question_count: Mapped[int] = mapped_column(default=0, comment="answered questions that are shown")
    created_at: Mapped[Instant]
    published_at: Mapped[Instant | None]
    publish_requested_at: Mapped[Instant | None] = mapped_column(
        comment="asked to go on sale while its photo was still in work; the worker publishes it"
    )
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change that readers see")
    card_file: Mapped[str | None] = mapped_column(
        comment="public picture for chats, 1200 × 630; the worker's"
    )
    packs: Mapped[list["Pack"]] = relationship(order_by="Pack.position, Pack.id", viewonly=True)
    photos: Mapped[list["Photo"]] = relationship(order_by="Photo.position, Photo.id", viewonly=True)

    def page_tags(self) -> tuple[str, ...]:
        """The public pages that show it; nobody sees a draft."""
        return () if self.state == State.DRAFT else ("goods", f"product:{self.id}")


class Pack(Base):
    """What is put into the cart: a net quantity at a price, under one barcode."""

    __tablename__ = "pack"
    __table_args__ = (
        _one_of("net_unit", Unit),
        _one_of("gtin_kind", GtinKind),
        CheckConstraint(f"price_vnd BETWEEN 1 AND {PRICE_MAX_VND}", name="price_in_bounds"),
        CheckConstraint("net_quantity > 0", name="net_positive"),
        CheckConstraint("gross_weight_g > 0", name="gross_positive"),
        CheckConstraint("available >= 0", name="available_not_negative"),
        CheckConstraint("promised BETWEEN 0 AND available", name="promised_is_part_of_available"),
        CheckConstraint("length(gtin) = 14", name="gtin_is_14_digits"),
        CheckConstraint("(price_per_kg_vnd IS NULL) = (piece_min_g IS NULL)", name="by_weight_has_band"),
        CheckConstraint(
            "piece_min_g IS NULL OR (piece_min_g BETWEEN 1 AND net_quantity AND net_unit = 'g')",
            name="band_in_grams",
        ),
        CheckConstraint(
            "price_per_kg_vnd IS NULL OR price_vnd = price_per_kg_vnd * net_quantity / 1000",
            name="prepaid_is_top_of_band",
        ),
        Index(
            "uq_pack_lead",
            "product_id",
            unique=True,
            sqlite_where=sa.text("lead"),
            postgresql_where=sa.text("lead"),
        ),
    )
    id: Mapped[Id]
    product_id: Mapped[int] = ref("product.id")
    label: Mapped[str] = mapped_column(comment="'Gói 500 g'")
    net_quantity: Mapped[Big]
    net_unit: Mapped[str]
    gross_weight_g: Mapped[Big] = mapped_column(comment="with its wrapping, for shipping")
    gtin: Mapped[str] = mapped_column(unique=True, comment="14 digits")
    gtin_kind: Mapped[str]
    price_vnd: Mapped[Big]
    available: Mapped[int] = mapped_column(default=0, comment="sellable pieces, set by traceability")
    available_until: Mapped[date | None] = mapped_column(comment="last day on which `available` holds")
    promised: Mapped[int] = mapped_column(default=0, comment="of `available`, pieces that are not made yet")
    stocked: Mapped[bool] = mapped_column(default=False, comment="goods were on sale under this number")
    promised_on: Mapped[date | None] = mapped_column(comment="by which day all promised pieces are sent")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    lead: Mapped[bool] = mapped_column(default=False, comment="the first active pack: the one on cards")
    bundle: Mapped[bool] = mapped_column(
        default=False, comment="a gift box: its pieces are those of its parts"
    )
    price_per_kg_vnd: Mapped[Big | None] = mapped_column(
        comment="weighed at packing: price_vnd is then what is prepaid, for the top of the band (net_quantity)"
    )
    piece_min_g: Mapped[Big | None] = mapped_column(comment="the lightest piece of the band")
    piece_word: Mapped[str | None] = mapped_column(comment="con, nải, đùi …")

    def page_tags(self) -> tuple[str, ...]:
        """The public pages that show it."""
        return ("goods", f"product:{self.product_id}")


@immutable
class PriceChange(Base):
    """A pack's price from an instant on."""

    __tablename__ = "price_change"
    id: Mapped[Id]
    pack_id: Mapped[int] = ref("pack.id")
    price_vnd: Mapped[Big]
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class Photo(Claimable, Base):
    """A picture of a product: sent by a phone and made safe by the worker, or one of our illustrations."""

    __tablename__ = "photo"
    __table_args__ = (
        _one_of("state", PhotoState),
        CheckConstraint("state <> 'ready' OR illustration IS NOT NULL OR file_640 IS NOT NULL", name="ready_has_files"),
        CheckConstraint("illustration IS NOT NULL OR original IS NOT NULL", name="has_a_source"),
        _one_of("shot", Shot),
        CheckConstraint("brightness BETWEEN 0 AND 255 AND sharpness >= 0", name="measures_plausible"),
        Index("uq_photo_cover", "product_id", unique=True, sqlite_where=sa.text("cover"),
              postgresql_where=sa.text("cover")),
    )  # fmt: skip
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    product_id: Mapped[int] = ref("product.id")
    position: Mapped[int] = mapped_column(default=0)
    cover: Mapped[bool] = mapped_column(default=False, comment="the first ready photo: the one on cards")
    alt: Mapped[str] = mapped_column(default="")
    original: Mapped[str | None] = mapped_column(comment="private file as sent; never served")
    width_px: Mapped[int | None] = mapped_column(comment="of the largest served picture")
    height_px: Mapped[int | None]
    file_160: Mapped[str | None] = mapped_column(  # an empty text: tried, and none can be made
        comment="a square stamp for the scan page; photos before it have none"
    )
    file_320: Mapped[str | None]
    file_640: Mapped[str | None]
    file_1280: Mapped[str | None]
    file_jpeg: Mapped[str | None] = mapped_column(
        comment="640 px wide, for readers without WebP and for feeds"
    )
    illustration: Mapped[str | None] = mapped_column(
        comment="static/img/products/<name>.svg, labelled as drawn"
    )
    state: Mapped[str] = mapped_column(default=PhotoState.PENDING)
    error: Mapped[str | None] = mapped_column(comment="message id for the manager")
    added_at: Mapped[Instant]
    shot: Mapped[str | None] = mapped_column(comment="which of the guided shots it is")
    replaces_id: Mapped[int | None] = ref(
        "photo.id", ondelete="SET NULL"
    )  # taken again: when ready, it takes that place
    sent_width_px: Mapped[int | None] = mapped_column(comment="upright, as sent")
    sent_height_px: Mapped[int | None]
    brightness: Mapped[int | None] = mapped_column(comment="mean, 0–255")
    sharpness: Mapped[int | None] = mapped_column(comment="variance of the Laplacian where it is sharpest")

    def page_tags(self) -> tuple[str, ...]:
        """The public pages that show it, once it is ready; the cover stands on every list."""
        return ("goods", f"product:{self.product_id}") if self.state == PhotoState.READY else ()


class Certificate(Base):
    """A paper with validity, of a cooperative or of one product."""

    __tablename__ = "certificate"
    __table_args__ = (
        _one_of("kind", CertificateKind),
        _one_of("scope", Scope),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
        UniqueConstraint("cooperative_id", "kind", "number"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    product_id: Mapped[int | None] = ref("product.id")
    kind: Mapped[str]
    number: Mapped[str]
    issuer: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(comment="last day on which it holds")
    scan: Mapped[str | None] = mapped_column(comment="private file")
    scope: Mapped[str] = mapped_column(default=Scope.GOODS, comment="goods, or lots and plots named above")
    covers: Mapped[str] = mapped_column(default="", comment="as the paper says it: fields, packing house")
    revision: Mapped[Big] = mapped_column(
        default=1, comment="raised by every lawful change; the log seals each"
    )

    def page_tags(self) -> tuple[str, ...]:
        """The public pages that show it, or what it lets a seller say."""
        return ("goods", f"cooperative:{self.cooperative_id}")


@event.listens_for(Product.__table__, "after_create")
def _make_search(_target: object, connection: Connection, **_kw: object) -> None:
    """The search table comes with the product table."""
    for statement in ddl(connection.dialect.name):
        connection.execute(sa.text(statement))


@event.listens_for(Product.__table__, "before_drop")
def _drop_search(_target: object, connection: Connection, **_kw: object) -> None:
    for statement in drop_ddl():
        connection.execute(sa.text(statement))
