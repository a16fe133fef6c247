"""The list: choices with counts, ways on, suggestions as JSON."""

import pytest
from werkzeug.datastructures import MultiDict

from catalog.search.suggestions import operations as suggestions
from storefront.browse.forms import address_of, read_asked
from tests.factories.catalog import create_product, set_available
from tests.factories.cooperatives import create_cooperative
from tests.queries import count_queries


@pytest.fixture
def shop(app):
    with app.app_context():
        coop = create_cooperative("HTX Tài Hoan")
        noodles = create_product(coop, "Miến dong", 55_000, ocop_stars=5)
        set_available(noodles.id, 7)
        create_product(coop, "Miến dong tráng tay", 120_000, 1_000)
        create_product(coop, "Nấm hương khô", 140_000, 200, category_slug="nam-mang")
        return coop.slug


def test_every_choice_says_how_many_it_would_leave(client, shop):
    page = client.get("/products?q=mien").text
    assert "2 món hợp với “mien”" in page and 'name="band" value="1"' in page
    for words in (
        'Còn hàng <span class="muted">(1)',
        '5 sao <span class="muted">(1)',
        "50.000\u00a0đ đến 100.000\u00a0đ <span",
    ):
        assert words in page, words
    page = client.get("/products?category=nam-mang").text
    assert 'Miến, bún <span class="muted">(2)' in page  # the counts of a kind of choice are without its own


def test_a_band_is_one_tag_and_its_address_reads_back(client, shop):
    page = client.get("/products?band=1").text
    assert page.count('class="chip on"') == 1 and "Miến dong tráng tay" not in page
    asked = read_asked(MultiDict({"band": "4"}))
    assert (asked.filters.min_price_vnd, asked.filters.max_price_vnd) == (500_000, None)
    assert read_asked(MultiDict({name: str(value) for name, value in address_of(asked).items()})) == asked
    assert read_asked(MultiDict({"band": "1", "min_price": "20.000"})).filters.min_price_vnd == 20_000
    assert read_asked(MultiDict({"band": "99", "in_season": "1"})).filters.in_season


def test_no_page_is_without_a_way_on(client, shop):
    nothing = client.get("/products?q=qwrtz").text
    assert (
        "Không tìm thấy “qwrtz”" in nothing
        and "/products?category=mien-bun" in nothing
        and "Vừa về phiên này" in nothing
    )
    filtered = client.get("/products?q=mien&ocop=4&band=3").text
    assert "Bỏ lọc, xem 2 món" in filtered and 'href="/products?q=mien"' in filtered
    some = client.get("/products?q=mien+bac+ha").text
    assert "Chưa có món nào đúng" in some and 'href="/products?q=mien"' in some
    few = client.get("/products?q=mien+trang+tay").text
    assert "Gần với điều bạn tìm" in few and few.index("Miến dong tráng tay") < few.index("Miến dong, Gói")
    assert "Chưa có gói đúng 5\u00a0kg" in client.get("/products?q=mien+5+can").text


def test_typed_text_stays_text(client, shop):
    page = client.get("/products?q=%3Cscript%3Ealert(1)%3C/script%3E+mien").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_suggestions_are_public_and_cost_two_queries(app, client, shop):
    with app.app_context():
        suggestions.rebuild()
    answer = client.get("/products/suggest?q=mi%C3%AA%CC%81n")
    assert answer.json[0] == {"kind": "Loại hàng", "text": "Miến, bún", "href": "/products?category=mien-bun"}
    found = client.get("/products/suggest?q=kho").json
    assert {"kind": "Món", "text": "Nấm hương khô", "href": "/products/nam-huong-kho"} in found
    assert answer.headers["Cache-Control"] == "public, no-cache" and "Set-Cookie" not in answer.headers
    english = client.get("/products/suggest?q=nood&hl=en").json
    assert english[0] == {"kind": "Kind", "text": "Noodles", "href": "/products?category=mien-bun&hl=en"}
    with count_queries(app) as counted:
        assert client.get("/products/suggest?q=").json == []
        assert client.get("/products/suggest?q=" + "x" * 500).json == []
    assert counted.count <= 3  # two, and the version of what the page shows
