"""Lists of products: searched, filtered, sorted, a page at a time, in a few queries; more where nothing was found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog import queries
from catalog.public import ProductCard
from catalog.search import pools
from catalog.search.choices import Facets, Names, choices, names
from catalog.search.engines import engine
from catalog.search.facets import Counts, bands_between, counts, size_token, token, wanted_tokens
from catalog.search.pools import Shape
from catalog.search.ranking import Candidate, rank
from catalog.search.rules import (
    EXACT_MAX,
    PAGE_SIZE,
    PAGES_MAX,
    RANKED_MAX,
    Asked,
    Filters,
    Query,
    Sort,
    fewer_words,
    read_query,
    term_texts,
)  # fmt: skip
from catalog.search.spelling.queries import corrections
from catalog.search.synonyms import Term
from core import clock
from core.db import db, run

Choices = Sequence[tuple[Term, ...]]  # alternatives to a query's terms


@dataclass(frozen=True, slots=True)
class Result:
    """A page of a list.

    total: all hits, exact where `exact`, else there are more than that. relaxed: nothing held every word, so these
    hold some of them. corrected: nothing was found as typed; these are the hits of this spelling. unfiltered: how many
    there would be without filters, where there are none with them. amount_missing: a quantity was asked for that no
    hit is packed in. words: where not all of the query is found, those parts of it that are, each by itself. near:
    where few hold every word, some that hold all but one.
    """

    hits: tuple[ProductCard, ...]
    total: int
    page: int
    page_count: int
    facets: Facets
    relaxed: bool = False
    exact: bool = True
    corrected: str = ""
    unfiltered: int = 0
    amount_missing: bool = False
    words: tuple[str, ...] = ()
    near: tuple[ProductCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a pool holds: how many, what they are, how many in stock; candidates where they will be ranked."""

    total: int
    counts: Counts
    stocked: int
    candidates: tuple[Candidate, ...] = ()


FEW, NEAR = 3, 8  # up to so many hits, so many that come near are shown after them
NOTHING = Found(0, Counts(), 0)
LENGTHS = (8, PAGE_SIZE, 100, RANKED_MAX + 1)  # of lists of ids: a statement is prepared for each


def search(asked: Asked) -> Result:
    """The asked page, in three queries, four where it is ranked, and one more for each kind of filter that is set.

    A search without a hit is tried without its filters, then in other spellings, then with fewer words.
    """
    known = names()
    found = _find(asked, known)
    if found.total or not asked.query:
        result = _result(asked, known, found)
        return replace(result, near=_near(asked, known, found)) if 0 < found.total <= FEW else result
    if asked.filters.count and (without := _count(*_asks(replace(asked, filters=Filters()), known))).total:
        return replace(_result(asked, known, NOTHING), unfiltered=min(without.total, EXACT_MAX))
    return _otherwise(asked, known)


def _otherwise(asked: Asked, known: Names) -> Result:
    """The hits of another spelling, else of fewer words, else none."""
    for text in corrections(asked.query):
        other = replace(asked, query=read_query(text))
        found = _find(other, known)
        if found.total:
            return replace(_result(other, known, found), corrected=text)
    words = tuple(text for text in _parts(asked.query) if _is_found(read_query(text), known))
    asked = replace(asked, sort=Sort.RELEVANCE)
    for choice in (fewer_words(asked.query), [(term,) for term in asked.query.terms]):
        found = _find(asked, known, choice) if len(choice) > 1 else NOTHING
        if found.total:
            return replace(_result(asked, known, found), relaxed=True, words=words)
    return replace(_result(asked, known, NOTHING), words=words)


def _near(asked: Asked, known: Names, found: Found) -> tuple[ProductCard, ...]:
    """The best of those that hold all terms but one; where there are none, of those that are the same kind of thing, as
    the first word of a Vietnamese name says."""
    if len(asked.query.terms) < 2 or not found.candidates:
        return ()
    hits = {one.product_id for one in found.candidates}
    for choice in (fewer_words(asked.query), [asked.query.terms[:1]]):
        others = [one for one in _find(asked, known, choice).candidates if one.product_id not in hits]
        if others:
            return _cards_of(rank(asked.query, others)[:NEAR])
    return ()


