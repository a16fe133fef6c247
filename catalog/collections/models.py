"""Collections, and the goods listed in them by hand."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.collections.rules import Rule
from core.db import Base, Id, ref


class Collection(Base):
    """A shelf with a name and dates, put together by an administrator for all cooperatives alike."""

    __tablename__ = "collection"
    __table_args__ = (
        CheckConstraint(f"rule IN ({', '.join(repr(str(one)) for one in Rule)})", name="rule_known"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_start"),
        CheckConstraint("(rule = 'category') = (category_id IS NOT NULL)", name="category_rule_names_one"),
    )
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True, comment="in /collections/<slug>; never changes")
    title: Mapped[str]
    title_en: Mapped[str]
    intro: Mapped[str] = mapped_column(default="")
    intro_en: Mapped[str] = mapped_column(default="")
    illustration: Mapped[str] = mapped_column(comment="static/img/products/<name>.svg")
    rule: Mapped[str]
    category_id: Mapped[int | None] = ref("category.id")
    from_on: Mapped[date]
    to_on: Mapped[date | None] = mapped_column(comment="last day on which it stands")
    position: Mapped[int] = mapped_column(default=0)


class CollectionProduct(Base):
    """One product listed by hand."""

    __tablename__ = "collection_product"
    __table_args__ = (UniqueConstraint("collection_id", "product_id"),)
    id: Mapped[Id]
    collection_id: Mapped[int] = ref("collection.id", index=False)
    product_id: Mapped[int] = ref("product.id")
    position: Mapped[int] = mapped_column(default=0)
