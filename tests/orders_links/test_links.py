"""A public page never writes to the database, every click is counted once, and a sale is credited to its link."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from accounts.rules import SYSTEM, Role
from core import clock, spool
from core.db import db, transaction
from core.errors import NotFound
from orders.links import queries
from orders.links.models import LinkDay, OrderSource, ShortLink
from orders.links.operations import forget_old_days, make_link, remember_source
from orders.links.rules import code_in, is_code, is_person
from orders.links.tasks import store
from tests.conftest import NOW
from tests.factories import accounts, catalog, cooperatives, payments, traceability

PHONE_AGENT = "Mozilla/5.0 (Linux; Android 14) Chrome/129 Mobile Safari/537.36 Zalo android/24091"


@pytest.fixture(autouse=True)
def _clean(session_app):
    folder = Path(session_app.config["INSTANCE_DIR"]) / "spool"
    for leftover in folder.glob("*") if folder.is_dir() else []:
        leftover.unlink()


@pytest.fixture
def goods(app):
    """A product on sale and its link."""
    with app.app_context():
        coop = cooperatives.create_cooperative("HTX Ta")
        product = catalog.create_product(coop, "Miến dong", available=9)
        with transaction():
            code = make_link(SYSTEM, product.id, "zalo", "Nhóm Chợ quê").code
        found = {"code": code, "product": product.id, "slug": product.slug, "seller": coop.slug}
        db.session.remove()
    return found


def clicks(app):
    with app.app_context():
        store()
        return db.session.execute(
            sa.select(sa.func.coalesce(sa.func.sum(LinkDay.click_count), 0))
        ).scalar_one()


def test_a_click_leads_to_the_product_and_writes_nothing_to_the_database(app, client, goods):
    said = []
    with app.app_context():
        listening = db.engine
    sa.event.listen(listening, "before_cursor_execute", lambda *given: said.append(given[2]))
    answer = client.get(f"/s/{goods['code']}", headers={"User-Agent": PHONE_AGENT})
    assert (answer.status_code, answer.location) == (302, f"/products/{goods['slug']}?via={goods['code']}")
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert said and not [
        one for one in said if one.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert clicks(app) == 1


def test_english_stays_english(client, goods):
    answer = client.get(f"/s/{goods['code']}?hl=en", headers={"User-Agent": PHONE_AGENT})
    assert answer.location.endswith(f"?via={goods['code']}&hl=en")


@pytest.mark.parametrize(
    "headers",
    [{"User-Agent": "facebookexternalhit/1.1"}, {"User-Agent": "Googlebot/2.1"}, {"User-Agent": ""},
     {"User-Agent": PHONE_AGENT, "Sec-Purpose": "prefetch"}],
)  # fmt: skip
def test_machines_and_looks_ahead_are_not_counted(app, client, goods, headers):
    assert client.get(f"/s/{goods['code']}", headers=headers).status_code == 302
    assert client.head(f"/s/{goods['code']}", headers={"User-Agent": PHONE_AGENT}).status_code == 302
    assert clicks(app) == 0


def test_a_product_off_the_shelf_leads_to_its_seller(app, client, goods):
    from catalog.operations import withdraw

    with app.app_context(), transaction():
        withdraw(SYSTEM, goods["product"])
    assert (
        client.get(f"/s/{goods['code']}").location == f"/cooperatives/{goods['seller']}?via={goods['code']}"
    )


@pytest.mark.parametrize("code", ["zzzzzz", "a", "AAAAAA", "abc%00d", "../../x"])
def test_an_unknown_code_is_answered_plainly(client, goods, code):
    assert client.get(f"/s/{code}").status_code == 404


def test_the_same_link_asked_for_twice_is_one(ctx):
    product = catalog.create_product(cooperatives.create_cooperative())
    with transaction():
        assert make_link(SYSTEM, product.id, "zalo").id == make_link(SYSTEM, product.id, "zalo").id
        assert (
            make_link(SYSTEM, product.id, "poster", "Cổng chợ").code
            != make_link(SYSTEM, product.id, "poster").code
        )
    assert all(is_code(row.code) for row in db.session.query(ShortLink))


def test_nobody_makes_links_for_anothers_goods(ctx):
    product = catalog.create_product(cooperatives.create_cooperative())
    other = accounts.actor_for(
        Role.MANAGER, organisation_id=cooperatives.create_cooperative("HTX Bạn").organisation_id
    )
    with pytest.raises(NotFound), transaction():
        make_link(other, product.id, "zalo")


# ---- from the link to the sale ----


def test_a_sale_is_credited_to_its_link_and_only_a_cart_sets_a_cookie(app, client, goods):
    page = client.get(f"/products/{goods['slug']}?via={goods['code']}")
    assert "Set-Cookie" not in page.headers
    with app.app_context():
        pack = _pack(goods["product"])
    answer = client.post(
        "/cart", data={"pack_id": pack, "quantity": "1"},
        headers={"Referer": f"http://localhost/products/{goods['slug']}?via={goods['code']}"},
    )  # fmt: skip
    assert any(
        one.startswith(f"via={goods['code']};") and "HttpOnly" in one
        for one in answer.headers.getlist("Set-Cookie")
    )


def _pack(product_id):
    return db.session.execute(
        sa.text("SELECT id FROM pack WHERE product_id = :p"), {"p": product_id}
    ).scalar_one()


def test_another_sites_address_or_nonsense_is_no_source():
    assert code_in("http://localhost/products/x?via=abcdef", "localhost") == "abcdef"
    assert code_in("http://evil.example/products/x?via=abcdef", "localhost") == ""
    assert code_in("http://localhost/products/x?via=<script>", "localhost") == ""
    assert code_in("", "localhost") == ""


def test_sales_by_link_count_the_sellers_own_orders_once_and_no_cancelled_ones(ctx):
    coop, other = cooperatives.create_cooperative("HTX Ta"), cooperatives.create_cooperative("HTX Bạn")
    mine, theirs = catalog.create_product(coop, price_vnd=65_000), catalog.create_product(other, "Chè")
    for seller, product in ((coop, mine), (other, theirs)):
        traceability.create_lot(seller, product.packs[0], 9)
    with transaction():
        link = make_link(SYSTEM, mine.id, "facebook")
    orders = payments.place_order([(mine.packs[0], 2), (theirs.packs[0], 1)], method="cod")
    purchase = orders[0].purchase_id
    with transaction():
        remember_source(purchase, link.code)
        remember_source(purchase, link.code)
        remember_source(purchase, "nothere")
    assert db.session.query(OrderSource).count() == 1
    view = queries.links(mine.id)[0]
    assert (view.orders, view.goods_vnd) == (1, 130_000)
    from payments.operations import cancel

    with transaction():
        bought = next(one for one in orders if one.cooperative_id == coop.id)
        cancel(bought.token, bought.id, "Người mua huỷ")
    assert queries.links(mine.id)[0].orders == 0


# ---- the spool ----


def test_what_a_killed_worker_stored_is_not_stored_again(app, goods, monkeypatch):
    with app.app_context():
        link_id = queries.way(goods["code"]).link_id
        for _click in range(3):
            spool.append("clicks", {"link": link_id, "on": "2026-11-22"})
        monkeypatch.setattr(Path, "unlink", lambda self, **kw: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):  # killed after the commit, before the file is gone
            store()
        monkeypatch.undo()
        assert list((Path(app.config["INSTANCE_DIR"]) / "spool").glob("*.taken"))
    assert clicks(app) == 3 and clicks(app) == 3


def test_a_worker_killed_before_the_commit_loses_nothing(app, goods):
    with app.app_context():
        link_id = queries.way(goods["code"]).link_id
        spool.append("clicks", {"link": link_id, "on": "2026-11-22"})

        def die(_entries):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            spool.drain("clicks", die)
    assert clicks(app) == 1


def test_half_a_line_and_foreign_lines_are_left_out(app, goods):
    with app.app_context():
        link_id = queries.way(goods["code"]).link_id
        spool.append("clicks", {"link": link_id, "on": "2026-11-22"})
        spool.append("clicks", {"link": 999_999, "on": "2026-11-22"})
        spool.append("clicks", {"link": "x"})
        path = next((Path(app.config["INSTANCE_DIR"]) / "spool").glob("*.open"))
        with path.open("ab") as out:
            out.write(b'{"link": ')
    assert clicks(app) == 1


def test_the_file_is_bounded(app, goods, monkeypatch):
    monkeypatch.setattr(spool, "FILE_BYTES_MAX", 50)
    with app.app_context():
        assert spool.append("clicks", {"link": 1, "on": "2026-11-22"})
        assert not spool.append("clicks", {"link": 1, "on": "2026-11-22"})


def test_a_full_disk_never_breaks_the_page(app, client, goods, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    assert client.get(f"/s/{goods['code']}", headers={"User-Agent": PHONE_AGENT}).status_code == 302


WRITER = """
import sys
from pathlib import Path
from flask import Flask
from core import spool
app = Flask("w"); app.config["INSTANCE_DIR"] = sys.argv[1]
with app.app_context():
    n = 0
    while n < int(sys.argv[2]):
        assert spool.append("clicks", {"link": int(sys.argv[3]), "on": "2026-11-22"})
        n += 1
"""


def test_four_processes_write_while_the_worker_takes_and_no_click_is_lost_or_doubled(app, goods):
    with app.app_context():
        link_id = queries.way(goods["code"]).link_id
        running = [
            subprocess.Popen([sys.executable, "-c", WRITER, app.config["INSTANCE_DIR"], "400", str(link_id)])
            for _process in range(4)
        ]
        while any(one.poll() is None for one in running):
            store()
        assert {one.returncode for one in running} == {0}
    assert clicks(app) == 1600


def test_old_days_are_forgotten_after_the_limit(app, goods):
    with app.app_context():
        link_id = queries.way(goods["code"]).link_id
        spool.append("clicks", {"link": link_id, "on": "2026-11-22"})
        store()
        with clock.use(NOW + timedelta(days=400)), transaction():
            assert forget_old_days() == 0
        with clock.use(NOW + timedelta(days=402)), transaction():
            assert forget_old_days() == 1


def test_people_are_told_from_programs():
    assert is_person("GET", PHONE_AGENT, "") and not is_person("HEAD", PHONE_AGENT, "")
    assert not is_person("GET", "Twitterbot/1.0", "") and not is_person(
        "GET", PHONE_AGENT, "prefetch;prerender"
    )
