"""Which cards are old, and what a card says."""

from pathlib import Path

from flask import current_app
from sqlalchemy import or_, select

from catalog.cards.faces import Face
from catalog.cards.models import CardPicture
from catalog.models import Pack, Photo, Product
from catalog.public import unit_price_text, weighed_text
from catalog.rules import State, unit_price
from catalog.weighed.public import band_of
from cooperatives.models import Cooperative
from core import files
from core.db import db
from core.format import vnd
from places.queries import place_name

RASTERS = Path(__file__).resolve().parents[2] / "static" / "img" / "raster"
DEMO_NOTE = "Dữ liệu minh hoạ"


def old_cards(most: int) -> list[int]:
    """Products on sale whose card is of another version, or missing; at most `most`, one statement."""
    wanted = (
        select(Product.id)
        .outerjoin(CardPicture, CardPicture.product_id == Product.id)
        .where(
            Product.state == State.PUBLISHED,
            or_(CardPicture.product_id.is_(None), CardPicture.version != Product.version),
        )
        .order_by(Product.id)
        .limit(most)
    )
    return list(db.session.execute(wanted).scalars())


def face_of(product_id: int) -> tuple[Face, bytes | None, int] | None:
    """What a product's card says, its picture, and the version that says so; None when it is not on sale."""
    row = db.session.execute(
        select(Product, Pack, Cooperative.name, Cooperative.commune_id)
        .join(Pack, (Pack.product_id == Product.id) & Pack.lead)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .where(Product.id == product_id, Product.state == State.PUBLISHED)
    ).one_or_none()
    if row is None:
        return None
    product, pack, seller, commune_id = row
    cover = db.session.execute(
        select(Photo).where(Photo.product_id == product_id, Photo.cover)
    ).scalar_one_or_none()
    picture = _picture(cover)
    face = Face(
        f"{product.name}, {pack.label}", vnd(pack.price_vnd),
        weighed_text(band_of(pack)) or unit_price_text(unit_price(pack.price_vnd, pack.net_quantity, pack.net_unit)),
        seller,
        place_name(commune_id).full, f"{current_app.config['BASE_URL']}/products/{product.slug}",
        DEMO_NOTE if current_app.config["DEMO"] else "", bool(cover and cover.illustration),
    )  # fmt: skip
    return face, picture, product.version


def _picture(cover: Photo | None) -> bytes | None:
    """The cover's bytes: the JPEG that the worker made, or the raster of our drawing."""
    if cover is None:
        return None
    if cover.illustration:
        raster = RASTERS / f"{cover.illustration}.webp"
        return raster.read_bytes() if raster.is_file() else None
    try:
        return files.read(cover.file_jpeg) if cover.file_jpeg else None
    except FileNotFoundError:
        return None
