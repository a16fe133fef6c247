"""A reader that carries a mark gets what changed since then and nothing else, with what left the shelf."""

from datetime import timedelta

import pytest

from accounts.rules import SYSTEM
from catalog.models import Pack, Photo
from catalog.operations import set_price, withdraw
from channels.feeds import changes, queries, tasks
from channels.feeds.boards import standing
from channels.feeds.models import FeedFetch, FeedListing, FeedMark, FeedWord
from channels.feeds.queries import Scope
from channels.feeds.rules import Availability, Feed, Since
from channels.feeds.writing import write
from channels.marketplaces.drift import drifts
from cooperatives.models import Cooperative
from core import clock
from core.db import db, transaction
from tests.channels.reading import SPELLED, faults, of_page, read, rows
from tests.channels.test_feeds import NAMES, photographed
from tests.factories import catalog, cooperatives
from tests.queries import count_queries

WORD = {"google.xml": "out_of_stock", "meta.csv": "discontinued", "tiktok.csv": "discontinued"}


@pytest.fixture
def shop(app):
    """Two goods of one cooperative and one of another, all photographed, and looked at by the worker."""
    with app.app_context():
        ours, other = cooperatives.create_cooperative("HTX Ta"), cooperatives.create_cooperative("HTX Bạn")
        goods = [
            catalog.create_product(ours, "Miến dong", available=9),
            catalog.create_product(ours, "Măng khô", available=4),
            catalog.create_product(other, "Mật ong", available=3),
        ]
        for one in goods:
            photographed(one)
        tasks.note_changes()
        made = {
            "ids": [one.id for one in goods], "packs": [one.packs[0].id for one in goods],
            "slugs": [one.slug for one in goods], "ours": ours.slug, "coop": ours.id,
        }  # fmt: skip
        db.session.remove()
    return made


def following(answer):
    """The address that an answer gives for the next time, as a path."""
    link = answer.headers["Link"]
    assert link.endswith('>; rel="next"')
    return link.partition("<http://localhost")[2].partition(">")[0]


def numbers(name, answer):
    return [row.get("id") or row.get("sku_id") or row.get("sku") for row in rows(name, answer.text)]


@pytest.mark.parametrize("name", NAMES)
def test_the_next_answer_holds_what_changed_and_what_left_as_the_channel_spells_it(app, client, shop, name):
    path = following(client.get(f"/feeds/{name}", buffered=True))
    nothing = client.get(path, buffered=True)
    assert numbers(name, nothing) == []
    with app.app_context():
        with transaction():
            set_price(SYSTEM, shop["packs"][0], 71_000)
        with transaction():
            withdraw(SYSTEM, shop["ids"][1])
    for noted in (False, True):  # before the worker has looked, and after
        if noted:
            with app.app_context():
                assert tasks.note_changes() == 2 and tasks.note_changes() == 0
        answer = client.get(path, buffered=True)
        assert numbers(name, answer) == [f"CP-{shop['packs'][0]}", f"CP-{shop['packs'][1]}"]
        changed, gone = rows(name, answer.text)
        if name == "schema.jsonl":
            assert changed["offers"]["price"] == "71000"
            assert gone["offers"]["availability"] == "https://schema.org/Discontinued"
            continue
        assert (changed["price"], SPELLED[name][changed["availability"]]) == ("71000 VND", "InStock")
        assert gone["availability"] == WORD[name]
        assert (
            set(gone) == {"id", "availability"}
            if name == "google.xml"
            else all(
                gone[one]
                for one in ("title", "description", "condition", "price", "link", "image_link", "brand")
            )
        ), "a table's row is refused without its fields; what was told of the goods is not told again"
        assert "trồng trên nương" not in str(gone)
    assert numbers(name, client.get(following(answer), buffered=True)) == []


def test_the_changed_entry_says_what_its_page_says(app, client, shop):
    path = following(client.get("/feeds/google.xml", buffered=True))
    with app.app_context():
        catalog.set_available(shop["ids"][0], 0)
    answer = client.get(path, buffered=True)
    page = dict([of_page(client.get(f"/products/{shop['slugs'][0]}").text)])
    assert faults("google.xml", answer.text, page) == []
    assert read("google.xml", answer.text)[f"CP-{shop['packs'][0]}"].availability == "OutOfStock"


def test_a_cooperatives_changes_are_its_own_and_hours_serve_a_reader_that_carries_no_mark(app, client, shop):
    own, whole = f"/feeds/{shop['ours']}/meta.csv?since=", "/feeds/meta.csv?since="
    step = following(client.get(own + "c0", buffered=True)).rpartition("=")[2]
    with app.app_context(), transaction():
        set_price(SYSTEM, shop["packs"][2], 90_000)
    assert numbers("meta.csv", client.get(own + step, buffered=True)) == []
    assert numbers("meta.csv", client.get(whole + step, buffered=True)) == [f"CP-{shop['packs'][2]}"]
    assert len(numbers("meta.csv", client.get(whole + "24h", buffered=True))) == 3
    with app.app_context():
        tasks.note_changes()
    with clock.use(clock.now() + timedelta(hours=5)):
        assert numbers("meta.csv", client.get(whole + "2h", buffered=True)) == []
        assert len(numbers("meta.csv", client.get(whole + "6h", buffered=True))) == 3


