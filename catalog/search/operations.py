"""Keeping the index in step, inside the transaction that changed the product."""

from typing import Any

from sqlalchemy import Row, Select, select

from catalog.models import Category, Product
from catalog.rules import State
from catalog.search.engines import engine
from catalog.search.rules import folded_tokens, tokens
from cooperatives.models import Cooperative
from core.db import db
from places.models import Unit


def reindex(product_id: int) -> None:
    """Put a published product's words in, or take any other out. Found, or not found, from the commit on."""
    words = engine(db.session.get_bind().dialect.name)
    row = db.session.execute(_words().where(Product.id == product_id)).one_or_none()
    if row is None or row.state != State.PUBLISHED:
        db.session.execute(words.remove(product_id))
        return
    body = _body(row)
    folded = (folded_tokens(row.name), folded_tokens(body))
    for statement in words.write(product_id, tokens(row.name), tokens(body), folded, row.seller):
        db.session.execute(statement)


def _words() -> Select[Any]:
    return (
        select(Product.id, Product.name, Product.story, Product.ingredients, Product.usage, Product.state,
               Category.name.label("category"), Category.name_en, Cooperative.name.label("seller"),
               Unit.name.label("commune"))
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .outerjoin(Unit, Unit.id == Product.origin_commune_id)
    )  # fmt: skip


def _body(row: Row[Any]) -> str:
    parts = (row.category, row.name_en, row.seller, row.commune, row.ingredients, row.usage, row.story)
    return " \n ".join(part for part in parts if part)


def stale() -> list[int]:
    """Products whose indexed seller has another name by now."""
    rows = engine(db.session.get_bind().dialect.name).rows()
    wanted = (
        select(Product.id).join(rows, rows.c.product_id == Product.id)
        .join(Cooperative, Cooperative.id == Product.cooperative_id).where(rows.c.seller != Cooperative.name)
    )  # fmt: skip
    return list(db.session.execute(wanted.limit(500)).scalars())
