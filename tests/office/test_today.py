"""The day on one page."""

from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import pay, place_order
from tests.factories.traceability import create_lot
from tests.queries import count_queries


def _busy(app: Flask):  # type: ignore[no-untyped-def]
    with app.app_context():
        coop = create_cooperative()
        pack = create_product(coop, "Miến dong").packs[0]
        create_lot(coop, pack, 6)
        pay(place_order([(pack, 1)])[0])
        place_order([(pack, 1)], method="cod", phone="+84987654321")
        return manager_of(coop)


def test_the_day_counts_what_waits(app: Flask, client: FlaskClient) -> None:
    manager = _busy(app)
    sign_in(client, manager)
    with count_queries(app) as counted:
        page = client.get("/manage")
    assert page.status_code == 200
    assert "Hôm nay có 2 việc" in page.text and "Miến dong" in page.text
    assert counted.count <= 28


def test_a_buyer_has_no_day(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        buyer = actor_for(Role.BUYER)
    sign_in(client, buyer)
    assert client.get("/manage").status_code == 403
