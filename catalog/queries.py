"""Reads of the catalogue. Hot pages read Core columns, never rows of the ORM."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from catalog.certificates.queries import advertised_stars, covers
from catalog.models import Category, Certificate, Pack, Photo, Product
from catalog.public import CategoryView, CertificateView, PackView, PictureView, ProductCard, ProductPage
from catalog.rules import (
    CERTIFICATE_NAMES,
    CertificateKind,
    Facts,
    GtinKind,
    Kind,
    PhotoState,
    State,
    is_valid_on,
    unit_price,
)  # fmt: skip
from catalog.weighed.public import band_of
from catalog.weighed.rules import Band
from cooperatives.models import Cooperative, SettlementTerms
from core import clock
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_
from places.models import Unit

_Commune, _Province = aliased(Unit), aliased(Unit)
MEDIA = "/media/"


# ---- facts that parts above build on ----


@dataclass(frozen=True)
class PackFact:
    """What cart, order and label must know of a pack.

    on_sale: it is active, and its product is published by an approved seller.
    """

    pack_id: int
    product_id: int
    cooperative_id: int
    product_name: str
    label: str
    price_vnd: int
    net_quantity: int
    net_unit: str
    gross_weight_g: int
    available: int
    available_until: date | None
    on_sale: bool
    gtin: str
    slug: str
    promised: int
    promised_on: date | None
    picture: PictureView | None
    band: Band | None = None

    def sent_by(self, quantity: int) -> date | None:
        """By which day so many pieces are sent, where some of them are only promised; None where they are in store."""
        return self.promised_on if quantity > self.available - self.promised else None

    def available_on(self, day: date) -> int:
        """Sellable pieces on a day, as far as the catalogue was told."""
        return self.available if self.available_until is None or day <= self.available_until else 0


@cache
def _fact_columns() -> Select[Any]:
    shown = and_(Product.state == State.PUBLISHED, Pack.active, Cooperative.state == "approved")
    return (
        select(Pack.id, Pack.product_id, Product.cooperative_id, Product.name, Pack.label, Pack.price_vnd,
               Pack.net_quantity, Pack.net_unit, Pack.gross_weight_g, Pack.available, Pack.available_until,
               shown.label("on_sale"), Pack.gtin, Product.slug, Pack.promised, Pack.promised_on, *BAND,
               *PICTURE)
        .join(Product, Product.id == Pack.product_id)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(Photo, and_(Photo.product_id == Product.id, Photo.cover))
    )  # fmt: skip


def _fact(row: Row[Any]) -> PackFact:
    values: tuple[Any, ...] = (*row[:16], picture(row), band_of(row))
    return PackFact(*values)


def pack_facts(pack_ids: Iterable[int]) -> dict[int, PackFact]:
    """Facts of packs by id, in one query; unknown ids are left out."""
    wanted = sorted(set(pack_ids))
    if not wanted:
        return {}
    return {row.id: _fact(row) for row in run(_facts_statement(), {"ids": wanted})}


@cache
def _facts_statement() -> Select[Any]:
    return _fact_columns().where(Pack.id.in_(bindparam("ids", expanding=True)))


def pack_fact(pack_id: int) -> PackFact:
    """Facts of one pack. Raises NotFound."""
    found = pack_facts([pack_id]).get(pack_id)
    if found is None:
        raise NotFound(N_("Không có quy cách này."))
    return found


def pack_by_gtin(gtin14: str) -> PackFact | None:
    """The pack of a 14-digit number, None if nobody has it."""
    row = run(_by_gtin_statement(), {"gtin": gtin14}).one_or_none()
    return _fact(row) if row else None


@cache
def _by_gtin_statement() -> Select[Any]:
    return _fact_columns().where(Pack.gtin == bindparam("gtin"))


def product(product_id: int) -> Product:
    """A product's row. Raises NotFound."""
    found = db.session.get(Product, product_id)
    if found is None:
        raise NotFound(N_("Không có món này."))
    return found


