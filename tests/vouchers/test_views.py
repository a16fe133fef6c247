"""Vouchers as people meet them: in the cart, at the review, on the pages of manager, programme and treasurer."""

import re

import pytest
import sqlalchemy as sa

from accounts.rules import Role
from core.db import db, transaction
from orders.models import InvoiceRequest, Order, Purchase, Subsidy, Voucher
from revenue.queries import balance
from revenue.rules import AccountKind
from tests.factories.accounts import actor_for, sign_in
from tests.factories.cooperatives import create_cooperative
from tests.factories.orders import stocked
from tests.factories.vouchers import create_subsidy, create_voucher, project_staff
from tests.storefront_checkout.test_buying import hidden, put, read, send, up_to_review


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def fields(page):
    """Every hidden field of the page's last form that has a key, and the token."""
    return hidden(page)


def plain(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


@pytest.fixture
def goods(app):
    """A pack at 65,000 đ of a cooperative with the voucher TET2027, ten percent."""
    with app.app_context():
        coop = create_cooperative()
        pack_id = stocked(9, coop, price_vnd=65_000, name="Miến dong").id
        create_voucher(coop)
        return coop.id, pack_id


def use(client, code):
    return client.post("/cart/voucher", data={"csrf_token": token(read(client, "/cart")), "voucher": code})


def test_a_code_typed_in_the_cart_is_shown_with_what_it_takes_off_and_ordered(app, client, goods):
    put(client, goods[1], 2)
    assert use(client, "tet 2027").status_code == 303
    assert "Mã TET2027: giảm 13.000 đ" in plain(read(client, "/cart"))
    page = up_to_review(client, [])
    assert "−13.000 đ" in plain(page) and "(TET2027)" in plain(page)
    assert client.post("/checkout/review", data=hidden(page)).status_code == 303
    with app.app_context():
        order = db.session.execute(sa.select(Order)).scalar_one()
        assert order.discount_vnd == 13_000 and order.total_vnd == 117_000 + order.shipping_vnd


def test_a_code_that_does_not_fit_says_why_and_stays_in_its_field(client, goods):
    put(client, goods[1])
    answer = use(client, "TET2028")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Không có mã TET2028" in page and 'value="TET2028"' in page


def test_codes_cannot_be_guessed_without_end_and_the_cart_stays(client, goods, monkeypatch):
    monkeypatch.setattr("storefront.checkout.views.VOUCHER_TRIES", 2)
    put(client, goods[1])
    assert [use(client, f"TET{number}").status_code for number in (2030, 2031)] == [422, 422]
    answer = use(client, "TET2027")
    assert answer.status_code == 422 and "Đã thử 2 lần" in answer.get_data(as_text=True)
    assert "−6.500" not in read(client, "/cart") and "Miến dong" in read(client, "/cart")


def test_a_code_is_taken_out_again(client, goods):
    put(client, goods[1])
    use(client, "TET2027")
    data = {"csrf_token": token(read(client, "/cart")), "remove": "1"}
    assert client.post("/cart/voucher", data=data).status_code == 303
    assert "−6.500" not in read(client, "/cart")


def test_a_code_that_lapsed_before_ordering_is_said_and_the_full_sum_asked(app, client, goods):
    put(client, goods[1])
    use(client, "TET2027")
    page = up_to_review(client, [])
    with app.app_context(), transaction():
        db.session.execute(sa.update(Voucher).values(uses_max=1, stopped_at=sa.func.now()))
    answer = client.post("/checkout/review", data=hidden(page))
    assert answer.status_code == 409
    again = answer.get_data(as_text=True)
    assert "đã ngừng" in again and "−6.500" not in plain(again)
    assert client.post("/checkout/review", data=hidden(again)).status_code == 303
    with app.app_context():
        assert db.session.execute(sa.select(Order.discount_vnd)).scalar_one() == 0


def test_the_number_that_used_it_before_is_told_at_the_review(client, goods):
    for _time in range(2):
        put(client, goods[1])
        use(client, "TET2027")
        page = up_to_review(client, [])
        if _time == 0:
            client.post("/checkout/review", data=hidden(page))
    assert "Số điện thoại này đã dùng mã TET2027" in plain(page)


def test_a_gift_card_and_an_invoice_are_kept_and_reach_the_cooperative(app, client, goods):
    put(client, goods[1])
    up_to_review(client, [])
    assert send(client, "/checkout/gift", gift_note="Chúc bà mạnh khoẻ").status_code == 303
    wrong = send(client, "/checkout/invoice", invoice_name="Công ty Mẫu", invoice_tax_code="0100109107",
                 invoice_address="Số 8", invoice_email="ketoan@mau.vn")  # fmt: skip
    assert wrong.status_code == 422 and "có chữ số sai" in wrong.get_data(as_text=True)
    right = send(client, "/checkout/invoice", invoice_name="Công ty Mẫu", invoice_tax_code="0100109106",
                 invoice_address="Số 8", invoice_email="ketoan@mau.vn")  # fmt: skip
    assert right.status_code == 303
    page = read(client, "/checkout/review")
    assert "Chúc bà mạnh khoẻ" in page and "0100109106" in page
    assert client.post("/checkout/review", data=hidden(page)).status_code == 303
    with app.app_context():
        asked = db.session.execute(sa.select(InvoiceRequest)).scalar_one()
        assert (asked.name, asked.tax_code) == ("Công ty Mẫu", "0100109106")
        assert db.session.execute(sa.select(Purchase.gift_note)).scalar_one() == "Chúc bà mạnh khoẻ"
        from cooperatives.models import Cooperative

        manager = actor_for(Role.MANAGER, db.session.get_one(Cooperative, goods[0]).organisation_id)
        order_id = db.session.execute(sa.select(Order.id)).scalar_one()
    sign_in(client, manager)
    seen = plain(read(client, f"/manage/orders/{order_id}"))
    assert "Chúc bà mạnh khoẻ" in seen and "Mã số thuế 0100109106" in seen and "ketoan@mau.vn" in seen


def test_a_manager_makes_a_voucher_and_stops_it(app, client):
    with app.app_context():
        manager = actor_for(Role.MANAGER, create_cooperative().organisation_id)
    sign_in(client, manager)
    form = fields(read(client, "/manage/vouchers/new"))
    good = form | {"code": "ram 2026", "percent": "10", "from_on": "2026-11-22", "to_on": "2026-12-01",
                   "once_per_phone": "y"}  # fmt: skip
    both = client.post("/manage/vouchers/new", data=good | {"amount_vnd": "10.000"})
    assert both.status_code == 422 and "Điền một trong hai ô" in both.get_data(as_text=True)
    for _tap in range(2):
        assert client.post("/manage/vouchers/new", data=good).status_code == 303
    page = read(client, "/manage/vouchers")
    assert page.count("RAM2026</b>") == 1 and "Giảm 10 % tiền hàng" in plain(page)
    with app.app_context():
        voucher_id = db.session.execute(sa.select(Voucher.id)).scalar_one()
    client.post(f"/manage/vouchers/{voucher_id}/stop", data={"csrf_token": token(page)})
    assert "Đã ngừng" in plain(read(client, "/manage/vouchers"))


def test_project_staff_open_a_subsidy_give_out_a_code_and_set_more_aside(app, client):
    with app.app_context():
        staff = project_staff()
    sign_in(client, staff)
    form = fields(read(client, "/programme/subsidies/new"))
    answer = client.post("/programme/subsidies/new", data=form | {"name": "Tết ấm", "amount_vnd": "500.000"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/codes/new")
    given = {
        "code": "TETAM",
        "percent": "60",
        "from_on": "2026-11-22",
        "to_on": "2026-12-30",
        "cooperative_id": "",
    }
    code = fields(read(client, answer.headers["Location"])) | given
    assert client.post(answer.headers["Location"], data=code).status_code == 303
    with app.app_context():
        one = db.session.execute(sa.select(Subsidy.id)).scalar_one()
    path = f"/programme/subsidies/{one}"
    page = read(client, path)
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page)[1]
    more = {"csrf_token": token(page), "key": key, "way": "in", "amount_vnd": "20.000"}
    for _tap in range(2):
        assert client.post(path, data=more).status_code == 303
    seen = plain(read(client, path))
    assert "520.000 đ" in seen and "TETAM" in seen and "mọi hợp tác xã" in seen
    with app.app_context():
        assert balance(staff.organisation_id, AccountKind.BANK) == 520_000


def test_a_treasurer_enters_what_the_programme_paid(app, client):
    from tests.factories.revenue import delivered
    from tests.factories.vouchers import order_with
    from tests.revenue.stories import a_world

    with app.app_context():
        world = a_world()
        _staff, found = create_subsidy(100_000)
        delivered(order_with("VUNGCAO", [(world.pack, 2)])[0])
        treasurer, one, own = actor_for(Role.TREASURER, world.org), found.id, world.org
        before = balance(own, AccountKind.BANK)
    sign_in(client, treasurer)
    assert "Chương trình trợ giá còn nợ 26.000 đ" in plain(read(client, "/manage/money"))
    path = f"/manage/money/subsidies/{one}"
    form = fields(read(client, path))
    assert client.post(path, data=form | {"amount_vnd": "27.000"}).status_code == 422
    for _tap in range(2):
        assert client.post(path, data=form | {"amount_vnd": "26.000", "reference": "FT1"}).status_code == 303
    with app.app_context():
        assert balance(own, AccountKind.BANK) == before + 26_000
        assert balance(own, AccountKind.SUBSIDY_RECEIVABLE) == 0
