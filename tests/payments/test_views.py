"""The pages of money: one accepted, one refused, one stranger each."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor, Role
from core.db import db, transaction
from orders import queries as orders
from payments import operations
from payments.queries import payment_of, refund_due
from tests.factories.accounts import sign_in
from tests.factories.cooperatives import create_cooperative, treasurer_of
from tests.factories.payments import notice, pay, place_order, shipped, staff_of
from tests.factories.revenue import delivered
from tests.payments.scene import shelf
from tests.queries import count_queries


class Scene:
    """An order of a cooperative, its treasurer signed in, and a stranger."""

    def __init__(
        self, app: Flask, client: FlaskClient, upto: Callable[[Any], Any], method: str = "vietqr"
    ) -> None:
        with app.app_context():
            order = place_order([(shelf()[1], 3)], method=method)[0]
            self.made = upto(order)
            self.order_id, self.code, self.total_vnd = order.id, order.code, order.total_vnd
            self.line_id = orders.lines(order.id)[0].id
            self.account_id = payment_of(order.id).bank_account_id
            self.treasurer: Actor = staff_of(order, Role.TREASURER)
            self.stranger: Actor = treasurer_of(create_cooperative("HTX Kia"))
            self.made_id = self.made.id if self.made is not None else 0
        self.app, self.client, self.token = app, client, ""
        sign_in(client, self.treasurer)

    def send(self, path: str, **fields: object) -> Any:
        """Open the page, then post its form with its token and key."""
        page = self.client.get(path).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        key = re.search(r'name="key"[^>]*value="([^"]+)"', page)
        self.token = token[1] if token else self.token
        hidden = {"csrf_token": self.token, "key": key[1] if key else ""}
        return self.client.post(path, data=hidden | fields)

    def token_of(self, path: str) -> str:
        """The token of the forms on a page."""
        return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get(path).text)[0]

    def as_stranger(self, path: str) -> int:
        """What somebody of another cooperative gets."""
        other = self.app.test_client()
        sign_in(other, self.stranger)
        return other.get(path).status_code

    def states(self) -> tuple[str, str]:
        """Of the order and its payment."""
        with self.app.app_context():
            return orders.order(self.order_id).state, payment_of(self.order_id).state


def _nothing(order: Any) -> None:
    return None


def _unknown(order: Any) -> Any:
    return pay(order, content="không rõ")


def test_a_transfer_is_entered_by_hand_and_pays_the_order(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _nothing)
    typed = f"{scene.total_vnd:,}".replace(",", ".")
    answer = scene.send("/manage/transfers/new", account_id=scene.account_id, amount_vnd=typed,
                        content=f"tien mien {scene.code}", on="2026-11-22", at="09:30", reference="FT1")  # fmt: skip
    assert answer.status_code == 302
    assert scene.states() == ("to_pack", "paid")


def test_a_transfer_with_a_time_to_come_keeps_what_was_typed(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _nothing)
    answer = scene.send("/manage/transfers/new", account_id=scene.account_id, amount_vnd="65.000", content="cũ còn đây",
                        on="2026-11-23", at="09:30")  # fmt: skip
    assert answer.status_code == 422
    assert "cũ còn đây" in answer.text
    assert scene.states() == ("awaiting_payment", "awaiting")


def test_unknown_money_is_given_to_an_order(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _unknown)
    assert "1 khoản chờ xử lý" in client.get("/manage/transfers").text
    path = f"/manage/transfers/{scene.made_id}"
    refused = scene.send(path, step="match", code="CP222222", reason="Khách gọi")
    assert refused.status_code == 422
    assert "Khách gọi" in refused.text
    assert scene.send(path, step="match", code=scene.code, reason="Khách gọi").status_code == 302
    assert scene.states() == ("to_pack", "paid")
    assert scene.send(path, step="match", code=scene.code, reason="lần nữa").status_code == 422
    assert scene.as_stranger(path) == 404


def test_unknown_money_is_returned_then_marked_sent_with_a_code(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _unknown)
    assert (
        scene.send(f"/manage/transfers/{scene.made_id}", step="return", reason="Chuyển nhầm").status_code
        == 302
    )
    page = client.get("/manage/refunds").text
    path = re.search(r"/manage/refunds/\d+", page)
    assert path is not None
    wrong = scene.send(
        path[0], step="payee", bank_bin="970436", account_number="12 34 chữ", holder="Đỗ Minh Mẫu"
    )
    assert wrong.status_code == 422
    assert (
        scene.send(
            path[0], step="payee", bank_bin="970436", account_number="00112233", holder="Đỗ Minh Mẫu"
        ).status_code
        == 302
    )
    assert "DO MINH MAU" in client.get(path[0]).text
    assert scene.send(path[0], step="sent", how="").status_code == 422
    assert scene.send(path[0], step="sent", how="bank", reference="FT9").status_code == 302
    assert "Đã chuyển khoản" in client.get("/manage/refunds").text
    assert scene.as_stranger(path[0]) == 404


def test_cancelling_asks_why_and_owes_the_money_back(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, pay)
    path = f"/manage/orders/{scene.order_id}/cancel"
    assert scene.send(path, reason="").status_code == 422
    assert scene.send(path, reason="Hết hàng").status_code == 302
    assert scene.states() == ("cancelled", "refund_due")
    again = scene.send(path, reason="Hết hàng")
    assert again.status_code == 422
    assert scene.as_stranger(path) == 404


def test_the_sum_of_a_refund_is_shown_before_it_is_given(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, delivered)
    path = f"/manage/orders/{scene.order_id}/refund"
    fields = {f"q-{scene.line_id}": "1", "reason": "Một gói rách", "shipping_vnd": ""}
    shown = scene.send(path, **fields)
    assert shown.status_code == 200
    assert "Ghi trả lại 65.000" in shown.text
    with app.app_context():
        assert refund_due(scene.order_id) == 0
    changed = scene.send(path, **(fields | {f"q-{scene.line_id}": "2", "seen_vnd": "65000"}))
    assert "Ghi trả lại 130.000" in changed.text
    key = re.search(r'name="key"[^>]*value="([^"]+)"', shown.text)
    assert key is not None
    confirmed = {**fields, "seen_vnd": "65000", "key": key[1]}
    assert scene.send(path, **confirmed).status_code == 302
    assert scene.send(path, **confirmed).status_code == 302  # the second tab
    with app.app_context():
        assert refund_due(scene.order_id) == 65_000
    assert scene.as_stranger(path) == 404


@pytest.mark.parametrize("typed", ["-1", "1,5", "nhiều", "99999", "4"])
def test_a_quantity_that_cannot_be_is_refused_and_kept(app: Flask, client: FlaskClient, typed: str) -> None:
    scene = Scene(app, client, delivered)
    answer = scene.send(
        f"/manage/orders/{scene.order_id}/refund", **{f"q-{scene.line_id}": typed, "reason": "Lý do còn đây"}
    )
    assert answer.status_code == 422
    assert "Lý do còn đây" in answer.text


def test_cash_is_collected_and_remitted_on_one_page(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, shipped, "cod")
    page = client.get("/manage/cod").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    collected = client.post(f"/manage/cod/{scene.order_id}/collected", data={"csrf_token": token[1]})
    assert collected.status_code == 302
    assert scene.states() == ("delivered", "collected")
    empty = scene.send("/manage/cod", carrier="Bưu điện", received_on="2026-11-22")
    assert empty.status_code == 422
    done = scene.send(
        "/manage/cod", order_ids=scene.order_id, carrier="Bưu điện", received_on="2026-11-22", fee_vnd="5.000"
    )
    assert done.status_code == 302
    assert scene.states() == ("delivered", "remitted")
    assert "Các lần nộp trước" in client.get("/manage/cod").text


def test_a_parcel_that_came_back_is_recorded_with_a_reason(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, shipped, "cod")
    path = f"/manage/orders/{scene.order_id}/refuse"
    assert scene.send(path, reason="").status_code == 422
    assert scene.send(path, reason="Không nghe máy").status_code == 302
    assert scene.states() == ("refused", "void")


def test_the_lists_take_a_fixed_number_of_statements(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _unknown)
    counts = {}
    for _round in range(2):
        for path in ("/manage/transfers", "/manage/refunds", "/manage/cod"):
            client.get(path)
            with count_queries(app) as counted:
                assert client.get(path).status_code == 200
            counts.setdefault(path, []).append(counted.count)
        with app.app_context():
            order = orders.order(scene.order_id)
            made = pay(order, content="không rõ")
            with transaction():
                operations.return_transfer(staff_of(order), made.id, "nhầm")
            for number in range(5):
                with transaction():
                    operations.receive_transfer(
                        scene.account_id or 0, notice(order, 1_000 + number, content="không rõ")
                    )
            db.session.remove()
    assert all(first == second and first <= 14 for first, second in counts.values()), counts


def test_the_pages_are_for_staff_of_money_only(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _unknown)
    with app.app_context():
        helper = staff_of(orders.order(scene.order_id), Role.DIGITAL_TEAM)
    other = app.test_client()
    assert other.get("/manage/transfers").status_code == 401
    sign_in(other, helper)
    assert other.get("/manage/transfers").status_code == 403
    assert other.get(f"/manage/orders/{scene.order_id}/refund").status_code == 403


def test_no_page_of_money_names_an_element_twice(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _unknown)
    with app.app_context():
        order = orders.order(scene.order_id)
        second = pay(order, content="không rõ")
        with transaction():
            refund_id = operations.return_transfer(staff_of(order), second.id, "nhầm").id
    paths = ["transfers", "transfers/new", f"transfers/{scene.made_id}", "refunds", f"refunds/{refund_id}", "cod",
             f"orders/{scene.order_id}/cancel", f"orders/{scene.order_id}/refund"]  # fmt: skip
    for path in paths:
        page = client.get(f"/manage/{path}").text
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path
        assert page.count("<h1") == 1, path
        english = client.get(f"/manage/{path}?hl=en")
        assert english.status_code == 200, path
