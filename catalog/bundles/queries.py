"""Reads of gift boxes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from catalog.bundles.models import BundlePart
from catalog.bundles.rules import Part
from catalog.models import Pack, Product
from catalog.rules import State
from core.db import db, run


@dataclass(frozen=True, slots=True)
class Content:
    """So many packs of one kind in a box. price_vnd: what one costs alone today. on_sale: it is sold alone as well."""

    pack_id: int
    quantity: int
    price_vnd: int
    name: str
    label: str
    slug: str
    gtin: str
    gross_weight_g: int
    on_sale: bool

    @property
    def part(self) -> Part:
        """For the arithmetic."""
        return Part(self.pack_id, self.quantity, self.price_vnd)


@dataclass(frozen=True, slots=True)
class BoxLine:
    """A box as its cooperative sees it in a list."""

    pack_id: int
    product_id: int
    name: str
    state: str
    price_vnd: int
    available: int


@cache
def _contents() -> Select[Any]:
    return (
        select(BundlePart.bundle_pack_id, BundlePart.pack_id, BundlePart.quantity, Pack.price_vnd, Product.name,
               Pack.label, Product.slug, Pack.gtin, Pack.gross_weight_g,
               and_(Pack.active, Product.state == State.PUBLISHED))
        .join(Pack, Pack.id == BundlePart.pack_id).join(Product, Product.id == Pack.product_id)
        .where(BundlePart.bundle_pack_id.in_(bindparam("boxes", expanding=True))).order_by(BundlePart.id)
    )  # fmt: skip


def contents(pack_ids: Iterable[int]) -> dict[int, tuple[Content, ...]]:
    """What lies in those of these packs that are boxes, in one query."""
    found: dict[int, list[Content]] = {}
    for box, *values in run(_contents(), {"boxes": sorted(set(pack_ids))}).tuples():
        found.setdefault(box, []).append(Content(*values))
    return {box: tuple(parts) for box, parts in found.items()}


def boxes_of(cooperative_id: int) -> list[BoxLine]:
    """A cooperative's boxes, by name."""
    rows = db.session.execute(
        select(Pack.id, Pack.product_id, Product.name, Product.state, Pack.price_vnd, Pack.available)
        .join(Product, Product.id == Pack.product_id)
        .where(Product.cooperative_id == cooperative_id, Pack.bundle, Pack.active).order_by(Product.name, Pack.id)
    )  # fmt: skip
    return [BoxLine(*row) for row in rows.tuples()]


def packs_for_boxes(cooperative_id: int) -> list[tuple[int, str, int, int]]:
    """What may go into a box: id, 'Miến dong, Gói 500 g', price, pieces to sell; of goods on sale, by name."""
    rows = db.session.execute(
        select(Pack.id, Product.name, Pack.label, Pack.price_vnd, Pack.available)
        .join(Product, Product.id == Pack.product_id)
        .where(Product.cooperative_id == cooperative_id, Product.state == State.PUBLISHED, Pack.active, ~Pack.bundle)
        .order_by(Product.name, Pack.position, Pack.id)
    )  # fmt: skip
    return [(row.id, f"{row.name}, {row.label}", row.price_vnd, row.available) for row in rows]
