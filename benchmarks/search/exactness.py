"""Whether the counts beside a list are true: recounted from the products themselves, by another way."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from catalog.models import Category, Product
from catalog.search import queries
from catalog.search.engines import engine
from catalog.search.rules import EXACT_MAX, Asked, Query
from core.db import db


def check(asked: Sequence[Query]) -> str:
    """One line: of how many searches total and counts by category were exact to EXACT_MAX hits, of how many it was said
    that there are more; ends with 'pass', or with 'FAIL' and the first that were wrong."""
    exact, more, wrong = 0, 0, list[str]()
    for query in asked:
        if not query.terms:
            continue
        result, hits = queries.search(Asked(query)), _hits(query)
        db.session.rollback()
        if result.relaxed or result.corrected or not result.total:
            continue
        shown = {one.slug: one.count for one in result.facets.categories}
        if hits.total() > EXACT_MAX:
            more += 1
            right = not result.exact and result.total == EXACT_MAX
        else:
            exact += 1
            right = result.exact and result.total == hits.total() and shown == dict(hits)
        wrong += [] if right else [query.typed]
    verdict = f"FAIL: {', '.join(wrong[:5])}" if wrong else "pass"
    return f"facets recounted: {exact} exact, {more} said to be more than {EXACT_MAX:,}, {len(wrong)} wrong, {verdict}"


def _hits(query: Query) -> Counter[str]:
    """All hits of a query by category, without a bound."""
    words = engine(db.session.get_bind().dialect.name)
    found = words.matching()
    wanted = (
        select(Category.slug)
        .select_from(found)
        .join(Product, Product.id == found.c.product_id)
        .join(Category, Category.id == Product.category_id)
    )
    return Counter(db.session.execute(wanted, {"match": words.match(query.terms, ())}).scalars())
