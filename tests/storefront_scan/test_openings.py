"""Openings are counted by day without anybody's trace, and told without accusing anybody."""

from datetime import date, timedelta

import pytest

from accounts.rules import SYSTEM
from catalog.models import Pack
from core.db import db, transaction
from storefront.scan.openings.models import ScanDay
from storefront.scan.openings.operations import store_scans
from storefront.scan.openings.rules import Opened, Opening, is_serial, judge
from storefront.scan.tasks import store_noted_scans
from tests.storefront_scan.test_pages import TODAY, Shop, text_of
from traceability.labels.operations import order_labels, void_serials, void_sheet
from traceability.labels.queries import serials_of
from traceability.labels.tasks import make_sheets
from traceability.models import Lot

SERIAL = "ABCDEFGHIJKLMNOP"
AGO = TODAY - timedelta(days=20)


@pytest.fixture
def shop(app):
    return Shop(app)


@pytest.mark.parametrize(
    ("opened", "delivered_on", "kind"),
    [
        (Opened(), None, Opening.FIRST),
        (Opened(1, 1, TODAY, TODAY), None, Opening.FIRST),
        (Opened(2, 1, TODAY, TODAY), None, Opening.USUAL),
        (Opened(5, 3, AGO, TODAY), AGO, Opening.USUAL),
        (Opened(5, 3, AGO, TODAY), AGO + timedelta(days=1), Opening.EARLY),
        (Opened(11, 3, AGO, TODAY), AGO, Opening.OFTEN),
        (Opened(2, 2, TODAY - timedelta(days=91), TODAY), None, Opening.OFTEN),
    ],
)
def test_what_counts_of_one_pack_look_like(opened, delivered_on, kind):
    assert judge(opened, serial=True, delivered_on=delivered_on, today=TODAY).kind is kind
    assert judge(opened, serial=False, delivered_on=delivered_on, today=TODAY).kind is Opening.WHOLE_LOT


def test_only_serials_of_our_form_are_counted_one_by_one():
    assert is_serial(SERIAL) and not any(
        is_serial(one) for one in ("", "777", "abc" * 6, "A" * 17, "A B" * 6, "ABCDEFGHIJKLMN01")
    )


def printed(app, shop, code, quantity=1):
    """Serials of labels of a lot, printed one by one."""
    with app.app_context():
        lot_id = db.session.query(Lot.id).filter_by(code=code).scalar()
        pack_id = db.session.get_one(Pack, shop.pack).id
        db.session.rollback()
        with transaction():
            sheet = order_labels(
                SYSTEM, f"{code}-{quantity}", lot_id, pack_id, quantity, "2x4", serialised=True
            )
        return lot_id, sheet.id, serials_of(sheet.id)


def test_openings_are_noted_in_a_file_and_stored_by_the_worker(app, client, shop):
    store_here(app)  # what other tests left, while there is no lot that it could be taken for
    code = shop.lot(6)
    path, (_lot, _sheet, [serial]) = shop.path(code), printed(app, shop, code)
    for _time in range(3):
        assert "Set-Cookie" not in client.get(path, headers={"User-Agent": "điện thoại của ai đó"}).headers
    client.get(f"{path}/21/{serial}")
    client.get(f"{path}/21/{SERIAL}")
    client.head(path)
    assert store_here(app) == 5
    with app.app_context():
        rows = (
            db.session.query(ScanDay.serial, ScanDay.on_day, ScanDay.scan_count)
            .order_by(ScanDay.serial)
            .all()
        )
        columns = set(ScanDay.__table__.columns.keys())
    assert [tuple(row) for row in rows] == [
        ("", TODAY, 5),
        (serial, TODAY, 1),
    ]  # an invented one fills no table
    assert columns == {"lot_id", "serial", "on_day", "scan_count"}  # nothing of who, on what, or from where
    assert "5 lần mở trong 1 ngày" in text_of(client.get(path))


def store_here(app):
    with app.app_context():
        return store_noted_scans()


def test_what_is_not_an_opening_is_left_out(app, shop):
    shop.lot(6)
    with app.app_context():
        with transaction():
            store_scans([{"lot": 999_999, "on": "2026-11-22"}, {"lot": "1", "on": "2026-11-22"}, {}])
        assert db.session.query(ScanDay).count() == 0


def test_many_openings_are_told_with_their_uncertainty_and_without_accusing(app, client, shop):
    code = shop.lot(6)
    lot_id, _sheet, [serial] = printed(app, shop, code)
    with app.app_context(), transaction():
        store_scans([{"lot": lot_id, "on": date(2026, 11, 1).isoformat(), "serial": serial}] * 25)
    text = text_of(client.get(f"{shop.path(code)}/21/{serial}"))
    assert "25 lần mở trong 1 ngày" in text and "số đếm không phân biệt được" in text
    assert "giả" not in text.partition("Mã này đã mở mấy lần")[2].partition("Có chỗ không ổn")[0]


def test_withdrawn_labels_have_a_page_that_says_what_to_do(app, client, shop):
    code = shop.lot(6)
    with app.app_context():
        lot_id = db.session.query(Lot.id).filter_by(code=code).scalar()
        pack_id = db.session.get_one(Pack, shop.pack).id
        db.session.rollback()
        with transaction():
            sheet_id = order_labels(SYSTEM, "k" * 16, lot_id, pack_id, 2, "2x4").id
        make_sheets()
        assert "Tem này đã bị huỷ" not in text_of(client.get(shop.path(code)))
        with transaction():
            void_sheet(SYSTEM, sheet_id, "Mất cuộn tem")
    answer = client.get(shop.path(code))
    text = text_of(answer)
    assert "Tem này đã bị huỷ" in text and "Gọi hợp tác xã" in text and "Mua nữa" not in text
    assert "Mất cuộn tem" not in text and "không bị thu hồi" not in text


def test_a_serials_page_says_whether_its_label_was_printed_withdrawn_or_is_nobodys(app, client, shop):
    code = shop.lot(6)
    _lot, sheet_id, [good, spoiled] = printed(app, shop, code, 2)
    with app.app_context(), transaction():
        assert void_serials(SYSTEM, sheet_id, [spoiled], "Máy in nhoè") == 1
    path = shop.path(code)
    text = text_of(client.get(f"{path}/21/{good}"))
    assert f"Tem số {good} in ngày" in text and "không bị thu hồi" in text
    text = text_of(client.get(f"{path}/21/{spoiled}"))
    assert (
        "Tem này đã bị huỷ" in text
        and "huỷ riêng tem" in text
        and "Mua nữa" not in text
        and "nhoè" not in text
    )
    text = text_of(client.get(f"{path}/21/{SERIAL}"))
    assert "Sổ không có tem mang số riêng này" in text and "chưa in tem nào mang số" in text
    assert "Tem này đã bị huỷ" not in text_of(client.get(path))  # the lot's own code stays
    with app.app_context(), transaction():
        void_sheet(SYSTEM, sheet_id, "Mất cuộn tem")
    assert "Tem này đã bị huỷ" in text_of(client.get(f"{path}/21/{good}"))
