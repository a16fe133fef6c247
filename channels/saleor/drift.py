"""What a shop was told last of a cooperative's packs, where something else holds by now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, or_, select

from catalog.models import Pack, Product
from catalog.queries import shown
from channels.saleor.goods import fixed_price, held, left_on
from channels.saleor.models import SaleorInstance, SaleorListing, SaleorSeller, SaleorTold
from channels.saleor.rules import ListingState
from cooperatives.models import Cooperative
from core import clock
from core.db import db


@dataclass(frozen=True)
class Shown:
    """A pack at one shop. told_*: what the shop was told, None for a pack that it does not have yet; now_*: what holds.

    Stocks are pieces that anybody may still buy: what the shop holds back for its own open orders is in neither.
    """

    label: str
    product_id: int
    name: str
    told_vnd: int | None
    now_vnd: int
    told_stock: int | None
    now_stock: int
    told_at: datetime | None


def shown_otherwise(cooperative_id: int) -> Iterator[Shown]:
    """Packs of a cooperative of which a shop shows another price or stock than holds. One statement, one a shop."""
    sells = and_(*shown(), *fixed_price(), SaleorSeller.left_at.is_(None))
    left = case((sells, left_on(clock.today())), else_=0).label("left")
    rows = db.session.execute(
        select(SaleorInstance.id, SaleorInstance.label, Pack.product_id, Product.name, Pack.label.label("pack"),
               Pack.id.label("pack_id"), Pack.price_vnd, left, SaleorTold.price_vnd.label("told_vnd"),
               SaleorTold.stock, SaleorTold.told_at)
        .select_from(SaleorListing)
        .join(SaleorInstance, SaleorInstance.id == SaleorListing.instance_id)
        .join(Product, Product.id == SaleorListing.product_id).join(Pack, Pack.product_id == Product.id)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .join(SaleorSeller, and_(SaleorSeller.instance_id == SaleorInstance.id,
                                 SaleorSeller.cooperative_id == Product.cooperative_id))
        .outerjoin(SaleorTold, and_(SaleorTold.instance_id == SaleorInstance.id, SaleorTold.pack_id == Pack.id))
        .where(Product.cooperative_id == cooperative_id)
        .where(or_(SaleorTold.pack_id.is_not(None), and_(sells, SaleorListing.state != ListingState.SENT)))
        .order_by(SaleorInstance.id, Pack.product_id, Pack.id)
    ).all()  # fmt: skip
    back = {shop: held(shop) for shop in {row.id for row in rows}}
    for row in rows:
        kept = back[row.id].get(row.pack_id, 0)
        gone = not row.left and not row.stock  # nothing to buy there and nothing here: a price says nothing
        if row.told_at is not None and (
            gone or (row.told_vnd, row.stock) == (row.price_vnd, row.left + kept)
        ):
            continue
        told_stock = None if row.stock is None else max(0, row.stock - kept)
        yield Shown(row.label, row.product_id, f"{row.name}, {row.pack}", row.told_vnd, row.price_vnd, told_stock,
                    row.left, row.told_at)  # fmt: skip
