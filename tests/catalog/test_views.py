"""The manager's pages over HTTP, and the administrator's."""

import re
from io import BytesIO

import pytest

from accounts.rules import Role
from catalog import queries, tasks
from catalog.models import Product
from core.db import db
from tests.catalog import phone
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import STORY, category, create_product
from tests.factories.cooperatives import create_cooperative, manager_of


@pytest.fixture
def shop(app):
    """Ids of a cooperative, its commune, its manager and a category."""
    with app.app_context():
        coop = create_cooperative()
        found = {
            "coop": coop.id,
            "commune": coop.commune_id,
            "manager": manager_of(coop),
            "category": category().id,
        }
        db.session.rollback()
    return found


@pytest.fixture
def manager(client, shop):
    sign_in(client, shop["manager"])
    return client


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def fields(client, shop, path="/manage/products/new", **changes):
    """A complete form as a browser would send it, with its own key and token."""
    page = client.get(path)
    sent = {
        "csrf_token": token(page),
        "key": re.search(r'name="key"[^>]*value="([^"]+)"', page.text)[1],
        "do": "save",
        "name": "Miến dong",
        "category_id": str(shop["category"]),
        "story": STORY,
        "origin": str(shop["commune"]),
        "ingredients": "Bột dong riềng",
        "storage": "Nơi khô",
        "shelf_life_days": "365",
        "pack0_price_vnd": "65.000",
        "pack0_net_quantity": "500",
        "pack0_net_unit": "g",
    }
    return sent | changes


def all_products(app):
    with app.app_context():
        found = [
            (one.id, one.name, one.state, [pack.price_vnd for pack in one.packs])
            for one in db.session.query(Product)
        ]
        db.session.rollback()
    return found


def photo(data=None, name="IMG_0001.JPG"):
    return (BytesIO(data or phone.jpeg(6, phone.upright((800, 600)))), name)


