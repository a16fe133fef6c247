"""What each channel's published list of fields says, as JSON Schema: judged by `jsonschema`, not by code of ours.

Written from Google's product data specification, Meta's catalogue fields and TikTok's catalogue product parameters, as
stored copies of their pages gave them (read 2026-11-22); schema.org's words are rdflib's own list of that vocabulary.
Nothing here is read from the mapper or the writers.
"""

import csv
import io
import json
import warnings
from collections.abc import Iterator
from tempfile import NamedTemporaryFile
from typing import Any
from xml.etree import ElementTree

import duckdb
import feedparser
from jsonschema import Draft202012Validator
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SDO

URL = {"type": "string", "pattern": r"^https?://[^\s<>\"]+$", "maxLength": 2000}
VND = {"type": "string", "pattern": r"^(0|[1-9]\d*) VND$"}
GTIN = {"type": "string", "pattern": r"^(\d{8}|\d{12,14})$"}
NEW = {"enum": ["new", "refurbished", "used"]}
SAYS = {"type": "string", "minLength": 1, "pattern": r"\S"}
WEIGHT = {"type": "string", "pattern": r"^\d+(\.\d+)? (lb|oz|g|kg)$"}
UNITS = "oz|lb|mg|g|kg|floz|pt|qt|gal|ml|cl|l|cbm|in|ft|yd|cm|m|sqft|sqm|ct"
SHIPPING = {
    "type": "string",
    "pattern": r"^([A-Z]{2}:[^:,]*:[^:,]*:\d+(\.\d+)? [A-Z]{3})(,[A-Z]{2}:[^:,]*:[^:,]*:\d+(\.\d+)? [A-Z]{3})*$",
}
PICTURES = {"type": "string", "pattern": r"^https?://[^\s,]+(,https?://[^\s,]+){0,19}$"}

GOOGLE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "title", "description", "link", "image_link", "availability", "price", "brand"],
    "properties": {
        "id": {**SAYS, "maxLength": 50}, "title": {**SAYS, "maxLength": 150},
        "description": {**SAYS, "maxLength": 5000}, "link": URL, "image_link": URL,
        "additional_image_link": {"type": "array", "items": URL, "maxItems": 10},
        "availability": {"enum": ["in_stock", "out_of_stock", "preorder", "backorder"]},
        "availability_date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(Z|[+-]\d\d:?\d\d)$"},
        "price": VND, "condition": NEW, "brand": {**SAYS, "maxLength": 70}, "gtin": GTIN,
        "identifier_exists": {"enum": ["yes", "no"]}, "item_group_id": {**SAYS, "maxLength": 50},
        "product_type": {**SAYS, "maxLength": 750}, "is_bundle": {"enum": ["yes", "no"]},
        "unit_pricing_measure": {"type": "string", "pattern": rf"^\d+(\.\d+)? ?({UNITS})$"},
        "unit_pricing_base_measure": {"type": "string", "pattern": rf"^(1|10|100|2|4|8|75|50|1000) ?({UNITS})$"},
        "shipping_weight": WEIGHT,
        "shipping": {
            "type": "object", "required": ["country", "price"], "additionalProperties": False,
            "properties": {"country": {"const": "VN"}, "region": SAYS, "service": SAYS, "price": VND},
        },
    },
    "dependentRequired": {"unit_pricing_base_measure": ["unit_pricing_measure"]},
    "allOf": [
        {"if": {"properties": {"availability": {"enum": ["preorder", "backorder"]}}},
         "then": {"required": ["availability_date"]}, "else": {"not": {"required": ["availability_date"]}}},
        {"if": {"required": ["gtin"]}, "then": {"not": {"required": ["identifier_exists"]}},
         "else": {"required": ["identifier_exists"]}},
    ],
}  # fmt: skip
GOOGLE_CHANGES = {
    "anyOf": [
        GOOGLE,
        {"type": "object", "required": ["id", "availability"], "additionalProperties": False,
         "properties": {"id": SAYS, "availability": {"const": "out_of_stock"}}},
    ]
}  # fmt: skip
_TABLE: dict[str, Any] = {
    "title": {**SAYS, "maxLength": 150}, "description": {**SAYS, "maxLength": 5000},
    "availability": {"enum": ["in stock", "available for order", "preorder", "out of stock", "discontinued"]},
    "condition": NEW, "price": VND, "link": URL, "image_link": URL, "brand": {**SAYS, "maxLength": 100},
    "additional_image_link": PICTURES, "gtin": GTIN, "item_group_id": SAYS, "product_type": SAYS,
    "shipping": SHIPPING, "shipping_weight": WEIGHT,
}  # fmt: skip
_TABLE_NEEDS = ["title", "description", "availability", "condition", "price", "link", "image_link", "brand"]
META: dict[str, Any] = {
    "type": "object", "additionalProperties": False, "required": ["id", *_TABLE_NEEDS],
    "properties": {
        **_TABLE, "id": {**SAYS, "maxLength": 100},
        "unit_price": {
            "type": "object", "required": ["value", "currency", "unit"], "additionalProperties": False,
            "properties": {
                "value": {"type": "number", "exclusiveMinimum": 0}, "currency": {"const": "VND"},
                "unit": {"enum": ["cl", "cm", "ct", "cbm", "ft", "fl oz", "gal", "g", "in", "kg", "l", "m", "mg", "ml",
                                  "oz", "pt", "lb", "qt", "sqft", "sqm", "yd"]},
            },
        },
    },
}  # fmt: skip
TIKTOK: dict[str, Any] = {
    "type": "object", "additionalProperties": False, "required": ["sku_id", *_TABLE_NEEDS],
    "properties": {**_TABLE, "sku_id": {**SAYS, "maxLength": 100}},
}  # fmt: skip
SCHEMAS = {"google.xml": GOOGLE, "meta.csv": META, "tiktok.csv": TIKTOK}
CONTEXT = {
    "@vocab": "https://schema.org/",
    **{one: {"@type": "@id"} for one in ("url", "image", "availability", "itemCondition")},
}


