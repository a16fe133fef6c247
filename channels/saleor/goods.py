"""What a shop should have: each product of the cooperatives that sell there, as its page says it at this moment.

Packs that are weighed at packing stay here: their price is settled after the weighing, and a shop would take the
prepaid price for the last word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import (
    Case,
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from catalog.certificates.queries import advertised_stars
from catalog.models import Category, Pack, Photo, Product
from catalog.queries import shown
from catalog.rules import PhotoState
from channels.saleor.models import SaleorOrder
from channels.saleor.rules import Offer, fingerprint, pack_ref, product_ref
from cooperatives.models import Cooperative
from core import clock
from core.db import db, run
from core.pages import PageVersion
from orders.models import Order, OrderLine
from orders.rules import OPEN
from orders.rules import State as OrderState
from places.queries import place_names
from traceability.gs1.links import link_to
from traceability.models import Lot
from traceability.stock.queries import free_lots

PHOTOS_MOST = 6
HELD_STATES = OPEN - {OrderState.SHIPPED}  # the shop holds the pieces of these orders back by itself


@dataclass(frozen=True)
class PackGoods:
    """A pack as a shop gets it. quantity: pieces it may count, with those that it holds back for our open orders."""

    pack_id: int
    label: str
    price_vnd: int
    quantity: int
    gross_weight_g: int

    @property
    def ref(self) -> str:
        """Its external reference and SKU."""
        return pack_ref(self.pack_id)


@dataclass(frozen=True)
class Hint:
    """What a shop should hear of a product, cheaply. mark: changes whenever it must; packs: by pack id."""

    mark: str
    packs: Mapping[int, Offer]


@dataclass(frozen=True)
class Goods:
    """A product as a shop gets it. attributes: by slug, empty texts too. photos: (address, words)."""

    product_id: int
    name: str
    story: str
    category: str
    attributes: tuple[tuple[str, str], ...]
    packs: tuple[PackGoods, ...]
    photos: tuple[tuple[str, str], ...]

    @property
    def ref(self) -> str:
        """Its external reference."""
        return product_ref(self.product_id)

    @property
    def text_hash(self) -> str:
        """The same words have the same hash."""
        return fingerprint((self.name, self.story, self.category, self.attributes))

    @property
    def media_hash(self) -> str:
        """The same photos have the same hash."""
        return fingerprint(self.photos)


ATTRIBUTES = {
    "cp-origin": "Xuất xứ",
    "cp-cooperative": "Hợp tác xã",
    "cp-ocop": "OCOP",
    "cp-trace": "Truy xuất lô",
}


def left_on(day: Any) -> Case[int]:
    """Pieces of a pack that are for sale on a day."""
    return case((or_(Pack.available_until.is_(None), Pack.available_until >= day), Pack.available), else_=0)


def fixed_price() -> tuple[ColumnElement[bool], ...]:
    """Conditions: an active pack whose price is known when it is bought."""
    return Pack.active.is_(True), Pack.price_per_kg_vnd.is_(None)


@cache
def _hint_statement() -> Select[Any]:
    """Versions, price and stock of every active pack on sale, by product."""
    left = left_on(bindparam("day"))
    tag = PageVersion.tag == literal("product:").concat(cast(Product.id, String))
    return (
        select(Product.id, Product.version, func.coalesce(PageVersion.version, 0), Cooperative.name, Pack.id,
               Pack.price_vnd, left)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .join(Pack, and_(Pack.product_id == Product.id, *fixed_price()))
        .outerjoin(PageVersion, tag)
        .where(*shown(), Product.cooperative_id.in_(bindparam("sellers", expanding=True)))
        .order_by(Product.id, Pack.id)
    )  # fmt: skip


def hints(instance_id: int, sellers: Sequence[int]) -> dict[int, Hint]:
    """{product id: hint} of all that should be on sale there.

    The day is in it: papers begin and end. Two statements.
    """
    if not sellers:
        return {}
    day = clock.today()
    back = held(instance_id)
    marks: dict[int, list[object]] = {}
    packs: dict[int, dict[int, Offer]] = {}
    for product_id, *facts in run(_hint_statement(), {"day": day, "sellers": list(sellers)}):
        pack_id, price_vnd, left = facts[-3:]
        kept = back.get(pack_id, 0)
        marks.setdefault(product_id, [str(day)]).append([*facts, kept])
        packs.setdefault(product_id, {})[pack_id] = Offer(price_vnd, left, left + kept)
    return {product_id: Hint(fingerprint(facts), packs[product_id]) for product_id, facts in marks.items()}


def held(instance_id: int) -> dict[int, int]:
    """{pack id: pieces} of our orders from a shop that it has not seen leave: it counts them as spoken for itself."""
    rows = db.session.execute(
        select(OrderLine.pack_id, func.sum(OrderLine.quantity))
        .join(Order, Order.id == OrderLine.order_id)
        .join(SaleorOrder, SaleorOrder.purchase_id == Order.purchase_id)
        .where(SaleorOrder.instance_id == instance_id, Order.state.in_(HELD_STATES))
        .group_by(OrderLine.pack_id)
    )
    return {pack_id: int(count) for pack_id, count in rows}


@cache
def _goods_statement() -> Select[Any]:
    ids: Any = bindparam("ids", expanding=True)
    return (
        select(Product.id, Product.name, Product.story, Product.origin_commune_id, Cooperative.name.label("seller"),
               Category.slug.label("category"), advertised_stars().label("stars"))
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .where(Product.id.in_(ids), *shown(), Product.cooperative_id.in_(bindparam("sellers", expanding=True)))
    )  # fmt: skip


@cache
def _part_statements() -> tuple[Select[Any], Select[Any]]:
    ids: Any = bindparam("ids", expanding=True)
    left = left_on(bindparam("day"))
    packs = select(
        Pack.product_id, Pack.id, Pack.label, Pack.price_vnd, left.label("left"), Pack.gross_weight_g, Pack.gtin,
    ).where(Pack.product_id.in_(ids), *fixed_price())  # fmt: skip
    photos = select(Photo.product_id, Photo.alt, Photo.file_jpeg).where(
        Photo.product_id.in_(ids), Photo.state == PhotoState.READY, Photo.file_jpeg.is_not(None),
        Photo.illustration.is_(None),
    )  # fmt: skip
    return (
        packs.order_by(Pack.product_id, Pack.position, Pack.id),
        photos.order_by(Photo.product_id, Photo.cover.desc(), Photo.position, Photo.id),
    )


def goods(instance_id: int, product_ids: Sequence[int], sellers: Sequence[int]) -> dict[int, Goods]:
    """{product id: what the shop should have}; what should not be on sale there is left out. Drawings are no photos."""
    if not product_ids or not sellers:
        return {}
    day, back = clock.today(), held(instance_id)
    wanted = {"ids": list(product_ids), "day": day}
    packs: dict[int, list[Row[Any]]] = {}
    photos: dict[int, list[tuple[str, str]]] = {}
    for row in run(_part_statements()[0], wanted):
        packs.setdefault(row.product_id, []).append(row)
    base = current_app.config["BASE_URL"]
    for row in run(_part_statements()[1], {"ids": list(product_ids)}):
        photos.setdefault(row.product_id, []).append((f"{base}/media/{row.file_jpeg}", row.alt))
    rows = run(_goods_statement(), wanted | {"sellers": list(sellers)}).all()
    places = place_names({row.origin_commune_id for row in rows if row.origin_commune_id})
    found = {}
    for row in rows:
        if not (mine := packs.get(row.id)):
            continue  # nothing of it has a price that holds
        origin = places[row.origin_commune_id].full if row.origin_commune_id else ""
        said = (origin, row.seller, f"{row.stars} sao" if row.stars else "", _trace(mine, day))
        found[row.id] = Goods(
            row.id, row.name, row.story, row.category or "", tuple(zip(ATTRIBUTES, said, strict=True)),
            tuple(PackGoods(one.id, one.label, one.price_vnd, one.left + back.get(one.id, 0), one.gross_weight_g)
                  for one in mine),
            tuple(photos.get(row.id, ()))[:PHOTOS_MOST],
        )  # fmt: skip
    return found


def _trace(packs: Sequence[Row[Any]], day: date) -> str:
    """The scan page of the lot sold next, of the first pack; of the goods alone where none lies in the store."""
    lots = free_lots(packs[0].id, day)
    code = db.session.get_one(Lot, lots[0].lot_id).code if lots else ""
    return link_to(current_app.config["BASE_URL"], packs[0].gtin, code)
