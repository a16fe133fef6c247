"""An independent reader of the four files, and the check that each is right. It shares no code with the writers."""

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree  # the files are our own

G = "{http://base.google.com/ns/1.0}"
SPELLED = {
    "google.xml": {"in_stock": "InStock", "out_of_stock": "OutOfStock", "preorder": "PreOrder"},
    "meta.csv": {"in stock": "InStock", "out of stock": "OutOfStock", "preorder": "PreOrder"},
    "tiktok.csv": {"in stock": "InStock", "out of stock": "OutOfStock", "preorder": "PreOrder"},
    "schema.jsonl": {f"https://schema.org/{one}": one for one in ("InStock", "OutOfStock", "PreOrder")},
}
NEEDED = {
    "google.xml": ("id", "title", "description", "link", "image_link", "availability", "price", "condition", "brand"),
    "meta.csv": ("id", "title", "description", "availability", "condition", "price", "link", "image_link", "brand"),
    "tiktok.csv": ("sku_id", "title", "description", "availability", "condition", "price", "link", "image_link",
                   "brand"),
    "schema.jsonl": ("sku", "name", "url", "offers", "brand"),
}  # fmt: skip


@dataclass
class Said:
    """What a page or a file says of one pack."""

    price_vnd: int
    availability: str
    link: str
    images: tuple[str, ...]
    gtin: str
    row: dict[str, Any]


def rows(name: str, text: str) -> list[dict[str, Any]]:
    """The entries of a file as the channel's own reader would find them. Raises for a file that is not well formed."""
    if name == "google.xml":
        root = ElementTree.fromstring(text)
        assert root.tag == "rss" and root.get("version") == "2.0"
        assert all(root.findtext(f"channel/{one}") for one in ("title", "link", "description"))
        return [_fields(one) for one in root.iterfind("channel/item")]
    if name.endswith(".csv"):
        found = list(csv.DictReader(io.StringIO(text, newline=""), strict=True, restkey="over"))
        assert all("over" not in one and None not in one.values() for one in found)
        return found
    return [json.loads(line) for line in text.splitlines()]


def _fields(item: ElementTree.Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in item:
        key, value = (
            one.tag.removeprefix(G),
            {part.tag.removeprefix(G): part.text for part in one} or one.text,
        )
        if key == "additional_image_link":
            found.setdefault(key, []).append(value)
        else:
            assert key not in found, f"{key} twice"
            found[key] = value
    return found


def read(name: str, text: str) -> dict[str, Said]:
    """Every entry by its number. Raises AssertionError for anything a channel would refuse."""
    found: dict[str, Said] = {}
    for row in rows(name, text):
        lacking = [one for one in NEEDED[name] if not row.get(one)]
        assert lacking == [], f"lacks {lacking}"
        number, said = _schema(row) if name == "schema.jsonl" else _flat(name, row)
        assert number not in found, f"{number} twice"
        assert re.fullmatch(r"CP-\d+", number) and said.link.startswith("http://localhost/products/")
        assert said.gtin == "" or _digits(said.gtin), f"no GTIN: {said.gtin}"
        found[number] = said
    return found


def _digits(gtin: str) -> bool:
    """Check digit by the other way round: the whole number's weighted sum divides by ten; no restricted prefix."""
    whole = gtin.rjust(14, "0")
    good = sum(int(one) * (3, 1)[place % 2] for place, one in enumerate(whole)) % 10 == 0
    return (
        gtin.isdigit()
        and len(gtin) in (13, 14)
        and good
        and whole[1] != "2"
        and whole[1:3] not in ("02", "04")
    )


def _price(text: str) -> int:
    amount, currency = text.split(" ")
    assert currency == "VND" and amount.isdigit() and str(int(amount)) == amount
    return int(amount)


def _flat(name: str, row: dict[str, Any]) -> tuple[str, Said]:
    more = row.get("additional_image_link") or []
    images = (row["image_link"], *(more if isinstance(more, list) else more.split(",")))
    assert all(re.fullmatch(r"http://localhost/media/p/\S+\.jpg", one) for one in images), images
    assert row["condition"] == "new" and len(row["title"]) <= 150
    said = SPELLED[name].get(row["availability"])
    assert said, f"spelled {row['availability']!r}"
    if name == "google.xml":
        assert bool(row.get("gtin")) != (row.get("identifier_exists") == "no")
        assert (said == "PreOrder") == ("availability_date" in row)
        if "unit_pricing_measure" in row:
            assert re.fullmatch(r"\d+ (g|ml|ct)", row["unit_pricing_measure"])
            assert row["unit_pricing_base_measure"] in ("1 kg", "1 l", "1 ct", "100 g", "100 ml")
        if "shipping" in row:
            assert row["shipping"]["country"] == "VN" and _price(row["shipping"]["price"]) >= 0
    return str(row.get("id") or row.get("sku_id")), Said(
        _price(row["price"]), said, row["link"], images, row.get("gtin") or "", row
    )


def _schema(row: dict[str, Any]) -> tuple[str, Said]:
    offer = row["offers"]
    assert row["@context"] == "https://schema.org" and row["@type"] == "Product" and offer["@type"] == "Offer"
    assert offer["priceCurrency"] == "VND" and offer["url"] == row["url"]
    return row["sku"], Said(
        int(offer["price"]), SPELLED["schema.jsonl"][offer["availability"]], row["url"],
        tuple(row.get("image", ())), row.get("gtin13") or row.get("gtin14") or "", row,
    )  # fmt: skip


def of_page(html: str) -> tuple[str, Said]:
    """What a product's page says of the pack it shows, from its own data block."""
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert block
    node = next(one for one in json.loads(block[1])["@graph"] if one["@type"] == "Product")
    offer = node["offers"]
    return node["sku"], Said(
        int(offer["price"]), offer["availability"].rsplit("/", 1)[1], node["url"],
        tuple(node.get("image", ())), node.get("gtin13", ""), node,
    )  # fmt: skip


def faults(name: str, text: str, pages: dict[str, Said]) -> list[str]:
    """Where a file and the pages do not say the same; empty when the file is right."""
    try:
        found = read(name, text)
    except (AssertionError, ElementTree.ParseError, csv.Error, ValueError, KeyError, TypeError) as error:
        return [f"{type(error).__name__}: {error}"]
    wanted = {key: one for key, one in pages.items() if name == "schema.jsonl" or _photo(one)}
    wrong = [f"{key} is missing" for key in wanted.keys() - found.keys()]
    wrong += [f"{key} is nothing on sale" for key in found.keys() - wanted.keys()]
    for key in wanted.keys() & found.keys():
        page, said = wanted[key], found[key]
        wrong += [f"{key}: {part}" for part in ("price_vnd", "availability", "gtin")
                  if getattr(page, part) != getattr(said, part)]  # fmt: skip
        if said.images and said.images != page.images:
            wrong.append(f"{key}: images")
    return wrong


def _photo(said: Said) -> bool:
    """Without a photo a page falls back to the card that is drawn for chats, which no channel takes."""
    return bool(said.images) and "photo" in said.images[0]