def violations(name: str, text: str, *, changes: bool = False) -> list[str]:
    """What the published lists say against a file, by independent tools; empty for a right one."""
    try:
        if name == "google.xml":
            return [*_rss(text), *_rows_against(GOOGLE_CHANGES if changes else GOOGLE, _google_rows(text))]
        if name == "schema.jsonl":
            return _linked_data(text)
        return [*_two_readers(text), *_rows_against(SCHEMAS[name], _table_rows(text))]
    except (ElementTree.ParseError, ValueError, csv.Error, duckdb.Error, AssertionError) as error:
        return [f"{type(error).__name__}: {error}"]


def _rows_against(schema: dict[str, Any], rows: Iterator[dict[str, Any]]) -> list[str]:
    judge, seen, wrong = Draft202012Validator(schema), set[str](), []
    for row in rows:
        number = str(row.get("id") or row.get("sku_id"))
        wrong += [f"{number}: {one.json_path} {one.message[:200]}" for one in judge.iter_errors(row)]
        wrong += [f"{number} twice"] if number in seen else []
        wrong += [f"{number}: {one}" for one in _digits(row.get("gtin", ""))]
        seen.add(number)
    return wrong


def _digits(gtin: str) -> list[str]:
    """GS1's check digit, worked out from the right; numbers for use inside one shop."""
    if not gtin.isdigit():
        return []
    *body, last = (int(one) for one in gtin)
    owed = -sum(one * (3 if place % 2 == 0 else 1) for place, one in enumerate(reversed(body))) % 10
    inside = gtin.rjust(14, "0")[1:3]
    return ([] if owed == last else ["check digit"]) + (
        ["a shop's own number"] if inside[0] == "2" or inside in ("02", "04") else []
    )


def _google_rows(text: str) -> Iterator[dict[str, Any]]:
    space = "{http://base.google.com/ns/1.0}"
    for item in ElementTree.fromstring(text).iter("item"):
        row: dict[str, Any] = {}
        for one in item:
            assert one.tag.startswith(space), f"{one.tag} is not Google's"
            key = one.tag.removeprefix(space)
            value = {part.tag.removeprefix(space): part.text or "" for part in one} or one.text or ""
            if key == "additional_image_link":
                row.setdefault(key, []).append(value)
            else:
                assert key not in row, f"{key} twice"
                row[key] = value
        yield row


