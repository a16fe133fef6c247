"""What the page of photos does in a real Chromium: small, bare and upright before sending, tried again, told."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from accounts.rules import Role
from catalog import queries
from catalog.models import Photo
from core import files
from core.db import db
from tests.catalog import phone
from tests.live import Live
from tests.site.test_browser import PHONE

pytestmark = pytest.mark.browser
MOST = 300 * 1024
PRIVATE = (b"Exif", b"EXIF", b"GPS", b"Che Co")


def scene(size: tuple[int, int]) -> Image.Image:
    """Four coloured quarters with printed lines, so that it is sharp, and some grain, so that it is heavy."""
    image = Image.blend(phone.upright(size), Image.effect_noise(size, 90).convert("RGB"), 0.15)
    draw = ImageDraw.Draw(image)
    for line in range(40, size[1], 60):
        draw.line((40, line, size[0] - 40, line), fill="black", width=6)
    return image


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """Twelve megapixels, lying on its side, with where it was taken."""
    file = tmp_path / "mien.jpg"
    file.write_bytes(phone.jpeg(6, scene((3000, 4000))))
    assert b"Exif" in file.read_bytes() and file.stat().st_size > 10 * MOST
    return file


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A photo that is light already, and still says where it was taken."""
    file = tmp_path / "nhan.jpg"
    file.write_bytes(phone.jpeg(1, scene((1000, 800)).quantize(64).convert("RGB"), quality=40))
    return file


def product_of(live: Live) -> int:
    with live.app.app_context():
        found = int(live.world.product.id)
        db.session.remove()
    return found


@pytest.fixture
def page(browser: Any, live_server: Live) -> Iterator[Any]:
    """The manager's page of photos; `page.sent` holds the bodies of what it posted."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN")
    context.add_cookies([live_server.cookie_of(Role.MANAGER)])
    opened = context.new_page()
    opened.goto(f"{live_server.url}/manage/products/{product_of(live_server)}/photos")
    opened.wait_for_selector("[data-scriptless]", state="hidden")
    yield opened
    context.close()


def photos_of(live: Live) -> list[tuple[str | None, str]]:
    product_id = product_of(live)
    with live.app.app_context():
        found = [(one.shot, one.key) for one in queries.photos(product_id)]
        db.session.remove()
    return found


def arrived(page: Any, live: Live) -> bytes:
    """The file that reached the server last, as it was sent."""
    expect(page.locator("#sending")).to_be_hidden()
    with live.app.app_context():
        newest = db.session.query(Photo).filter(Photo.original.is_not(None)).order_by(Photo.id.desc()).first()
        data = files.read(newest.original)
        db.session.remove()
    return data


def test_twelve_megapixels_leave_the_phone_small_upright_and_without_their_place(
    page: Any, live_server: Live, big: Path
) -> None:
    page.locator("input[name=front]").set_input_files(big)
    expect(page.locator("#wanted")).to_contain_text("Đang xử lý", timeout=20_000)
    body = arrived(page, live_server)
    assert len(body) < MOST
    assert not any(mark in body for mark in PRIVATE)
    sent = Image.open(BytesIO(body))
    assert sent.size == (1200, 1600)
    colours = (phone.RED, phone.GREEN, phone.BLUE, phone.YELLOW)
    smooth = sent.convert("RGB").resize((60, 80), Image.Resampling.BOX)
    assert all(phone.near(*pair, 60) for pair in zip(phone.corners(smooth), colours, strict=True))
    assert photos_of(live_server)[-1][0] == "front"


def test_a_light_photo_loses_its_place_too(page: Any, live_server: Live, small: Path) -> None:
    page.locator("#choose").set_input_files(small)
    expect(page.locator("#sending")).to_be_visible()
    body = arrived(page, live_server)
    assert len(body) < MOST and not any(mark in body for mark in PRIVATE)


def test_a_line_that_breaks_is_tried_again_and_the_photo_is_there_once(
    page: Any, live_server: Live, small: Path
) -> None:
    before, tries = len(photos_of(live_server)), []

    def cut(route: Any) -> None:
        """The first answer is lost on the way back, after the photo arrived."""
        if route.request.method != "POST":
            route.continue_()
            return
        tries.append(route.request.url)
        if len(tries) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/photos", cut)
    page.locator("input[name=back]").set_input_files(small)
    expect(page.locator("#sending")).to_contain_text("Chưa gửi được. Máy giữ lại và tự thử lại.")
    page.get_by_role("button", name="Gửi lại ngay").click()
    expect(page.locator("#sending")).to_be_hidden()
    assert len(tries) == 2 and len(photos_of(live_server)) == before + 1


def test_a_dark_photo_is_told_before_it_is_sent_and_goes_only_when_asked(page: Any, tmp_path: Path) -> None:
    dark = tmp_path / "toi.jpg"
    dark.write_bytes(phone.jpeg(1, scene((1200, 900)).point(lambda value: value // 9)))
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.locator("input[name=hand]").set_input_files(dark)
    expect(page.locator("#sending")).to_contain_text("Ảnh tối. Ra gần cửa sổ")
    assert posts == []
    page.get_by_role("button", name="Vẫn gửi ảnh này").click()
    expect(page.locator("#sending")).to_be_hidden()
    assert len(posts) == 1


def test_a_file_that_is_no_photo_says_so_and_what_was_typed_stays(
    page: Any, small: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "hong.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not a picture" + b"x" * 4_000)
    page.locator("article summary").first.click()
    page.locator("article input[name=alt]").first.fill("Bó miến chưa lưu")
    page.locator("#choose").set_input_files([broken, small])
    expect(page.locator("#sending")).to_contain_text(
        "Ảnh này hỏng, không mở được. Chụp lại hoặc chọn ảnh khác."
    )
    expect(page.locator("#sending li")).to_have_count(1)
    assert page.locator("article input[name=alt]").first.input_value() == "Bó miến chưa lưu"
    page.get_by_role("button", name="Bỏ ảnh này").click()
    expect(page.locator("#sending")).to_be_hidden()


def test_pictures_open_large_over_the_page_and_a_film_plays_only_once_tapped(
    browser: Any, live_server: Live
) -> None:
    from accounts.rules import SYSTEM
    from catalog.clips.operations import set_link
    from core.db import transaction

    product_id = product_of(live_server)
    with live_server.app.app_context():
        with transaction():
            set_link(SYSTEM, product_id, "https://youtu.be/dQw4w9WgXcQ")
        slug = queries.product(product_id).slug
        db.session.remove()
    context = browser.new_context(viewport=PHONE)
    opened, foreign = context.new_page(), []
    context.route(
        lambda url: not url.startswith(live_server.url),
        lambda route: (
            foreign.append(route.request.url),
            route.fulfill(body="<p>phim</p>", content_type="text/html"),
        ),
    )
    opened.goto(f"{live_server.url}/products/{slug}", wait_until="networkidle")
    opened.locator("[data-large]").first.click()
    viewer = opened.locator("dialog[open]")
    expect(viewer.locator("img")).to_be_visible()
    viewer.get_by_role("button", name="Đóng").click()
    expect(viewer).to_have_count(0)
    assert foreign == []
    opened.get_by_role("link", name="Xem đoạn phim ở YouTube").click()
    expect(opened.frame_locator("iframe.film").locator("p")).to_have_text("phim")
    assert foreign == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"]
    context.close()
