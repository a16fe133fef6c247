"""Many at once: a cooperative sends its own table of 5,000 rows; every fault is named by its cell, nothing is lost."""

import io
import time

import openpyxl
import pytest

from catalog.models import Pack, Product
from core.db import db
from tests.factories import sheets
from tests.journeys.live import LiveSite
from tests.journeys.scene import Stall, stall

pytestmark = pytest.mark.browser
ROWS, BAD = 5_000, sheets.BAD_ROWS


@pytest.fixture
def shop(site: LiveSite) -> Stall:
    with site.scene():
        return stall("HTX Bản Vàng")


def goods(site: LiveSite, shop: Stall) -> int:
    with site.scene():
        return db.session.query(Product).filter_by(cooperative_id=shop.id).count()


def test_five_thousand_rows_with_37_bad_ones_give_37_messages_and_lose_nothing(somebody, site, shop) -> None:  # type: ignore[no-untyped-def]
    table = sheets.workbook(
        [sheets.HEADINGS, *sheets.with_faults(ROWS)], before=[["HỢP TÁC XÃ BẢN VÀNG"], ["Bảng hàng"], []]
    )
    manager = somebody(script=False)
    manager.signs_in(shop.manager)
    manager.opens("/manage/products")
    manager.follows("Nhập, xuất bảng")
    manager.page.set_input_files(
        "input[name=sheet]", {"name": "hàng.xlsx", "mimeType": "application/octet-stream", "buffer": table}
    )
    began = time.perf_counter()
    manager.presses("Gửi và xem thử")
    manager.reads("Đang đọc")
    manager.looks("many-1-wait")
    site.the_worker_works("tables")
    manager.reads("Cột nào là gì")  # the page came back by itself, without script
    manager.looks("many-2-columns")
    manager.presses("Tiếp: xem từng dòng")
    site.the_worker_works("tables")
    manager.reads("4.963 dòng nhận được, 37 dòng sai")
    manager.looks("many-3-faults")
    messages = manager.page.locator("#rows li b").all_inner_texts()
    assert len(messages) == BAD and all(text.startswith("Ô ") for text in messages)
    assert messages[0].startswith("Ô F136: giá 0 đồng, ghi từ 1 đồng trở lên")
    assert goods(site, shop) == 0
    left = manager.fetches("Tải 37 dòng chưa nhận, XLSX")
    manager.presses("Nhận 4.963 dòng")
    site.the_worker_works("tables")
    manager.reads("Đã nhận 4.963 dòng")
    took = time.perf_counter() - began
    print(f"\n5,000 rows in the browser, from sending to taken: {took:.1f} s")
    assert took < 60
    assert goods(site, shop) == ROWS - BAD
    _sends_the_mended_rows(manager, site, shop, left)


def _sends_the_mended_rows(manager, site, shop, left: bytes) -> None:  # type: ignore[no-untyped-def]
    """The file of refused rows, mended, opens by the same door, and its headings are remembered."""
    book = openpyxl.load_workbook(io.BytesIO(left))
    for row in book.active.iter_rows(min_row=2):
        assert str(row[0].value).startswith("Ô ")
        for cell, value in zip(row[1:], sheets.good_row(row[1].value), strict=True):
            cell.value = value
    mended = io.BytesIO()
    book.save(mended)
    manager.opens("/manage/sheets")
    manager.page.set_input_files(
        "input[name=sheet]",
        {"name": "sửa.xlsx", "mimeType": "application/octet-stream", "buffer": mended.getvalue()},
    )
    manager.presses("Gửi và xem thử")
    manager.sees("như lần trước", "37 dòng")
    manager.presses("Tiếp: xem từng dòng")
    manager.reads("37 dòng nhận được, không dòng nào sai")
    manager.presses("Nhận 37 dòng")
    manager.reads("Đã nhận 37 dòng")
    assert goods(site, shop) == ROWS


def test_a_sheet_of_new_prices_shows_before_and_after_and_is_taken_once(somebody, site, shop) -> None:  # type: ignore[no-untyped-def]
    rows = [
        ["Tên hàng", "Lượng", "Giá bán"],
        ["Miến dong", "500 g", "65.000 đ"],
        ["Măng khô", "1 kg", 120_000],
    ]
    manager = somebody()
    manager.signs_in(shop.manager)
    for price, heading in (("65.000 đ", "2 dòng nhận được"), ("70.000 đ", "1 dòng nhận được")):
        rows[1][2] = price
        manager.opens("/manage/sheets")
        manager.page.set_input_files(
            "input[name=sheet]",
            {"name": "giá.xlsx", "mimeType": "application/octet-stream", "buffer": sheets.workbook(rows)},
        )
        manager.presses("Gửi và xem thử")
        manager.presses("Tiếp: xem từng dòng")
        manager.sees(heading)
        if price.startswith("70"):
            manager.sees("65.000 đ", "70.000 đ")
        manager.looks(f"many-prices-{price[:2]}")
        manager.presses_twice("Nhận")
        manager.sees("Đã nhận")
    with site.scene():
        mine = (
            db.session.query(Pack)
            .join(Product, Product.id == Pack.product_id)
            .filter_by(cooperative_id=shop.id)
        )
        assert sorted(pack.price_vnd for pack in mine) == [70_000, 120_000]
