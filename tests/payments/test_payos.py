"""payOS's door: signed news of one account, told late, shuffled, five times, forged, or of somebody else's money."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from accounts.rules import Role
from core import clock
from core.clock import HANOI
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from payments import operations
from payments.feeds.operations import set_payos_key
from payments.feeds.queries import secret_of
from payments.models import BankFeed, Transfer
from payments.providers import payos
from payments.queries import payment_of
from tests.conftest import NOW, SHARED
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import notice, place_order, staff_of
from tests.payments.scene import balances, shelf
from tests.payments.test_views import Scene, _nothing

KEY = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675"
PUBLISHED = json.loads((SHARED / "payments" / "payos.json").read_text(encoding="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
)


class Feed:
    """A cooperative whose payOS channel tells of money, and some of its orders."""

    def __init__(self, app: Flask, count: int = 1) -> None:
        with app.app_context():
            pack = shelf(quantity=50)[1]
            made = [place_order([(pack, 1)])[0] for _number in range(count)]
            self.order_ids, self.codes = [one.id for one in made], [one.code for one in made]
            self.total_vnd, self.account_id = made[0].total_vnd, payment_of(made[0].id).bank_account_id or 0
            self.account_number = notice(made[0]).account_number
            with transaction():
                set_payos_key(staff_of(made[0]), self.account_id, KEY)

    def body(
        self, number: int, content: str, amount: int | None = None, key: str = KEY, **changes: Any
    ) -> Any:
        """News in payOS's form, signed."""
        data = PUBLISHED["data"] | {
            "orderCode": number, "amount": amount or self.total_vnd, "description": content,
            "accountNumber": self.account_number, "reference": f"TF{number}", "paymentLinkId": str(number),
            "transactionDateTime": f"{NOW.astimezone(HANOI):%Y-%m-%d %H:%M:%S}",
        } | changes  # fmt: skip
        return {
            "code": "00",
            "desc": "success",
            "success": True,
            "data": data,
            "signature": payos.sign(data, key),
        }

    def post(self, client: FlaskClient, body: Any, account_id: int | None = None) -> int:
        """Knock at the door."""
        return client.post(f"/webhooks/payos/{account_id or self.account_id}", json=body).status_code


def _count(app: Flask) -> int:
    with app.app_context():
        return db.session.execute(select(func.count()).select_from(Transfer)).scalar_one()


def test_signed_news_pays_the_order(app: Flask, client: FlaskClient) -> None:
    feed = Feed(app)
    answer = client.post(f"/webhooks/payos/{feed.account_id}", json=feed.body(1, f"CSX1 {feed.codes[0]}"))
    assert (answer.status_code, answer.json) == (200, {"success": True})
    assert "Set-Cookie" not in answer.headers
    with app.app_context():
        assert payment_of(feed.order_ids[0]).state == "paid"


def test_one_changed_member_is_a_forgery(app: Flask, client: FlaskClient) -> None:
    feed = Feed(app)
    body = feed.body(1, feed.codes[0])
    for name in body["data"]:
        forged = body | {"data": body["data"] | {name: "9"}}
        assert feed.post(client, forged) == 401, name
    assert feed.post(client, body | {"signature": ""}) == 401
    assert feed.post(client, feed.body(1, feed.codes[0], key="another-key-of-somebody")) == 401
    assert _count(app) == 0


@pytest.mark.parametrize(
    "body", [None, [], {}, {"data": {}}, {"data": [], "signature": "x"}, {"data": {}, "signature": 1}]
)
def test_a_body_without_a_proof_is_refused(app: Flask, client: FlaskClient, body: object) -> None:
    assert Feed(app).post(client, body) == 401


def test_an_account_without_a_key_takes_nothing_whatever_is_signed_with(
    app: Flask, client: FlaskClient
) -> None:
    feed = Feed(app)
    with app.app_context():
        other = place_order([(shelf(name="HTX Kia")[1], 1)])[0]
        account_id = payment_of(other.id).bank_account_id
    for key in (KEY, "", "x"):
        assert feed.post(client, feed.body(1, "x", key=key), account_id) == 401
    assert feed.post(client, feed.body(1, "x", key=""), 10**9) == 401


