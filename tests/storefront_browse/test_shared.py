"""What pages say to machines is what they say to people: compared value by value; the comparison is tested too."""

import copy
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from PIL import Image
from sqlalchemy import update

from accounts.rules import SYSTEM
from catalog import operations as catalog
from catalog.cards import drawing
from catalog.cards.drawing import HEIGHT_PX, WIDTH_PX, draw, printable, wrap
from catalog.cards.faces import Face
from catalog.cards.tasks import draw_cards
from catalog.models import Pack, Product
from catalog.rules import is_gtin
from core import clock, files
from core.db import db, transaction
from storefront.browse import sitemaps
from tests.conftest import NOW
from tests.factories.catalog import create_product, set_available
from tests.factories.cooperatives import create_cooperative

PICTURE = (Path(__file__).resolve().parents[2] / "static" / "img" / "raster" / "mien-dong.webp").read_bytes()
OWN_GTIN = "8936012345674"


@pytest.fixture
def goods(app):
    """Noodles in stock under the platform's own number; oil, sold out, under the cooperative's GS1 number."""
    with app.app_context():
        coop = create_cooperative("HTX Ta")
        noodles = create_product(coop, 'Miến dong "sợi nhỏ" <phơi nắng>', 65_000)
        set_available(noodles.id, 7)
        with transaction():
            db.session.merge(coop).gs1_prefix = "8936012345"
        oil = create_product(coop, "Tinh dầu quế", 75_000, 10, category_slug="tinh-dau", net_unit="ml")
        with transaction():
            catalog.add_pack(SYSTEM, oil.id, label="Lọ 30 ml", net_quantity=30, net_unit="ml", price_vnd=199_000,
                             gtin=OWN_GTIN)  # fmt: skip
        found = {
            "noodles": noodles.slug,
            "oil": oil.slug,
            "own": oil.packs[-1].id,
            "id": noodles.id,
            "coop": coop.slug,
        }
        db.session.expire_all()
        found["own"] = db.session.get_one(Product, oil.id).packs[-1].id
        db.session.rollback()
    return found


class Read:
    """A page as a reader of shapes sees it: its own values beside its data block."""

    def __init__(self, text: str) -> None:
        self.root = html5lib.parse(text, namespaceHTMLElements=False)
        blocks = [one.text for one in self.root.iter("script") if one.get("type") == "application/ld+json"]
        assert len(blocks) == 1
        self.data = json.loads(blocks[0] or "")
        self.meta = {
            one.get("property") or one.get("name"): one.get("content")
            for one in self.root.iter("meta")
            if one.get("content")
        }
        self.links = {
            (one.get("rel"), one.get("hreflang")): one.get("href") for one in self.root.iter("link")
        }

    def words(self, tag: str, name: str = "") -> str:
        """The text of the first element with this tag and class."""
        for one in self.root.iter(tag):
            if not name or name in (one.get("class") or "").split():
                return " ".join("".join(one.itertext()).split())
        return ""

    def of(self, kind: str) -> dict[str, Any]:
        """The data of one kind."""
        return next(one for one in self.data["@graph"] if one["@type"] == kind)


def disagreements(page: Read) -> set[str]:
    """Where a product page's data block differs from what the page shows people."""
    told, found = page.of("Product"), set()
    offer = told["offers"]
    shown = re.sub(r"\D", "", page.words("p", "price"))
    found |= {"price"} if offer["price"] != shown else set()
    found |= {"currency"} if offer["priceCurrency"] != "VND" or "đ" not in page.words("p", "price") else set()
    can_buy = any(one.get("action", "").startswith("/cart") for one in page.root.iter("form"))
    promised = "Đặt trước được" in page.words("p", "say") or "Pre-order" in page.words("p", "say")
    expected = "OutOfStock" if not can_buy else "PreOrder" if promised else "InStock"
    found |= {"availability"} if offer["availability"] != f"https://schema.org/{expected}" else set()
    found |= {"name"} if told["name"] != page.words("h1") else set()
    printed = next((one for one in re.findall(r"\b\d{13}\b", " ".join(page.root.itertext()))), "")
    restricted = printed.startswith("2")
    if told.get("gtin13") != (None if restricted else printed) or (
        told.get("gtin13") and not is_gtin(told["gtin13"])
    ):
        found.add("gtin")
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("which", ["noodles", "oil", "own"])
def test_a_product_page_says_the_same_to_machines_and_to_people(client, goods, which, language):
    path = f"/products/{goods['oil']}?pack={goods['own']}" if which == "own" else f"/products/{goods[which]}?"
    page = Read(client.get(f"{path}&hl={language}").text)
    assert disagreements(page) == set()


def test_a_restricted_number_is_no_gtin_and_an_own_one_is(client, goods):
    assert "gtin13" not in Read(client.get(f"/products/{goods['noodles']}").text).of("Product")
    own = Read(client.get(f"/products/{goods['oil']}?pack={goods['own']}").text).of("Product")
    assert own["gtin13"] == OWN_GTIN


