"""Products with sensible defaults, made through the verbs."""

import secrets
from datetime import date

from accounts.rules import SYSTEM
from catalog import operations
from catalog.availability import operations as availability
from catalog.certificates.operations import add_certificate
from catalog.models import Category, Pack, Product
from catalog.photos.operations import add_illustration
from catalog.reference import load_categories
from catalog.rules import CertificateKind
from core.db import db, transaction

STORY = (
    "Bà con trong bản cùng làm, củ tươi nhổ buổi sáng, rửa ba lần nước suối rồi mới xát lấy bột. "
    "Sợi phơi đủ nắng nên dai, nấu lâu không nát."
)


def seed_reference() -> None:
    """The categories."""
    with transaction():
        load_categories()


def category(slug: str = "mien-bun") -> Category:
    """A category by slug."""
    return db.session.query(Category).filter_by(slug=slug).one()


def create_product(
    coop,
    name="Miến dong",
    price_vnd=65_000,
    net_g=500,
    published=True,
    *,
    category_slug="mien-bun",
    story=STORY,
    net_unit="g",
    label=None,
    illustration="mien-dong",
    available=0,
    **fields,
) -> Product:
    """A complete product with one illustration and one pack (`.packs[0]`); `available` only where no stock is made."""
    facts = {"ingredients": "Tinh bột dong riềng 100 %", "storage": "Để nơi khô, thoáng.", "shelf_life_days": 365,
             "usage": "Ngâm nước ấm 15 phút rồi nấu.", "origin_commune_id": coop.commune_id} | fields  # fmt: skip
    with transaction():
        draft = operations.Draft(name=name, category_id=category(category_slug).id, story=story, **facts)
        made = operations.save_draft(SYSTEM, coop.id, secrets.token_urlsafe(12), draft)
        operations.add_pack(
            SYSTEM,
            made.id,
            label=label or f"Gói {net_g} {net_unit}",
            net_quantity=net_g,
            net_unit=net_unit,
            price_vnd=price_vnd,
        )
        add_illustration(SYSTEM, made.id, illustration, f"Hình vẽ {name}")
        if fields.get("ocop_stars"):
            _ocop_paper(coop, made.id)
        if published:
            operations.publish(SYSTEM, made.id)
        product_id = made.id
    if available:
        set_available(product_id, available)
    db.session.expire_all()
    return db.session.get_one(Product, product_id)


def _ocop_paper(coop, product_id) -> None:
    """The paper that stars are advertised with: in force for years."""
    add_certificate(SYSTEM, coop.id, kind=CertificateKind.OCOP, number=f"OCOP-{product_id}", issuer="UBND tỉnh",
                    valid_from=date(2020, 1, 1), valid_to=None, product_id=product_id)  # fmt: skip


def set_available(product_id, available, until=None) -> None:
    """Pretend that stock was counted, for every pack of a product."""
    with transaction():
        for pack in db.session.query(Pack).filter_by(product_id=product_id):
            availability.set_available(pack.id, available, until)