def test_unchanged_changes_cost_no_bytes_and_a_mark_of_nobody_is_answered_with_everything(app, client, shop):
    path = following(client.get("/feeds/tiktok.csv", buffered=True))
    first = client.get(path, buffered=True)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.get_data()) == (304, b"") and following(again) == path
    with app.app_context(), transaction():
        set_price(SYSTEM, shop["packs"][0], 71_000)
    assert (
        client.get(path, headers={"If-None-Match": first.headers["ETag"]}, buffered=True).status_code == 200
    )
    assert len(numbers("tiktok.csv", client.get("/feeds/tiktok.csv?since=c999999", buffered=True))) == 3
    for asked in ("hôm qua", "c", "-1h", "0h", "721h", "c1h"):
        assert client.get("/feeds/tiktok.csv", query_string={"since": asked}).status_code == 422


def test_a_suspended_seller_and_a_lost_photo_take_goods_out_of_the_files_that_had_them(app, client, shop):
    google, schema = (
        following(client.get(f"/feeds/{one}", buffered=True)) for one in ("google.xml", "schema.jsonl")
    )
    with app.app_context(), transaction():
        db.session.query(Cooperative).filter_by(id=shop["coop"]).one().state = "suspended"
        photo = db.session.query(Photo).filter_by(product_id=shop["ids"][2]).one()
        photo.illustration, photo.file_jpeg = "mat-ong", None
    left = rows("google.xml", client.get(google, buffered=True).text)
    assert [one["availability"] for one in left] == ["out_of_stock"] * 3
    said = {one["sku"]: one["offers"]["availability"].rpartition("/")[2] for one in
            rows("schema.jsonl", client.get(schema, buffered=True).text)}  # fmt: skip
    assert [said[f"CP-{one}"] for one in shop["packs"]] == ["Discontinued", "Discontinued", "InStock"]


def test_a_new_day_is_looked_at_whole_and_only_what_reads_differently_is_a_change(app, client, shop):
    with app.app_context():
        with transaction():
            pack = db.session.get_one(Pack, shop["packs"][0])
            pack.available_until = clock.today()
        tasks.note_changes()
        before = changes.step_now()
        with clock.use(clock.now() + timedelta(days=1)):
            seen = changes.changes(Scope(), Since(step=before))
            assert len(seen.product_ids) == 3, (
                "the worker has not looked yet: rather too much than too little"
            )
            assert tasks.note_changes() == 1
            db.session.remove()
            seen = changes.changes(Scope(), Since(step=before))
            assert seen.product_ids == (shop["ids"][0],)
        words = db.session.query(FeedWord).filter_by(pack_id=shop["packs"][0]).order_by(FeedWord.id)
        assert [one.availability for one in words] == ["InStock", "OutOfStock"]


def test_changes_cost_what_changed_and_not_what_is_on_sale(app, client, shop, monkeypatch):
    looked = []
    kept = queries.items_of
    monkeypatch.setattr(changes, "items_of", lambda ids: looked.extend(ids) or kept(ids))
    path = following(client.get("/feeds/schema.jsonl", buffered=True))
    with app.app_context(), transaction():
        set_price(SYSTEM, shop["packs"][0], 71_000)
    with count_queries(app) as counted:
        client.get(path, buffered=True).get_data()
    assert looked == [shop["ids"][0]] and counted.count <= 18


def test_what_a_channel_was_told_and_does_not_hold_any_more_is_drift(app, shop):
    with app.app_context():
        with transaction():
            db.session.add(
                FeedFetch(feed="google", scope_id=0, family="google", fetch_count=1, last_at=clock.now())
            )
        with clock.use(clock.now() + timedelta(minutes=10)):
            catalog.set_available(shop["ids"][0], 0)
            tasks.note_changes()
            (one,) = drifts(shop["coop"])
        assert (one.told_word, one.now_word, one.told_stock) == ("InStock", "OutOfStock", None)
        assert one.at_risk_vnd == one.now_vnd


def test_a_file_that_breaks_off_is_told_to_the_manager(app, client, shop, monkeypatch):
    def breaks(_scope):
        yield from ()
        raise RuntimeError("the database is away")

    client.get("/feeds/meta.csv", headers={"User-Agent": "facebookexternalhit/1.1"}, buffered=True)
    monkeypatch.setattr(queries, "items", breaks)
    with pytest.raises(RuntimeError):
        client.get("/feeds/meta.csv", headers={"User-Agent": "facebookexternalhit/1.1"}, buffered=True)
    with app.app_context():
        tasks.store()
        seen = {one.family: one for one in queries.fetched(shop["coop"])["meta"]}["meta"]
        assert seen.failed_at is not None
        assert standing([seen], 0).tone == "bad" and "đứt" in standing([seen], 0).text


def test_the_worker_notes_by_pack_what_was_ever_sent(ctx, shop):
    row = db.session.get_one(FeedListing, shop["ids"][0])
    assert row.words == {str(shop["packs"][0]): "InStock"} and row.pictured == [shop["packs"][0]]
    assert db.session.query(FeedMark).one().step == row.step == 1
    gone = changes.gone([shop["packs"][0]])
    assert [one.availability for one in gone] == [Availability.GONE] and gone[0].description == gone[0].title
    assert all(list(write(feed, gone, "", "", "")) for feed in Feed)
