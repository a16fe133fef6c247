"""Independent tools judge every file by the channels' published lists, and catch every spoiled one by name."""

import json
import re

import pytest

from accounts.rules import SYSTEM
from catalog.availability import operations as availability
from catalog.models import Pack
from catalog.operations import withdraw
from catalog.rules import GtinKind
from channels.feeds import tasks
from core import clock
from core.db import db, transaction
from tests.channels.reading import rows
from tests.channels.specs import violations
from tests.channels.test_feeds import NAMES, REAL, photographed
from tests.factories import catalog, cooperatives

OWN_NUMBER = "2000000000015"  # right by its check digit, and of one shop alone


@pytest.fixture
def goods(app):
    """In stock with a number and delivery, sold out with awkward words, to be made later, small, one piece."""
    with app.app_context():
        coop = cooperatives.create_cooperative("HTX Ta")
        real = catalog.create_product(coop, "Miến dong", available=9)
        gone = catalog.create_product(coop, 'Trà "Shan" <tuyết>, bản & rừng', 120_000, 100)
        later = catalog.create_product(coop, "Mật ong", net_unit="ml", available=3)
        single = catalog.create_product(coop, "Gùi tre", 150_000, 1, net_unit="piece", available=2)
        for one in (real, gone, later, single):
            photographed(one)
        with transaction():
            pack = db.session.get_one(Pack, real.packs[0].id)
            pack.gtin, pack.gtin_kind = REAL, GtinKind.OWN
            availability.set_available(
                later.packs[0].id, 3, None, promised=3, promised_on=clock.today().replace(month=12)
            )
        tasks.note_changes()
        made = {"real": real.id, "packs": [one.packs[0].id for one in (real, gone, later, single)]}
        db.session.remove()
    return made