def _parts(query: Query) -> list[str]:
    """The terms of a query of several, each by itself."""
    return list(dict.fromkeys(term_texts(query))) if len(query.terms) > 1 else []


# ---- what is in the pool ----


def _tokens(filters: Filters, known: Names, without: str = "") -> dict[str, tuple[str, ...]]:
    """Of each kind of filter that is set, the tokens of which a product must have one."""
    wanted: dict[str, tuple[str, ...]] = {}
    for name in ("category", "cooperative", "province"):
        if values := getattr(filters, name):
            wanted[name] = wanted_tokens(name, known.ids(name, values))
    if filters.ethnic_group:
        wanted["ethnic_group"] = wanted_tokens("ethnic_group", filters.ethnic_group)
    if filters.ocop is not None:
        wanted["ocop"] = wanted_tokens("ocop", range(filters.ocop, 6))
    if filters.in_season:
        wanted["in_season"] = wanted_tokens("in_season", (clock.today().month,))
    if filters.min_price_vnd is not None or filters.max_price_vnd is not None:
        wanted["price"] = wanted_tokens("price", bands_between(filters.min_price_vnd, filters.max_price_vnd))
    return {name: tokens for name, tokens in wanted.items() if name != without}


def _asks(asked: Asked, known: Names, choice: Choices = (), without: str = "",
          *, in_names: bool = False, band: int | None = None) -> tuple[Shape, dict[str, Any]]:  # fmt: skip
    """The shape of a request and its parameters. choice: alternatives to the query's terms; band: the one of prices."""
    query, filters, dialect = asked.query, asked.filters, db.engine.dialect.name
    tokens = list(_tokens(filters, known, without).values())
    tokens += [(token("price", band),)] if band is not None else []
    if query.amount and not query.terms:
        tokens.append((str(size_token(query.amount.quantity, query.amount.unit)),))
    words = engine(dialect)
    match = words.any_of(choice, tokens) if choice else words.match(query.terms, tokens, names=in_names)
    priced = without != "price"
    low, high = (filters.min_price_vnd, filters.max_price_vnd) if priced else (None, None)
    stocked = filters.in_stock and without != "in_stock"
    shape = Shape(dialect, bool(match), low is not None, high is not None, stocked)
    params: dict[str, Any] = {"day": clock.today()}
    used = (
        ("match", shape.matched, match),
        ("min_price", shape.min_price, low),
        ("max_price", shape.max_price, high),
    )
    return shape, params | {name: value for name, wanted, value in used if wanted}


def _find(asked: Asked, known: Names, choice: Choices = ()) -> Found:
    """The pool of a request. Where more fit than are ranked, those whose name holds all terms come in first."""
    shape, params = _asks(asked, known, choice)
    if not (asked.query and asked.sort is Sort.RELEVANCE):
        return _count(shape, params)
    *counted, joined = run(pools.counting(shape, listed=True), params).one()
    found = _found(*counted)
    newest = [int(one) for one in (joined or "").split(" ", RANKED_MAX + 1)[: RANKED_MAX + 1] if one]
    rows: list[Any] = []
    if found.total > RANKED_MAX and asked.query.terms and not choice:
        rows = run(pools.candidates(shape), _asks(asked, known, in_names=True)[1]).all()
    if len(rows) <= RANKED_MAX:
        named = {row[0] for row in rows}
        rows += _rows(pools.candidates_of(), [one for one in newest if one not in named])
    return replace(found, candidates=tuple(map(Candidate._make, rows)))