def _rss(text: str) -> list[str]:
    """As a reader of feeds takes it: well formed, RSS 2.0, the channel's three fields, every entry with its number."""
    found = feedparser.parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    wrong = [f"not well formed: {found.bozo_exception}"] if found.bozo else []
    wrong += [] if found.version == "rss20" else [f"read as {found.version or 'nothing'}"]
    wrong += [f"channel without {one}" for one in ("title", "link", "subtitle") if not found.feed.get(one)]
    wrong += (
        [] if found.namespaces.get("g") == "http://base.google.com/ns/1.0" else ["no namespace of Google's"]
    )
    return wrong + [
        "an entry without a number" for one in found.entries if not (one.get("g_id") or one.get("id"))
    ]


def _table_rows(text: str) -> Iterator[dict[str, Any]]:
    """Cells that are filled; a nested one read from its JSON."""
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True, restkey="over"):
        assert "over" not in row and None not in row.values(), "cells and headings do not fit"
        filled = {key: value for key, value in row.items() if value}
        if "unit_price" in filled:
            filled["unit_price"] = json.loads(filled["unit_price"])
        yield filled


def _two_readers(text: str) -> list[str]:
    """DuckDB's strict reader of CSV finds the cells that Python's finds."""
    mine = [list(one.values()) for one in csv.DictReader(io.StringIO(text, newline=""))]
    with (
        duckdb.connect() as opened,
        NamedTemporaryFile("w", newline="", suffix=".csv", encoding="utf-8") as kept,
    ):
        kept.write(text)
        kept.flush()
        read = opened.execute(
            "SELECT * FROM read_csv(?, header = true, auto_detect = false, strict_mode = true, delim = ',', "
            "quote = '\"', escape = '\"', columns = ?)",
            [kept.name, dict.fromkeys(text.partition("\r\n")[0].split(","), "VARCHAR")],
        )
        theirs = [[one or "" for one in row] for row in read.fetchall()]
    return [] if theirs == mine else ["two readers of CSV do not agree"]


def _linked_data(text: str) -> list[str]:
    """As triples: every type and property is a word of schema.org, every offer says price, currency, availability."""
    graph, wrong = Graph(), list[str]()
    for line in text.splitlines():
        node = json.loads(line)
        if node.pop("@context", None) != "https://schema.org":
            return ["no context of schema.org"]
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # rdflib's reader speaks of a class of its own
            graph.parse(data=json.dumps(node | {"@context": CONTEXT}), format="json-ld")
    for _subject, predicate, value in graph:
        named = [predicate] if predicate != RDF.type else []
        named += [value] if isinstance(value, URIRef) and value.startswith(str(SDO)) else []
        wrong += [f"{one} is no word of schema.org" for one in named if not _is_word(one)]
    for product in graph.subjects(RDF.type, SDO.Product):
        wrong += [f"{product} without {one}" for one in ("name", "sku", "url", "offers", "brand")
                  if graph.value(product, SDO[one]) is None]  # fmt: skip
        gtin = str(graph.value(product, SDO.gtin13) or graph.value(product, SDO.gtin14) or "")
        wrong += [f"{product}: {one}" for one in _digits(gtin)]
    for offer in graph.subjects(RDF.type, SDO.Offer):
        price, coin, here = (
            graph.value(offer, SDO[one]) for one in ("price", "priceCurrency", "availability")
        )
        wrong += [] if price is not None and str(price).isdigit() else [f"price {price}"]
        wrong += [] if str(coin) == "VND" else [f"currency {coin}"]
        wrong += [] if here in AVAILABLE else [f"availability {here}"]
    count = len(set(graph.subjects(RDF.type, SDO.Product)))
    return wrong + (
        [] if count == len(text.splitlines()) else [f"{count} products in {len(text.splitlines())} lines"]
    )


AVAILABLE = {SDO.InStock, SDO.OutOfStock, SDO.PreOrder, SDO.BackOrder, SDO.Discontinued, SDO.SoldOut}


def _is_word(term: Any) -> bool:
    return str(term).startswith(str(SDO)) and str(term).removeprefix(str(SDO)) in WORDS


WORDS = {str(one).removeprefix(str(SDO)) for one in dir(SDO) if not str(one).startswith("_")}
