"""What the stalls sell: products with packs, drawings, certificates and recipes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.demo.cast import Stall
from catalog import operations as catalog
from catalog.certificates.operations import add_certificate
from catalog.kinds.reference import template
from catalog.kinds.rules import NONE
from catalog.measures.rules import mask_of
from catalog.models import Category
from catalog.operations import Draft
from catalog.photos.operations import add_illustration
from catalog.photos.rules import Shot
from catalog.rules import CertificateKind
from core import clock
from core.db import db
from traceability import operations as trace
from traceability.lots.rules import pack_mass_g

FIELDS = {  # category: a drawing of where its goods are made
    "mien-bun": ("phoi-mien", "Sân phơi miến"),
    "tinh-dau": ("nau-tinh-dau", "Nồi nấu tinh dầu"),
    "gao-nep": ("ruong-bac-thang", "Ruộng bậc thang"),
}
PIECES_GROSS_G = 320  # a box of tea bags, of bath leaves, or a scarf


MONTHS = {  # when each kind is harvested in the story's hills (illustrative)
    "mien-bun": [11, 12, 1],
    "nam-mang": [5, 6, 7, 8],
    "bot-nghe": [12, 1, 2],
    "mat-ong": [3, 4, 5],
    "ca-phe": [10, 11, 12],
    "rau-qua": [9, 10, 11],
    "gao-nep": [10, 11],
}


def _allergens(spec: dict[str, Any]) -> str:
    """What the story's goods say of allergens: nuts where they are nuts, none on other food, nothing on the rest."""
    found = template(spec["category"])
    if found is None or "allergens" not in found.asks:
        return ""
    return "nuts" if "mắc ca" in spec["name"].lower() else NONE


@dataclass
class Goods:
    """A product of the world with what the story needs to make and sell it."""

    spec: dict[str, Any]
    product_id: int
    packs: list[tuple[int, int, str, int]]  # id, net quantity, unit, price
    recipe_id: int
    crop_id: int

    def pack_mass_g(self, quantity: int, unit: str) -> int:
        """Grams of one pack, as the recipe's density has them; pieces count 100 g."""
        return pack_mass_g(quantity, unit, self.spec["density"]) or 100 * quantity


def list_goods(stall: Stall, spec: dict[str, Any]) -> Goods:
    """Write, number, draw and publish one product, with its recipe and first certificate."""
    category_id = db.session.execute(
        select(Category.id).where(Category.slug == spec["category"])
    ).scalar_one()
    draft = Draft(
        name=spec["name"],
        category_id=category_id,
        story=spec["story"],
        ingredients=spec["ingredients"],
        usage=spec["usage"],
        storage=spec["storage"],
        warning=spec["warning"],
        notification_number=spec["notification"],
        shelf_life_days=spec["shelf_days"],
        origin_commune_id=stall.commune_id,
        ocop_stars=spec["ocop"],
        allergens=_allergens(spec),
        harvest_months=mask_of(MONTHS.get(spec["category"], [])),
    )
    product = catalog.save_draft(
        stall.manager, stall.cooperative_id, f"demo-{stall.spec['id']}-{len(stall.products)}", draft
    )
    packs = []
    for label, quantity, unit, price_vnd in spec["packs"]:
        pack = catalog.add_pack(
            stall.manager,
            product.id,
            label=label,
            net_quantity=quantity,
            net_unit=unit,
            price_vnd=price_vnd,
            gross_weight_g=PIECES_GROSS_G if unit == "piece" else None,
        )
        packs.append((pack.id, quantity, unit, price_vnd))
    _pictures(stall, product.id, spec)
    _papers(stall, product.id, spec)
    catalog.publish(stall.manager, product.id)
    band = spec["yield_bp"]
    recipe = trace.save_recipe(
        stall.manager,
        spec["name"],
        max(1, band * 7 // 10),
        min(10_000, band * 13 // 10),
        product.id,
        density_g_per_l=spec["density"],
    )
    crop = trace.add_crop(stall.manager, spec["crop"])
    return Goods(spec, product.id, packs, recipe.id, crop.id)


def _pictures(stall: Stall, product_id: int, spec: dict[str, Any]) -> None:
    """The pack from the front, and where it is made."""
    words = f"{spec['name']}, {stall.spec['name']}"
    add_illustration(stall.manager, product_id, spec["illustration"], words, Shot.FRONT)
    if spec["category"] in FIELDS:
        drawing, place = FIELDS[spec["category"]]
        add_illustration(stall.manager, product_id, drawing, place, Shot.FIELD)


def _papers(stall: Stall, product_id: int, spec: dict[str, Any]) -> None:
    """An OCOP certificate where the product has stars; in two cooperatives it has run out, or soon will."""
    if not spec["ocop"]:
        return
    start = clock.today() - timedelta(days=420)
    days = {"thien-an": 770, "huong-ngan": 797}.get(
        stall.spec["id"], 1095
    )  # ended, and ending, at the story's end
    add_certificate(
        stall.manager,
        stall.cooperative_id,
        kind=CertificateKind.OCOP,
        number=f"OCOP-{stall.spec['id']}-{product_id:03} (minh hoạ)",
        issuer=("Bộ Nông nghiệp và Môi trường" if spec["ocop"] == 5 else "UBND tỉnh") + " (minh hoạ)",
        valid_from=start,
        valid_to=start + timedelta(days=days),
        product_id=product_id,
    )


def food_safety(stall: Stall) -> None:
    """The cooperative's own food safety certificate."""
    start = clock.today() - timedelta(days=100)
    add_certificate(
        stall.manager,
        stall.cooperative_id,
        kind=CertificateKind.FOOD_SAFETY,
        number=f"ATTP-{stall.spec['id']} (minh hoạ)",
        issuer="Chi cục Chất lượng (minh hoạ)",
        valid_from=start,
        valid_to=start + timedelta(days=1095),
    )