SPOILED: dict[str, dict[str, tuple[str, str]]] = {
    "google.xml": {
        "availability in the other channels' spelling": (">in_stock<", ">in stock<"),
        "availability of nobody": (">out_of_stock<", ">sold<"),
        "a price with a point": ("65000 VND", "65.000 VND"),
        "a price without currency": ("65000 VND", "65000"),
        "an unescaped ampersand": ("&amp;", "&"),
        "a tag left open": ("</channel>", ""),
        "a wrong check digit": (REAL[1:], REAL[1:-1] + "5"),
        "a shop's own number": (REAL[1:], OWN_NUMBER),
        "a number and the word that there is none": (
            "</g:gtin>",
            "</g:gtin><g:identifier_exists>no</g:identifier_exists>",
        ),
        "no number and no word of it": ("<g:identifier_exists>no</g:identifier_exists>", ""),
        "a field of no list": ("<g:brand>", "<g:maker>x</g:maker><g:brand>"),
        "a field outside Google's names": ("<g:condition>new</g:condition>", "<condition>new</condition>"),
        "no title": (r"<g:title>Miến[^<]*</g:title>", ""),
        "a measure in words": (">500 g<", ">500 gram<"),
        "a base without a measure": (r"<g:unit_pricing_measure>500 g</g:unit_pricing_measure>", ""),
        "a link that is no address": (r"<g:link>http", "<g:link>htt"),
        "a pre-order without its day": (r"<g:availability_date>[^<]*</g:availability_date>", ""),
        "delivery without a price": (r"(<g:country>VN</g:country>)<g:price>[^<]*</g:price>", r"\1"),
        "an entry twice": (r"(?s)(<item>.*?</item>\n)", r"\1\1"),
        "another namespace": ("base.google.com/ns/1.0", "example.com/ns"),
        "another version of RSS": ('<rss version="2.0"', '<rss version="9.9"'),
        "a title too long": (r"(<g:title>)Miến", r"\1" + "Miến " * 40),
    },
    "meta.csv": {
        "availability in Google's spelling": (",in stock,", ",in_stock,"),
        "a price with a comma": ("65000 VND", '"65,000 VND"'),
        "quotes not doubled": ('""Shan""', '"Shan"'),
        "a heading of no list": ("image_link", "picture"),
        "a condition in Vietnamese": (",new,", ",mới,"),
        "a cell too many": (",new,", ",new,,"),
        "a unit price in a unit of nobody": ('""unit"":""kg""', '""unit"":""cân""'),
        "a unit price as words": ('""value"":130000', '""value"":""130.000 đ"'),
        "a unit price without currency": (r'""currency"":""VND"",', ""),
        "delivery with the parts turned round": ("VN:::", ":VN:::"),
        "a wrong check digit": (REAL[1:], REAL[1:-1] + "5"),
        "a weight in Vietnamese": (r",(\d+) g,", r",\1 lạng,"),
    },
    "tiktok.csv": {
        "Meta's heading": ("sku_id", "id"),
        "availability of nobody": (",in stock,", ",available,"),
        "currency before the sum": ("65000 VND", "VND 65000"),
        "no brand": ("HTX Ta", ""),
        "pictures apart by spaces": (r"(http://localhost/media/p/photo1.jpg)", r"\1 \1"),
        "a field of Meta's": ("sku_id,", "unit_price,"),
    },
    "schema.jsonl": {
        "a word that schema.org has not": ('"inProductGroupWithID"', '"inProductGroup"'),
        "a type that schema.org has not": ('"@type":"Offer"', '"@type":"Angebot"'),
        "availability as a text": ("https://schema.org/InStock", "In stock"),
        "another currency": ('"priceCurrency":"VND"', '"priceCurrency":"USD"'),
        "a price in words": ('"price":"65000"', '"price":"65.000"'),
        "a line cut off": ("}\n", "\n"),
        "no context": ('"@context":"https://schema.org",', ""),
        "no brand": (r'"brand":\{[^}]*\},', ""),
        "a wrong check digit": (REAL[1:], REAL[1:-1] + "5"),
        "an entry twice": (r"(?s)^(.*?\n)", r"\1\1"),
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_keeps_to_its_channels_list_and_every_spoiled_one_is_caught(client, goods, name):
    text = client.get(f"/feeds/{name}").text
    assert violations(name, text) == []
    missed = []
    for what, (old, new) in SPOILED[name].items():
        bad, count = re.subn(old if "(" in old or "[" in old else re.escape(old), new, text, count=1)
        assert count == 1, f"{what}: {old} stands nowhere"
        if not violations(name, bad):
            missed.append(what)
    assert missed == []


def test_there_are_spoiled_files_enough():
    assert sum(len(one) for one in SPOILED.values()) >= 40 and set(SPOILED) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_changes_keeps_to_the_list_too(app, client, goods, name):
    with app.app_context(), transaction():
        withdraw(SYSTEM, goods["real"])
    text = client.get(f"/feeds/{name}?since=24h").text
    assert violations(name, text, changes=True) == [] and len(rows(name, text)) == 4


def test_unit_prices_are_the_pages_by_kilogram_litre_or_piece(client, goods):
    found = {row["id"]: row for row in rows("meta.csv", client.get("/feeds/meta.csv").text)}
    prices = [found[f"CP-{one}"]["unit_price"] for one in goods["packs"]]
    assert [json.loads(one) if one else None for one in prices] == [
        {"value": 130_000, "currency": "VND", "unit": "kg"}, {"value": 1_200_000, "currency": "VND", "unit": "kg"},
        {"value": 130_000, "currency": "VND", "unit": "l"}, None,
    ]  # fmt: skip
    tiktok = {row["sku_id"]: row for row in rows("tiktok.csv", client.get("/feeds/tiktok.csv").text)}
    said = [tiktok[f"CP-{one}"]["description"] for one in goods["packs"]]
    assert [one.partition(". ")[0].replace("\xa0", " ") for one in said[:3]] == [
        "130.000 đ / kg", "120.000 đ / 100 g", "130.000 đ / lít",
    ]  # fmt: skip
    assert "đ /" not in said[3]
