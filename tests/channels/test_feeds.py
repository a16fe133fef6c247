"""Every listing on sale and nothing else, at the page's price, spelled as each channel wants; unchanged is no bytes."""

import gzip
import re
import xml.sax
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from accounts.rules import SYSTEM
from catalog.availability import operations as availability
from catalog.models import Pack, Photo, Product
from catalog.operations import set_price, withdraw
from catalog.rules import GtinKind
from channels.feeds import queries
from channels.feeds.queries import Scope
from channels.feeds.rules import Feed
from channels.feeds.tasks import note_changes, store
from channels.marketplaces.drift import drifts
from cooperatives.models import Cooperative
from core import clock
from core.db import db, transaction
from tests.channels.reading import faults, of_page, read
from tests.factories import catalog, cooperatives
from tests.factories.accounts import sign_in
from tests.factories.weighed import by_weight
from tests.queries import count_queries

NAMES = ("google.xml", "meta.csv", "tiktok.csv", "schema.jsonl")
REAL = "08938505974194"
GOOGLE_AGENT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture(autouse=True)
def _clean(session_app):
    folder = Path(session_app.config["INSTANCE_DIR"]) / "spool"
    for leftover in folder.glob("*") if folder.is_dir() else []:
        leftover.unlink()


def photographed(product):
    """Pretend that the worker made a photo's files, in place of the drawing."""
    with transaction():
        found = db.session.query(Photo).filter_by(product_id=product.id).one()
        found.illustration, found.original = None, "private"
        for width in (320, 640, 1280):
            setattr(found, f"file_{width}", f"p/photo{product.id}-{width}.webp")
        found.file_jpeg, found.width_px, found.height_px = f"p/photo{product.id}.jpg", 1280, 960


@pytest.fixture
def shop(app):
    """Two cooperatives: goods with a photo and a real number, sold out, only drawn, awkward words, a draft, weighed."""
    with app.app_context():
        ours, other = cooperatives.create_cooperative("HTX Ta"), cooperatives.create_cooperative("HTX Bạn")
        real = catalog.create_product(ours, "Miến dong", available=9)
        gone = catalog.create_product(ours, 'Trà "Shan" <tuyết>, bản & rừng', 120_000, 100)
        drawn = catalog.create_product(ours, "Nấm hương", available=3)
        draft = catalog.create_product(ours, "Bản nháp", published=False, available=3)
        theirs = catalog.create_product(other, "Mật ong", net_unit="ml", available=3)
        for one in (real, gone, theirs, draft):
            photographed(one)
        with transaction():
            pack = db.session.get_one(Pack, real.packs[0].id)
            pack.gtin, pack.gtin_kind = REAL, GtinKind.OWN
        made = {"ours": ours.slug, "coop": ours.id, "org": ours.organisation_id, "real": real.id,
                "pack": pack.id, "gone": gone.id, "drawn": drawn.id, "draft": draft.packs[0].id,
                "theirs": theirs.packs[0].id,
                "slugs": {one.packs[0].id: one.slug for one in (real, gone, drawn, theirs)}}  # fmt: skip
        db.session.remove()
    return made


