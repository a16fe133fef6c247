"""Journey 1: a manager lists a product from a phone."""

import pytest

from catalog.models import Photo, Product
from core.db import db
from tests.catalog.phone import BLUE, GREEN, RED, YELLOW, corners, jpeg, near, upright
from tests.journeys.live import LiveSite, picture
from tests.journeys.people import Person
from tests.journeys.scene import Stall, stall

pytestmark = pytest.mark.browser
STORY = (
    "Bà con trong bản cùng làm, củ tươi nhổ buổi sáng, rửa ba lần nước suối rồi mới xát lấy bột. "
    "Sợi phơi đủ nắng nên dai, nấu lâu không nát."
)


@pytest.fixture
def shop(site: LiveSite) -> Stall:
    with site.scene():
        return stall("HTX Chè Cọ")


def photo() -> bytes:
    """Taken upright with a phone that stores it lying down, and where it was taken."""
    data = jpeg(6, upright((3000, 4000)), quality=97)
    assert b"Exif" in data
    return data


def describe(manager: Person, name: str) -> None:
    manager.types("Tên hàng", name)
    manager.picks("Loại hàng", "Miến")
    manager.types("Giá bán", "65.000")
    manager.types("Lượng", "500")
    if not manager.page.locator("#more[open]").count():
        manager.opens_up("Thêm nữa")
    manager.types("Kể về món này", STORY)
    manager.types("Thành phần", "Tinh bột dong riềng 100 %")
    manager.types("Cách giữ", "Để nơi khô, thoáng.")
    manager.types("Dùng được bao lâu", "365 ngày")


def product_rows(site: LiveSite, name: str) -> list[tuple[int, str]]:
    with site.scene():
        return [(one.id, one.state) for one in db.session.query(Product).filter_by(name=name)]


@pytest.mark.parametrize(("script", "name", "unmarked"), [
    (True, "Miến dong Khuổi Nộc", "mien dong khuoi noc"), (False, "Miến dong Nà Đon", "mien dong na don"),
])  # fmt: skip
def test_a_manager_lists_a_product_and_a_buyer_finds_it_at_once(
    somebody, site, shop, script, name, unmarked
) -> None:  # type: ignore[no-untyped-def]
    manager, buyer = somebody(script=script), somebody(script=script)
    manager.signs_in(shop.manager)
    manager.opens("/manage")
    manager.looks(f"1-today-{script}")
    manager.follows("Đăng hàng mới")
    manager.types("Tên hàng", name)
    manager.presses("Đăng bán")
    manager.sees("Đã giữ bản nháp", "Có 4 chỗ cần sửa")
    manager.looks(f"1-told-what-is-missing-{script}")
    manager.has_typed("Tên hàng", name)

    describe(manager, name)
    manager.attaches("Chọn ảnh", "mien-phoi.jpg", photo())
    manager.looks(f"1-filled-in-{script}")
    manager.presses("Đăng bán")
    manager.sees("Ảnh đang xử lý, chừng một phút nữa món này tự lên chợ.")
    manager.looks(f"1-photo-on-its-way-{script}")
    site.the_worker_works("photos")
    manager.opens("/manage/products")
    manager.follows(name)
    manager.sees("Đang bán", "Ảnh bìa")
    manager.looks(f"1-published-{script}")
    assert [state for _id, state in product_rows(site, name)] == ["published"]

    buyer.opens("/")
    buyer.looks(f"1-home-{script}")
    buyer.searches(unmarked)
    buyer.looks(f"1-found-{script}")
    buyer.follows(name)
    buyer.sees(name, "65.000 đ", "Tinh bột dong riềng 100 %")
    buyer.looks(f"1-product-{script}")
    the_photo_is_upright_and_says_nothing_of_where(buyer, name)


def the_photo_is_upright_and_says_nothing_of_where(buyer: Person, name: str) -> None:
    shown = buyer.page.get_by_role("main").get_by_role("img").first
    address = (
        shown.evaluate("image => image.currentSrc || image.src")
        if buyer.phone.script
        else shown.get_attribute("src")
    )
    data = buyer.phone.context.request.get(str(address)).body()
    image = picture(data)
    assert image.height > image.width
    assert all(
        near(seen, meant, 30) for seen, meant in zip(corners(image), (RED, GREEN, BLUE, YELLOW), strict=True)
    )
    assert b"Exif" not in data and not image.getexif()


def test_a_double_tap_on_a_new_form_makes_one_product(somebody, site, shop) -> None:  # type: ignore[no-untyped-def]
    for script, name in ((True, "Măng khô Bản Cải"), (False, "Măng khô Khuổi Liềng")):
        manager = somebody(script=script)
        manager.signs_in(shop.manager)
        manager.opens("/manage/products/new")
        describe(manager, name)
        manager.attaches("Chọn ảnh", "mang.jpg", jpeg(6, upright((600, 800))))
        manager.presses_twice("Giữ bản nháp")
        manager.sees(name, "Bản nháp", "Đang xử lý")
        assert len(product_rows(site, name)) == 1
        with site.scene():
            mine = (
                db.session.query(Photo)
                .join(Product, Product.id == Photo.product_id)
                .filter(Product.name == name)
            )
            assert mine.count() == 1
