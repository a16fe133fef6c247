"""A table on its way: received, read, understood, accepted once, and what stands between it and the goods."""

import csv
import io
import time
import zipfile
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from PIL import Image

from accounts.rules import Role
from catalog import operations as operations_of
from catalog.models import Pack, Photo, PriceChange, Product
from catalog.operations import set_price
from catalog.rules import missing
from catalog.sheets import arrivals, columns, exports, operations, queries
from catalog.sheets.models import SheetImport, SheetRow
from catalog.sheets.rules import State
from catalog.sheets.views import fault_text
from core import clock, files
from core.db import db, transaction
from core.errors import FormErrors, Invalid, NotFound
from tests.conftest import NOW
from tests.factories import accounts, catalog, cooperatives, sheets
from tests.queries import count_queries


def picture(shade):
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (40 * shade, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def archive(found):
    """A ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, content in found.items():
            new.writestr(name, content)
    return out.getvalue()


def received(actor, coop, data, key="table-0001", photos=None, name="hang.xlsx"):
    with transaction():
        kept = files.put(photos, ".zip") if photos else None
        operations.receive(actor, coop.id, key, name, files.put(data, ".bin"), kept)
    return key


def work(app):
    """Let the worker do what waits."""
    from app.worker import run_once

    return run_once(app, {"tables"})


def chosen(app, actor, coop, data, **more):
    """A table that was read and checked with the columns as they were guessed; its import."""
    key = received(actor, coop, data, **more)
    work(app)
    one = queries.own_import(actor, key)
    assert one.state == State.COLUMNS, one.error
    with transaction():
        operations.choose(actor, key, [guess[0] for guess in one.found["guesses"]])
    work(app)
    db.session.rollback()
    return queries.own_import(actor, key)


def accepted(app, actor, one):
    with transaction():
        operations.accept(actor, one.key)
    work(app)
    db.session.rollback()
    return queries.own_import(actor, one.key)


@pytest.fixture
def coop(ctx):
    return cooperatives.create_cooperative("HTX Bản Vàng")


@pytest.fixture
def manager(coop):
    return accounts.actor_for(Role.MANAGER, coop.organisation_id)


def test_five_thousand_rows_with_37_bad_ones_give_37_messages_and_lose_nothing(app, manager, coop):
    data = sheets.workbook(
        [sheets.HEADINGS, *sheets.with_faults(5000)], before=[["HTX Bản Vàng"], ["Bảng hàng 2026"], []]
    )
    began = time.perf_counter()
    one = chosen(app, manager, coop, data)
    read = time.perf_counter() - began
    found = queries.counts(one.id)
    rows = queries.rows_with(one.id, ["faulty"])
    assert (found["new"], found["faulty"], len(rows)) == (4963, 37, 37)
    assert sum(len(row.faults) for row in rows) == 37
    assert db.session.query(Product).count() == 0
    began = time.perf_counter()
    one = accepted(app, manager, one)
    took = time.perf_counter() - began
    assert one.state == State.DONE and one.done_count == 4963
    assert db.session.query(Product).count() == 4963
    assert len(queries.rows_with(one.id, ["faulty"])) == 37
    print(f"\n5,000 rows: read and checked in {read:.1f} s, taken in {took:.1f} s")
    assert read + took < 60


# ---- once, whatever dies ----


def small(coop, *rows):
    return sheets.workbook([["Mã hàng", "Tên hàng", "Lượng", "Giá bán"], *rows])


def test_a_table_sent_twice_is_one_and_accepted_twice_is_taken_once(app, manager, coop):
    data = small(coop, ["MD1", "Miến dong", "500 g", 65_000])
    one = chosen(app, manager, coop, data)
    received(manager, coop, data)
    for _again in range(2):
        with transaction():
            operations.accept(manager, one.key)
        work(app)
    assert db.session.query(SheetImport).count() == 1
    assert db.session.query(Product).count() == 1 and db.session.query(Pack).one().price_vnd == 65_000


@pytest.mark.parametrize("dies_after", ["_bring_packs", "_bring_all", "_change_safely", "take_turn"])
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done_and_the_next_one_finishes(
    app, manager, coop, monkeypatch, dies_after
):
    there = catalog.create_product(coop, "Miến dong", price_vnd=60_000, published=True)
    rows = [[None, "Miến dong", None, 65_000], *([f"N{n}", f"Nấm {n}", "100 g", 50_000] for n in range(30))]
    one = chosen(app, manager, coop, small(coop, *rows))
    with transaction():
        operations.accept(manager, one.key)
    real = getattr(arrivals, dies_after)

    def dying(*given, **named):
        real(*given, **named)
        raise KeyboardInterrupt  # as a kill would: nothing may catch it

    monkeypatch.setattr(arrivals, dies_after, dying)
    with pytest.raises(KeyboardInterrupt):
        work(app)
    db.session.rollback()
    assert db.session.query(Product).count() == 1
    assert db.session.get_one(Pack, there.packs[0].id, populate_existing=True).price_vnd == 60_000
    monkeypatch.setattr(arrivals, dies_after, real)
    work(app)
    assert db.session.query(Product).count() == 1, "the lease of the dead one still holds"
    with transaction():
        db.session.execute(sa.update(SheetImport).values(work_lease=1))
    work(app)
    db.session.rollback()
    assert db.session.query(Product).count() == 31
    assert db.session.get_one(Pack, there.packs[0].id).price_vnd == 65_000
    assert queries.own_import(manager, one.key).done_count == 31


def test_many_changes_go_in_turns_and_a_kill_between_them_takes_no_row_twice(app, manager, coop, monkeypatch):
    monkeypatch.setattr(arrivals, "CHUNK", 3)
    made = [catalog.create_product(coop, f"Nấm {n}", price_vnd=50_000) for n in range(8)]
    one = chosen(app, manager, coop, small(coop, *([None, f"Nấm {n}", None, 55_000 + n] for n in range(8))))
    with transaction():
        operations.accept(manager, one.key)
    real, turns = arrivals.take_turn, []

    def second_dies(*given):
        if len(turns) == 1:
            raise KeyboardInterrupt
        turns.append(1)
        return real(*given)

    monkeypatch.setattr(arrivals, "take_turn", second_dies)
    with pytest.raises(KeyboardInterrupt):
        work(app)
    db.session.rollback()
    monkeypatch.setattr(arrivals, "take_turn", real)
    with transaction():
        db.session.execute(sa.update(SheetImport).values(work_lease=1))
    assert queries.own_import(manager, one.key).done_count == 3
    work(app)
    db.session.rollback()
    assert queries.own_import(manager, one.key).done_count == 8
    assert [pack.price_vnd for product in made for pack in product.packs] == [55_000 + n for n in range(8)]
    assert db.session.query(PriceChange).count() == 16


def test_what_somebody_changed_meanwhile_is_left_alone_and_says_so(app, manager, coop):
    there = catalog.create_product(coop, "Miến dong", price_vnd=60_000)
    one = chosen(
        app, manager, coop, small(coop, [None, "Miến dong", None, 65_000], ["N1", "Nấm", "1 kg", 90_000])
    )
    with transaction():
        set_price(manager, there.packs[0].id, 62_000)
    one = accepted(app, manager, one)
    assert (queries.counts(one.id)["taken"], queries.counts(one.id)["left"]) == (1, 1)
    assert db.session.get_one(Pack, there.packs[0].id, populate_existing=True).price_vnd == 62_000
    assert "vừa có người sửa" in queries.rows_with(one.id, ["left"])[0].faults[0]["text"].lower()


def test_the_headings_are_remembered_and_codes_find_their_packs_again(app, manager, coop):
    odd = sheets.workbook(
        [["Mã hàng", "Thứ bán ra", "Lượng", "Giá bán"], ["MD1", "Miến dong", "500 g", 65_000]]
    )
    key = received(manager, coop, odd)
    work(app)
    with transaction():
        operations.choose(manager, key, ["code", "name", "quantity", "price"])
    work(app)
    accepted(app, manager, queries.own_import(manager, key))
    again = sheets.workbook([["Mã hàng", "Thứ bán ra", "Giá bán"], ["md1", "Miến dong đặc sản", 70_000]])
    one = chosen(app, manager, coop, again, key="table-0002")
    assert [guess[1] for guess in one.found["guesses"]] == ["remembered"] * 3
    accepted(app, manager, one)
    product = db.session.query(Product).one()
    assert product.name == "Miến dong đặc sản" and product.packs[0].price_vnd == 70_000


def test_nothing_of_anothers_table_or_goods_is_reached(app, manager, coop):
    other = cooperatives.create_cooperative("HTX Bạn")
    theirs = catalog.create_product(other, "Miến dong", price_vnd=60_000)
    one = chosen(app, manager, coop, small(coop, [None, "Miến dong", "500 g", 1_000]))
    assert queries.counts(one.id)["new"] == 1
    stranger = accounts.actor_for(Role.MANAGER, other.organisation_id)
    for verb in (operations.accept, operations.drop, operations.rename):
        with pytest.raises(NotFound), transaction():
            verb(stranger, one.key)
    accepted(app, manager, one)
    assert db.session.get_one(Pack, theirs.packs[0].id, populate_existing=True).price_vnd == 60_000


def test_a_table_without_a_name_column_is_not_checked(app, manager, coop):
    key = received(manager, coop, small(coop, ["a", "b", "1 kg", 5]))
    work(app)
    with pytest.raises(FormErrors), transaction():
        operations.choose(manager, key, ["", "", "quantity", "price"])


# ---- pictures ----


def test_pictures_in_a_zip_become_pending_photos_of_their_products(app, manager, coop):
    photos = archive(
        {
            "anh/MD1.jpg": picture(1),
            "Nấm hương.jpg": picture(2),
            "khac.jpg": b"not a picture",
            "mang.jpg": picture(3),
        }
    )
    rows = [
        ["MD1", "Miến dong", "500 g", 65_000, None],
        ["N1", "Nấm hương", "1 kg", 90_000, None],
        ["M1", "Măng", "1 kg", 9_000, "khac.jpg"],
        ["M2", "Măng khô", "1 kg", 9_000, "mang.jpg; khong-co.jpg"],
        ["M3", "Măng chua", "1 kg", 9_000, "mang.jpg"],
    ]
    data = sheets.workbook([["Mã hàng", "Tên hàng", "Lượng", "Giá bán", "Ảnh"], *rows])
    one = chosen(app, manager, coop, data, photos=photos)
    assert [fault["cell"] for row in queries.rows_with(one.id, ["faulty"]) for fault in row.faults] == [
        "E4",
        "E5",
    ]
    assert db.session.query(Photo).count() == 0
    accepted(app, manager, one)
    found = {product.name: [photo.state for photo in product.photos] for product in db.session.query(Product)}
    assert found == {"Miến dong": ["pending"], "Nấm hương": ["pending"], "Măng chua": ["pending"]}
    again = chosen(app, manager, coop, data, photos=photos, key="table-0002")
    accepted(app, manager, again)
    assert db.session.query(Photo).count() == 3


def test_a_table_and_its_pictures_may_come_in_one_zip(app, manager, coop):
    data = archive(
        {"hàng/bảng.xlsx": small(coop, ["MD1", "Miến dong", "500 g", 65_000]), "hàng/MD1.jpg": picture(1)}
    )
    accepted(app, manager, chosen(app, manager, coop, data, name="hàng.zip"))
    assert [photo.state for photo in db.session.query(Product).one().photos] == ["pending"]


# ---- out and in again ----


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_goes_out_comes_in_again_without_a_change(app, manager, coop, kind, language):
    catalog.create_product(
        coop, "Miến dong", price_vnd=65_000, story='=Bà con làm.\nHai dòng; "ngoặc", phẩy. ' + catalog.STORY
    )
    catalog.create_product(
        coop,
        "Mật ong",
        net_g=750,
        net_unit="ml",
        label="Chai 750 ml",
        published=False,
        ocop_stars=4,
        allergens="milk,sesame",
        harvest_months=0b110000000011,
        warning="-5 độ",
    )
    with transaction():
        operations_of.save_draft(manager, coop.id, "draft-000001", operations_of.Draft(name="+Nháp"))
    with app.test_request_context(f"/?hl={language}"):
        data = exports.goods(coop.id, kind)
    one = chosen(app, manager, coop, data)
    understood = [guess[0] for guess in one.found["guesses"]]
    assert understood == ["" if key in columns.OURS_TO_READ else key for key in exports.KEYS]
    rows = [(row.said, row.changes, row.faults) for row in db.session.query(SheetRow)]
    assert [(changes, faults) for _said, changes, faults in rows] == [([], [])] * 3, rows
    assert queries.counts(one.id)["same"] == 3
    with pytest.raises(Invalid), transaction():
        operations.accept(manager, one.key)


def test_no_cell_that_goes_out_is_a_formula(app, manager, coop):
    for n, sign in enumerate("=+-@"):
        catalog.create_product(coop, f"{sign}cmd|{n}", published=False)
    with app.test_request_context("/"):
        text = exports.goods(coop.id, "csv").decode("utf-8-sig")
        book = openpyxl.load_workbook(io.BytesIO(exports.goods(coop.id, "xlsx")))
    assert all(
        not cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(text)) for cell in row
    )
    assert all(cell.data_type != "f" for row in book.active.rows for cell in row)


def test_rows_that_were_not_taken_go_out_with_their_reasons_and_open_again(app, manager, coop):
    one = chosen(app, manager, coop, small(coop, ["MD1", "Miến", "500 g", 0], ["MD2", "Nấm", "1 kg", 5_000]))
    rows = [
        (row.cells, [fault_text(fault) for fault in row.faults])
        for row in queries.rows_with(one.id, ["faulty"])
    ]
    assert rows[0][1] == ["Ô D2: giá 0 đồng, ghi từ 1 đồng trở lên"]
    data = exports.not_taken(one.found["headings"], rows, "xlsx")
    again = chosen(app, manager, coop, data, key="table-0002")
    assert (again.row_count, queries.counts(again.id)["faulty"]) == (1, 1)


def test_drafts_that_lack_nothing_go_on_sale_together_and_others_say_what_they_lack(app, manager, coop):
    good = [catalog.create_product(coop, f"Miến {n}", published=False).id for n in range(3)]
    with transaction():
        bad = operations_of.save_draft(manager, coop.id, "draft-000001", operations_of.Draft(name="Nháp")).id
    products, total = queries.drafts(coop.id, 1)
    with count_queries(app) as counted:
        facts = queries.facts_of(products)
    assert total == 4 and counted.count == 3
    assert [bool(missing(facts[one.id])) for one in products] == [True, False, False, False]
    with transaction():
        on_sale, waiting, refused = operations.publish_many(manager, [bad, *good])
    assert (on_sale, waiting, [product_id for product_id, _error in refused]) == (3, 0, [bad])


def test_rows_are_forgotten_a_month_after_and_the_summary_stays(app, manager, coop):
    one = accepted(app, manager, chosen(app, manager, coop, small(coop, ["MD1", "Miến", "500 g", 9_000])))
    with clock.use(NOW + timedelta(days=31)), transaction():
        assert operations.forget_old() == 1
    assert db.session.query(SheetRow).count() == 0 and queries.own_import(manager, one.key).done_count == 1
