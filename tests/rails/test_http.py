"""A card order over HTTP, from the steps of buying to the order's page, with the provider a process away."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from core.db import db
from orders.models import Order
from payments.attempts.models import Attempt
from payments.rails.models import RailAccount
from tests.exams.stage import hidden
from tests.factories.places import commune
from tests.payments.scene import shelf
from tests.rails.scene import collector, tell
from tests.stripe_server.process import StripeServer


def _draft(client: Any, seller_id: int, commune_id: int) -> None:
    with client.session_transaction() as session:
        session["checkout"] = {
            "key": "card-checkout-key-01", "name": "Đỗ Minh Mẫu", "phone": "+84912345678", "commune_id": commune_id,
            "place": "phường Cầu Giấy, Hà Nội", "address_line": "Số 8", "note": "", "methods": {str(seller_id): "card"},
        }  # fmt: skip


def test_a_buyer_pays_by_card_and_the_page_says_only_what_the_provider_said(
    app: Flask, bank: StripeServer
) -> None:
    with app.app_context():
        who = collector()
        coop, pack = shelf()
        pack_id, seller_id, commune_id, account = pack.id, coop.id, commune("Cầu Giấy").id, who.account.id
        db.session.remove()
    client = app.test_client()
    client.post("/cart", data={"pack_id": pack_id, "quantity": 1})
    _draft(client, seller_id, commune_id)
    assert 'value="card"' in client.get("/checkout/how").text
    review = client.get("/checkout/review")
    assert review.status_code == 200
    placed = client.post("/checkout/review", data=hidden(review.text))
    assert placed.status_code == 303
    pay = placed.headers["Location"]
    page = client.get(pay)
    assert f"{bank.url}/pay/cs_test_" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    token = pay.split("/")[-2]

    back = client.get(f"/orders/{token}/paid?payment=success&status=paid")
    assert "Đang chờ Stripe báo" in back.text, "an address proves nothing"

    with app.app_context():
        session = db.session.execute(select(Attempt.provider_ref)).scalar_one()
        db.session.remove()
    bank.order("buyer", number=session, how="success")
    with app.app_context():
        assert set(tell(bank, db.session.get_one(RailAccount, account))) == {200}
        assert db.session.execute(select(Order.state)).scalar_one() == "to_pack"
        db.session.remove()
    assert "Đã nhận đủ tiền" in client.get(f"/orders/{token}/paid").text


def test_a_provider_that_is_down_is_named_and_another_way_is_there(app: Flask, bank: StripeServer) -> None:
    with app.app_context():
        collector()
        coop, pack = shelf()
        pack_id, seller_id, commune_id = pack.id, coop.id, commune("Cầu Giấy").id
        from core.db import transaction

        with transaction():
            db.session.execute(select(RailAccount)).scalar_one().failures_count = 3
        db.session.remove()
    client = app.test_client()
    client.post("/cart", data={"pack_id": pack_id, "quantity": 1})
    _draft(client, seller_id, commune_id)
    page = client.get("/checkout/how").text
    assert 'value="card"' not in page
    assert "Thẻ quốc tế" in page, "it says why it is not there"
    assert 'value="vietqr"' in page
    refused = client.post("/checkout/review", data=hidden(client.get("/checkout/review").text))
    assert refused.status_code == 422
    assert "không dùng được" in refused.text
    with app.app_context():
        assert db.session.execute(select(Order.id)).all() == []
        db.session.remove()
