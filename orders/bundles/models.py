"""A gift box as it was agreed in an order."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.db import Base, Big, Id, immutable, ref


@immutable
class OrderBundle(Base):
    """So many boxes at the price and under the name of that day; its lines are what lies in them."""

    __tablename__ = "order_bundle"
    __table_args__ = (
        UniqueConstraint("order_id", "pack_id"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_in_bounds"),
        CheckConstraint("unit_price_vnd > 0", name="price_positive"),
    )
    id: Mapped[Id]
    order_id: Mapped[int] = ref("sale_order.id", index=False)
    pack_id: Mapped[int] = ref("pack.id")
    product_name: Mapped[str]
    pack_label: Mapped[str]
    unit_price_vnd: Mapped[Big]
    quantity: Mapped[int]