@pytest.mark.parametrize(
    ("what", "where", "wrong"),
    [("price", ("offers", "price"), "65001"), ("price", ("offers", "price"), "65.000"),
     ("currency", ("offers", "priceCurrency"), "USD"), ("availability", ("offers", "availability"),
     "https://schema.org/OutOfStock"), ("name", ("name",), "Miến dong"), ("gtin", ("gtin13",), "2000000000015")],
)  # fmt: skip
def test_the_comparison_finds_what_is_wrong(client, goods, what, where, wrong):
    page = Read(client.get(f"/products/{goods['noodles']}").text)
    page.data = copy.deepcopy(page.data)
    place = page.of("Product")
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = wrong
    assert disagreements(page) == {what}


def test_a_new_price_is_told_at_once(app, client, goods):
    with app.app_context(), transaction():
        pack = db.session.get_one(Product, goods["id"]).packs[0].id
        catalog.set_price(SYSTEM, pack, 70_000)
    page = Read(client.get(f"/products/{goods['noodles']}").text)
    assert page.of("Product")["offers"]["price"] == "70000" and disagreements(page) == set()


def test_what_is_still_to_be_made_is_a_pre_order_with_its_day(app, client, goods):
    with app.app_context(), transaction():
        db.session.execute(
            update(Pack).where(Pack.product_id == goods["id"])
            .values(available=7, promised=7, promised_on=date(2026, 12, 20))
        )  # fmt: skip
    page = Read(client.get(f"/products/{goods['noodles']}").text)
    offer = page.of("Product")["offers"]
    assert (offer["availability"], offer["availabilityStarts"]) == (
        "https://schema.org/PreOrder",
        "2026-12-20",
    )
    assert disagreements(page) == set() and page.meta["product:availability"] == "preorder"


def test_a_name_with_signs_of_html_stays_data(client, goods):
    text = client.get(f"/products/{goods['noodles']}").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert block and "<" not in block[1] and "phơi nắng" in json.loads(block[1])["@graph"][0]["name"]


def test_seller_way_and_returns_are_told(client, goods):
    page = Read(client.get(f"/products/{goods['oil']}").text)
    offer, way = page.of("Product")["offers"], page.of("BreadcrumbList")["itemListElement"]
    assert (
        offer["seller"]["name"] == "HTX Ta" and offer["hasMerchantReturnPolicy"]["merchantReturnDays"] == 14
    )
    assert [one["position"] for one in way] == [1, 2, 3] and way[-1]["item"].endswith(
        f"/products/{goods['oil']}"
    )
    shop = Read(client.get(f"/cooperatives/{goods['coop']}").text).of("Organization")
    assert shop["name"] == "HTX Ta" and shop["identifier"] and shop["address"]["addressCountry"] == "VN"
    home = Read(client.get("/").text)
    assert home.of("WebSite")["potentialAction"]["target"]["urlTemplate"] == "http://localhost/products?q={q}"
    assert home.of("Organization")["legalName"]


# ---- addresses ----


@pytest.mark.parametrize(
    "path", ["/", "/products", "/cooperatives", "/terms", "/policies", "/shipping-prices"]
)
def test_every_public_page_names_its_one_address_in_both_languages(client, goods, path):
    page = client.get(f"{path}?via=abcdef&sort=price&hl=en").text
    links = {
        (one.get("rel"), one.get("hreflang")): one.get("href")
        for one in html5lib.parse(page, namespaceHTMLElements=False).iter("link")
    }
    assert links["canonical", None] == f"http://localhost{path}?hl=en"
    assert links["alternate", "vi"] == links["alternate", "x-default"] == f"http://localhost{path}"
    assert links["alternate", "en"] == f"http://localhost{path}?hl=en"


def test_a_chosen_pack_and_the_way_one_came_are_not_another_page(client, goods):
    page = Read(client.get(f"/products/{goods['oil']}?pack={goods['own']}&via=abcdef").text)
    assert page.links["canonical", None] == f"http://localhost/products/{goods['oil']}"


def read_map(client, path):
    answer = client.get(path)
    assert answer.mimetype == "application/xml" and len(answer.data) < 50_000_000
    return ElementTree.fromstring(answer.data)


def places(tree):
    return [one.text for one in tree.iter() if one.tag.endswith("}loc")]


def test_the_map_leads_to_every_page_and_each_answers(client, goods):
    found = []
    for part in places(read_map(client, "/sitemap.xml")):
        found += places(read_map(client, urlsplit(part).path))
    assert f"http://localhost/products/{goods['oil']}?hl=en" in found and "http://localhost/payment" in found
    assert len(found) == len(set(found))
    for one in found:
        assert client.get(one.removeprefix("http://localhost")).status_code == 200, one


