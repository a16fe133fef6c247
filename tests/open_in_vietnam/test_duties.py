"""Each page that the law asks for is there, says what it must, in both languages, and is reached from every foot."""

import re
from pathlib import Path

import pytest

from accounts.rules import Role
from core.limits import LIMITS
from storefront.browse.policies import POLICIES
from tests.site.reading import sign_in_as

ROOT = Path(__file__).resolve().parents[2]
OWNER = ("Chủ sở hữu:", "Trụ sở:", "Người đại diện theo pháp luật:", "Mã số:", "Điện thoại:", "Thư điện tử:")
SAYS = {
    "terms": ("hợp đồng", "huỷ", "PDF", "24 giờ", "5 ngày", "3 năm", "15/2"),
    "prices": ("thuế giá trị gia tăng", "Tiền đưa hàng", "Phí của chợ"),
    "payment": ("VietQR", "Trả khi nhận", "5 ngày làm việc"),
    "delivery": ("bảng giá", "mã vận đơn", "Rủi ro"),
    "returns": ("14 ngày", "trả tiền", "chưa đối chiếu"),
    "complaints": ("Viết khiếu nại", "1 ngày", "3 ngày", "7 ngày", "toà án"),
    "privacy": ("Hỏi gì, để làm gì", "Phạm vi", "Ai thấy", "Quyền của bạn", "3 năm", "72 giờ", "91/2025"),
    "limits": ("Nơi giao", "999", "16 tuổi", "Rượu"),
    "ranking": ("Không món nào trả tiền", "còn hàng", "Không tính đến"),
    "sellers": ("24 giờ", "5 ngày", "Lấy dữ liệu về", "1/1/2027"),
    "livestream": ("không phát trực tiếp", "30 ngày"),
    "about": ("Rõ hàng",),
}
STAFF = {
    "/manage": Role.MANAGER, "/manage/notices": Role.MANAGER, "/admin/takedowns": Role.ADMINISTRATOR,
    "/registry": Role.COMMUNE_OFFICER, "/programme": Role.PROJECT_STAFF,
}  # fmt: skip


def test_every_policy_is_tried_here():
    assert set(SAYS) == set(POLICIES)


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_says_what_it_must_with_version_and_day(client, name):
    page = client.get(f"/{name}").text
    for words in SAYS[name]:
        assert words in page, words
    assert (
        f"Bản {POLICIES[name].version}, có hiệu lực từ 22/11/2026." in page and "Chưa có luật sư soát" in page
    )


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_is_whole_in_english_too(name):
    folder = ROOT / "templates" / "storefront" / "browse" / "policies"
    vietnamese, english = ((folder / f"{name}.{code}.html").read_text() for code in ("vi", "en"))
    for sign in ("<h2>", "<li>", "limit("):
        assert vietnamese.count(sign) == english.count(sign), sign
    assert not re.search(
        r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]",
        re.sub("[Cc]hợ [Pp]hiên|đồng|ngô|bắp|miến 5 cân|Tết", "", english),
    )


def test_the_list_leads_to_every_policy(client):
    page = client.get("/policies").text
    assert all(f'href="/{name}"' in page for name in POLICIES) and "/shipping-prices" in page


@pytest.mark.parametrize(
    "path", ["/", "/products", "/terms", "/cart", "/sign-in", "/complaints/new", "/orders/find"]
)
def test_the_owner_stands_at_the_foot_of_public_pages_and_forms(client, path):
    page = client.get(path).text
    assert all(words in page for words in OWNER) and "chưa phải đơn vị có thật" in page


@pytest.mark.parametrize("path", STAFF)
def test_the_owner_stands_at_the_foot_of_staff_pages(client, world, path):
    sign_in_as(client, world, STAFF[path])
    page = client.get(path).text
    assert all(words in page for words in OWNER)


def test_the_owner_stands_at_the_foot_of_scan_pages(client, world, app):
    with app.app_context():
        path = f"/01/{world.pack.gtin}/10/{world.lot.code}"
    page = client.get(path).text
    assert all(words in page for words in OWNER)


def test_a_real_owner_is_not_called_invented(app, client):
    from config import Owner

    before = app.config["OWNER"]
    app.config["OWNER"] = Owner("Công ty Thật", "Số 1", "Ông A", "0100, ngày 1/1, Sở", "1900", "a@b.vn")
    try:
        page = client.get("/about?real=1").text
    finally:
        app.config["OWNER"] = before
    assert "Công ty Thật" in page and "chưa phải đơn vị có thật" not in page


def test_a_shop_page_states_name_office_place_and_papers(client, world, app):
    with app.app_context():
        coop = world.coop
        facts = (coop.name, coop.registration_number, coop.legal_representative, "Trụ sở", "Nơi kinh doanh")
        path = f"/cooperatives/{coop.slug}"
    page = client.get(path).text
    assert all(words in page for words in facts)


def test_no_limit_is_called_verified_while_nobody_read_the_official_text():
    assert not [name for name, one in LIMITS.items() if one.verified]


def test_every_limit_keeps_its_default_within_its_range():
    assert all(one.low <= one.default <= one.high for one in LIMITS.values())


def test_the_guide_names_tests_that_exist():
    guide = (ROOT / "docs" / "guide" / "open-in-vietnam.md").read_text()
    named = set(re.findall(r"`([a-z_]+/(?:test_\w+\.py)?)`", guide))
    assert len(named) > 8
    assert [one for one in named if not (ROOT / "tests" / one).exists()] == []
