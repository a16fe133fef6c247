"""A buyer says yes to a cash-on-delivery order by a code, without waiting for a call."""

from flask import Flask
from flask.testing import FlaskClient

from orders import queries
from tests.accounts.test_operations import the_code
from tests.accounts.test_views import token as csrf
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.payments import place_order
from tests.factories.traceability import create_lot


def _cod(app: Flask) -> tuple[int, str]:
    with app.app_context():
        coop = create_cooperative()
        pack = create_product(coop).packs[0]
        create_lot(coop, pack, 5)
        order = place_order([(pack, 1)], method="cod")[0]
        return order.id, order.token


def _state(app: Flask, order_id: int) -> str:
    with app.app_context():
        return str(queries.order(order_id).state)


def test_the_code_on_the_buyers_phone_confirms_the_order(app: Flask, client: FlaskClient) -> None:
    order_id, token = _cod(app)
    path = f"/orders/{token}/confirm"
    asked = client.post(path, data={"csrf_token": csrf(client.get(path).text), "step": "send"})
    assert asked.status_code == 303
    with app.app_context():
        code = the_code()
    wrong = "000000" if code != "000000" else "111111"
    refused = client.post(path, data={"csrf_token": csrf(client.get(path + "?sent=1").text), "code": wrong})
    assert refused.status_code == 422 and _state(app, order_id) == "to_confirm"
    done = client.post(path, data={"csrf_token": csrf(client.get(path + "?sent=1").text), "code": code})
    assert done.status_code == 303 and _state(app, order_id) == "to_pack"
    assert client.get(path).status_code == 303


def test_without_a_code_sent_nothing_confirms(app: Flask, client: FlaskClient) -> None:
    order_id, token = _cod(app)
    path = f"/orders/{token}/confirm"
    answer = client.post(path, data={"csrf_token": csrf(client.get(path).text), "code": "123456"})
    assert answer.status_code == 422 and _state(app, order_id) == "to_confirm"


def test_a_guessed_link_confirms_nothing(app: Flask, client: FlaskClient) -> None:
    assert client.get("/orders/not-a-token/confirm").status_code == 404
