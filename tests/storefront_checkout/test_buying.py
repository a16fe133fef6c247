"""Buying without a browser: cart, three steps, and all that goes wrong on the way."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import db, transaction
from orders.carts.models import Cart
from orders.models import Order, Purchase
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.orders import stocked
from tests.factories.traceability import create_lot

WHERE = {
    "name": "Đỗ Minh Mẫu",
    "phone": "0912 345 678",
    "place": "phường Cầu Giấy, Hà Nội",
    "address_line": "Số 8, ngõ Mẫu",
}


@pytest.fixture
def pack_id(app):
    with app.app_context():
        return stocked(5, price_vnd=65_000, name="Miến dong").id


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's last form."""
    form = page[page.rindex("<form") :]
    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form)
    pairs = ((re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs)
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def read(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"))
    return answer.get_data(as_text=True)


def send(client, path, **fields):
    """Fill in the page's form and send it."""
    return client.post(path, data=hidden(read(client, path)) | fields)


def put(client, pack_id, quantity=1):
    return client.post("/cart", data={"pack_id": pack_id, "quantity": quantity})


def up_to_review(client, pack_ids, method="vietqr"):
    for pack_id in pack_ids:
        assert put(client, pack_id).status_code == 303
    assert send(client, "/checkout/where", **WHERE).headers["Location"].endswith("/checkout/how")
    names = re.findall(r'name="(method_\d+)"', read(client, "/checkout/how"))
    answer = send(client, "/checkout/how", **dict.fromkeys(names, method))
    assert answer.headers["Location"].endswith("/checkout/review")
    return read(client, "/checkout/review")


def orders_made(app):
    with app.app_context():
        return db.session.execute(select(func.count()).select_from(Order)).scalar_one()


def test_a_visitor_buys_from_two_cooperatives_and_pays_each(app, client, pack_id):
    with app.app_context():
        other = stocked(5, name="Tinh dầu sả").id
    page = up_to_review(client, [pack_id, other])
    assert "Đỗ Minh Mẫu" in page
    assert "Số đăng ký" in page
    answer = client.post("/checkout/review", data=hidden(page))
    assert answer.status_code == 303
    assert "/pay" in answer.headers["Location"]
    pay = read(client, answer.headers["Location"])
    assert '<svg class="qr"' in pay
    assert orders_made(app) == 2
    assert client.get_cookie("cart_n").value == "0"
    tracking = read(client, answer.headers["Location"].removesuffix("/pay"))
    assert "Đơn khác cùng lần mua" in tracking


def test_cash_on_delivery_goes_straight_to_following_the_order(client, pack_id):
    answer = client.post("/checkout/review", data=hidden(up_to_review(client, [pack_id], "cod")))
    page = read(client, answer.headers["Location"])
    assert "Chờ xác nhận" in page
    assert "Đã đặt xong" in page


def test_looking_makes_no_cart_and_adding_makes_one(app, client, pack_id):
    read(client, "/cart")
    with app.app_context():
        assert db.session.execute(select(Cart)).first() is None
    answer = put(client, pack_id, 2)
    cookies = {one.split("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}
    assert "HttpOnly" in cookies["cart"]
    assert "SameSite=Lax" in cookies["cart"]
    assert "HttpOnly" not in cookies["cart_n"]
    assert client.get_cookie("cart_n").value == "2"


@pytest.mark.parametrize("quantity", ["-1", "0", "1000", "hai", "1.5", ""])
def test_nonsense_is_not_put_into_the_cart(app, client, pack_id, quantity):
    assert put(client, pack_id, quantity).status_code == 422
    with app.app_context():
        assert db.session.execute(select(Cart)).first() is None


@pytest.mark.parametrize("pack_id_typed", ["999999", "x", "-1", "9" * 40])
def test_a_pack_that_is_not_there_is_answered_so(client, pack_id_typed):
    assert put(client, pack_id_typed).status_code == 404


def test_another_site_cannot_fill_a_cart(client, pack_id):
    answer = client.post("/cart", data={"pack_id": pack_id}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    answer = client.post("/cart", data={"pack_id": pack_id}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_quantities_change_and_lines_go(client, pack_id):
    put(client, pack_id)
    token = hidden(read(client, "/cart"))
    client.post(f"/cart/{pack_id}", data=token | {"quantity": "3"})
    assert client.get_cookie("cart_n").value == "3"
    answer = client.post(f"/cart/{pack_id}", data=token | {"quantity": "-3"}, follow_redirects=True)
    assert "Chưa đọc được số lượng" in answer.get_data(as_text=True)
    assert client.get_cookie("cart_n").value == "3"
    client.post(f"/cart/{pack_id}", data=token | {"quantity": "0"})
    assert "Giỏ đang trống" in read(client, "/cart")


def test_a_cart_of_somebody_elses_guess_is_empty(client, pack_id):
    put(client, pack_id)
    client.set_cookie("cart", "guessed-token")
    assert "Giỏ đang trống" in read(client, "/cart")


def set_price(app, pack_id, price_vnd):
    from accounts.rules import SYSTEM
    from catalog.operations import set_price as verb

    with app.app_context(), transaction():
        verb(SYSTEM, pack_id, price_vnd)


def test_a_price_changed_in_the_cart_is_shown_and_agreed_to(app, client, pack_id):
    put(client, pack_id)
    set_price(app, pack_id, 70_000)
    page = read(client, "/cart")
    assert "Giá đã đổi" in page
    client.post("/cart/prices", data=hidden(page))
    assert "Giá đã đổi" not in read(client, "/cart")


def test_a_price_changed_after_the_last_look_is_asked_again_and_then_goes_through(app, client, pack_id):
    page = up_to_review(client, [pack_id])
    set_price(app, pack_id, 70_000)
    answer = client.post("/checkout/review", data=hidden(page))
    assert answer.status_code == 409
    again = answer.get_data(as_text=True)
    assert "vừa đổi" in again
    assert "70.000" in again
    assert orders_made(app) == 0
    assert client.post("/checkout/review", data=hidden(again)).status_code == 303
    assert orders_made(app) == 1


def test_goods_sold_out_after_the_last_look_lead_back_to_the_cart(app, client, pack_id):
    from tests.factories.orders import create_order

    page = up_to_review(client, [pack_id])
    with app.app_context():
        from catalog.models import Pack

        create_order([(db.session.get_one(Pack, pack_id), 5)])
    answer = client.post("/checkout/review", data=hidden(page))
    assert answer.headers["Location"].endswith("/cart")
    assert "vừa hết" in read(client, "/cart")


def test_fewer_left_than_wanted_is_said_with_the_number(app, client, pack_id):
    put(client, pack_id, 9)
    page = read(client, "/cart")
    assert "Chỉ còn 5, bạn đang chọn 9" in page
    assert client.get("/checkout/where").status_code in (302, 303)


def test_a_lot_that_expires_between_cart_and_order_is_not_sold(app, client):
    with app.app_context():
        coop = create_cooperative()
        pack = create_product(coop).packs[0]
        pack_id = pack.id
        create_lot(coop, pack, 5, expires_on=clock.today() + timedelta(days=2))
    page = up_to_review(client, [pack_id])
    with clock.use(clock.now() + timedelta(days=4)):
        client.post("/checkout/review", data=hidden(page))
    assert orders_made(app) == 0


def test_a_double_submit_is_one_order(app, client, pack_id):
    page = up_to_review(client, [pack_id])
    first = client.post("/checkout/review", data=hidden(page))
    again = client.post("/checkout/review", data=hidden(page))
    assert first.headers["Location"] == again.headers["Location"]
    assert orders_made(app) == 1


def test_two_tabs_on_the_last_page_make_one_order(app, client, pack_id):
    one = up_to_review(client, [pack_id])
    two = read(client, "/checkout/review")
    client.post("/checkout/review", data=hidden(one))
    client.post("/checkout/review", data=hidden(two))
    assert orders_made(app) == 1


def test_what_the_page_showed_counts_when_another_tab_changed_the_name(app, client, pack_id):
    page = up_to_review(client, [pack_id])
    send(client, "/checkout/where", **WHERE | {"name": "Người Khác", "phone": "0987654321"})
    client.post("/checkout/review", data=hidden(page))
    with app.app_context():
        assert db.session.execute(select(Purchase.buyer_name)).scalar_one() == "Đỗ Minh Mẫu"


def test_the_back_button_after_an_order_shows_the_order_and_not_a_second_one(app, client, pack_id):
    page = up_to_review(client, [pack_id])
    client.post("/checkout/review", data=hidden(page))
    assert client.get("/checkout/review").headers["Location"].endswith("/cart")
    assert "Xem đơn vừa đặt" in read(client, "/cart")


def test_a_lost_session_loses_nothing_that_was_typed(app, client, pack_id):
    page = up_to_review(client, [pack_id])
    client.delete_cookie("session")
    answer = client.post("/checkout/review", data=hidden(page))
    assert answer.status_code == 400
    fields = hidden(answer.get_data(as_text=True))
    answer = client.post("/checkout/review", data=hidden(page) | fields)
    assert answer.status_code == 303
    assert orders_made(app) == 1


def test_a_forged_draft_is_read_as_an_empty_one(app, client, pack_id):
    page = up_to_review(client, [pack_id])
    client.post("/checkout/review", data=hidden(page) | {"carry": "eyJuYW1lIjoiWCJ9.forged"})
    with app.app_context():
        assert db.session.execute(select(Purchase.buyer_name)).scalar_one() == "Đỗ Minh Mẫu"


@pytest.mark.parametrize(
    "typed",
    ["0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "+84912345678", "+84 912 345 678", "84912345678",
     "(091) 234 5678"],
)  # fmt: skip
def test_a_phone_number_is_read_in_eight_spellings(client, pack_id, typed):
    put(client, pack_id)
    answer = send(client, "/checkout/where", **WHERE | {"phone": typed})
    assert answer.status_code == 303
    with client.session_transaction() as session:
        assert session["checkout"]["phone"] == "+84912345678"


def test_a_number_too_short_is_said_so_and_what_was_typed_stays(client, pack_id):
    put(client, pack_id)
    answer = send(client, "/checkout/where", **WHERE | {"name": "Mẫu", "phone": "0912 345 67"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="0912 345 67"' in page
    assert 'value="Mẫu"' in page


def test_html_in_names_is_shown_as_text(client, pack_id):
    put(client, pack_id)
    hostile = {"name": "<img src=x onerror=alert(1)>", "address_line": "<script>alert(1)</script>"}
    send(client, "/checkout/where", **WHERE | hostile)
    names = re.findall(r'name="(method_\d+)"', read(client, "/checkout/how"))
    send(client, "/checkout/how", **dict.fromkeys(names, "cod"))
    page = read(client, "/checkout/review")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_an_old_address_with_a_district_is_turned_into_todays(client, pack_id):
    put(client, pack_id)
    old = {"place": "xã Côn Minh, huyện Na Rì, Bắc Kạn", "address_line": "Thôn Chè Cọ"}
    send(client, "/checkout/where", **WHERE | old)
    with client.session_transaction() as session:
        assert (
            session["checkout"]["place"] == "Xã Côn Minh, Thái Nguyên"
            or "Côn Minh" in session["checkout"]["place"]
        )


def test_a_place_nobody_knows_is_asked_again(client, pack_id):
    put(client, pack_id)
    answer = send(client, "/checkout/where", **WHERE | {"place": "Xứ Không Có"})
    assert answer.status_code == 422
    assert 'value="Xứ Không Có"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("step", ["where", "how", "review"])
def test_no_step_opens_over_an_empty_cart(client, step):
    assert client.get(f"/checkout/{step}").headers["Location"].endswith("/cart")


def test_steps_cannot_be_skipped(client, pack_id):
    put(client, pack_id)
    assert client.get("/checkout/how").headers["Location"].endswith("/checkout/where")
    assert client.get("/checkout/review").headers["Location"].endswith("/checkout/where")
    assert client.get("/checkout").headers["Location"].endswith("/checkout/where")


def test_no_personal_data_stands_in_an_address(client, pack_id):
    put(client, pack_id)
    assert "?" not in send(client, "/checkout/where", **WHERE).headers["Location"]


@pytest.mark.parametrize("path", ["/cart", "/checkout/where"])
def test_every_step_speaks_english_too(client, pack_id, path):
    put(client, pack_id)
    page = read(client, f"{path}?hl=en")
    assert '<html lang="en">' in page
