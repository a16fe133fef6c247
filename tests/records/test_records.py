"""Orders stay, buyers' names go in their time; a cooperative's data are its own; the year is reported."""

import ast
import csv
import zipfile
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from accounts.rules import Role
from cooperatives.models import Cooperative
from core import clock, files
from core.audit import AuditLine
from core.db import db, transaction
from office.records.queries import bounds, due_on, figures, own_data, report_csv
from office.records.sheets import cell
from office.records.words import TEXTS
from orders.complaints import operations as complaints
from orders.complaints.models import Complaint, ComplaintStep
from orders.complaints.operations import Said
from orders.models import Order, OrderEvent, OrderLine, Problem, Purchase
from orders.problems.operations import close_problem, report_problem
from orders.records.operations import erase_buyers, erase_complaints, kept_since
from tests.conftest import NOW
from tests.factories import accounts, catalog, cooperatives, payments, revenue, traceability

ROOT = Path(__file__).resolve().parents[2]
YEARS = timedelta(days=3 * 365 + 1)  # 2028 has a 29 February


@pytest.fixture
def delivered(ctx):
    """An order that arrived."""
    coop = cooperatives.create_cooperative("HTX Ta")
    product = catalog.create_product(coop, "Miến dong", 65_000)
    revenue.opened(coop, 5_000_000, 5_000_000)
    slips = [
        traceability.create_slip(coop, cooperatives.create_producer(coop, f"Bàn Thị {n}")) for n in "ABCDE"
    ]
    traceability.create_lot(coop, product.packs[0], 20, slips)
    return revenue.delivered(payments.shipped(payments.place_order([(product.packs[0], 2)])[0]))


def erase():
    with transaction():
        return erase_buyers() + erase_complaints()


def buyer_of(order):
    found = db.session.get_one(Purchase, order.purchase_id, populate_existing=True)
    return found.buyer_name, found.buyer_phone, found.address_line, found.note


# ---- retention ----


def test_a_buyer_is_kept_three_years_and_not_a_day_longer(delivered):
    with clock.use(NOW + YEARS - timedelta(days=1)):
        assert erase() == 0
    with clock.use(NOW + YEARS + timedelta(minutes=1)):
        assert erase() == 1 and erase() == 0
    assert buyer_of(delivered) == ("", "", "", "")


def test_what_must_be_kept_stays_whole(delivered):
    before = (
        db.session.query(OrderLine).count(), db.session.query(OrderEvent).count(), delivered.total_vnd, delivered.code,
    )  # fmt: skip
    with clock.use(NOW + YEARS + timedelta(minutes=1)):
        erase()
    kept = db.session.get_one(Order, delivered.id, populate_existing=True)
    after = (
        db.session.query(OrderLine).count(),
        db.session.query(OrderEvent).count(),
        kept.total_vnd,
        kept.code,
    )
    assert after == before and kept.seller_name == "HTX Ta"
    assert kept.purchase.commune_id, "the place, for figures, without a street"


def test_an_open_order_or_an_open_report_keeps_the_name(delivered):
    with transaction():
        problem = report_problem(delivered.token, "Một gói bị ẩm.")
    with clock.use(NOW + YEARS + timedelta(days=30)):
        assert erase() == 0
        with transaction():
            close_problem(payments.staff_of(delivered), problem.id, "Đã gửi bù.")
        assert erase() == 1
    found = db.session.get_one(Problem, problem.id, populate_existing=True)
    assert (found.text, found.answer) == ("", "Đã gửi bù.")


def test_a_longer_setting_keeps_longer(delivered, ctx):
    before = ctx.config["LIMITS"]
    ctx.config["LIMITS"] = before | {"order_years": 10}
    try:
        with clock.use(NOW + YEARS + timedelta(days=30)):
            assert erase() == 0
    finally:
        ctx.config["LIMITS"] = before


def test_the_29th_of_february_has_a_day_three_years_before(ctx):
    from datetime import UTC, datetime

    with clock.use(datetime(2028, 2, 29, 5, tzinfo=UTC)):
        assert kept_since().date() == date(2025, 2, 28)


def test_a_settled_complaint_loses_its_person_its_words_and_its_photo(delivered):
    photo = files.put(b"a photo", ".webp")
    with transaction():
        found = complaints.receive(
            "key-1", Said("privacy", "Xoá giúp tôi.", "", "Đỗ Minh Mẫu", payments.PHONE, photo=photo)
        )
        complaints.decide(accounts.actor_for(Role.ADMINISTRATOR), found.id, "Đã xoá.")
    with clock.use(NOW + YEARS + timedelta(minutes=1)):
        assert erase() == 2
    kept = db.session.get_one(Complaint, found.id, populate_existing=True)
    assert (kept.name, kept.phone, kept.text, kept.photo, kept.state) == ("", "", "", None, "settled")
    assert {step.text for step in db.session.query(ComplaintStep)} == {""}
    with pytest.raises(FileNotFoundError):
        files.path(photo)


def test_a_photo_that_another_complaint_names_stays(delivered):
    photo = files.put(b"the same photo", ".webp")
    with transaction():
        old = complaints.receive("key-1", Said("privacy", "Một.", "", "Mẫu", payments.PHONE, photo=photo))
        complaints.receive("key-2", Said("privacy", "Hai.", "", "Mẫu", payments.PHONE, photo=photo))
        complaints.decide(accounts.actor_for(Role.ADMINISTRATOR), old.id, "Xong.")
    with clock.use(NOW + YEARS + timedelta(minutes=1)):
        erase()
    assert files.read(photo) == b"the same photo"


