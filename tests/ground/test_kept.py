"""Public pages are kept as sent, and never shown once what they say has changed."""

import ast
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import brotli  # type: ignore[import-untyped]
import pytest
from flask import Flask

from accounts.rules import SYSTEM
from app.kept import Page, Shelf
from catalog import operations as catalog
from catalog.availability import operations as availability
from catalog.models import Product
from config import ROOT
from cooperatives.models import Cooperative
from core import clock, pages
from core.db import Base, db, transaction
from tests.conftest import NOW
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.queries import count_queries


@pytest.fixture
def shop(app: Flask) -> tuple[str, int, int]:
    """A product for sale: its page, its pack, its cooperative."""
    with app.app_context():
        coop = create_cooperative("HTX Kệ Hàng")
        made = create_product(coop, "Miến dong Kệ", 65_000, available=5)
        return f"/products/{made.slug}", made.packs[0].id, coop.id


@contextmanager
def written(app: Flask) -> Iterator[None]:
    """A write by somebody else, committed."""
    with app.app_context(), transaction():
        yield
    with app.app_context():
        db.session.remove()


def kept(app: Flask) -> set[str]:
    """The paths on the shelf."""
    return {path for path, _query in app.extensions["kept_pages"].shelf.pages}


def test_a_second_reader_costs_no_query_of_the_application(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    for path in ("/", "/products", shop[0], "/cooperatives", "/terms", "/shipping-prices", "/sitemap.xml"):
        first = client.get(path)
        with count_queries(app) as seen:
            again = client.get(path)
        assert first.status_code == again.status_code == 200, path
        assert again.get_data() == first.get_data(), path
        assert seen.count == 0, path
        assert "Set-Cookie" not in again.headers


def test_a_kept_page_has_every_header_that_the_first_reader_got(
    app: Flask, shop: tuple[str, int, int]
) -> None:
    client = app.test_client()
    first, again = client.get(shop[0]), client.get(shop[0])
    assert {**first.headers, "Date": ""} == {**again.headers, "Date": ""}
    assert again.headers["Cache-Control"] == "public, no-cache"
    assert "Accept-Encoding" in again.headers["Vary"]


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("", None)]
)
def test_each_reader_gets_the_encoding_it_takes(
    app: Flask, shop: tuple[str, int, int], accepted: str, encoding: str | None
) -> None:
    client = app.test_client()
    plain = client.get(shop[0]).get_data(as_text=True)
    answer = client.get(shop[0], headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    if encoding == "br":
        assert brotli.decompress(answer.get_data()).decode() == plain
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())


