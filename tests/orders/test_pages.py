"""The cooperative's order pages: one accepted, one refused, one stranger each; and what a board costs."""

import re
from datetime import timedelta

import pytest

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from orders import queries
from orders.problems.operations import report_problem
from orders.rules import State
from tests.factories.accounts import sign_in
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.orders import create_order, manager_of_order, stocked
from tests.factories.payments import place_order
from tests.queries import count_queries
from traceability.models import Lot


@pytest.fixture
def shop(app):
    """A cooperative with one cash order to confirm, and its manager."""
    with app.app_context():
        order = place_order([(stocked(40, name="Miến dong"), 2)], "cod")[0]
        return {
            "id": order.id,
            "code": order.code,
            "manager": manager_of_order(order),
            "pack": queries.lines(order.id)[0].pack_id,
        }


def text_of(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def post(client, page_path, path, **fields):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(client, page_path))[1]
    return client.post(path, data={"csrf_token": token} | fields)


def state_of(app, order_id):
    with app.app_context():
        return queries.order(order_id).state


def lot_code(app, order_id):
    with app.app_context():
        return db.session.get_one(Lot, queries.allocations(order_id)[0].lot_id).code


def slot(app, order_id):
    with app.app_context():
        return queries.pick_list(order_id)[0].slots[0]


def test_a_day_with_an_order_from_call_to_carrier(app, client, shop):
    sign_in(client, shop["manager"])
    base = f"/manage/orders/{shop['id']}"
    assert "Gọi khách để xác nhận" in text_of(client, base)
    assert post(client, base, f"{base}/confirm", how="call").status_code == 303
    field = slot(app, shop["id"])
    answer = post(client, f"{base}/pack", f"{base}/pack",
                  **{field.lot_field: lot_code(app, shop["id"]).lower(), field.quantity_field: "2"})  # fmt: skip
    assert answer.status_code == 303
    assert state_of(app, shop["id"]) == State.PACKED
    assert shop["code"] in text_of(client, f"{base}/slip")
    assert "minh hoạ" in text_of(client, f"{base}/slip")
    assert post(client, base, f"{base}/ship", carrier="GHN", tracking_number="GAB12345").status_code == 303
    assert state_of(app, shop["id"]) == State.SHIPPED


def test_a_scanned_label_is_as_good_as_typing(app, client, shop):
    sign_in(client, shop["manager"])
    base = f"/manage/orders/{shop['id']}"
    post(client, base, f"{base}/confirm", how="code")
    field, code = slot(app, shop["id"]), lot_code(app, shop["id"])
    label = f"HTTP://LOCALHOST/01/02000000000008/10/{code}"
    post(client, f"{base}/pack", f"{base}/pack", **{field.lot_field: label, field.quantity_field: "2"})
    assert state_of(app, shop["id"]) == State.PACKED


@pytest.mark.parametrize("lot", ["", "KHONG-CO", "<script>"])
def test_a_wrong_lot_is_refused_and_what_was_typed_stays(app, client, shop, lot):
    sign_in(client, shop["manager"])
    base = f"/manage/orders/{shop['id']}"
    post(client, base, f"{base}/confirm", how="call")
    field = slot(app, shop["id"])
    answer = post(client, f"{base}/pack", f"{base}/pack", **{field.lot_field: lot, field.quantity_field: "2"})
    assert answer.status_code == 422
    assert "<script>" not in answer.get_data(as_text=True)
    assert state_of(app, shop["id"]) == State.TO_PACK


def test_shipping_without_a_carrier_says_what_to_write(app, client, shop):
    sign_in(client, shop["manager"])
    base = f"/manage/orders/{shop['id']}"
    answer = post(client, base, f"{base}/ship", carrier="")
    assert answer.status_code == 422
    assert "Ghi tên hãng" in answer.get_data(as_text=True)


def test_a_strangers_cooperative_sees_no_order_of_ours(app, client, shop):
    with app.app_context():
        stranger = manager_of(create_cooperative())
    sign_in(client, stranger)
    base = f"/manage/orders/{shop['id']}"
    for path in (base, f"{base}/pack", f"{base}/slip"):
        text_of(client, path, 404)
    assert post(client, "/orders/find", f"{base}/confirm", how="call").status_code == 404
    assert shop["code"] not in text_of(client, "/manage/orders")
    assert state_of(app, shop["id"]) == State.TO_CONFIRM