def test_every_erasure_leaves_an_audit_line_without_values(delivered):
    with clock.use(NOW + YEARS + timedelta(minutes=1)):
        erase()
    line = db.session.query(AuditLine).filter_by(verb="erase buyer").one()
    assert line.fields.startswith("buyer_name,buyer_phone,address_line,note") and line.role == "system"


def test_only_private_files_are_removed(ctx):
    with pytest.raises(ValueError, match="private"):
        files.remove("p/ab/abc.webp")


def test_no_code_deletes_listings_prices_or_orders():
    kept = {
        "Product",
        "Pack",
        "PriceChange",
        "Order",
        "OrderLine",
        "Purchase",
        "OrderEvent",
        "Takedown",
        "Complaint",
    }
    wrong = []
    for path in [*ROOT.glob("catalog/**/*.py"), *ROOT.glob("orders/**/*.py"), *ROOT.glob("office/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            named = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "delete"
            )
            if named and node.args and isinstance(node.args[0], ast.Name) and node.args[0].id in kept:
                wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


# ---- a cooperative's own data ----


def tables(data):
    with zipfile.ZipFile(BytesIO(data)) as box:
        return {
            name: list(csv.reader(StringIO(box.read(name).decode("utf-8-sig"))))
            for name in box.namelist() if name.endswith(".csv")
        }  # fmt: skip


def own(order):
    coop = db.session.get_one(Cooperative, order.cooperative_id)
    return own_data(coop.id, coop.organisation_id)


def test_a_cooperative_takes_home_goods_orders_and_books_that_add_up(delivered):
    found = tables(own(delivered))
    assert found["products.csv"][1][1] == "Miến dong"
    row = dict(zip(found["orders.csv"][0], found["orders.csv"][1], strict=True))
    assert (
        row["order"] == delivered.code
        and row["total_vnd"] == str(delivered.total_vnd)
        and row["province"] == "Hà Nội"
    )
    amounts = [int(line[6]) for line in found["ledger.csv"][1:]]
    assert len(amounts) > 4 and sum(amounts) == 0


def test_no_buyers_name_number_or_street_is_in_it(delivered):
    with zipfile.ZipFile(BytesIO(own(delivered))) as box:
        everything = "".join(box.read(name).decode("utf-8-sig") for name in box.namelist())
    for private in ("Đỗ Minh Mẫu", "+84912345678", "0912345678", "ngõ Mẫu", delivered.token):
        assert private not in everything


def test_it_holds_nobody_elses_data(delivered):
    other = cooperatives.create_cooperative("HTX Bạn")
    catalog.create_product(other, "Chè của bạn")
    assert "Chè của bạn" not in str(tables(own(delivered)))
    assert len(tables(own_data(other.id, other.organisation_id))["orders.csv"]) == 1


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+84", "-1+2", "@SUM(A1)"])
def test_no_cell_is_a_formula(text):
    assert cell(text).startswith("'")
    assert cell(-5) == "-5" and cell(None) == "" and cell("Miến") == "Miến"


def test_the_file_comes_by_a_post_and_leaves_an_audit_line(client, world, app):
    from tests.site.reading import sign_in_as

    sign_in_as(client, world, Role.MANAGER)
    assert client.get("/manage/data").mimetype == "text/html"
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        answer = client.post("/manage/data")
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert answer.mimetype == "application/zip" and "no-store" in answer.headers["Cache-Control"]
    with app.app_context():
        assert db.session.query(AuditLine).filter_by(verb="take data out").count() == 1


# ---- the yearly report ----


def test_the_year_is_counted_in_vietnams_days_and_due_before_mid_february():
    first, after = bounds(2026)
    assert (first.isoformat(), after.isoformat()) == (
        "2025-12-31T17:00:00+00:00",
        "2026-12-31T17:00:00+00:00",
    )
    assert due_on(2026) == date(2027, 2, 15)


def test_the_report_counts_what_happened(delivered):
    found = {one.name: one.value for one in figures(2026)}
    assert set(found) == set(TEXTS)
    assert (found["sellers"], found["products"], found["orders"], found["orders_delivered"]) == (1, 1, 1, 1)
    assert found["goods_vnd"] == 130_000
    assert {one.value for one in figures(2025)} == {0}


def test_the_report_as_a_table_holds_names_and_numbers_alone(delivered):
    rows = list(csv.reader(StringIO(report_csv(2026).decode("utf-8-sig"))))
    assert rows[0] == ["year", "figure", "value", "unit"] and len(rows) == len(TEXTS) + 1
    assert ["2026", "goods_vnd", "130000", "vnd"] in rows


def test_the_report_is_printed_by_a_command(app, delivered):
    answer = app.test_cli_runner().invoke(args=["records", "report", "2026"])
    assert answer.exit_code == 0 and "due before 2027-02-15" in answer.output and "goods_vnd" in answer.output


def test_messages_lose_number_and_text_in_their_time(delivered):
    from messages.models import Message
    from messages.operations import forget_old
    from messages.tasks import send_pending

    send_pending()
    with clock.use(NOW + timedelta(days=3 * 366)), transaction():
        assert forget_old() == 0
    with clock.use(NOW + timedelta(days=3 * 366, minutes=1)), transaction():
        assert forget_old() > 0
    assert {(one.to_address, one.body) for one in db.session.query(Message)} == {("", "")}
