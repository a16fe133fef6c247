"""Verbs of gift boxes: put one together, change what lies in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from accounts.operations import audit
from accounts.rules import Actor
from catalog.availability.operations import follow
from catalog.bundles.models import BundlePart
from catalog.bundles.rules import check_parts
from catalog.models import Pack, Product
from catalog.operations import Draft, add_pack, edit_pack, own_product, save_draft
from catalog.rules import FACT_MAX_CHARS, State, Unit
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_, _
from core.pages import touch


@dataclass(frozen=True)
class Box:
    """A gift box as its cooperative puts it together.

    parts: (pack id, pieces), of its own goods on sale. gross_weight_g: packed to be sent; the sum of the parts' where
    None. What the label must say is gathered from the parts, and may be edited as any product's.
    """

    name: str
    parts: Sequence[tuple[int, int]]
    price_vnd: int
    story: str = ""
    gross_weight_g: int | None = None
    category_id: int | None = None


def make_box(actor: Actor, cooperative_id: int, key: str, box: Box) -> Pack:
    """Put a box together as a draft product with one pack; the same key again is the same box.

    It is pictured and published like any product. Raises Invalid for packs that are not this cooperative's own goods on
    sale, boxes in boxes, too few or too many pieces.
    """
    known = db.session.execute(
        select(Pack).join(Product, Product.id == Pack.product_id).where(Product.key == key, Pack.bundle)
    ).scalar_one_or_none()
    if known is not None:
        own_product(actor, known.product_id)
        return known
    rows = _rows(cooperative_id, check_parts(box.parts))
    _check_price(box.price_vnd, sum(quantity for _pack, _product, quantity in rows))
    product = save_draft(actor, cooperative_id, key, _draft(box, rows))
    weight = box.gross_weight_g or sum(pack.gross_weight_g * quantity for pack, _product, quantity in rows)
    label = _("Hộp %(count)s món", count=len(rows))
    pack = add_pack(actor, product.id, label=label, net_quantity=1, net_unit=Unit.PIECE, price_vnd=box.price_vnd,
                    gross_weight_g=weight)  # fmt: skip
    pack.bundle = True
    db.session.flush()
    _fill(actor, pack, rows)
    return pack


def change_box(
    actor: Actor, pack_id: int, parts: Sequence[tuple[int, int]], price_vnd: int, gross_weight_g: int | None
) -> Pack:
    """Another content, price or weight from now on; orders keep what was agreed."""
    pack = own_box(actor, pack_id)
    product = own_product(actor, pack.product_id)
    rows = _rows(product.cooperative_id, check_parts(parts))
    _check_price(price_vnd, sum(quantity for _pack, _product, quantity in rows))
    weight = gross_weight_g or sum(one.gross_weight_g * quantity for one, _product, quantity in rows)
    label = _("Hộp %(count)s món", count=len(rows))
    edit_pack(actor, pack_id, label=label, gross_weight_g=weight, price_vnd=price_vnd)
    _fill(actor, pack, rows)
    return pack


def own_box(actor: Actor, pack_id: int) -> Pack:
    """A box of the actor's cooperative. Raises NotFound for another's, and for packs that are no box."""
    pack = db.session.get(Pack, pack_id)
    if pack is None or not pack.bundle or not pack.active:
        raise NotFound(N_("Không có hộp quà này."))
    own_product(actor, pack.product_id)
    return pack


def _rows(cooperative_id: int, wanted: dict[int, int]) -> list[tuple[Pack, Product, int]]:
    found = db.session.execute(
        select(Pack, Product).join(Product, Product.id == Pack.product_id)
        .where(Pack.id.in_(wanted), Product.cooperative_id == cooperative_id, Pack.active, ~Pack.bundle,
               Product.state == State.PUBLISHED)
    ).tuples().all()  # fmt: skip
    if len(found) != len(wanted):
        raise Invalid(
            N_("Trong hộp có món không phải hàng đang bán của hợp tác xã."), remedy=N_("Chọn lại từng món."),
            field="parts",
        )  # fmt: skip
    for pack, product in found:
        if pack.price_per_kg_vnd is not None:
            raise Invalid(
                N_("%(name)s cân khi gói nên không cho vào hộp quà được."),
                remedy=N_("Hộp có một giá định sẵn: chọn món đóng gói sẵn."), field="parts", name=product.name,
            )  # fmt: skip
    by_id = {pack.id: (pack, product, wanted[pack.id]) for pack, product in found}
    return [by_id[pack_id] for pack_id in wanted]


def _check_price(price_vnd: int, pieces: int) -> None:
    if price_vnd < 1_000 * pieces:
        raise Invalid(
            N_("Hộp %(pieces)s gói mà giá này thì mỗi gói chưa tới 1.000 đ."), remedy=N_("Xem lại giá cả hộp."),
            field="price_vnd", pieces=pieces,
        )  # fmt: skip


def _draft(box: Box, rows: Sequence[tuple[Pack, Product, int]]) -> Draft:
    products = list({product.id: product for _pack, product, _quantity in rows}.values())
    lives = [product.shelf_life_days for product in products if product.shelf_life_days]

    def gathered(name: str) -> str:
        texts = [f"{one.name}: {getattr(one, name)}" for one in products if getattr(one, name)]
        return "\n".join(texts)[:FACT_MAX_CHARS]

    return Draft(
        name=box.name, category_id=box.category_id or products[0].category_id, story=box.story,
        ingredients=gathered("ingredients"), usage=gathered("usage"), storage=gathered("storage"),
        warning=gathered("warning"), shelf_life_days=min(lives, default=None),
        notification_number=next((one.notification_number for one in products if one.notification_number), ""),
        origin_commune_id=products[0].origin_commune_id,
    )  # fmt: skip


def _fill(actor: Actor, pack: Pack, rows: Sequence[tuple[Pack, Product, int]]) -> None:
    db.session.execute(delete(BundlePart).where(BundlePart.bundle_pack_id == pack.id))
    parts = [
        {"bundle_pack_id": pack.id, "pack_id": one.id, "quantity": quantity}
        for one, _product, quantity in rows
    ]
    db.session.execute(insert(BundlePart), parts)
    audit(actor, "fill box", f"pack:{pack.id}", fields=("parts",))
    touch("goods", f"product:{pack.product_id}")
    follow(pack.id)
