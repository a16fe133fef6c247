"""A lot or a product in somebody's fields: valid by our schema, only what is public, and honest about what was read."""

import json
from io import BytesIO

import jsonschema
import openpyxl
import pytest

from accounts.rules import Role
from core import clock
from core.errors import NotFound
from office.passports import queries, sheets
from office.passports.rules import flat, parse
from tests.conftest import NOW
from tests.factories import payments, revenue
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.traceability import create_lot, create_slip

SCHEMA = json.loads((queries.DATA / "schema.json").read_text("utf-8"))
CIRCULAR, PASSPORT = (queries.field_set(name) for name in ("tt02-2024", "ho-chieu-2026"))


def valid(document):
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(document)
    return document


@pytest.fixture
def sold(ctx):
    """A lot of two families with an order on its way: fewer than five, so the families stay unsaid."""
    coop = create_cooperative()
    revenue.opened(coop, 1_000_000, 1_000_000)
    product = create_product(coop)
    slips = [create_slip(coop, create_producer(coop, name)) for name in ("Bàn Thị Kín", "Lý Văn Kín")]
    lot = create_lot(coop, product.packs[0], 20, slips)
    order = payments.shipped(payments.place_order([(product.packs[0], 2)], phone="+84900000001")[0])
    return coop, product, lot, slips, order


@pytest.mark.parametrize("fields", queries.field_sets().values(), ids=lambda one: one.id)
def test_every_mapping_says_of_each_field_whether_it_was_read_and_where(fields):
    assert fields.source and fields.unverified()
    assert all(bool(one.source) == one.verified for one in fields.fields)


def test_a_mapping_with_a_key_we_do_not_have_or_a_claim_without_a_source_is_refused():
    whole = json.loads((queries.DATA / "ho-chieu-2026.json").read_text("utf-8"))
    for change, why in (({"from": "moon"}, "moon"), ({"verified": True, "source": ""}, "without a source"),
                        ({"from": "closed.slips"}, "closed")):  # fmt: skip
        with pytest.raises(ValueError, match=why):
            parse(whole | {"fields": [whole["fields"][0] | change]})


@pytest.mark.parametrize("fields", [CIRCULAR, PASSPORT], ids=lambda one: one.id)
def test_a_lots_document_is_valid_and_holds_only_what_the_scan_page_says(sold, fields):
    coop, _product, lot, slips, order = sold
    found = valid(queries.lot_document(coop.id, lot.id, fields))
    text = json.dumps(found, ensure_ascii=False)
    assert found["accepted_by"] is None and found["mapping"]["unverified_fields"]
    assert f"/01/{sold[1].packs[0].gtin}/10/{lot.code}" in text
    for closed in ("Kín", order.code, *(one.number for one in slips)):
        assert closed not in text


def test_of_fewer_than_five_families_neither_number_nor_day_of_harvest_is_told(sold):
    coop, _product, lot, _slips, _order = sold
    fields = queries.lot_document(coop.id, lot.id, CIRCULAR)["records"][0]["fields"]
    assert fields["mot_buoc_truoc"].startswith("dưới 5 hộ")
    assert {one["from"] for one in fields["cong_doan"] if one["step"] == "thu hoạch"} == {"2026-11"}
    assert fields["mot_buoc_sau"].startswith("Bán từng kiện")


def test_closed_fields_come_only_where_they_were_chosen_and_never_with_a_name(sold):
    coop, _product, lot, slips, order = sold
    found = valid(queries.lot_document(coop.id, lot.id, CIRCULAR, closed=True))
    text = json.dumps(found, ensure_ascii=False)
    assert found["closed_fields"] and order.code in text and slips[0].number in text
    assert "Kín" not in text and "+84900000001" not in text


def test_a_products_document_has_no_field_of_a_lot_and_names_what_it_lacks(sold):
    coop, product, *_rest = sold
    found = valid(queries.product_document(coop.id, product.id, PASSPORT))
    (record,) = found["records"]
    assert record["subject"] == f"product:{product.packs[0].gtin}"
    assert "lot" not in record["fields"] and record["fields"]["gtin_restricted"] is True
    assert set(record["missing"]) <= set(record["fields"])


def test_a_place_without_a_number_is_said_to_be_missing_and_none_is_made_up(sold):
    coop, _product, lot, *_rest = sold
    (record,) = queries.lot_document(coop.id, lot.id, CIRCULAR)["records"]
    assert record["fields"]["ma_dia_diem"] is None and "ma_dia_diem" in record["missing"]


def test_csv_and_workbook_say_the_same_as_the_json(sold):
    coop, _product, lot, *_rest = sold
    found = queries.lot_document(coop.id, lot.id, CIRCULAR)
    lines = sheets.as_csv(found).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("subject,ten_san_pham") and lot.code in lines[1]
    book = openpyxl.load_workbook(BytesIO(sheets.as_workbook(found, CIRCULAR)))
    data, source = book.worksheets
    assert [cell.value for cell in data[1]][1] == "ten_san_pham" and data["A2"].value == found["records"][0][
        "subject"
    ]
    assert "Chưa được hệ thống nào chấp nhận" in source["A1"].value
    assert {row[3].value for row in source.iter_rows(min_row=4)} == {"có", "chưa"}


def test_an_ended_paper_is_not_handed_on(sold):
    from datetime import date

    from accounts.rules import SYSTEM
    from catalog.certificates.operations import add_certificate
    from catalog.rules import CertificateKind
    from core.db import transaction

    coop, _product, lot, *_rest = sold
    with transaction():
        add_certificate(SYSTEM, coop.id, kind=CertificateKind.VIETGAP, number="VG-7", issuer="Chi cục",
                        valid_from=date(2025, 1, 1), valid_to=NOW.date())  # fmt: skip
    for days, told in ((0, True), (1, False)):
        with clock.use(NOW.replace(day=NOW.day + days)):
            text = json.dumps(queries.lot_document(coop.id, lot.id, PASSPORT))
        assert ("VG-7" in text) is told


def test_anothers_lot_is_not_found(sold):
    with pytest.raises(NotFound):
        queries.lot_document(create_cooperative("HTX Bạn").id, sold[2].id, CIRCULAR)


def test_a_cell_of_a_list_keeps_its_parts():
    assert flat([{"a": "x", "b": None}, "y"]) == "x; y" and flat(False) == "0"


def test_a_manager_sees_what_is_missing_and_takes_the_file(app, client):
    with app.app_context():
        coop = create_cooperative()
        product = create_product(coop)
        lot_id = create_lot(coop, product.packs[0], 5).id
        me = actor_for(Role.MANAGER, coop.organisation_id).user_id
    sign_in(client, me)
    page = client.get(f"/manage/passports/see?of=lot:{lot_id}").text
    assert "chưa đối chiếu" in page and "Thiếu" in page and "Chưa được hệ thống nào chấp nhận" in page
    took = client.get(f"/manage/passports/file.json?of=lot:{lot_id}")
    assert valid(json.loads(took.data))["document"] == "chophien.passport"
    for strange in ("lot:0", "lot:x", "slip:1", "lot:" + "9" * 30, ""):
        assert client.get(f"/manage/passports/see?of={strange}").status_code == 404
