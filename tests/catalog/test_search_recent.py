"""An engine that finds all hits or none is asked among the newest products first: what is shown stays the same."""

import pytest

from catalog.search import engines, pools, queries
from catalog.search.operations import dialect
from catalog.search.queries import search
from catalog.search.rules import Asked, Filters, read_query
from tests.catalog.test_search import oil, shop
from tests.factories.catalog import create_product

__all__ = ["shop"]


@pytest.fixture
def small(monkeypatch):
    """Two products have one token of age, and lists count to four and rank two."""
    monkeypatch.setattr(engines, "SPAN_BITS", 1)
    for module in (pools, queries):
        monkeypatch.setattr(module, "EXACT_MAX", 4)
        monkeypatch.setattr(module, "RANKED_MAX", 2)
    _forget()
    yield
    _forget()


def _forget():
    for statement in (pools.counting, pools.candidates):
        statement.cache_clear()


def test_among_the_newest_or_among_all_is_the_same(shop, small, monkeypatch):
    for number in range(14):
        if number % 3 or number == 12:
            oil(shop, f"Tinh dầu quế {number:02}")
        else:
            create_product(shop, f"Miến dong {number:02}")
    kinds = (
        Filters(),
        Filters(category=("tinh-dau",)),
        Filters(min_price_vnd=60_000),
        Filters(in_stock=True),
    )
    typed = ("quế", "mien", "tinh dau", "09", "quế 01", "")
    asked = [Asked(read_query(text), filters) for text in typed for filters in kinds]
    newest_first = [search(one) for one in asked]
    assert (engines.engine(dialect()).recent(2) is None) == (dialect() == "sqlite")
    assert {one.exact for one in newest_first} == {True, False}
    monkeypatch.setattr(engines.Tsvectors, "recent", lambda _self, _spans: None)
    _forget()
    assert [search(one) for one in asked] == newest_first