@cache
def _said_statement() -> Select[Any]:
    return select(
        Product.id, Product.origin_commune_id, Product.ingredients, Product.usage, Product.storage, Product.warning,
        Product.shelf_life_days,
    ).where(Product.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def said_of(product_ids: set[int]) -> dict[int, Row[Any]]:
    """What the law wants said of products before they are ordered, by id: columns of the product. One query."""
    return {row.id: row for row in run(_said_statement(), {"ids": sorted(product_ids)})}


def packs_of(cooperative_id: int) -> list[PackFact]:
    """All active packs of a cooperative's products that are not withdrawn, by product name; for packing and labels."""
    rows = db.session.execute(
        _fact_columns()
        .where(Product.cooperative_id == cooperative_id, Pack.active, Product.state != State.WITHDRAWN)
        .order_by(Product.name, Pack.position)
    )
    return [_fact(row) for row in rows]


def product_names(product_ids: Iterable[int]) -> dict[int, str]:
    """Names by id."""
    rows = db.session.execute(
        select(Product.id, Product.name).where(Product.id.in_(sorted(set(product_ids))))
    )
    return {row.id: row.name for row in rows}


# ---- pictures and cards ----

PICTURE = (Photo.alt, Photo.illustration, Photo.file_320, Photo.file_640, Photo.file_1280, Photo.file_jpeg,
            Photo.width_px, Photo.height_px, Photo.file_160)  # fmt: skip
BAND = (Pack.price_per_kg_vnd, Pack.piece_min_g, Pack.piece_word)


def picture(row: Row[Any]) -> PictureView | None:
    """The picture in a row that has the picture columns; None where there is none."""
    if row.illustration:
        return PictureView(row.alt, row.illustration)
    if not row.file_640:
        return None
    webp = ((320, MEDIA + row.file_320), (640, MEDIA + row.file_640))
    return PictureView(
        row.alt, "", webp, MEDIA + row.file_1280, MEDIA + row.file_jpeg, row.width_px, row.height_px,
        MEDIA + row.file_160 if row.file_160 else "",
    )  # fmt: skip


def sellable(day: date) -> ColumnElement[bool]:
    """A condition on `pack`: there are pieces to sell on that day."""
    return and_(
        Pack.active, Pack.available > 0, sa.or_(Pack.available_until.is_(None), Pack.available_until >= day)
    )


def has_stock() -> ColumnElement[bool]:
    """A condition on `product`: one of its packs can be sold on the day given as parameter `day`."""
    other = aliased(Pack)
    open_until = sa.or_(
        other.available_until.is_(None), other.available_until >= bindparam("day", type_=sa.Date)
    )
    return exists().where(other.product_id == Product.id, other.active, other.available > 0, open_until)


def shown() -> tuple[ColumnElement[bool], ...]:
    """Conditions on product and cooperative: it may be seen by anybody."""
    return (Product.state == State.PUBLISHED, Cooperative.state == "approved")


def _producers_bp() -> ColumnElement[int]:
    """The producers' part under the terms of parameter `day`."""
    terms = select(SettlementTerms.producers_bp).where(
        SettlementTerms.cooperative_id == Product.cooperative_id,
        SettlementTerms.from_on <= bindparam("day", type_=sa.Date),
    )
    newest = terms.order_by(SettlementTerms.from_on.desc(), SettlementTerms.revision.desc()).limit(1)
    return newest.correlate(Product).scalar_subquery()


@cache
def cards_select() -> Select[Any]:
    """The columns of product cards, for shown products, on parameter `day`; add conditions, order and limit.

    Statements of hot pages are built once: building one costs ten times its execution.
    """
    return (
        select(Product.slug, Product.name, Pack.label, Pack.price_vnd, Pack.net_quantity, Pack.net_unit,
               advertised_stars().label("ocop_stars"), Product.rating_sum, Product.rating_count,
               Cooperative.name.label("seller"), Cooperative.slug.label("seller_slug"),
               _Commune.name.label("commune"), _Province.name.label("province"),
               _producers_bp().label("share_bp"), has_stock().label("in_stock"), *BAND, *PICTURE)
        .select_from(Product)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .join(Pack, and_(Pack.product_id == Product.id, Pack.lead))
        .outerjoin(Photo, and_(Photo.product_id == Product.id, Photo.cover))
        .outerjoin(_Commune, _Commune.id == Product.origin_commune_id)
        .outerjoin(_Province, _Province.id == _Commune.parent_id)
        .where(*shown())
    )  # fmt: skip


@lru_cache(maxsize=1_024)  # a row that says the same makes the same card
def card(row: Row[Any]) -> ProductCard:
    """A card from a row of `cards_select`, read by place: a list makes twenty."""
    (slug, name, label, price, net, unit, stars, rating_sum, rating_count, seller, seller_slug, commune, province,
     share, in_stock, per_kg, least, word) = row[:18]  # fmt: skip
    band = None if per_kg is None else Band(per_kg, least, net, word)
    place = f"{commune}, {province}" if commune and province else commune or province or ""
    return ProductCard(slug, name, label, price, unit_price(price, net, unit), picture(row), seller, seller_slug, place,
                       stars, share, not in_stock, rating_sum, rating_count, band)  # fmt: skip


@cache
def _cards_statement(*narrowed: str) -> Select[Any]:
    conditions = {
        "cooperative_id": Product.cooperative_id == bindparam("cooperative_id"),
        "category_id": Product.category_id == bindparam("category_id"),
        "except_id": Product.id != bindparam("except_id"),
        "not_cooperative_id": Product.cooperative_id != bindparam("not_cooperative_id"),
    }
    wanted = cards_select().where(*(conditions[name] for name in narrowed))
    return wanted.order_by(sa.desc("in_stock"), Product.published_at.desc(), Product.id).limit(
        bindparam("most")
    )


def cards(*, limit: int = 8, **narrowed: int) -> list[ProductCard]:
    """Cards of shown products, what can be bought first, then newest. One query.

    Narrowed by cooperative_id, category_id, except_id or not_cooperative_id.
    """
    params = {"day": clock.today(), "most": limit} | narrowed
    return [card(row) for row in run(_cards_statement(*sorted(narrowed)), params)]


def cards_of(product_ids: Sequence[int]) -> list[ProductCard]:
    """Cards of these products in this order; those that are not shown are left out. One query."""
    rows = run(_cards_of_statement(), {"day": clock.today(), "ids": list(product_ids)})
    found = {row.id: card(row) for row in rows}
    return [found[one] for one in product_ids if one in found]


@cache
def _cards_of_statement() -> Select[Any]:
    return cards_select().add_columns(Product.id).where(Product.id.in_(bindparam("ids", expanding=True)))


# ---- one product's page ----


def product_page(slug: str, day: date) -> ProductPage:
    """A shown product in full, in four queries. Raises NotFound for drafts and withdrawn ones as well."""
    row = run(_page_statement(), {"slug": slug, "day": day}).one_or_none()
    if row is None:
        raise NotFound(
            N_("Không có món này."), remedy=N_("Có thể người bán đã cất đi. Tìm món khác trong chợ.")
        )
    packs, photos, papers = _page_parts()
    params = {"product": row.id, "cooperative": row.cooperative_id}
    return ProductPage(
        **{name: getattr(row, name) for name in _SAME},
        category=CategoryView(*row[len(_SAME) : len(_SAME) + 5]) if row.category_id else None,
        kind=row.goods_kind or "",
        origin=f"{row.kind.lower()} {row.commune}, {row.province}" if row.commune else "",
        province=row.province or "", province_code=row.code or "",
        packs=tuple(pack_view(pack, day) for pack in run(packs, {"product": row.id})),
        pictures=tuple(one for photo in run(photos, {"product": row.id}) if (one := picture(photo))),
        certificates=tuple(certificate_view(one, day) for one in run(papers, params)),
    )  # fmt: skip


_SAME = ("id", "slug", "name", "cooperative_id", "story", "ingredients", "usage", "storage", "warning",
         "notification_number", "shelf_life_days", "ocop_stars", "rating_sum", "rating_count", "published_at",
         "question_count", "allergens", "harvest_months", "card_file")  # fmt: skip
_CATEGORY = (Category.id.label("category_id"), Category.slug.label("category_slug"), Category.name.label("category"),
             Category.name_en, Category.illustration, Category.kind.label("goods_kind"))  # fmt: skip


@cache
def _page_statement() -> Select[Any]:
    return (
        select(*(getattr(Product, name) if name != "ocop_stars" else advertised_stars().label(name) for name in _SAME),
               *_CATEGORY, _Commune.kind, _Commune.name.label("commune"),
               _Province.name.label("province"), _Province.code)
        .select_from(Product).join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .outerjoin(_Commune, _Commune.id == Product.origin_commune_id)
        .outerjoin(_Province, _Province.id == _Commune.parent_id).where(Product.slug == bindparam("slug"), *shown())
    )  # fmt: skip


@cache
def _page_parts() -> tuple[Select[Any], Select[Any], Select[Any]]:
    """A product's packs, ready photos and papers, by parameters `product` and `cooperative`."""
    of_it: sa.BindParameter[int] = bindparam("product")
    packs = (
        select(Pack.__table__).where(Pack.product_id == of_it, Pack.active).order_by(Pack.position, Pack.id)
    )
    photos = select(*PICTURE).where(Photo.product_id == of_it, Photo.state == PhotoState.READY)
    papers = select(Certificate.__table__).where(
        Certificate.cooperative_id == bindparam("cooperative"),
        covers(of_it),
    )
    return (
        packs, photos.order_by(Photo.cover.desc(), Photo.position, Photo.id),
        papers.order_by(Certificate.valid_to.desc().nulls_first(), Certificate.id),
    )  # fmt: skip


def pack_view(pack: Pack | Row[Any], day: date) -> PackView:
    """A pack as a buyer sees it on a day."""
    left = pack.available if pack.available_until is None or day <= pack.available_until else 0
    price = unit_price(pack.price_vnd, pack.net_quantity, pack.net_unit)
    return PackView(pack.id, pack.label, pack.net_quantity, pack.net_unit, pack.gross_weight_g, pack.price_vnd, price,
                    pack.gtin, pack.gtin_kind == GtinKind.RESTRICTED, left, pack.bundle,
                    min(pack.promised, left), pack.promised_on, band_of(pack))  # fmt: skip


def certificates(cooperative_id: int, day: date) -> list[CertificateView]:
    """A cooperative's papers, without those of single products, with their validity on a day."""
    params = {"product": 0, "cooperative": cooperative_id}
    return [certificate_view(one, day) for one in run(_page_parts()[2], params)]


def certificate_view(one: Certificate | Row[Any], day: date) -> CertificateView:
    """A paper as anybody sees it on a day."""
    return CertificateView(
        one.kind,
        CERTIFICATE_NAMES[CertificateKind(one.kind)],
        one.number,
        one.issuer,
        one.valid_from,
        one.valid_to,
        is_valid_on(one.valid_from, one.valid_to, day),
    )


def certificates_ending(by: date) -> Sequence[Row[Any]]:
    """Certificates that end on or before a day: id, cooperative_id, product_id, kind, number, valid_to."""
    return db.session.execute(
        select(Certificate.id, Certificate.cooperative_id, Certificate.product_id, Certificate.kind,
               Certificate.number, Certificate.valid_to)
        .where(Certificate.valid_to.is_not(None), Certificate.valid_to <= by).order_by(Certificate.valid_to)
    ).all()  # fmt: skip


# ---- categories and what can be filtered by ----


def category_view(found: Category, count: int = 0) -> CategoryView:
    """A category as anybody sees it."""
    return CategoryView(found.id, found.slug, found.name, found.name_en, found.illustration, count)


def categories() -> list[Category]:
    """All categories in their order."""
    return list(db.session.execute(select(Category).order_by(Category.position)).scalars())


def categories_with_goods(limit: int = 12) -> list[CategoryView]:
    """Categories in which something is shown, uncounted: however large the shop, the first product of each says it."""
    rows = run(_categories_statement(), {"most": limit})
    return [CategoryView(*row) for row in rows]


@cache
def _categories_statement() -> Select[Any]:
    one = (
        select(Product.id).join(Cooperative, Cooperative.id == Product.cooperative_id)
        .where(Product.category_id == Category.id, *shown()).correlate(Category)
    )  # fmt: skip
    return (
        select(Category.id, Category.slug, Category.name, Category.name_en, Category.illustration)
        .where(one.limit(1).scalar_subquery().is_not(None))  # an EXISTS would be joined whole by PostgreSQL
        .order_by(Category.position).limit(bindparam("most"))
    )  # fmt: skip


# ---- what the manager sees ----


def facts(found: Product) -> Facts:
    """What publishing a product is judged by."""
    category = db.session.get(Category, found.category_id) if found.category_id else None
    packs = (
        db.session.execute(select(Pack.gtin).where(Pack.product_id == found.id, Pack.active)).scalars().all()
    )
    alive = select(Photo.state).where(Photo.product_id == found.id, Photo.work_state != "dead")
    return facts_from(
        found, category.kind if category else None, packs, db.session.execute(alive).scalars().all()
    )


def facts_from(found: Product, kind: str | None, packs: Sequence[str], states: Sequence[str]) -> Facts:
    """The same from what was read for many at once: category kind, numbers of active packs, states of live photos."""
    return Facts(
        name=found.name, kind=Kind(kind) if kind else None, story=found.story,
        ingredients=found.ingredients, storage=found.storage, usage=found.usage, warning=found.warning,
        shelf_life_days=found.shelf_life_days, notification_number=found.notification_number,
        has_origin=found.origin_commune_id is not None, ready_photos=states.count(PhotoState.READY),
        pending_photos=states.count(PhotoState.PENDING), priced_packs=len(packs),
        numbered_packs=sum(bool(gtin) for gtin in packs), awaits_owner=found.helper_user_id is not None,
    )  # fmt: skip


def of_cooperative(cooperative_id: int) -> Sequence[Row[Any]]:
    """A cooperative's products for its manager, drafts first: product columns, lead price, pieces to sell, whether a
    photo is in work, picture."""
    pieces = select(func.coalesce(func.sum(Pack.available), 0)).where(
        Pack.product_id == Product.id, sellable(clock.today())
    ).correlate(Product).scalar_subquery()  # fmt: skip
    one = aliased(Photo)
    in_work = select(one.id).where(one.product_id == Product.id, one.state == PhotoState.PENDING,
                                   one.work_state != "dead").correlate(Product).exists()  # fmt: skip
    lead = aliased(Pack)
    order = sa.case({State.HELD: 0, State.DRAFT: 1, State.PUBLISHED: 2}, value=Product.state, else_=3)
    return db.session.execute(
        select(Product.id, Product.name, Product.slug, Product.state, Product.review_note, lead.price_vnd, lead.label,
               pieces.label("pieces"), Product.publish_requested_at, in_work.label("in_work"), *PICTURE)
        .outerjoin(lead, and_(lead.product_id == Product.id, lead.lead))
        .outerjoin(Photo, and_(Photo.product_id == Product.id, Photo.cover))
        .where(Product.cooperative_id == cooperative_id).order_by(order, Product.name, Product.id)
    ).all()  # fmt: skip


def held() -> Sequence[Row[Any]]:
    """Products that wait for a person's look, oldest first: id, name, review_note, cooperative's name."""
    return db.session.execute(
        select(Product.id, Product.name, Product.review_note, Product.story, Product.usage, Product.ingredients,
               Product.warning, Cooperative.name.label("seller"))
        .join(Cooperative, Cooperative.id == Product.cooperative_id).where(Product.state == State.HELD)
        .order_by(Product.id)
    ).all()  # fmt: skip


def photos(product_id: int) -> list[Photo]:
    """A product's photos in order, whatever their state."""
    wanted = select(Photo).where(Photo.product_id == product_id).order_by(Photo.position, Photo.id)
    return list(db.session.execute(wanted).scalars())


def packs(product_id: int) -> list[Pack]:
    """A product's active packs in order."""
    wanted = select(Pack).where(Pack.product_id == product_id, Pack.active).order_by(Pack.position, Pack.id)
    return list(db.session.execute(wanted).scalars())


def all_certificates(cooperative_id: int, day: date) -> list[tuple[CertificateView, str, bool, int]]:
    """All papers of a cooperative for its manager, each with the product it belongs to ('' for the whole cooperative),
    whether there is a scan to open, and its id."""
    rows = db.session.execute(
        select(Certificate, Product.name).outerjoin(Product, Product.id == Certificate.product_id)
        .where(Certificate.cooperative_id == cooperative_id)
        .order_by(Certificate.valid_to.asc().nulls_last(), Certificate.id)
    )  # fmt: skip
    return [(certificate_view(row[0], day), row[1] or "", bool(row[0].scan), row[0].id) for row in rows]
