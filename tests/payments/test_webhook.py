"""SePay's door: who may knock, and that nothing it can do twice, late or out of order changes the ledger."""

import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from accounts.rules import Role
from cooperatives.operations import set_webhook_key
from core import clock
from core.clock import HANOI
from core.db import db, transaction
from payments import operations
from payments.models import Transfer
from payments.queries import payment_of
from tests.conftest import NOW
from tests.factories.payments import place_order, staff_of
from tests.payments.scene import balances, shelf

KEY = "a-key-of-the-bank-feed-0123456789"


class Feed:
    """A cooperative whose bank tells of transfers, and some of its orders."""

    def __init__(self, app: Flask, count: int = 1) -> None:
        with app.app_context():
            _coop, pack = shelf(quantity=50)
            made = [place_order([(pack, 1)])[0] for _number in range(count)]
            self.order_ids = [order.id for order in made]
            self.codes = [order.code for order in made]
            self.total_vnd = made[0].total_vnd
            account_id = payment_of(made[0].id).bank_account_id
            assert account_id is not None
            self.account_id = account_id
            with transaction():
                set_webhook_key(staff_of(made[0], Role.MANAGER), account_id, KEY)
            number = db.session.execute(
                text("SELECT account_number FROM bank_account WHERE id = :id"), {"id": account_id}
            )
            self.account_number = number.scalar_one()

    def body(self, number: int, content: str, amount: int | None = None, **changes: object) -> dict[str, Any]:
        """News in SePay's form."""
        return {
            "id": number, "gateway": "Agribank", "transactionDate": f"{NOW.astimezone(HANOI):%Y-%m-%d %H:%M:%S}",
            "accountNumber": self.account_number, "code": None, "content": content, "transferType": "in",
            "transferAmount": self.total_vnd if amount is None else amount, "accumulated": 1, "subAccount": None,
            "referenceCode": f"FT{number}",
        } | changes  # fmt: skip

    def post(
        self, client: FlaskClient, body: object, key: str = f"Apikey {KEY}", account_id: int | None = None
    ) -> Any:
        """Knock at the door."""
        headers = {"Authorization": key} if key else {}
        return client.post(f"/webhooks/sepay/{account_id or self.account_id}", json=body, headers=headers)


def _transfers(app: Flask) -> int:
    with app.app_context():
        return db.session.execute(select(func.count()).select_from(Transfer)).scalar_one()


def test_news_with_the_right_key_pays_the_order(app: Flask, client: FlaskClient) -> None:
    feed = Feed(app)
    answer = feed.post(client, feed.body(1, f"MBVCB.1.{feed.codes[0]}.CT tu 0011"))
    assert (answer.status_code, answer.json) == (200, {"success": True})
    assert "Set-Cookie" not in answer.headers
    with app.app_context():
        assert payment_of(feed.order_ids[0]).state == "paid"


@pytest.mark.parametrize(
    "key", ["", "Apikey ", "Apikey wrong-key-of-the-bank-feed", f"Bearer {KEY}", KEY, "Apikey ấ"]
)
def test_a_forged_key_is_refused_before_the_body_is_looked_at(
    app: Flask, client: FlaskClient, key: str
) -> None:
    feed = Feed(app)
    answer = feed.post(client, "not even an object", key)
    assert answer.status_code == 401
    assert _transfers(app) == 0


def test_the_key_of_one_account_does_not_open_another_and_an_unknown_one_looks_alike(
    app: Flask, client: FlaskClient
) -> None:
    feed = Feed(app)
    with app.app_context():
        other = place_order([(shelf(name="HTX Kia")[1], 1)])[0]
        other_account = payment_of(other.id).bank_account_id
    assert feed.post(client, feed.body(1, "x"), account_id=other_account).status_code == 401
    assert feed.post(client, feed.body(1, "x"), account_id=10**9).status_code == 401


@pytest.mark.parametrize("body", [[], {}, {"id": 1}, "text", None])
def test_a_body_that_cannot_be_read_is_refused_and_nothing_is_booked(
    app: Flask, client: FlaskClient, body: object
) -> None:
    feed = Feed(app)
    assert feed.post(client, body).status_code == 422
    assert _transfers(app) == 0


def test_money_that_left_the_account_is_answered_and_not_booked(app: Flask, client: FlaskClient) -> None:
    feed = Feed(app)
    assert feed.post(client, feed.body(1, "tra tien", transferType="out")).status_code == 200
    assert _transfers(app) == 0


NEWS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["all", "half", "rest", "over", "other"])),
    min_size=1,
    max_size=6,
)


def _play(app: Flask, feed: Feed, told: list[tuple[int, str]], order: list[int]) -> dict[str, int]:
    """Tell the news in an order of arrival; the ledger afterwards."""
    client, half = app.test_client(), feed.total_vnd // 2
    amounts = {
        "all": feed.total_vnd,
        "half": half,
        "rest": feed.total_vnd - half,
        "over": feed.total_vnd + 1_000,
        "other": 7,
    }
    for number in order:
        which, what = told[number]
        content = "khong ro" if what == "other" else feed.codes[which]
        assert feed.post(client, feed.body(number + 1, content, amounts[what])).status_code == 200
        assert (
            feed.post(client, feed.body(number + 1, content, amounts[what]), "Apikey forged").status_code
            == 401
        )
    with app.app_context():
        from orders import queries as orders

        return balances(orders.order(feed.order_ids[0]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=NEWS, seed=st.integers(0, 10**6))
def test_news_told_five_times_and_late_leaves_the_ledger_as_told_once(
    app: Flask, told: list[tuple[int, str]], seed: int
) -> None:
    once = list(range(len(told)))
    feed = Feed(app, 3)
    first = _play(app, feed, told, once)
    again = once * 4
    random.Random(seed).shuffle(again)
    with clock.use(NOW + timedelta(days=2)):
        assert _play(app, feed, told, again) == first
        with app.app_context():
            operations.expire_unpaid()
            db.session.remove()
    with app.app_context():
        balance = db.session.execute(text("SELECT coalesce(sum(amount_vnd), 0) FROM posting")).scalar_one()
        assert balance == 0
        received = db.session.execute(select(func.coalesce(func.sum(Transfer.amount_vnd), 0)).where(
            Transfer.bank_account_id == feed.account_id)).scalar_one()  # fmt: skip
    assert first["bank"] == received == -sum(amount for kind, amount in first.items() if kind != "bank")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(st.integers(0, 2), min_size=2, max_size=5, unique=True), seed=st.integers(0, 10**6))
def test_shuffled_news_of_different_orders_ends_in_the_same_ledger(
    app: Flask, told: list[int], seed: int
) -> None:
    news = [(which, "all") for which in told]
    order = list(range(len(news))) * 5
    random.Random(seed).shuffle(order)
    shuffled = _play(app, Feed(app, 3), news, order)
    straight = _play(app, Feed(app, 3), news, list(range(len(news))))
    assert shuffled == straight
