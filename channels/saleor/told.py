"""What each shop was told last of each pack: written when it took it, read to see what is urgent and what drifted."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from catalog.models import Pack
from channels.saleor.models import SaleorTold
from core import clock
from core.db import db

Told = dict[int, tuple[int, int]]  # {pack id: (price in đồng, pieces)}


def of_products(instance_id: int, product_ids: Sequence[int]) -> dict[int, Told]:
    """{product id: what a shop was told of its packs}. One statement."""
    if not product_ids:
        return {}
    rows = db.session.execute(
        select(Pack.product_id, SaleorTold.pack_id, SaleorTold.price_vnd, SaleorTold.stock)
        .join(Pack, Pack.id == SaleorTold.pack_id)
        .where(SaleorTold.instance_id == instance_id, Pack.product_id.in_(product_ids))
    )
    found: dict[int, Told] = {}
    for product_id, pack_id, price_vnd, stock in rows:
        found.setdefault(product_id, {})[pack_id] = (price_vnd, stock)
    return found


def write(instance_id: int, told: Mapping[int, tuple[int, int]]) -> None:
    """Note what a shop took, inside the caller's transaction."""
    if not told:
        return
    now = clock.now()
    wanted = select(SaleorTold).where(
        SaleorTold.instance_id == instance_id, SaleorTold.pack_id.in_(list(told))
    )
    known = {row.pack_id: row for row in db.session.execute(wanted).scalars()}
    for pack_id, (price_vnd, stock) in sorted(told.items()):
        row = known.get(pack_id)
        if row is None:
            row = SaleorTold(instance_id=instance_id, pack_id=pack_id)
            db.session.add(row)
        row.price_vnd, row.stock, row.told_at = price_vnd, stock, now
