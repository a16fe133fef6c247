"""The shop's pages: what they show, to whom, at what cost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from accounts.rules import SYSTEM
from catalog import operations
from catalog.certificates.operations import add_certificate
from catalog.rules import CertificateKind
from cooperatives.models import Cooperative
from core import files
from core.db import db, transaction
from storefront.browse.forms import address_of, read_asked
from storefront.browse.rules import Shares, split_price
from tests.factories.catalog import STORY, create_product, set_available
from tests.factories.cooperatives import create_cooperative
from tests.queries import count_queries


@pytest.fixture
def kept_sellers(app):
    """Two sellers, 24 products, one of them in stock: made once a process, copied for each test."""
    databases = app.extensions["databases"]
    if "kept_sellers" not in databases.made:
        databases.keep("kept_sellers", _made(app))
    return databases.made["kept_sellers"]


@pytest.fixture
def shop(kept_sellers):
    """What the two sellers are called."""
    return dict(kept_sellers)


def _made(app):
    with app.app_context():
        coop, other = create_cooperative("HTX Tài Hoan"), create_cooperative("HTX Hương Ngàn")
        noodles = create_product(coop, "Miến dong", 55_000, ocop_stars=5)
        set_available(noodles.id, 7)
        with transaction():
            operations.add_pack(
                SYSTEM, noodles.id, label="Túi 1 kg", net_quantity=1000, net_unit="g", price_vnd=105_000
            )
            for number, ends in (("cũ", date(2025, 1, 1)), ("mới", date(2027, 1, 1))):
                add_certificate(
                    SYSTEM,
                    coop.id,
                    kind=CertificateKind.OCOP,
                    number=number,
                    issuer="UBND tỉnh",
                    valid_from=date(2024, 1, 1),
                    valid_to=ends,
                )
            db.session.get_one(Cooperative, other.id).zalo = "+84912345678"
        for number in range(22):
            create_product(other, f"Tinh dầu quế {number}", 75_000, 10, category_slug="tinh-dau", net_unit="ml",
                           illustration="tinh-dau-que")  # fmt: skip
        create_product(other, "Bản nháp kín", published=False)
        found = {"coop": coop.slug, "other": other.slug, "pack": noodles.packs[0].id}
        db.session.rollback()
    return found


PATHS = (
    "/",
    "/products",
    "/products?q=tinh+dau+que",
    "/products/mien-dong",
    "/cooperatives",
    "/cooperatives/htx-tai-hoan",
    "/terms",
    "/privacy",
    "/returns",
    "/shipping-prices",
    "/ranking",
    "/complaints",
    "/about",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_answers_without_cookie_or_token(client, shop, path, language):
    answer = client.get(path + ("" if language == "vi" else ("&" if "?" in path else "?") + "hl=en"))
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, no-cache" and "csrf" not in answer.text
    assert (
        answer.text.count("<h1") == 1
        and f'lang="{language}"' in answer.text
        and "Bản nháp kín" not in answer.text
    )


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 8), ("/products", 3), ("/products?q=tinh+dau+que&in_stock=1&sort=price", 4), ("/products/mien-dong", 9),
     ("/cooperatives", 3), ("/cooperatives/htx-tai-hoan", 6)],
)  # fmt: skip
def test_pages_state_their_queries(app, client, shop, path, most):
    client.get(path)
    with count_queries(app) as counted:
        assert client.get(path).status_code == 200
    assert counted.count <= most, counted.statements


def test_the_product_page_says_what_the_law_and_a_buyer_ask(client, shop):
    page = client.get("/products/mien-dong").text
    for words in (
        "55.000\u00a0đ",
        "110.000\u00a0đ / kg",
        "HTX Tài Hoan",
        "Tinh bột dong riềng 100 %",
        "365 ngày",
        "Để nơi khô",
        "xã Côn Minh, Thái Nguyên",
        "Chỉ còn 7.",
        "38.500\u00a0đ",
        "Nông Thị Hoan",
        "không phải mã GS1 toàn cầu",
        "OCOP 5 sao",
        "Còn hạn tới 01/01/2027",
        'href="tel:+84',
        "Tranh minh hoạ",
    ):
        assert words in page, words
    assert f'name="pack_id" value="{shop["pack"]}"' in page and 'action="/cart"' in page
    assert "01/01/2025" not in page, "a paper that has ended is not advertised"


def test_another_pack_is_chosen_by_its_link_and_an_unknown_one_is_the_first(client, shop):
    page = client.get("/products/mien-dong").text
    assert "Túi 1 kg, 105.000" in page
    other = client.get(f"/products/mien-dong?pack={shop['pack'] + 1}").text
    assert "Miến dong, Túi 1 kg" in other and "Quy cách này tạm hết" in other
    assert "55.000\u00a0đ" in client.get("/products/mien-dong?pack=x").text


def test_zalo_is_offered_where_the_seller_has_it(client, shop):
    assert "https://zalo.me/84912345678" in client.get("/products/tinh-dau-que-0").text
    assert "zalo.me" not in client.get("/products/mien-dong").text


def test_what_is_not_shown_is_not_there(client, shop):
    for path in (
        "/products/ban-nhap-kin",
        "/products/khong-co",
        "/cooperatives/khong-co",
        "/media/x/ab/secret.jpg",
        "/media/p/../x",
        "/media/p/00/no.webp",
    ):
        assert client.get(path).status_code == 404, path


def test_html_and_scripts_in_texts_are_shown_as_text(app, client, shop):
    with app.app_context():
        from cooperatives.queries import by_slug

        create_product(
            by_slug(shop["coop"]), "Nấm <script>alert(1)</script>", story=STORY + '<img src=x onerror="x">'
        )
        db.session.rollback()
    page = client.get("/products/nam-script-alert-1-script").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "<img src=x" not in page


def test_filters_are_kept_over_pages_and_taken_off_one_by_one(client, shop):
    page = client.get("/products?category=tinh-dau&max_price=80.000&sort=price").text
    assert "Tinh dầu thơm nhà" in page and "page=2" in page and "max_price=80000" in page
    assert '/products?category=tinh-dau&amp;sort=price"' in page
    assert 'value="tinh-dau" checked' in page


def test_a_search_without_hits_helps_on(client, shop):
    page = client.get("/products?q=xyzzy").text
    assert "Không tìm thấy “xyzzy”" in page and "Thử ít chữ hơn" in page and "Vừa về phiên này" in page
    relaxed = client.get("/products?q=tinh+dau+xyzzy").text
    assert "Chưa có món nào đúng" in relaxed and "Tinh dầu quế" in relaxed


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=99999999",
        "sort=x",
        "min_price=abc",
        "ocop=9",
        "category=%00",
        "q=%00%FF",
        "province=" + "9" * 500,
    ],
)
def test_senseless_addresses_are_answered(client, shop, query):
    assert client.get(f"/products?{query}").status_code == 200


def test_home_in_an_empty_market(client):
    page = client.get("/")
    assert page.status_code == 200 and "Chợ chưa có hàng" in page.text


def test_public_files_may_be_kept_for_ever(app, client):
    with app.app_context():
        name = files.put(b"RIFF....WEBP", ".webp", public=True)
        hidden = files.put(b"secret", ".bin")
    answer = client.get(f"/media/{name}")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp") and "immutable" in answer.headers[
        "Cache-Control"
    ]
    assert client.get(f"/media/{hidden}").status_code == 404
    answer.close()


def test_robots_close_what_is_nobodys_business(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert {"Disallow: /orders/", "Disallow: /complaints/", "Disallow: /manage"} <= set(lines)


@given(st.integers(1, 10**9), st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_parts_of_a_price_always_add_up(price, producers, processing):
    processing = min(processing, 10_000 - producers)
    parts = split_price(price, Shares(producers, processing, 10_000 - producers - processing))
    assert sum(part.amount_vnd for part in parts) == price and all(part.amount_vnd >= 0 for part in parts)


def test_a_list_address_is_read_back_as_it_was_written():
    asked = read_asked(
        MultiDict(
            [
                ("q", "tinh dầu"),
                ("category", "a"),
                ("category", "b"),
                ("ocop", "3"),
                ("min_price", "50k"),
                ("in_stock", "1"),
                ("sort", "newest"),
            ]
        )
    )
    assert read_asked(_multi(address_of(asked))) == asked


def _multi(args):
    return MultiDict(
        [
            (key, str(one))
            for key, value in args.items()
            for one in (value if isinstance(value, list) else [value])
        ]
    )