def test_a_reader_who_has_the_page_is_told_so_in_no_bytes(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    etag = client.get(shop[0]).headers["ETag"]
    again = client.get(shop[0], headers={"If-None-Match": etag})
    assert (again.status_code, again.get_data()) == (304, b"")
    app.extensions["kept_pages"].forget()
    assert client.get(shop[0], headers={"If-None-Match": etag}).status_code == 304


def test_a_new_price_is_on_the_page_and_on_every_list_at_once(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    seen = {path: client.get(path).get_data(as_text=True) for path in ("/", "/products", shop[0])}
    with written(app):
        catalog.set_price(SYSTEM, shop[1], 71_000)
    for path, before in seen.items():
        after = client.get(path).get_data(as_text=True)
        assert "71.000" in after and "71.000" not in before, path


def test_the_last_piece_sold_is_seen_at_once(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    before = client.get(shop[0]).get_data()
    with written(app):
        availability.set_available(shop[1], 0, None)
    assert client.get(shop[0]).get_data() != before


def test_a_piece_that_stays_in_stock_leaves_the_lists_kept(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    client.get("/products")
    with written(app):
        availability.set_available(shop[1], 4, None)
    with count_queries(app) as seen:
        client.get("/products")
    assert seen.count == 0


def test_a_withdrawn_product_is_gone_at_once(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    assert client.get(shop[0]).status_code == 200
    with written(app):
        catalog.withdraw(SYSTEM, catalog_id(shop[0]))
    assert client.get(shop[0]).status_code == 404
    assert "Miến dong Kệ" not in client.get("/products").get_data(as_text=True)


def catalog_id(path: str) -> int:
    """The product behind a page."""
    return db.session.query(Product).filter_by(slug=path.rsplit("/", 1)[1]).one().id


def test_a_cooperative_that_changes_its_story_changes_its_page(
    app: Flask, shop: tuple[str, int, int]
) -> None:
    client = app.test_client()
    with app.app_context():
        slug = db.session.get_one(Cooperative, shop[2]).slug
    client.get(f"/cooperatives/{slug}")
    with written(app):
        db.session.get_one(Cooperative, shop[2]).story = "Chuyện mới của bản."
    assert "Chuyện mới của bản." in client.get(f"/cooperatives/{slug}").get_data(as_text=True)


def test_a_write_that_was_rolled_back_changes_no_version(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    client.get(shop[0])
    with app.app_context(), pytest.raises(RuntimeError, match="given up"), transaction():
        catalog.set_price(SYSTEM, shop[1], 99_000)
        raise RuntimeError("given up")
    with count_queries(app) as seen:
        assert "99.000" not in client.get(shop[0]).get_data(as_text=True)
    assert seen.count == 0


def test_at_midnight_every_page_is_made_anew(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    client.get(shop[0])
    with clock.use(NOW + timedelta(hours=13, minutes=59)), count_queries(app) as seen:  # 23:59 in Hà Nội
        client.get(shop[0])
    assert seen.count == 0
    with clock.use(NOW + timedelta(hours=14)), count_queries(app) as seen:
        client.get(shop[0])
    assert seen.count > 0


def test_a_page_changes_at_the_instant_that_it_named(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    with app.test_request_context():
        pages.until(NOW + timedelta(hours=2))
        pages.until(NOW + timedelta(hours=1))
        pages.until(None)
        from flask import g

        assert g.page_until == NOW + timedelta(hours=1)
    client.get(shop[0])


def test_the_code_of_a_short_link_makes_no_page_of_its_own(app: Flask, shop: tuple[str, int, int]) -> None:
    """Nor does anything else that the page does not read; nor the order in which it is asked."""
    client, shelf = app.test_client(), app.extensions["kept_pages"].shelf
    plain = client.get(shop[0]).get_data()
    for query in ("?via=k3m9px", "?via=aaaaaa&fbclid=1", "?pack=&hl=", "?q=mien", "?to=&utm_source=zalo"):
        answer = client.get(shop[0] + query)
        assert answer.get_data() == plain and b"via" not in plain, query
    assert [key for key in shelf.pages if key[1] == ""] == [(shop[0], "")]
    lists = {client.get(f"/products?{query}").get_data() for query in (
        "q=mien&category=mien-bun&via=k3m9px", "category=mien-bun&q=mien", "x=1&category=mien-bun&page=&q=mien",
    )}  # fmt: skip
    assert len(lists) == 1
    assert [query for path, query in shelf.pages if path == "/products"] == ["category=mien-bun&q=mien"]


@pytest.mark.parametrize(
    "other",
    [
        "q=nam",
        "q=mi%E1%BA%BFn",
        "hl=en",
        "page=2",
        "category=mien-bun&category=gao-nep",
        "category=gao-nep&category=mien-bun",
        "q=mien&q=nam",
        "q=mien%26page%3D2",
        "Q=mien",
    ],
)
def test_addresses_that_ask_for_different_pages_never_share_one(
    app: Flask, shop: tuple[str, int, int], other: str
) -> None:
    """The page after another one was kept is the page that an application without a shelf gives."""
    client = app.test_client()
    for query in ("q=mien", "", "category=mien-bun"):
        client.get(f"/products?{query}")
    kept_one = client.get(f"/products?{other}").get_data()
    app.extensions["kept_pages"].forget()
    assert client.get(f"/products?{other}").get_data() == kept_one


def test_a_view_whose_pages_are_kept_says_what_it_reads(app: Flask) -> None:
    """And so the page of a view that says nothing is never kept, since its key could not be trusted."""
    shown = [view for view in app.view_functions.values() if "pages.depends(" in inspect.getsource(view)]
    assert len(shown) > 10
    assert [view.__name__ for view in shown if not hasattr(view, "page_reads")] == []


def test_an_address_with_more_parameters_than_forms_have_is_answered_and_not_kept(app: Flask) -> None:
    client = app.test_client()
    many = "&".join(f"category=x{number}" for number in range(300))
    assert client.get(f"/products?{many}").status_code == 200
    assert client.get("/products?q=%FF%00&page=%").status_code == 200
    assert all(len(query) <= 300 for _path, query in app.extensions["kept_pages"].shelf.pages)


def test_what_is_not_the_same_for_everybody_is_never_kept(app: Flask, shop: tuple[str, int, int]) -> None:
    client = app.test_client()
    for path in ("/cart", "/sign-in", "/products/khong-co", "/healthz", "/orders/find"):
        client.get(path)
    assert kept(app) == set()


def test_the_oldest_pages_go_when_the_shelf_is_full() -> None:
    shelf = Shelf(25)
    page = Page("x", (), "e", ("t",), 0, NOW, {"br": b""}, 10)
    for path in ("/a", "/b"):
        shelf.put((path, ""), page)
    shelf.find(("/a", ""))
    shelf.put(("/c", ""), page)
    assert [path for path, _query in shelf.pages] == ["/a", "/c"]
    assert shelf.bytes == 20


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name))


def _called(tree: ast.AST) -> set[str]:
    return {one.func.id for one in _calls(tree) if isinstance(one.func, ast.Name)}


def _own_statements(tree: ast.AST, names: set[str]) -> bool:
    """Whether a function writes one of these tables by a statement of its own."""
    writes = (one for one in _calls(tree) if _called(one) & {"update", "delete"})
    return any(isinstance(name, ast.Name) and name.id in names for one in writes for name in ast.walk(one))


def test_a_statement_that_writes_what_pages_show_says_so() -> None:
    """Rows written by the ORM touch their pages by `page_tags`; a verb with an UPDATE of its own calls `touch`."""
    shown = {one.class_.__name__ for one in Base.registry.mappers if hasattr(one.class_, "page_tags")}
    assert {"Product", "Pack", "Photo", "Cooperative"} <= shown
    files = [path for path in ROOT.rglob("*/operations.py") if ".venv" not in path.parts]
    functions = [
        (f"{path.relative_to(ROOT)}: {node.name}", node)
        for path in files
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    writing = {name: node for name, node in functions if _own_statements(node, shown)}
    assert len(writing) >= 3
    assert [
        name for name, node in writing.items() if not _called(node) & {"touch", "after_change", "refresh"}
    ] == []
