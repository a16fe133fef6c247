"""Tables of the search beside the engines' own: entries, suggestions, and which build of them holds."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, BigId, Id, Instant, ref

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")  # prefixes are compared byte by byte


class SearchEntry(Base):
    """A published product as lists filter, count and rank it; written with the product, never by anybody else."""

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_newest", "published_at", "product_id"),
        Index("ix_search_entry_cheapest", "price_vnd", "product_id"),
        Index(
            "ix_search_entry_counted", "product_id", "facets", "sellable_until", "cooperative_id", "price_vnd"
        ),
    )
    product_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("product.id"), primary_key=True, autoincrement=False
    )
    cooperative_id: Mapped[int] = ref("cooperative.id")
    seller: Mapped[str] = mapped_column(comment="name and tradition as indexed; differs after a renaming")
    name: Mapped[str] = mapped_column(comment="words of the name, with marks")
    folded: Mapped[str] = mapped_column(comment="the same without marks")
    about: Mapped[str] = mapped_column(comment="folded words of kind, seller, tradition, places old and new")
    facets: Mapped[str] = mapped_column(comment="five letters that are counted; see catalog.search.facets")
    sizes: Mapped[str] = mapped_column(comment="tokens of its packs' net quantities")
    price_vnd: Mapped[Big] = mapped_column(comment="of the lead pack")
    harvest_months: Mapped[int] = mapped_column(comment="bit 0 January … bit 11 December")
    sellable_until: Mapped[date | None] = mapped_column(comment="last day on which a pack can be sold")
    published_at: Mapped[Instant]


class Suggestion(Base):
    """A line offered while somebody types, under one beginning of it.

    key: folded text from one of its words on; or a short beginning followed by '*', under which only the best stand,
    where too many begin with it.
    """

    __tablename__ = "search_suggestion"
    __table_args__ = (Index("ix_search_suggestion_key", "build", "key", "rank"),)
    id: Mapped[Id]
    build: Mapped[int]
    key: Mapped[str] = mapped_column(KEY)
    rank: Mapped[int] = mapped_column(comment="higher is better")
    kind: Mapped[str] = mapped_column(comment="category, product, cooperative, place or tradition")
    text: Mapped[str]
    text_en: Mapped[str]
    href: Mapped[str]
    product_id: Mapped[int | None] = mapped_column(BigId, index=True, comment="goes with this product")


class SearchBuild(Base):
    """Which build holds of what the worker makes: 'suggestions', 'words', and 'index' while one is built beside."""

    __tablename__ = "search_build"
    name: Mapped[str] = mapped_column(primary_key=True)
    build: Mapped[Big] = mapped_column(default=0)
    running: Mapped[bool] = mapped_column(default=False)
    stamp: Mapped[str] = mapped_column(default="", comment="what the goods were when it was made")
    at: Mapped[Instant | None]