def pages_of(client, shop):
    return dict(
        of_page(client.get(f"/products/{slug}?pack={pack}").text) for pack, slug in shop["slugs"].items()
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_listing_and_nothing_else_at_the_price_and_stock_of_its_page(client, shop, name):
    answer = client.get(f"/feeds/{name}")
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert faults(name, answer.text, pages_of(client, shop)) == []
    found = read(name, answer.text)
    assert len(found) == (4 if name == "schema.jsonl" else 3)
    assert found[f"CP-{shop['pack']}"].gtin == REAL[1:]
    assert f"CP-{shop['draft']}" not in found
    assert sum(bool(one.gtin) for one in found.values()) == 1, "the market's own numbers stay at home"


def test_a_price_or_the_last_piece_sold_is_in_every_file_at_once(app, client, shop):
    with app.app_context():
        with transaction():
            set_price(SYSTEM, shop["pack"], 71_000)
        catalog.set_available(shop["real"], 0)
    for name in NAMES:
        text = client.get(f"/feeds/{name}").text
        said = read(name, text)[f"CP-{shop['pack']}"]
        assert (said.price_vnd, said.availability) == (71_000, "OutOfStock")
        assert faults(name, text, pages_of(client, shop)) == []


def test_a_cooperatives_file_holds_its_own_goods_alone(client, shop):
    for name in NAMES:
        found = read(name, client.get(f"/feeds/{shop['ours']}/{name}").text)
        assert f"CP-{shop['theirs']}" not in found and f"CP-{shop['pack']}" in found
    assert client.get("/feeds/khong-co/google.xml").status_code == 404
    assert client.get("/feeds/google.csv").status_code == 404


def test_what_is_taken_off_the_shelf_leaves_the_files(app, client, shop):
    with app.app_context(), transaction():
        withdraw(SYSTEM, shop["real"])
    for name in NAMES:
        assert f"CP-{shop['pack']}" not in read(name, client.get(f"/feeds/{name}").text)


def test_googles_file_passes_another_parser_and_says_unit_price_and_delivery(client, shop):
    text = client.get("/feeds/google.xml").text
    xml.sax.parseString(text.encode(), xml.sax.ContentHandler())
    row = read("google.xml", text)[f"CP-{shop['pack']}"].row
    assert (row["unit_pricing_measure"], row["unit_pricing_base_measure"]) == ("500 g", "1 kg")
    assert re.fullmatch(r"\d+ g", row["shipping_weight"]) and "identifier_exists" not in row
    assert "shipping" in row


MUTATIONS = {
    "google.xml": [
        (">in_stock<", ">in stock<"), ("65000 VND", "65001 VND"), ("65000 VND", "65.000 VND"), ("VND", "đ"),
        ("&amp;", "&"), ("</channel>", ""), (REAL[1:], REAL[1:-1] + "5"), (REAL[1:], "2000000000015"),
        (".jpg<", ".svg<"), ("<g:brand>", "<brand>"), (">out_of_stock<", ">in_stock<"), (">500 g<", ">500 gram<"),
        ("<g:identifier_exists>no</g:identifier_exists>", ""),
    ],
    "meta.csv": [
        (",in stock,", ",in_stock,"), ("65000 VND", "65,000 VND"), ("65000 VND", "64999 VND"), ('""Shan""', '"Shan"'),
        (",new,", ",mới,"), ("image_link", "image"), (",out of stock,", ",in stock,"), (REAL[1:], REAL[1:-1] + "5"),
    ],
    "tiktok.csv": [("sku_id", "id"), (",in stock,", ",available,"), ("65000 VND", "VND 65000")],
    "schema.jsonl": [
        ('"price":"65000"', '"price":"65001"'), ("InStock", "In stock"), ('"VND"', '"USD"'), ("}\n", "\n"),
        ("org/OutOfStock", "org/InStock"), (REAL[1:], REAL[1:-1] + "5"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_check_catches_every_wrong_spelling_and_figure(client, shop, name):
    text, pages = client.get(f"/feeds/{name}").get_data().decode(), pages_of(client, shop)
    assert faults(name, text, pages) == []
    for old, new in MUTATIONS[name]:
        assert old in text, f"{old} stands nowhere"
        assert faults(name, text.replace(old, new, 1), pages), f"{old} → {new} was not caught"
    lines = text.splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if f"CP-{shop['pack']}" in line)
    assert faults(name, "".join([*lines[:place], *lines[place + 1 :]]), pages), "a listing left out"
    assert faults(name, "".join([*lines[:place], lines[place], *lines[place:]]), pages), "a listing twice"


# ---- unchanged is no bytes ----


def test_an_unchanged_file_costs_no_bytes_and_a_change_costs_a_new_one(app, client, shop):
    for path in ("/feeds/google.xml", f"/feeds/{shop['ours']}/schema.jsonl"):
        first = client.get(path, buffered=True)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    seen = {
        path: client.get(path, buffered=True).headers["ETag"]
        for path in ("/feeds/meta.csv", f"/feeds/{shop['ours']}/meta.csv")
    }
    with app.app_context():
        catalog.set_available(shop["real"], 0)
    for path, tag in seen.items():
        assert client.get(path, headers={"If-None-Match": tag}, buffered=True).status_code == 200
        with clock.use(clock.start_of(clock.today().replace(day=23))):
            assert client.get(path, buffered=True).headers["ETag"] != tag, (
                "papers, terms and stock end with the day"
            )


def test_a_reader_of_gzip_gets_the_same_file_smaller(client, shop):
    plain = client.get("/feeds/meta.csv")
    packed = client.get("/feeds/meta.csv", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert "Accept-Encoding" in plain.headers["Vary"] and plain.headers["Cache-Control"] == "public, no-cache"


def test_a_file_in_english_leads_to_pages_in_english(client, shop):
    found = read("schema.jsonl", client.get("/feeds/schema.jsonl?hl=en").text)
    assert found[f"CP-{shop['pack']}"].link.endswith("&hl=en")


def test_a_file_of_many_goods_is_read_in_batches(app, client, shop, monkeypatch):
    with count_queries(app) as whole:
        client.get("/feeds/schema.jsonl").get_data()
    monkeypatch.setattr(queries, "BATCH", 2)
    queries._goods_statement.cache_clear()
    try:
        found = read("schema.jsonl", client.get("/feeds/schema.jsonl").text)
    finally:
        queries._goods_statement.cache_clear()
    assert len(found) == 4 and whole.count <= 8


# ---- who fetched ----


def test_a_fetch_is_counted_without_a_write_of_the_page_and_without_an_address(app, client, shop):
    path = f"/feeds/{shop['ours']}/google.xml"
    said = []
    with app.app_context():
        listening = db.engine
    sa.event.listen(listening, "before_cursor_execute", lambda *given: said.append(given[2]))
    tag = client.get(path, headers={"User-Agent": GOOGLE_AGENT}, buffered=True).headers["ETag"]
    client.get(path, headers={"User-Agent": GOOGLE_AGENT, "If-None-Match": tag})
    client.get("/feeds/google.xml", headers={"User-Agent": "facebookexternalhit/1.1"}, buffered=True)
    client.head(path, headers={"User-Agent": GOOGLE_AGENT})
    assert [one for one in said if one.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))] == []
    with app.app_context():
        assert store() == 3 and store() == 0
        found = queries.fetched(shop["coop"])["google"]
        assert {(one.family, one.count, one.own) for one in found} == {
            ("google", 2, True),
            ("meta", 1, False),
        }
        assert db.session.execute(sa.text("SELECT count(*) FROM feed_fetch")).scalar_one() == 2


def test_the_manager_sees_what_is_in_what_is_left_out_and_why(app, client, shop):
    from accounts.rules import Role
    from tests.factories import accounts

    with app.app_context():
        who = accounts.actor_for(Role.MANAGER, organisation_id=shop["org"])
        user, grant = who.user_id, who.grant_id
        db.session.remove()
    sign_in(client, user)
    with client.session_transaction() as session:
        session["grant"] = grant
    page = client.get("/manage/channels")
    assert page.status_code == 200 and f"/feeds/{shop['ours']}/google.xml" in page.text
    assert "Nấm hương" in page.text and "chưa có ảnh chụp" in page.text and "Mật ong" not in page.text
    assert "Chưa nơi nào tới lấy tệp này." in page.text


def test_the_mapper_sends_the_same_items_to_every_channel(ctx, shop):
    del shop
    found = list(queries.items(Scope()))
    assert [one.id for one in found] == [one.id for one in queries.items(Scope())]
    assert len({queries.version(feed, Scope()) for feed in Feed}) == len(Feed)


def test_goods_that_are_still_to_be_made_say_from_when_they_are_sent(app, client, shop):
    with app.app_context(), transaction():
        availability.set_available(shop["pack"], 4, None, promised=4, promised_on=date(2026, 12, 5))
    pages = pages_of(client, shop)
    for name in NAMES:
        text = client.get(f"/feeds/{name}").text
        assert faults(name, text, pages) == []
        assert read(name, text)[f"CP-{shop['pack']}"].availability == "PreOrder"
    assert (
        "<g:availability_date>2026-12-05T00:00+07:00</g:availability_date>"
        in client.get("/feeds/google.xml").text
    )


def test_goods_weighed_at_packing_cost_what_is_prepaid_and_say_so(app, client):
    with app.app_context():
        pack = by_weight()
        number, slug, price = (
            f"CP-{pack.id}",
            db.session.get_one(Product, pack.product_id).slug,
            pack.price_vnd,
        )
        per_kg = pack.price_per_kg_vnd
        db.session.remove()
    text = client.get("/feeds/schema.jsonl").text
    said = read("schema.jsonl", text)[number]
    assert faults("schema.jsonl", text, dict([of_page(client.get(f"/products/{slug}").text)])) == []
    unit = said.row["offers"]["priceSpecification"]
    assert (said.price_vnd, unit["price"], unit["referenceQuantity"]["unitCode"]) == (
        price,
        str(per_kg),
        "KGM",
    )
    assert said.row["description"].startswith("Giá 120.000")


def test_a_suspended_cooperatives_goods_are_in_no_file(app, client, shop):
    with app.app_context(), transaction():
        db.session.query(Cooperative).filter_by(id=shop["coop"]).one().state = "suspended"
    assert client.get(f"/feeds/{shop['ours']}/google.xml").status_code == 404
    assert set(read("schema.jsonl", client.get("/feeds/schema.jsonl").text)) == {f"CP-{shop['theirs']}"}


@pytest.mark.postgres
def test_the_same_files_come_from_postgresql(pg_app):
    with pg_app.app_context():
        coop = cooperatives.create_cooperative("HTX Ta")
        made = catalog.create_product(coop, "Miến dong", available=2)
        slug, product_id = coop.slug, made.id
        assert note_changes() == 1
        db.session.remove()
    client = pg_app.test_client()
    following = (
        client.get("/feeds/schema.jsonl", buffered=True)
        .headers["Link"]
        .partition("since=")[2]
        .partition(">")[0]
    )
    for path in ("/feeds/schema.jsonl", f"/feeds/{slug}/schema.jsonl"):
        first = client.get(path, buffered=True)
        assert len(read("schema.jsonl", first.text)) == 1
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"/feeds/schema.jsonl?since={following}", buffered=True).text == ""
    with pg_app.app_context():
        catalog.set_available(product_id, 0)
        for _noted in range(2):
            said = read(
                "schema.jsonl",
                client.get(f"/feeds/{slug}/schema.jsonl?since={following}", buffered=True).text,
            )
            assert [one.availability for one in said.values()] == ["OutOfStock"]
            note_changes()
        assert [one.now_word for one in drifts(coop_of(slug))] == []


def coop_of(slug):
    """The id behind an address."""
    return db.session.query(Cooperative.id).filter_by(slug=slug).scalar()
