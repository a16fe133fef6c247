"""Pages that must cost the same however large the market grows: they say "more than", and turn pages."""

import pytest

from catalog.search import shelves
from storefront.browse import views
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.queries import count_queries

NAMES = ("HTX An Bình", "HTX Bản Cốc", "HTX Cao Sơn")


@pytest.fixture
def market(app):
    """Three sellers of one product, two and none."""
    with app.app_context():
        for name, goods in zip(NAMES, (1, 2, 0), strict=True):
            coop = create_cooperative(name)
            for number in range(goods):
                create_product(coop, f"Miến dong {name} {number}")


@pytest.fixture
def counted_to(monkeypatch):
    """Lists count up to so many."""

    def set_to(most):
        monkeypatch.setattr(shelves, "EXACT_MAX", most)
        shelves._counted.cache_clear()

    yield set_to
    shelves._counted.cache_clear()


def test_home_counts_goods_to_the_last(client, market):
    page = client.get("/").text
    assert "Cả 3 món" in page and "Cả 3 hợp tác xã" in page


def test_home_counts_goods_as_far_as_lists_do(client, market, counted_to):
    counted_to(2)
    assert "Hơn 2 món" in client.get("/").text and "More than 2 items" in client.get("/?hl=en").text


def test_sellers_are_listed_by_name_with_their_goods_counted(client, market):
    page = client.get("/cooperatives").text
    places = [page.index(f">{name}</a>") for name in NAMES]
    assert places == sorted(places) and 'class="pages"' not in page
    assert "2 món" in page[places[1] : places[2]]
    assert "món" not in page[places[2] :].split("</article>")[0]


def test_sellers_come_a_page_at_a_time(app, client, market, monkeypatch):
    monkeypatch.setattr(views, "SELLERS_A_PAGE", 2)
    with count_queries(app) as counted:
        first = client.get("/cooperatives").text
    assert counted.count <= 4, counted.statements
    last, beyond = (client.get(f"/cooperatives?page={number}").text for number in (2, 9))
    assert [name in first for name in NAMES] == [True, True, False]
    assert [name in last for name in NAMES] == [name in beyond for name in NAMES] == [False, False, True]
    assert "3 hợp tác xã bán ở chợ này" in first and "3 hợp tác xã bán ở chợ này" in last
    assert 'href="/cooperatives?page=2"' in first
    assert 'href="/cooperatives?hl=en&amp;page=2"' in client.get("/cooperatives?hl=en").text