def test_each_address_names_its_other_language_and_the_day_of_its_change(client, goods):
    tree = read_map(client, "/sitemaps/goods-1.xml")
    entry = tree[0]
    assert [one.get("hreflang") for one in entry if one.tag.endswith("}link")] == ["vi", "en"]
    assert [one.text for one in entry if one.tag.endswith("}lastmod")] == ["2026-11-22"]


def test_many_goods_are_split(client, goods, monkeypatch):
    monkeypatch.setattr(sitemaps, "GOODS_A_PART", 1)
    parts = [one for one in places(read_map(client, "/sitemap.xml")) if "goods" in one]
    assert len(parts) == 2
    first, second = (places(read_map(client, urlsplit(one).path)) for one in parts)
    assert not set(first) & set(second) and len(first) == len(second) == 2
    assert client.get("/sitemaps/goods-3.xml").status_code == 404


# ---- cards ----


def card_of(app, goods):
    with app.app_context():
        return db.session.get_one(Product, goods["id"]).card_file


def test_a_card_is_drawn_and_shown_to_chats(app, client, goods):
    assert "card.jpg" in Read(client.get(f"/products/{goods['noodles']}").text).meta["og:image"]
    with app.app_context():
        assert draw_cards() == 2 and draw_cards() == 0
    meta = Read(client.get(f"/products/{goods['noodles']}").text).meta
    assert meta["og:image"] == f"http://localhost/media/{card_of(app, goods)}"
    assert (meta["og:image:width"], meta["product:price:amount"]) == ("1200", "65000")
    with app.app_context(), Image.open(files.path(card_of(app, goods))) as card:
        assert card.size == (WIDTH_PX, HEIGHT_PX) and card.format == "JPEG" and not card.getexif()


def test_a_new_price_makes_a_new_picture_and_the_same_face_does_not(app, goods):
    with app.app_context():
        draw_cards()
        first = card_of(app, goods)
        with transaction():
            catalog.set_rating(goods["id"], 9, 2)
        assert draw_cards() == 1
        assert card_of(app, goods) == first, "a rating is not on the card"
        with transaction():
            catalog.set_price(SYSTEM, db.session.get_one(Product, goods["id"]).packs[0].id, 70_000)
        assert draw_cards() == 1
        assert card_of(app, goods) != first


def test_a_card_that_cannot_be_drawn_does_not_stop_the_others(app, goods, monkeypatch):
    def broken(*_given):
        raise OSError("broken")

    monkeypatch.setattr("catalog.cards.tasks.draw", broken)
    with app.app_context():
        assert draw_cards() == 2 and draw_cards() == 0
    assert card_of(app, goods) is None


def test_a_product_changed_while_its_card_was_drawn_is_drawn_again(app, goods, monkeypatch):
    real = drawing.draw

    def slow(face, picture):
        with transaction():
            catalog.set_rating(goods["id"], 5, 1)
        return real(face, picture)

    with app.app_context():
        monkeypatch.setattr("catalog.cards.tasks.draw", slow)
        draw_cards()
        monkeypatch.setattr("catalog.cards.tasks.draw", real)
        assert card_of(app, goods) is None
        assert draw_cards() == 1
    assert card_of(app, goods) is not None


FACE = Face(
    "Miến dong", "65.000\u00a0đ", "130.000\u00a0đ / kg", "HTX Ta", "Côn Minh", "https://x.vn/p", "", False
)


def test_the_same_face_gives_the_same_bytes_and_stays_small():
    first = draw(FACE, PICTURE)
    assert first == draw(FACE, PICTURE) and len(first) < drawing.BYTES_MAX


@pytest.mark.parametrize("name", ["A" * 120, "Ấ Ỗ ặ ễ " * 15, "ngon 😀🔥 lắm", "x"])
def test_long_and_strange_names_are_drawn(name):
    from dataclasses import replace

    assert draw(replace(FACE, name=name, price="999.999.999\u00a0đ"), None).startswith(b"\xff\xd8")


def test_signs_that_the_font_lacks_are_left_out_and_marks_are_not():
    assert printable("ngon 😀 lắm: Ấ Ỗ ặ ễ đ") == "ngon lắm: Ấ Ỗ ặ ễ đ"


def test_lines_are_no_wider_than_asked():
    font = drawing._font(40, True)
    assert all(
        font.getlength(line) <= 300 for line in wrap("Miến dong sợi nhỏ phơi nắng Côn Minh", font, 300)
    )


def test_the_code_on_a_card_reads_as_the_products_address():
    from io import BytesIO

    import zxingcpp

    with Image.open(BytesIO(draw(FACE, PICTURE))) as card:
        assert [one.text for one in zxingcpp.read_barcodes(card)] == ["https://x.vn/p"]


def test_a_card_waits_for_nobody(app, goods):
    with app.app_context(), clock.use(NOW + timedelta(days=1)):
        assert draw_cards() == 2