def _rows(statement: Any, ids: Sequence[int]) -> list[Any]:
    """The rows of a statement for parameter `ids`, in no order. A list is filled up to one of few lengths."""
    if not ids:
        return []
    length = next((one for one in LENGTHS if one >= len(ids)), len(ids))
    filled = [*ids, *[ids[-1]] * (length - len(ids))]
    return list(run(statement, {"ids": filled, "day": clock.today()}))


def _is_found(query: Query, known: Names) -> bool:
    """Whether anything holds this query."""
    shape, params = _asks(Asked(query), known)
    return run(pools.any_at_all(shape), _without_day(shape, params)).first() is not None


def _without_day(shape: Shape, params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name != "day" or shape.in_stock}


def _count(shape: Shape, params: dict[str, Any]) -> Found:
    return _found(*run(pools.counting(shape), params).one())


def _found(total: int, stocked: int, codes: str | None) -> Found:
    return Found(total, counts(codes or "", total, clock.today().month), stocked)


# ---- the page ----


def _result(asked: Asked, known: Names, found: Found) -> Result:
    total = min(found.total, EXACT_MAX)
    listed = min(total, len(found.candidates)) if found.candidates else total
    page_count = max(1, min(PAGES_MAX, -(-listed // PAGE_SIZE)))
    page = min(max(1, asked.page), page_count)
    facets = choices(asked.filters, known, found, _siblings(asked, known, found))
    hits = _cards(asked, known, found, (page - 1) * PAGE_SIZE) if total else ()
    return Result(
        hits, total, page, page_count, facets, exact=found.total <= EXACT_MAX,
        amount_missing=bool(total) and _amount_missing(asked.query, found),
    )  # fmt: skip


def _siblings(asked: Asked, known: Names, found: Found) -> dict[str, Found]:
    """For each kind of filter that is set, what there would be without it: the counts beside its choices."""
    filters = asked.filters
    active = list(_tokens(filters, known)) + (["in_stock"] if filters.in_stock else [])
    return {name: _count(*_asks(asked, known, without=name)) for name in active}


def _cards(asked: Asked, known: Names, found: Found, skip: int) -> tuple[ProductCard, ...]:
    if found.candidates:
        return _cards_of(rank(asked.query, found.candidates)[skip : skip + PAGE_SIZE])
    shape, params = _asks(asked, known)
    overflown = found.total > EXACT_MAX
    if overflown and shape.matched and asked.sort in (Sort.PRICE, Sort.PRICE_DOWN):
        return _cards_of(_by_price(asked, known, skip))
    page = pools.sorted_cards(shape, asked.sort, overflown=overflown)
    return tuple(queries.card(row) for row in run(page, params | {"skip": skip}))


def _by_price(asked: Asked, known: Names, skip: int) -> list[int]:
    """The ids of a page by price where more fit than are counted: band after band, since sorting all that fit takes
    long, and the first band mostly fills the page."""
    down, filters, found = asked.sort is Sort.PRICE_DOWN, asked.filters, list[int]()
    bands = bands_between(filters.min_price_vnd, filters.max_price_vnd)
    for band in reversed(bands) if down else bands:
        shape, params = _asks(asked, known, band=band)
        most = skip + PAGE_SIZE - len(found)
        page = run(pools.by_price(shape, down=down), _without_day(shape, params) | {"most": most})
        found += page.scalars()
        if len(found) == skip + PAGE_SIZE:
            break
    return found[skip:]


def _cards_of(ids: Sequence[int]) -> tuple[ProductCard, ...]:
    """The cards of products that are still shown, in this order."""
    rows = {row.product_id: row for row in _rows(pools.ranked_cards(), ids)}
    return tuple(queries.card(rows[one]) for one in ids if one in rows)


def _amount_missing(query: Query, found: Found) -> bool:
    """Whether a quantity was asked for beside words, and no candidate is packed in it."""
    if not (query.amount and query.terms and found.candidates):
        return False
    size = size_token(query.amount.quantity, query.amount.unit)
    return not any(f" {size} " in f" {one.sizes} " for one in found.candidates)
