"""The share kit on a phone: one tap and the words are in the clipboard, one tap and the picture has come down."""

import io

import pytest
from PIL import Image

from cooperatives.models import Cooperative
from tests.factories.catalog import create_product
from tests.journeys.live import LiveSite
from tests.journeys.scene import row, stall

pytestmark = pytest.mark.browser
SIZES = {"Tải hình ngang 1200×630": (1200, 630), "Tải hình vuông 1080×1080": (1080, 1080),
         "Tải hình dọc 1080×1920": (1080, 1920)}  # fmt: skip


def test_one_tap_copies_the_words_and_one_tap_brings_the_picture(somebody, site: LiveSite) -> None:  # type: ignore[no-untyped-def]
    with site.scene():
        made = stall("HTX Chia Sẻ")
        product = create_product(row(Cooperative, made.id), "Miến dong Côn Minh", available=5).id
    manager = somebody(permissions=["clipboard-read", "clipboard-write"])
    manager.signs_in(made.manager)
    manager.opens(f"/manage/products/{product}/kit")
    manager.presses("Tạo đường dẫn cho mọi nơi")
    manager.sees("Đã có đường dẫn cho từng nơi")
    page = manager.page
    page.get_by_role("button", name="Chép cả lời Zalo").tap()
    manager.sees("Đã chép")
    words = page.evaluate("navigator.clipboard.readText()")
    assert words.startswith("Miến dong Côn Minh") and f"{site.base_url}/s/" in words and "65.000" in words
    for label, size in SIZES.items():
        with page.expect_download() as coming:
            page.get_by_role("link", name=label).tap()
        with Image.open(io.BytesIO(coming.value.path().read_bytes())) as found:
            assert (found.format, found.size) == ("JPEG", size)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Tải biển A4 để in").tap()
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
