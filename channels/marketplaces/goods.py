"""A cooperative's goods as a site's template wants them: one for each pack on sale."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from catalog.models import Category, Pack, Photo, Product
from catalog.queries import PICTURE, pack_view, picture, shown
from catalog.rules import PhotoState
from channels.feeds.rules import global_gtin
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.i18n import language
from places.queries import place_names


@dataclass(frozen=True)
class Picture:
    """A photograph of goods. address: absolute, open to anybody. side_px: its shorter side."""

    address: str
    side_px: int


@dataclass(frozen=True)
class Good:
    """A pack on sale. siblings: how many packs its product has. gtin: one that means it everywhere, else ''. category:
    in the reader's language.

    weighed: its weight and price are only known at packing; no site can sell it from a table.
    """

    pack_id: int
    product_id: int
    name: str
    label: str
    siblings: int
    price_vnd: int
    stock: int
    weight_g: int
    gtin: str
    brand: str
    category_id: int | None
    category: str
    description: str
    origin: str
    ingredients: str
    shelf_life_days: int | None
    pictures: tuple[Picture, ...] = ()
    weighed: bool = False

    @property
    def title(self) -> str:
        """Product and size, as a person names it."""
        return f"{self.name}, {self.label}"


def goods_of(cooperative_id: int) -> list[Good]:
    """Every pack on sale of a cooperative, by product. Four statements."""
    day = clock.today()
    products = db.session.execute(
        select(Product.id, Product.name, Product.story, Product.usage, Product.storage, Product.ingredients,
               Product.shelf_life_days, Product.origin_commune_id, Product.category_id,
               Category.name.label("category"), Category.name_en.label("category_en"), Cooperative.name.label("seller"))
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .where(*shown(), Product.cooperative_id == cooperative_id).order_by(Product.id)
    ).all()  # fmt: skip
    ids = [row.id for row in products]
    packs: dict[int, list[Pack]] = {}
    wanted = select(Pack).where(Pack.product_id.in_(ids), Pack.active)
    for pack in db.session.execute(wanted.order_by(Pack.product_id, Pack.position, Pack.id)).scalars():
        packs.setdefault(pack.product_id, []).append(pack)
    pictures = _pictures(ids)
    places = place_names({row.origin_commune_id for row in products if row.origin_commune_id})
    found = []
    for row in products:
        mine = packs.get(row.id, [])
        told = "\n".join(part for part in (row.story, row.usage, row.storage) if part)
        origin = places[row.origin_commune_id].full if row.origin_commune_id in places else ""
        kind = (row.category if language() == "vi" else row.category_en) or ""
        for pack in mine:
            seen = pack_view(pack, day)
            found.append(Good(
                pack.id, row.id, row.name, pack.label, len(mine), pack.price_vnd,
                max(0, seen.available - seen.promised), pack.gross_weight_g,
                "" if seen.restricted else global_gtin(pack.gtin), row.seller, row.category_id, kind,
                told, origin, row.ingredients, row.shelf_life_days, pictures.get(row.id, ()), seen.band is not None,
            ))  # fmt: skip
    return found


def _pictures(product_ids: Sequence[int]) -> dict[int, tuple[Picture, ...]]:
    """Photographs by product, the cover first; a drawing is no photograph of the goods."""
    base = current_app.config["BASE_URL"]
    found: dict[int, list[Picture]] = {}
    wanted = select(Photo.product_id, *PICTURE).where(
        Photo.product_id.in_(product_ids), Photo.state == PhotoState.READY
    )
    for row in db.session.execute(
        wanted.order_by(Photo.product_id, Photo.cover.desc(), Photo.position, Photo.id)
    ):
        one = picture(row)
        if one is not None and one.jpeg and not one.illustration:
            side = min(one.width_px or 0, one.height_px or 0)
            found.setdefault(row.product_id, []).append(Picture(f"{base}{one.jpeg}", side))
    return {product_id: tuple(mine) for product_id, mine in found.items()}
