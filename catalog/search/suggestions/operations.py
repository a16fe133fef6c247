"""Making the table of suggestions anew beside the old rows, and swapping by one number."""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote_plus

import sqlalchemy as sa
from sqlalchemy import func, select

from catalog.models import Category, Product
from catalog.search.facets import traditions_of
from catalog.search.models import SearchBuild, SearchEntry, Suggestion
from catalog.search.spelling.operations import place_names
from catalog.search.suggestions.queries import NAME
from catalog.search.suggestions.rules import Line, laid_out
from cooperatives.models import Cooperative
from core import clock
from core.db import db, transaction
from core.pages import touch

SLICE = 2_000
PRODUCTS_MAX = 20_000  # the most sought; a line for each of 200,000 names would help nobody
CATEGORY, TRADITION, COOPERATIVE, PLACE, PRODUCT = 9_000, 7_000, 6_000, 5_000, 3_000


def rebuild(stamp: str = "") -> int:
    """Write all lines under a new number in short transactions, then let that number hold and drop the old rows. How
    many rows there are. Safe to stop anywhere: what was written under a number that never held is dropped next time."""
    with transaction():
        state = db.session.get(SearchBuild, NAME, with_for_update=True) or SearchBuild(name=NAME, build=0)
        db.session.add(state)
        held = state.build
    number = (db.session.execute(select(func.max(Suggestion.build))).scalar_one() or held) + 1
    count, rows = 0, laid_out(list(_lines()))
    db.session.rollback()
    while part := list(islice(rows, SLICE)):
        with transaction():
            db.session.execute(sa.insert(Suggestion), [_row(number, *one) for one in part])
        count += len(part)
    with transaction():
        db.session.execute(
            sa.update(SearchBuild)
            .where(SearchBuild.name == NAME)
            .values(build=number, stamp=stamp, at=clock.now())
        )
        touch("search")
    _drop_others(number)
    return count


def _drop_others(number: int) -> None:
    while True:
        with transaction():
            old = select(Suggestion.id).where(Suggestion.build != number).limit(SLICE)
            gone = db.session.execute(sa.delete(Suggestion).where(Suggestion.id.in_(old)))
        if not gone.rowcount:  # type: ignore[attr-defined]
            return


def _row(number: int, key: str, rank: int, line: Line) -> dict[str, object]:
    return {"build": number, "key": key, "rank": rank, "kind": line.kind, "text": line.text, "text_en": line.text_en,
            "href": line.href, "product_id": line.product_id}  # fmt: skip


def _lines() -> Iterator[Line]:
    goods = func.count(SearchEntry.product_id)
    approved = Cooperative.state == "approved"
    kinds = (
        select(Category.slug, Category.name, Category.name_en, func.count(Product.id))
        .join(Product, Product.category_id == Category.id)
        .join(SearchEntry, SearchEntry.product_id == Product.id).group_by(Category.id)
    )  # fmt: skip
    for slug, name, name_en, count in db.session.execute(kinds):
        yield Line("category", name, name_en, f"/products?category={slug}", CATEGORY + min(count, 900))
    sellers = (
        select(Cooperative.slug, Cooperative.name, Cooperative.craft_tradition, goods)
        .join(SearchEntry, SearchEntry.cooperative_id == Cooperative.id).where(approved).group_by(Cooperative.id)
    )  # fmt: skip
    traditions: dict[str, int] = {}
    for slug, name, tradition, count in db.session.execute(sellers):
        yield Line("cooperative", name, "", f"/cooperatives/{slug}", COOPERATIVE + min(count, 900))
        for one in traditions_of(tradition):
            traditions[one] = traditions.get(one, 0) + count
    for one, count in traditions.items():
        yield Line(
            "tradition", one, "", f"/products?ethnic_group={quote_plus(one)}", TRADITION + min(count, 900)
        )
    for one in place_names():
        yield Line("place", one, "", f"/products?q={quote_plus(one)}", PLACE)
    yield from _products()


def _products() -> Iterator[Line]:
    """The products most asked about first: reviewed, in stock, new. Several of one name are one line, a search."""
    stocked = func.coalesce(SearchEntry.sellable_until >= clock.today(), sa.false())
    wanted = (
        select(Product.id, Product.name, Product.slug, Product.rating_count, SearchEntry.folded,
               stocked.label("stocked"))
        .join(SearchEntry, SearchEntry.product_id == Product.id)
        .order_by(Product.rating_count.desc(), sa.desc("stocked"), Product.published_at.desc(), Product.id)
        .limit(PRODUCTS_MAX)
    )  # fmt: skip
    rows = db.session.execute(wanted).all()
    namesakes: dict[str, int] = {}
    for row in rows:
        namesakes[row.folded] = namesakes.get(row.folded, 0) + 1
    seen: set[str] = set()
    for row in rows:
        if row.folded in seen:
            continue
        seen.add(row.folded)
        rank = PRODUCT + min(row.rating_count, 400) * 2 + 100 * row.stocked + min(namesakes[row.folded], 100)
        if namesakes[row.folded] == 1:
            yield Line("product", row.name, "", f"/products/{row.slug}", rank, row.id)
        else:
            yield Line("product", row.name, "", f"/products?q={quote_plus(row.name)}", rank)
