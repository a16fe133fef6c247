"""Carts and their lines."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref


class Cart(Base):
    """A visitor's cart, found by the token in an HttpOnly cookie."""

    __tablename__ = "cart"
    id: Mapped[Id]
    token: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    touched_at: Mapped[Instant] = mapped_column(index=True, comment="carts untouched for 60 days are swept")


class CartLine(Base):
    """So many packs of one kind, and the price at which the visitor last saw them."""

    __tablename__ = "cart_line"
    __table_args__ = (
        UniqueConstraint("cart_id", "pack_id"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_in_bounds"),
        CheckConstraint("seen_price_vnd > 0", name="seen_price_positive"),
    )
    id: Mapped[Id]
    cart_id: Mapped[int] = ref("cart.id", ondelete="CASCADE")
    pack_id: Mapped[int] = ref("pack.id")
    quantity: Mapped[int]
    seen_price_vnd: Mapped[Big] = mapped_column(comment="asked again when the price has moved")
    added_at: Mapped[Instant]
