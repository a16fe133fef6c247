"""Scanning in a real Chromium: its camera shows a film of a label that our own code drew.

Chromium on Linux has no BarcodeDetector. The one that stands in here hands the very frame that the camera gave to
zxing-cpp, so camera, frame, field and form are real; only who decodes is not the phone.
"""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Playwright, expect

from accounts.rules import Role
from core.db import db
from tests import chromium
from tests.live import Live
from tests.site.test_browser import PHONE
from traceability.gs1.links import printed_link
from traceability.gs1.symbols import bars, qr_rows

pytestmark = pytest.mark.browser
WIDE, HIGH = 640, 480
STAND_IN = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(video) {
    const sheet = Object.assign(document.createElement("canvas"), {width: video.videoWidth, height: video.videoHeight});
    sheet.getContext("2d").drawImage(video, 0, 0);
    const found = await window.decode(sheet.toDataURL("image/png").split(",")[1]);
    return found.map((rawValue) => ({ rawValue }));
  }
};
"""


def drawn(rows: list[str], module: int) -> Image.Image:
    """Rows of modules in the middle of a frame."""
    symbol = Image.new("L", (len(rows[0]), len(rows)), 235)
    for y, row in enumerate(rows):
        for first, width in bars(row):
            symbol.paste(16, (first, y, first + width, y + 1))
    symbol = symbol.resize((symbol.width * module, symbol.height * module), Image.Resampling.NEAREST)
    frame = Image.new("L", (WIDE, HIGH), 235)
    frame.paste(symbol, ((WIDE - symbol.width) // 2, (HIGH - symbol.height) // 2))
    return frame


def film(frame: Image.Image, path: Path) -> Path:
    """Ten equal frames as YUV4MPEG2, which Chromium's fake camera plays over and over. Colour stays grey."""
    grey = bytes([128]) * (WIDE * HIGH // 2)
    one = b"FRAME\n" + frame.tobytes() + grey
    path.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode() + one * 10)
    return path


def label_of(live: Live) -> tuple[str, str]:
    """The world's lot: its code and the address in its labels' QR."""
    with live.app.app_context():
        lot, pack = live.world.lot, live.world.pack
        found = lot.code, printed_link("https://chophien.example.vn", pack.gtin, lot.code)
        db.session.remove()
    return found


@pytest.fixture
def looking(playwright: Playwright, live_server: Live, tmp_path: Path) -> Iterator[Any]:
    """Open a page as the manager, in a browser whose camera sees a frame; the stand-in decodes what it gives."""
    opened: list[Any] = []

    def look(path: str, frame: Image.Image | None = None) -> Any:
        flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        if frame:
            flags.append(f"--use-file-for-fake-video-capture={film(frame, tmp_path / 'label.y4m')}")
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=[*chromium.FLAGS, *flags])
        opened.append(browser)
        context = browser.new_context(viewport=PHONE, locale="vi-VN")
        context.add_cookies([live_server.cookie_of(Role.MANAGER)])
        if frame:
            context.expose_function("decode", decode)
            context.add_init_script(STAND_IN)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield look
    for browser in opened:
        browser.close()


def decode(png: str) -> list[str]:
    """What zxing-cpp reads on a frame."""
    with Image.open(BytesIO(b64decode(png))) as frame:
        return [one.text for one in zxingcpp.read_barcodes(frame.convert("L"))]


def test_the_camera_reads_a_label_and_the_form_goes_off_with_it(live_server: Live, looking: Any) -> None:
    code, link = label_of(live_server)
    page = looking("/manage/scan/count", drawn(qr_rows(link), 6))
    page.get_by_role("button", name="Quét bằng máy ảnh").click()
    expect(page.locator(".card .lot-no")).to_have_text(code)
    assert page.locator("video").count() == 0 and page.url.endswith(link)


def test_a_phone_without_a_detector_photographs_and_the_market_reads(live_server: Live, looking: Any) -> None:
    _code, link = label_of(live_server)
    with live_server.app.app_context():
        order_id = live_server.world.paid_order.id
        db.session.remove()
    page = looking(f"/manage/orders/{order_id}/pack")
    expect(page.get_by_role("button", name="Chụp ảnh mã").first).to_be_visible()
    assert page.evaluate("'BarcodeDetector' in window") is False
    field = page.locator("[data-scan]").first
    field.fill("")
    drawn(qr_rows(link), 8).save(photo := BytesIO(), "JPEG")
    sent = {"name": "tem.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    page.locator("input[type=file]").first.set_input_files(sent)
    expect(field).to_have_value(link)
    nothing = Image.new("L", (WIDE, HIGH), 235)
    nothing.save(blank := BytesIO(), "JPEG")
    page.locator("input[type=file]").first.set_input_files(sent | {"buffer": blank.getvalue()})
    expect(page.get_by_text("Trong ảnh chưa thấy mã nào.")).to_be_visible()
    expect(field).to_have_value(link)


def test_a_camera_that_is_refused_leaves_a_photograph_and_typing(live_server: Live, looking: Any) -> None:
    with live_server.app.app_context():
        order_id = live_server.world.paid_order.id
        db.session.remove()
    page = looking(f"/manage/orders/{order_id}/pack", drawn(["0"], 1))
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error()); }")
    button = page.get_by_role("button", name="Quét bằng máy ảnh").first
    for _twice in range(2):
        button.click()
    expect(page.get_by_text("Máy ảnh không mở được.")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(1)
    assert page.locator("[data-scan]").first.is_editable()