def test_a_draft_with_a_photo_is_kept_and_published_after_the_worker(app, manager, shop):
    sent = fields(manager, shop, photos=[photo()])
    answer = manager.post("/manage/products/new", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 302
    with app.app_context():
        assert tasks.finish_photos() == 1
    page = manager.post(
        answer.location, data=fields(manager, shop, answer.location, do="publish"), follow_redirects=True
    )
    assert page.status_code == 200 and "Khách tìm thấy món này ngay" in page.text
    assert [row[1:3] for row in all_products(app)] == [("Miến dong", "published")]


def test_publishing_while_the_photo_is_in_work_is_remembered_and_the_worker_does_it(app, manager, shop):
    sent = fields(manager, shop, do="publish", photos=[photo()])
    page = manager.post(
        "/manage/products/new", data=sent, content_type="multipart/form-data", follow_redirects=True
    )
    assert page.status_code == 200 and "chừng một phút nữa món này tự lên chợ" in page.text
    assert "chỗ cần sửa" not in page.text
    assert "Chờ ảnh xong" in manager.get("/manage/products").text
    assert [row[1:3] for row in all_products(app)] == [("Miến dong", "draft")]
    with app.app_context():
        assert tasks.finish_photos() == 1
    assert [row[1:3] for row in all_products(app)] == [("Miến dong", "published")]


def test_a_photo_that_fails_leaves_the_draft_and_says_so(app, manager, shop):
    broken = phone.jpeg(6, phone.upright((800, 600)))
    sent = fields(manager, shop, do="publish", photos=[photo(broken[: len(broken) // 3])])
    answer = manager.post("/manage/products/new", data=sent, content_type="multipart/form-data")
    with app.app_context():
        tasks.finish_photos()
    assert [row[2] for row in all_products(app)] == ["draft"]
    page = manager.get(answer.location)
    assert "Món này chưa lên chợ được" in page.text and "Thêm một ảnh rõ" in page.text
    assert "Còn thiếu" in manager.get("/manage/products").text


def test_keeping_a_draft_forgets_the_wish_to_publish(app, manager, shop):
    sent = fields(manager, shop, do="publish", photos=[photo()])
    answer = manager.post("/manage/products/new", data=sent, content_type="multipart/form-data")
    manager.post(answer.location, data=fields(manager, shop, answer.location, do="save", pack0_id="1"))
    with app.app_context():
        assert tasks.finish_photos() == 1
    assert [row[2] for row in all_products(app)] == ["draft"]


def test_a_missing_pack_is_said_beside_the_price_and_linked(app, manager, shop):
    sent = fields(manager, shop, do="publish", pack0_price_vnd="", pack0_net_quantity="")
    page = manager.post("/manage/products/new", data=sent)
    assert page.status_code == 422
    assert '<a href="#pack0_price_vnd">Ghi lượng và giá của một quy cách</a>' in page.text


def test_one_more_pack_is_folded_away_until_wanted_or_wrong(app, manager, shop):
    answer = manager.post("/manage/products/new", data=fields(manager, shop))
    assert '<details id="packs-2">' in manager.get(answer.location).text
    again = fields(manager, shop, answer.location, pack0_id="1", pack1_price_vnd="9.000")
    page = manager.post(answer.location, data=again)
    assert page.status_code == 422 and '<details id="packs-2" open>' in page.text


def certificate(client, scan, **changes):
    page = client.get("/manage/certificates")
    sent = {
        "csrf_token": token(page), "key": re.search(r'name="key"[^>]*value="([^"]+)"', page.text)[1], "kind": "ocop",
        "number": "12/OCOP", "issuer": "UBND tỉnh Thái Nguyên", "valid_from": "2026-01-01", "scan": scan,
    }  # fmt: skip
    return client.post("/manage/certificates", data=sent | changes, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("scan", "kind"),
    [((BytesIO(b"%PDF-1.7 paper"), "a.pdf"), "application/pdf"), (photo(name="b.png"), "image/jpeg")],
)
def test_a_certificates_scan_is_kept_for_its_own_cooperative_only(app, client, manager, shop, scan, kind):
    assert certificate(manager, scan).status_code == 302
    page = manager.get("/manage/certificates")
    where = re.search(r'href="(/manage/certificates/\d+/scan)"', page.text)[1]
    answer = manager.get(where)
    assert answer.content_type == kind and "attachment" in answer.headers["Content-Disposition"]
    assert b"Exif" not in answer.data
    with app.app_context():
        stranger = manager_of(create_cooperative("HTX Khác"))
        db.session.rollback()
    sign_in(client, stranger)
    assert client.get(where).status_code == 404


def test_a_scan_that_is_neither_pdf_nor_photo_is_refused_beside_its_field(manager):
    page = certificate(manager, (BytesIO(b"PK\x03\x04zip"), "giay.pdf"))
    assert page.status_code == 422 and "Gửi tệp PDF, hoặc ảnh chụp rõ trang giấy." in page.text


def test_an_expired_certificate_is_red_in_the_list(manager):
    assert certificate(manager, photo(), valid_to="2026-10-01").status_code == 302
    assert re.search(r'class="badge bad">.*?Hết hạn', manager.get("/manage/certificates").text)


def test_a_double_tap_makes_one_product_with_one_pack_and_one_photo(app, manager, shop):
    sent = fields(manager, shop)
    data = phone.jpeg(1, phone.upright((400, 300)))
    for _ in range(2):
        answer = manager.post(
            "/manage/products/new", data=sent | {"photos": [photo(data)]}, content_type="multipart/form-data"
        )
        assert answer.status_code == 302
    assert [row[3] for row in all_products(app)] == [[65_000]]
    with app.app_context():
        assert len(queries.photos(all_products(app)[0][0])) == 1


def test_an_empty_draft_is_kept(app, manager, shop):
    blank = dict.fromkeys(fields(manager, shop), "") | {
        key: value
        for key, value in fields(manager, shop).items()
        if key in ("key", "csrf_token", "do", "pack0_net_unit")
    }
    assert manager.post("/manage/products/new", data=blank).status_code == 302
    assert [row[1:3] for row in all_products(app)] == [("", "draft")]


def test_publishing_too_early_keeps_the_draft_and_names_what_is_missing(app, manager, shop):
    page = manager.post(
        "/manage/products/new", data=fields(manager, shop, do="publish", story="ngắn", storage="", filled="1")
    )
    assert page.status_code == 422
    for words in (
        "Thêm một ảnh rõ",
        "Kể về món này, ít nhất hai câu",
        "Ghi cách giữ hàng cho tốt",
        "Đã giữ bản nháp",
    ):
        assert words in page.text
    assert [row[1:3] for row in all_products(app)] == [("Miến dong", "draft")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pack0_price_vnd": "0"}, "Giá phải lớn hơn 0"),
        ({"pack0_price_vnd": "1000000000000"}, "không quá 1 tỷ"),
        ({"pack0_price_vnd": "abc"}, "Chưa đọc được số tiền"),
        ({"pack0_net_quantity": "-5"}, "Chưa đọc được lượng"),
        ({"pack0_net_quantity": ""}, "Ghi lượng trong một gói"),
        ({"pack0_gtin": "8931234567899"}, "Số cuối của mã vạch chưa khớp"),
        ({"story": "a" * 50_000}, "Bài kể dài 50000 chữ"),
        ({"name": "x" * 121}, "Tên dài quá"),
        ({"category_id": "999"}, "Chọn một mục trong danh sách"),
        ({"shelf_life_days": "0"}, "Hạn dùng từ 1 ngày"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app, manager, shop, changes, words):
    page = manager.post("/manage/products/new", data=fields(manager, shop, usage="Ngâm <nước> ấm", **changes))
    assert page.status_code == 422 and words in page.text
    assert "Ngâm &lt;nước&gt; ấm" in page.text and (changes.get("story") or "")[:100] in page.text
    assert all_products(app) == []


@pytest.mark.parametrize(
    "data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\x03\x04zip", b"\xff\xd8\xffbroken"]
)
def test_a_bad_photo_is_named_and_the_rest_is_kept(app, manager, shop, data):
    sent = fields(manager, shop, photos=[photo(data, "nương <b>.jpg"), photo()])
    page = manager.post("/manage/products/new", data=sent, content_type="multipart/form-data")
    assert page.status_code == 422 and "nương &lt;b&gt;.jpg" in page.text
    [product] = all_products(app)
    with app.app_context():
        assert product[1] == "Miến dong" and len(queries.photos(product[0])) == 1


def test_three_heavy_photos_come_through_at_once(app, manager, shop):
    heavy = [
        photo(phone.encoded("PNG", phone.upright((300, 300 + n))) + bytes(7_000_000), f"{n}.png")
        for n in range(3)
    ]
    answer = manager.post(
        "/manage/products/new", data=fields(manager, shop, photos=heavy), content_type="multipart/form-data"
    )
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 302


def test_a_price_is_changed_and_a_second_pack_added_on_the_same_form(app, manager, shop):
    with app.app_context():
        from cooperatives.queries import cooperative

        product = create_product(cooperative(shop["coop"]))
        path, pack = f"/manage/products/{product.id}", str(product.packs[0].id)
        db.session.rollback()
    sent = fields(
        manager,
        shop,
        path,
        pack0_id=pack,
        pack0_price_vnd="70k",
        pack0_label="Gói 500 g",
        pack1_price_vnd="130000",
        pack1_net_quantity="1000",
        pack1_net_unit="g",
        pack1_id="",
    )
    assert manager.post(path, data=sent).status_code == 302
    assert [row[3] for row in all_products(app)] == [[70_000, 130_000]]


def test_the_list_shows_states_and_a_withdrawn_product_is_gone_from_the_shop(app, manager, shop):
    with app.app_context():
        from cooperatives.queries import cooperative

        coop = cooperative(shop["coop"])
        product_id = create_product(coop).id
        create_product(coop, "Nấm hương", published=False)
        db.session.rollback()
    page = manager.get("/manage/products").text
    assert "Đang bán" in page and "Bản nháp" in page
    csrf = token(manager.get(f"/manage/products/{product_id}"))
    assert (
        manager.post(f"/manage/products/{product_id}/withdraw", data={"csrf_token": csrf}).status_code == 302
    )
    assert manager.get("/products/mien-dong").status_code == 404


def test_a_stranger_meets_404_and_a_buyer_403(app, client, shop):
    with app.app_context():
        from cooperatives.queries import cooperative

        product_id = create_product(cooperative(shop["coop"])).id
        stranger, treasurer = manager_of(create_cooperative("HTX Khác")), actor_for(Role.TREASURER, 1)
        db.session.rollback()
    assert client.get("/manage/products").status_code == 401
    sign_in(client, stranger)
    assert client.get(f"/manage/products/{product_id}").status_code == 404
    sign_in(client, treasurer)
    assert client.get("/manage/products").status_code == 403


def test_certificates_are_entered_and_an_expired_one_is_red(app, manager, shop):
    csrf = token(manager.get("/manage/certificates"))
    sent = {"csrf_token": csrf, "key": "certificate-1", "kind": "ocop", "number": "12", "issuer": "UBND tỉnh",
            "valid_from": "2022-01-01", "valid_to": "2025-01-01", "product_id": ""}  # fmt: skip
    assert manager.post("/manage/certificates", data=sent).status_code == 302
    assert 'class="badge bad"' in manager.get("/manage/certificates").text
    page = manager.post("/manage/certificates", data=sent | {"valid_to": "2020-01-01"})
    assert page.status_code == 422 and "Ngày hết hạn phải sau ngày cấp" in page.text


def test_an_administrator_looks_at_held_words(app, client, shop):
    with app.app_context():
        from catalog import operations
        from cooperatives.queries import cooperative
        from core.db import transaction

        product_id = create_product(
            cooperative(shop["coop"]), story=STORY + " Chữa bệnh.", published=False
        ).id
        with transaction():
            operations.publish(shop["manager"], product_id)
        administrator = actor_for(Role.ADMINISTRATOR)
        db.session.rollback()
    sign_in(client, administrator)
    page = client.get("/admin/products")
    assert "Chữa bệnh" in page.text
    assert (
        client.post(
            f"/admin/products/{product_id}/reject", data={"csrf_token": token(page), "reason": ""}
        ).status_code
        == 422
    )
    assert (
        client.post(f"/admin/products/{product_id}/approve", data={"csrf_token": token(page)}).status_code
        == 302
    )
    assert client.get("/products/mien-dong").status_code == 200


# ---- the form that proposes ----


def quick(client, shop, **changes):
    """What is typed in a minute and a half, without script: no label facts at all."""
    sent = fields(client, shop, story="", ingredients="", storage="", shelf_life_days="", **changes)
    return client.post("/manage/products/new", data=sent, content_type="multipart/form-data")


def one_product(app):
    with app.app_context():
        found = db.session.query(Product).one()
        kept = {
            name: getattr(found, name)
            for name in ("id", "state", "storage", "shelf_life_days", "story", "allergens")
        }
        db.session.rollback()
    return kept


def test_publishing_with_the_label_empty_proposes_first_and_publishes_at_the_second_press(app, manager, shop):
    answer = quick(manager, shop, do="publish", photos=[photo()])
    page = manager.get(answer.location)
    assert (
        "Xem lại rồi bấm Đăng bán" in page.text
        and "Để nơi khô, thoáng" in page.text
        and "12 tháng" in page.text
    )
    found = one_product(app)
    assert (found["state"], found["shelf_life_days"], found["allergens"]) == ("draft", 365, "none")
    assert len(found["story"]) >= 80 and "xã Côn Minh" in found["story"]
    with app.app_context():
        tasks.finish_photos()
    again = re.findall(r'name="(pack0_id)"[^>]*value="(\d+)"', page.text)
    sent = fields(
        manager, shop, answer.location, do="publish", filled="1", story=found["story"], **dict(again)
    )
    assert manager.post(answer.location, data=sent).status_code == 302
    assert one_product(app)["state"] == "published"


def test_proposing_on_request_keeps_what_was_typed(app, manager, shop):
    sent = fields(manager, shop, do="fill", storage="Treo gác bếp.", shelf_life_days="", usage="")
    answer = manager.post("/manage/products/new", data=sent)
    assert answer.status_code == 302
    found = one_product(app)
    assert (found["storage"], found["shelf_life_days"], found["story"]) == ("Treo gác bếp.", 365, STORY)


def test_saving_a_draft_proposes_nothing(app, manager, shop):
    assert quick(manager, shop).status_code == 302
    found = one_product(app)
    assert (found["storage"], found["story"], found["allergens"]) == ("", "", "")


def test_a_refused_amount_keeps_every_word_and_unfolds_where_it_is_wrong(manager, shop):
    page = manager.post(
        "/manage/products/new",
        data=fields(
            manager,
            shop,
            pack0_net_quantity="một ít",
            shelf_life_days="lâu",
            allergens=["soy"],
            harvest_months=["11"],
        ),
    )
    assert page.status_code == 422
    assert 'value="một ít"' in page.text and 'value="lâu"' in page.text
    assert '<details id="more" open>' in page.text
    assert re.search(r'value="soy" checked', page.text) and re.search(r'value="11" checked', page.text)


@pytest.mark.parametrize(("amount", "unit", "kept"), [
    ("2 lạng", "g", (200, "g", "200 g")), ("nua", "kg", (500, "g", "500 g")),
    ("chai 750 ml", "g", (750, "ml", "Chai 750 ml")),
    ("chục", "piece", (10, "piece", "10 cái")), ("6", "piece", (6, "piece", "6 cái")), ("1", "bó", (1, "piece", "Bó")),
])  # fmt: skip
def test_an_amount_is_kept_as_people_said_it(app, manager, shop, amount, unit, kept):
    assert manager.post(
        "/manage/products/new", data=fields(manager, shop, pack0_net_quantity=amount, pack0_net_unit=unit)
    ).status_code == 302  # fmt: skip
    with app.app_context():
        (pack,) = db.session.query(Product).one().packs
        found = (pack.net_quantity, pack.net_unit, pack.label)
        db.session.rollback()
    assert found == kept


def test_another_cooperatives_words_are_not_copied(app, manager, shop):
    with app.app_context():
        other = create_product(create_cooperative("HTX Bạn"), "Bí mật của bạn").id
        db.session.rollback()
    assert "Bí mật của bạn" not in manager.get(f"/manage/products/new?from={other}").text


def test_a_change_that_cannot_be_taken_back_says_why_on_its_page(app, manager, shop):
    manager.post("/manage/products/new", data=fields(manager, shop))
    page = manager.get("/manage/products/1/history")
    assert "Ghi món mới" in page.text
    answer = manager.post("/manage/products/1/history/1/undo", data={"csrf_token": token(page)})
    assert answer.status_code == 409 and "ghi món lần đầu" in answer.text