def test_a_treasurer_reads_but_gets_no_buttons(app, client, shop):
    with app.app_context():
        treasurer = manager_of_order(queries.order(shop["id"]), Role.TREASURER)
    sign_in(client, treasurer)
    page = text_of(client, f"/manage/orders/{shop['id']}")
    assert "Xác nhận, chuyển sang gói" not in page
    text_of(client, f"/manage/orders/{shop['id']}/pack", 403)


def test_a_report_is_answered_from_the_order(app, client):
    from tests.factories.orders import proposed_picks

    with app.app_context():
        from orders import operations

        order = create_order(method="cod")
        actor = manager_of_order(order)
        with transaction():
            operations.confirm(actor, order.id, "call")
            operations.pack(actor, order.id, proposed_picks(order))
            problem = report_problem(order.token, "Hộp <b>rách</b>", kind="broken")
        order_id, problem_id = order.id, problem.id
    sign_in(client, actor)
    base = f"/manage/orders/{order_id}"
    page = text_of(client, base)
    assert "Hộp &lt;b&gt;rách" in page
    assert "Hộp" not in text_of(client, "/manage/orders?tab=closed")
    text_of(client, f"{base}/problems/{problem_id}/photo", 404)
    assert post(client, base, f"{base}/problems/{problem_id}/answer", answer="").status_code == 422
    assert post(client, base, f"{base}/problems/{problem_id}/answer", answer="Gửi bù").status_code == 303


def fill_board(app, pack_id, number):
    with app.app_context():
        from catalog.models import Pack

        pack = db.session.get_one(Pack, pack_id)
        for day in range(number):
            with clock.use(clock.now() + timedelta(minutes=day)):
                create_order([(pack, 1)])


def test_the_board_takes_as_many_statements_for_ten_orders_as_for_one(app, client, shop):
    sign_in(client, shop["manager"])
    fill_board(app, shop["pack"], 1)
    with count_queries(app) as few:
        text_of(client, "/manage/orders?tab=awaiting")
    fill_board(app, shop["pack"], 10)
    with count_queries(app) as many:
        page = text_of(client, "/manage/orders?tab=awaiting")
    assert page.count('class="task') == 11
    assert many.count == few.count
    assert many.count <= 9  # session, grants, organisation, cooperative; counts, problems, rows, lines


def test_the_board_opens_on_what_waits_and_finds_by_code_name_and_number(client, shop):
    sign_in(client, shop["manager"])
    assert shop["code"] in text_of(client, "/manage/orders")
    for typed in (shop["code"], shop["code"][:5].lower(), "mẫu", "345678"):
        assert shop["code"] in text_of(client, f"/manage/orders?q={typed}"), typed
    assert shop["code"] not in text_of(client, "/manage/orders?q=%25%25%25~")
    assert shop["code"] not in text_of(client, "/manage/orders?tab=closed&page=99")


@pytest.mark.parametrize("path", ["", "?tab=problems"])
def test_the_board_speaks_english_too(client, shop, path):
    sign_in(client, shop["manager"])
    page = text_of(client, f"/manage/orders{path}{'&' if path else '?'}hl=en")
    assert "To confirm" in page


def test_who_holds_the_money_is_led_to_delivery_and_who_only_packs_is_not(app, client):
    from orders import operations
    from tests.factories.orders import proposed_picks

    with app.app_context():
        order = create_order(method="cod")
        actor, helper = manager_of_order(order), manager_of_order(order, Role.DIGITAL_TEAM)
        with transaction():
            operations.confirm(actor, order.id, "call")
            operations.pack(actor, order.id, proposed_picks(order))
            operations.ship(actor, order.id, "Nhà xe", "")
        base = f"/manage/orders/{order.id}"
    sign_in(client, actor)
    assert f"{base}/delivered" in text_of(client, base)
    other = app.test_client()
    sign_in(other, helper)
    assert f"{base}/delivered" not in text_of(other, base)
