"""Following an order by its link, or by phone and code."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from messages.models import Message
from orders import operations
from orders.models import Problem
from orders.rules import HOLD_MINUTES, Event
from tests.factories.orders import manager_of_order, proposed_picks, stocked
from tests.factories.payments import pay, place_order


@pytest.fixture
def placed(app):
    """Token and code of an order that waits for its transfer."""
    with app.app_context():
        order = place_order([(stocked(5, name="Miến dong"), 2)])[0]
        return {"id": order.id, "token": order.token, "code": order.code}


def packed_and_shipped(app, placed):
    from orders.queries import order as get

    with app.app_context():
        order = get(placed["id"])
        pay(order)
        actor = manager_of_order(order)
        with transaction():
            operations.pack(actor, placed["id"], proposed_picks(order))
        with transaction():
            operations.ship(actor, placed["id"], "GHN", "GAB12345")


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def csrf(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def test_the_link_shows_the_order_and_is_kept_from_search_engines(client, placed):
    answer = client.get(f"/orders/{placed['token']}")
    assert placed["code"] in answer.get_data(as_text=True)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["", "/pay", "/state", "/contract", "/problem"])
def test_a_guessed_link_finds_nothing(client, path):
    assert client.get(f"/orders/guessed-token-of-somebody{path}").status_code == 404


def test_the_pay_page_has_code_sum_and_account(client, placed):
    page = text_of(client, f"/orders/{placed['token']}/pay")
    assert placed["code"] in page
    assert '<svg class="qr"' in page
    assert "data-copy=" in page


def test_the_pay_page_says_when_the_goods_are_held_no_longer(client, placed):
    over = clock.now() + timedelta(minutes=HOLD_MINUTES)
    with clock.use(over - timedelta(seconds=1)):
        assert "(còn 1 phút)" in text_of(client, f"/orders/{placed['token']}/pay")
    with clock.use(over):
        page = text_of(client, f"/orders/{placed['token']}/pay")
    assert "Hết giờ giữ hàng" in page and "phút)" not in page


def test_the_state_changes_when_money_comes_and_the_pay_page_moves_on(app, client, placed):
    before = client.get(f"/orders/{placed['token']}/state").get_json()["state"]
    assert before in text_of(client, f"/orders/{placed['token']}/pay")
    with app.app_context():
        from orders.queries import order

        pay(order(placed["id"]))
    assert client.get(f"/orders/{placed['token']}/state").get_json()["state"] != before
    assert client.get(f"/orders/{placed['token']}/pay").headers["Location"].endswith(placed["token"])
    assert "Đã nhận tiền" in text_of(client, f"/orders/{placed['token']}")


def test_too_little_money_says_what_is_missing(app, client, placed):
    with app.app_context():
        from orders.queries import order

        pay(order(placed["id"]), 1_000)
    assert "Chuyển nốt" in text_of(client, f"/orders/{placed['token']}/pay")


def test_a_buyer_cancels_before_packing_once(app, client, placed):
    page = text_of(client, f"/orders/{placed['token']}")
    for _twice in range(2):
        answer = client.post(f"/orders/{placed['token']}/cancel", data={"csrf_token": csrf(page)})
    assert answer.status_code == 409
    assert "Đã huỷ" in text_of(client, f"/orders/{placed['token']}")


def test_a_shipped_order_shows_carrier_lots_and_no_cancel(app, client, placed):
    packed_and_shipped(app, placed)
    page = text_of(client, f"/orders/{placed['token']}")
    assert "https://donhang.ghn.vn/?order_code=GAB12345" in page
    assert "/10/" in page
    assert "Huỷ đơn" not in page


def photo():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "red").save(out, "JPEG", exif=Image.Exif())
    return out.getvalue()


def report(client, placed, **fields):
    page = text_of(client, f"/orders/{placed['token']}/problem")
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page)[1]
    return client.post(
        f"/orders/{placed['token']}/problem",
        data={"csrf_token": csrf(page), "key": key, "kind": "broken", "text": "Một chai vỡ"} | fields,
        content_type="multipart/form-data",
    )


def test_a_problem_is_reported_with_a_photo_that_only_the_cooperative_sees(app, client, placed):
    packed_and_shipped(app, placed)
    assert report(client, placed, photo=(io.BytesIO(photo()), "IMG_1.jpg")).status_code == 303
    assert "Một chai vỡ" in text_of(client, f"/orders/{placed['token']}")
    with app.app_context():
        kept = db.session.execute(select(Problem.photo)).scalar_one()
        assert kept.startswith("x/")
    assert client.get(f"/media/{kept}").status_code == 404


def test_a_file_that_is_no_photo_is_refused_and_the_words_stay(app, client, placed):
    packed_and_shipped(app, placed)
    answer = report(client, placed, photo=(io.BytesIO(b"<svg onload=alert(1)>"), "x.jpg"))
    assert answer.status_code == 422
    assert "Một chai vỡ" in answer.get_data(as_text=True)


def test_the_contract_names_both_sides_and_can_be_kept(client, placed):
    page = text_of(client, f"/orders/{placed['token']}/contract")
    assert "Số đăng ký" in page
    assert "Đỗ Minh Mẫu" in page
    kept = client.get(f"/orders/{placed['token']}/contract.pdf")
    assert kept.get_data().startswith(b"%PDF-")
    assert placed["code"] in kept.headers["Content-Disposition"]


def search_order(client, phone, code, **more):
    page = text_of(client, "/orders/find")
    return client.post("/orders/find", data={"csrf_token": csrf(page), "phone": phone, "code": code} | more)


def test_phone_and_code_show_the_state_but_neither_street_nor_link(client, placed):
    answer = search_order(client, "0912.345.678", placed["code"].lower())
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Chờ trả tiền" in page
    for secret in ("Số 8, ngõ Mẫu", placed["token"], "Đỗ Minh", "0912 345 678"):
        assert secret not in page


@pytest.mark.parametrize(("phone", "code"), [("0987654321", None), ("0912345678", "CP222222")])
def test_a_wrong_phone_or_code_finds_nothing_and_says_nothing_more(client, placed, phone, code):
    answer = search_order(client, phone, code or placed["code"])
    assert answer.status_code == 422
    assert "Không có đơn nào với số và mã này" in answer.get_data(as_text=True)


def test_guessing_is_limited(client, placed):
    for _try in range(10):
        search_order(client, "0912345678", "CP222222")
    assert search_order(client, "0912345678", placed["code"]).status_code == 429


def test_the_link_can_be_sent_again_to_the_buyers_own_number(app, client, placed):
    search_order(client, "0912345678", placed["code"], again="1")
    with app.app_context():
        told = db.session.execute(select(Message).where(Message.key.like("%:link:%"))).scalar_one()
        assert told.to_address == "+84912345678"
        assert placed["token"] in told.body


def test_a_lapsed_order_says_so(app, client, placed):
    with app.app_context():
        from orders.queries import order

        with transaction():
            operations.advance(order(placed["id"]), Event.EXPIRE, operations.SYSTEM)
    assert "Hết giờ giữ hàng" in text_of(client, f"/orders/{placed['token']}")
    assert client.get(f"/orders/{placed['token']}/pay").status_code in (302, 303)
