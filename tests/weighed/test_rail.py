"""Paid by a wallet: what the scale says is too much goes back over the wallet, and the collector owes the rest."""

from collections.abc import Iterator

import pytest
from flask import Flask

from core.db import db
from orders import queries as orders
from payments.models import Refund
from tests.factories.weighed import by_weight
from tests.wallets.process import Sandbox
from tests.wallets.shop import Shop, open_shop
from tests.wallets.test_journeys import _settle as settle
from tests.weighed.scene import weigh


@pytest.fixture
def shop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr("tests.wallets.shop.shelf", lambda *_args, **_given: (None, by_weight()))
    with Sandbox("momo") as desk, open_shop(app, "momo", desk) as found:
        yield found


def test_the_difference_goes_back_over_the_wallet_by_itself(shop: Shop) -> None:
    order_ids, attempt_id = shop.order(1)
    ref = shop.ref(attempt_id)
    shop.desk.pay(ref)
    with shop.app.app_context():
        weigh(orders.order(order_ids[0]), 1_350)
        db.session.remove()
    settle(shop)
    with shop.app.app_context():
        owed = db.session.query(Refund).filter_by(order_id=order_ids[0]).one()
        assert (owed.state, owed.sent_how, owed.amount_vnd) == ("sent", "rail", 30_000)
        db.session.remove()
    assert list(shop.desk.look()["refunds"].values()) == [["done", 30_000, ref]]
    seen = shop.look(order_ids, attempt_id)
    assert seen["payments"] == ["paid"] and seen["owed"] == [seen["totals"][0] - 30_000]