def test_news_of_another_account_or_of_foreign_money_is_not_booked(app: Flask, client: FlaskClient) -> None:
    feed = Feed(app)
    assert feed.post(client, feed.body(1, feed.codes[0], accountNumber="999")) == 422
    assert feed.post(client, feed.body(2, feed.codes[0], currency="USD")) == 422
    assert feed.post(client, feed.body(3, feed.codes[0], amount=-5)) == 422
    assert feed.post(client, feed.body(4, feed.codes[0], code="01")) == 200
    assert _count(app) == 0
    assert (
        feed.post(
            client, feed.body(5, feed.codes[0], accountNumber="970", virtualAccountNumber=feed.account_number)
        )
        == 200
    )
    assert _count(app) == 1


def test_the_published_example_is_answered_and_books_nothing(app: Flask, client: FlaskClient) -> None:
    feed = Feed(app)
    body = {"data": PUBLISHED["data"], "signature": PUBLISHED["signature"]}
    assert feed.post(client, body) == 200
    assert _count(app) == 0


def test_news_five_times_shuffled_and_two_days_late_is_booked_once(app: Flask, client: FlaskClient) -> None:
    feed = Feed(app, 3)
    half = feed.total_vnd // 2
    bodies = [feed.body(1, feed.codes[0]), feed.body(2, feed.codes[1], half),
              feed.body(3, feed.codes[1], feed.total_vnd - half), feed.body(4, "?", 7)]  # fmt: skip
    told = bodies * 5
    random.Random(7).shuffle(told)
    with clock.use(NOW + timedelta(days=2)):
        assert {feed.post(client, body) for body in told} == {200}
    assert _count(app) == 4
    with app.app_context():
        assert db.session.execute(text("SELECT coalesce(sum(amount_vnd), 0) FROM posting")).scalar_one() == 0
        assert payment_of(feed.order_ids[0]).state == payment_of(feed.order_ids[1]).state == "paid"
        from orders.queries import order

        assert balances(order(feed.order_ids[0]))["bank"] == 2 * feed.total_vnd + 7


def test_the_same_money_told_by_both_services_is_one_and_two_alike_stay_two(
    app: Flask, client: FlaskClient
) -> None:
    feed = Feed(app)
    assert feed.post(client, feed.body(1, f"{feed.codes[0]} CK")) == 200
    with app.app_context():
        from dataclasses import replace

        from orders.queries import order

        told = notice(order(feed.order_ids[0]), content=f"MBVCB.1 {feed.codes[0]} CK")
        for number, count in ((1, 1), (1, 1), (2, 2), (2, 2), (1, 2)):
            with transaction():
                operations.receive_transfer(
                    feed.account_id, replace(told, provider_id=str(number), reference="")
                )
            assert _count(app) == count
    assert feed.post(client, feed.body(1, f"{feed.codes[0]} CK")) == 200
    assert _count(app) == 2


def test_the_key_is_kept_sealed_and_can_be_turned_off(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _nothing)
    path = f"/manage/transfers/feeds/{scene.account_id}"
    assert scene.send(path, payos_key="short").status_code == 422
    assert scene.send(path, payos_key=KEY).status_code == 302
    shown = client.get(path).text
    assert "đang nhận" in shown
    assert KEY not in shown
    with app.app_context():
        row = db.session.execute(select(BankFeed)).scalar_one()
        assert KEY.encode() not in row.secret
        assert secret_of(scene.account_id or 0, "payos") == KEY
    assert scene.as_stranger(path) == 404
    assert scene.send(path, payos_key="").status_code == 302
    with app.app_context():
        assert secret_of(scene.account_id or 0, "payos") == ""


@pytest.mark.usefixtures("ctx")
def test_a_key_is_set_by_money_staff_of_the_cooperative_only() -> None:
    order = place_order([(shelf()[1], 1)])[0]
    account_id = payment_of(order.id).bank_account_id or 0
    with pytest.raises(NotAllowed), transaction():
        set_payos_key(staff_of(order, Role.DIGITAL_TEAM), account_id, KEY)
    with pytest.raises(NotFound), transaction():
        set_payos_key(manager_of(create_cooperative("HTX Kia")), account_id, KEY)


@given(st.dictionaries(st.sampled_from(sorted(PUBLISHED["data"])), JSON))
def test_no_signed_member_makes_the_reader_crash(changes: dict[str, object]) -> None:
    data = PUBLISHED["data"] | changes
    assert payos.proves({"data": data, "signature": payos.sign(data, KEY)}, KEY)
    try:
        told = payos.parse({"data": data})
        assert told is None or told.amount_vnd > 0
    except Invalid as error:
        assert error.field
