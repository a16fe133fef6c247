"""Keeping the index in step, inside the transaction that changed the product."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from catalog.models import Pack
from catalog.search import NEXT, TABLE
from catalog.search.engines import engine
from catalog.search.entries import read, sellable_until, seller_words
from catalog.search.facets import month_tokens
from catalog.search.models import SearchBuild, SearchEntry, Suggestion
from catalog.search.tokens import extra_tokens
from cooperatives.models import Cooperative
from core.db import db, run
from core.pages import touch

INDEX = "index"  # the row of `search_build` that says whether one is built beside


def dialect() -> str:
    """The name of the database's kind."""
    return db.session.get_bind().dialect.name


def reindex(product_id: int) -> None:
    """Put a published product's words in, or take any other out. Found, or not found, from the commit on."""
    entries = read([product_id])
    write([product_id], entries, TABLE)
    if _building():
        write([product_id], entries, NEXT)
    keep(entries)
    if not entries:
        db.session.execute(sa.delete(SearchEntry).where(SearchEntry.product_id == product_id))
        db.session.execute(sa.delete(Suggestion).where(Suggestion.product_id == product_id))
        touch("search")


def write(product_ids: Sequence[int], entries: Sequence[dict[str, Any]], table: str) -> None:
    """Make a table of words hold these products' entries and nothing else of them."""
    words = engine(dialect())
    db.session.execute(words.remove(product_ids, table))
    if entries:
        db.session.execute(*words.write([_for_engine(one) for one in entries], table))


def _for_engine(entry: dict[str, Any]) -> dict[str, Any]:
    names = ("product_id", "about", "body")
    tokens = {
        "name": entry["folded"],
        "facets": " ".join(
            (
                entry["tokens"],
                entry["sizes"],
                month_tokens(entry["harvest_months"]),
                extra_tokens(entry["folded"], entry["about"], entry["body"]),
            )
        ),
    }
    return {name: entry[name] for name in names} | tokens


def keep(entries: Sequence[dict[str, Any]]) -> None:
    """Write the rows that counting and ranking read."""
    if not entries:
        return
    columns = [column.key for column in SearchEntry.__table__.columns]
    ids = [entry["product_id"] for entry in entries]
    db.session.execute(sa.delete(SearchEntry).where(SearchEntry.product_id.in_(ids)))
    db.session.execute(
        sa.insert(SearchEntry.__table__),  # type: ignore[arg-type]
        [{name: entry[name] for name in columns} for entry in entries],
    )


def _building() -> bool:
    """Whether an index is built beside. Asked after the first write, so that on PostgreSQL the builder's lock has let
    us pass before it said so, or holds us until it has."""
    wanted = select(SearchBuild.running).where(SearchBuild.name == INDEX)
    return bool(db.session.execute(wanted).scalar_one_or_none())


STOCK = (  # parameter `pack`
    sa.update(SearchEntry.__table__)  # type: ignore[arg-type]
    .where(
        SearchEntry.product_id
        == select(Pack.product_id).where(Pack.id == sa.bindparam("pack")).scalar_subquery()
    )
    .values(sellable_until=sellable_until())
)


def follow_stock(pack_id: int) -> None:
    """The pieces that can be sold of a pack changed: so may "in stock"."""
    run(STOCK, {"pack": pack_id})


def stale() -> list[int]:
    """Products whose indexed seller has another name or tradition by now, at most 500."""
    wanted = (
        select(SearchEntry.product_id).join(Cooperative, Cooperative.id == SearchEntry.cooperative_id)
        .where(SearchEntry.seller != seller_words()).order_by(SearchEntry.product_id).limit(500)
    )  # fmt: skip
    return list(db.session.execute(wanted).scalars())
