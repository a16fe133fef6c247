"""What the index holds of a product, read from the tables: words by weight, tokens, price, stock."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from catalog.certificates.queries import advertised_stars
from catalog.models import Category, Pack, Product
from catalog.rules import State
from catalog.search.facets import code_of, size_token, tokens_of, traditions_of
from catalog.search.models import SearchEntry
from catalog.search.words import folded_words, words
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from places.models import Unit, UnitChange

ALWAYS = date(9999, 12, 31)
_Commune, _Province = aliased(Unit), aliased(Unit)

Row_ = dict[str, Any]


def seller_words() -> sa.ColumnElement[str]:
    """A cooperative's name and tradition as one text: when it differs from an entry's, the entry is stale."""
    return Cooperative.name + "\n" + Cooperative.craft_tradition


def _shown() -> Select[Any]:
    return (
        select(Product.id, Product.name, Product.story, Product.ingredients, Product.usage, Product.category_id,
               Product.cooperative_id, advertised_stars(clock.today()).label("ocop_stars"),
               Product.harvest_months, Product.published_at,
               Product.origin_commune_id, Category.name.label("category"), Category.name_en,
               seller_words().label("seller"), Cooperative.craft_tradition, _Commune.kind,
               _Commune.name.label("commune"),
               _Province.id.label("province_id"), _Province.name.label("province"))
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .outerjoin(_Commune, _Commune.id == Product.origin_commune_id)
        .outerjoin(_Province, _Province.id == _Commune.parent_id)
        .where(Product.state == State.PUBLISHED)
    )  # fmt: skip


def read(product_ids: Sequence[int], *, lock: bool = False) -> list[Row_]:
    """The entries of those products that are published, with what the engine alone holds (body, tokens). Four
    queries.

    lock: until the transaction ends nobody changes these products (a build must not copy what is about to change).
    """
    wanted = _shown().where(Product.id.in_(product_ids))
    if lock:
        wanted = wanted.with_for_update(read=True, of=Product)
    rows = db.session.execute(wanted).all()
    packs = _packs([row.id for row in rows])
    old = former_names({row.origin_commune_id for row in rows if row.origin_commune_id})
    return [_entry(row, packs[row.id], old.get(row.origin_commune_id, "")) for row in rows]


def _packs(product_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    wanted = select(Pack.product_id, Pack.net_quantity, Pack.net_unit, Pack.price_vnd, Pack.lead, Pack.available,
                    Pack.available_until).where(Pack.product_id.in_(product_ids), Pack.active)  # fmt: skip
    for pack in db.session.execute(wanted.order_by(Pack.position, Pack.id)):
        found[pack.product_id].append(pack)
    return found


def _entry(row: Row[Any], packs: Sequence[Row[Any]], former: str) -> Row_:
    lead = next((pack for pack in packs if pack.lead), packs[0] if packs else None)
    price = lead.price_vnd if lead else 0
    stars = f"OCOP {row.ocop_stars} sao" if row.ocop_stars else ""
    place = f"{row.kind} {row.commune} tỉnh {row.province} {former}" if row.commune else ""
    about = " ".join(
        part
        for part in (row.category, row.name_en, row.seller, _joined(row.craft_tradition), stars, place)
        if part
    )
    sizes = {size_token(pack.net_quantity, pack.net_unit) for pack in packs} - {None}
    said = {"category": row.category_id, "cooperative": row.cooperative_id, "province": row.province_id,
            "ocop": row.ocop_stars, "price_vnd": price}  # fmt: skip
    return {
        "product_id": row.id, "cooperative_id": row.cooperative_id, "seller": row.seller,
        "name": " ".join(words(row.name)), "folded": " ".join(folded_words(row.name)),
        "about": " ".join(folded_words(about)),
        "body": " ".join(folded_words(f"{row.ingredients}\n{row.usage}\n{row.story}")),
        "facets": code_of(**said, harvest_months=row.harvest_months or 0),
        "tokens": tokens_of(**said, traditions=traditions_of(row.craft_tradition)),
        "sizes": " ".join(sorted(str(size) for size in sizes)), "price_vnd": price,
        "harvest_months": row.harvest_months or 0, "sellable_until": _sellable_until(packs),
        "published_at": row.published_at,
    }  # fmt: skip


def _joined(tradition: str) -> str:
    """ "Ê-đê" is typed "ede" as often."""
    return " ".join("".join(folded_words(part)) for part in traditions_of(tradition))


def _sellable_until(packs: Iterable[Row[Any]]) -> date | None:
    return max((pack.available_until or ALWAYS for pack in packs if pack.available > 0), default=None)


def sellable_until() -> sa.ScalarSelect[Any]:
    """The same as a subquery of `search_entry`, for the moment when stock changes."""
    until = func.coalesce(Pack.available_until, sa.literal(ALWAYS, sa.Date))
    sold = select(func.max(until)).where(
        Pack.product_id == SearchEntry.product_id, Pack.active, Pack.available > 0
    )
    return sold.correlate(SearchEntry).scalar_subquery()


def former_names(commune_ids: set[int]) -> dict[int, str]:
    """What each commune was called before: "xã Côn Minh huyện Na Rì tỉnh Bắc Kạn …", every unit that became it."""
    old, above, top = aliased(Unit), aliased(Unit), aliased(Unit)
    wanted = (
        select(UnitChange.new_id, old.kind, old.name, above.kind.label("in_kind"), above.name.label("in_name"),
               top.name.label("top_name"))
        .join(old, old.id == UnitChange.old_id).outerjoin(above, above.id == old.parent_id)
        .outerjoin(top, top.id == above.parent_id).where(UnitChange.new_id.in_(commune_ids))
        .order_by(UnitChange.id)
    )  # fmt: skip
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for row in db.session.execute(wanted):
        for part in (f"{row.kind} {row.name}", f"{row.in_kind} {row.in_name}" if row.in_name else "",
                     f"tỉnh {row.top_name}" if row.top_name else ""):  # fmt: skip
            if part:
                found[row.new_id][part] = None
    return {commune: " ".join(parts) for commune, parts in found.items()}
