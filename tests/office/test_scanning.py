"""Scanning to receive, pack and count: a code typed, photographed or read by the phone ends at the same place."""

from io import BytesIO

import pytest
import segno

from accounts.rules import SYSTEM
from catalog.photos.darkroom import codes_safely
from core.db import db, transaction
from tests.factories.accounts import sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.traceability import create_lot
from traceability.gs1.links import printed_link
from traceability.models import Stock
from traceability.numbers.operations import make_unit
from traceability.stock.operations import move_stock


@pytest.fixture
def here(app, client):
    """A cooperative's lot of eight packs, its manager signed in."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        coop, other = create_cooperative("HTX Tài Hoan"), create_cooperative("HTX Khác")
        pack = create_product(coop).packs[0]
        lot, foreign = create_lot(coop, pack, 8), create_lot(other, create_product(other, "Chè").packs[0], 3)
        found = {"lot": lot.id, "code": lot.code, "pack": pack.id, "gtin": pack.gtin, "foreign": foreign.code}
        manager = manager_of(coop)
        db.session.remove()
    sign_in(client, manager)
    yield found
    app.config["WTF_CSRF_ENABLED"] = True


def link(here):
    return printed_link("https://chophien.example.vn", here["gtin"], here["code"])


def picture(text):
    out = BytesIO()
    segno.make(text).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def on_hand(app, here, place):
    with app.app_context():
        wanted = {"lot_id": here["lot"], "pack_id": here["pack"], "place": place}
        return db.session.query(Stock.on_hand).filter_by(**wanted).scalar() or 0


def test_a_photograph_is_read_in_the_darkroom(ctx):
    assert codes_safely(picture("HTTPS://X.VN/01/02000000000015/10/MD-1")) == [
        "HTTPS://X.VN/01/02000000000015/10/MD-1"
    ]


def test_a_typed_code_and_a_photographed_one_lead_to_the_same_lot(client, here):
    typed = client.post("/manage/scan/count", data={"code": here["code"]})
    assert typed.status_code == 302 and typed.headers["Location"] == f"/manage/scan/count?code={here['code']}"
    sent = {"photo": (BytesIO(picture(link(here))), "ma.png")}
    photographed = client.post("/manage/scan/count", data=sent, content_type="multipart/form-data")
    page = client.get(photographed.headers["Location"])
    assert here["code"] in page.text and "sổ ghi 8 gói" in page.text and 'data-scan=""' in page.text
    asked = client.post("/manage/scan/read", data={"photo": (BytesIO(picture(link(here))), "ma.png")},
                        content_type="multipart/form-data")  # fmt: skip
    assert asked.get_json() == {"code": link(here)}
    white = {"photo": (BytesIO(picture("x").replace(b"IDAT", b"IDAT", 1)[:60]), "ma.png")}
    assert client.post("/manage/scan/read", data=white, content_type="multipart/form-data").status_code == 422


def test_what_is_not_ours_or_cannot_be_read_says_what_to_do(client, here):
    assert "không có lô hay kiện" in client.get(f"/manage/scan/count?code={here['foreign']}").text
    bad = client.post("/manage/scan/pack", data={"code": "!!"})
    assert bad.status_code == 422 and "Chưa đọc được mã này" in bad.text


def test_a_count_is_written_once_and_the_next_code_is_asked_for(app, client, here):
    path = f"/manage/scan/count/{here['lot']}/{here['pack']}/store"
    told = {"key": "k" * 16, "quantity": "7", "reason": "Đếm bằng quét mã"}
    for _time in range(2):
        assert client.post(path, data=told).headers["Location"] == "/manage/scan/count"
    assert on_hand(app, here, "store") == 7
    refused = client.post(path, data=told | {"key": "l" * 16, "quantity": ""})
    assert refused.status_code == 422 and here["code"] in refused.text


def test_packs_come_back_from_the_stall(app, client, here):
    assert "không có gói nào đang ở quầy" in client.get(f"/manage/scan/receive?code={here['code']}").text
    with app.app_context(), transaction():
        move_stock(SYSTEM, here["lot"], here["pack"], 3, "store", "stall", "Chợ phiên")
    assert "sổ ghi 3 gói" in client.get(f"/manage/scan/receive?code={here['gtin']}").text
    told = {"key": "k" * 16, "quantity": "2", "reason": "Quầy trả về"}
    assert (
        client.post(f"/manage/scan/receive/{here['lot']}/{here['pack']}/stall", data=told).status_code == 302
    )
    assert (on_hand(app, here, "store"), on_hand(app, here, "stall")) == (7, 1)


def test_a_case_opens_with_what_it_should_hold(app, client, here):
    with app.app_context(), transaction():
        number = make_unit(SYSTEM, "k", [(here["lot"], here["pack"], 5)]).number
    page = client.get(f"/manage/scan/receive?code={number}")
    assert "Kiện ghi có 5 gói" in page.text and here["code"] in page.text


def test_packing_leads_to_the_orders_that_wait_for_the_lot(client, here):
    assert "Không đơn nào đang chờ gói" in client.get(f"/manage/scan/pack?code={here['code']}").text


def test_a_case_is_given_up_on_its_page_and_a_scan_says_so(app, client, here):
    with app.app_context(), transaction():
        unit = make_unit(SYSTEM, "kien", [(here["lot"], here["pack"], 5)])
        page, number = f"/manage/units/{unit.id}", unit.number
    assert "Kiện ghi có 5 gói" in client.get(f"/manage/scan/count?code={number}").text
    empty = client.post(page, data={"step": "void"})
    assert empty.status_code == 422 and "<details open>" in empty.text
    assert client.post(page, data={"step": "void", "void_reason": "Rách thùng"}).status_code == 302
    after = client.get(page).text
    assert "Rách thùng" in after and 'value="make"' not in after
    scanned = client.get(f"/manage/scan/count?code={number}").text
    assert "Kiện đã huỷ" in scanned and "Kiện ghi có" not in scanned
