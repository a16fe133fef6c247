"""The app's doors: who may install, whose news is believed, and what a shop is answered."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import select

from channels.saleor import documents
from channels.saleor.models import SaleorInstance, SaleorOrder, SaleorRefundAsk
from channels.saleor.reconciling import handle
from channels.saleor.rules import pack_ref
from core import clock
from core.db import db, transaction
from core.work import sweep
from payments.operations import cancel, mark_sent
from tests.channels_saleor.scene import Scene, later
from tests.factories.accounts import sign_in
from tests.factories.payments import pay, staff_of
from tests.saleor_server.server import SaleorServer

DOOR = "/webhooks/saleor"


@pytest.fixture
def shop(kept_shop, app, client, running) -> SaleorServer:
    """The connected shop, spoken to over HTTP."""
    return running


def tell(client, server, body, *, door=DOOR, signature=None, url=None):
    """A webhook of the shop, signed by it unless told otherwise."""
    content = json.dumps(body).encode()
    headers = {
        "Saleor-Api-Url": url or server.url, "Saleor-Event": "order_updated", "Content-Type": "application/json",
        "Saleor-Signature": server.sign(content) if signature is None else signature(content),
    }  # fmt: skip
    return client.post(door, data=content, headers=headers)


def rows(app, model):
    """All rows of a table."""
    with app.app_context():
        return list(db.session.execute(select(model)).scalars())


def test_the_manifest_names_doors_events_and_rights(client):
    told = client.get("/saleor/manifest.json").get_json()
    assert told["tokenTargetUrl"] == "http://localhost/saleor/install"
    assert {"MANAGE_PRODUCTS", "MANAGE_ORDERS", "HANDLE_PAYMENTS"} <= set(told["permissions"])
    doors = {one["targetUrl"]: one for one in told["webhooks"]}
    assert "ORDER_CREATED" in doors["http://localhost/webhooks/saleor"]["asyncEvents"]
    assert doors["http://localhost/webhooks/saleor/refund"]["syncEvents"] == ["TRANSACTION_REFUND_REQUESTED"]
    assert doors["http://localhost/webhooks/saleor"]["query"] == documents.KNOCK


def test_only_a_shop_on_the_list_with_a_token_that_opens_it_is_installed(shop, app, client):
    def shake(url, token):
        return client.post(
            "/saleor/install", json={"auth_token": token}, headers={"Saleor-Api-Url": url}
        ).status_code

    assert shake("http://127.0.0.1:9/graphql/", "shop-token") == 403
    assert shake(shop.url, "a strangers token") == 409
    assert shake(shop.url, ["no", "token"]) == 409
    assert shake(shop.url, "shop-token") == 200 and shake(shop.url, "shop-token") == 200
    [row] = rows(app, SaleorInstance)
    assert b"shop-token" not in row.token and row.state == "installed"


def test_signed_news_is_believed_and_the_keys_are_asked_for_once(shop, app, client):
    order = {"order": {"id": "Order:1", "number": "7"}}
    shop.keys_asked = 0
    for _again in range(3):
        assert tell(client, shop, order).status_code == 200
    assert shop.keys_asked == 0, "kept since the app was installed"
    [row] = rows(app, SaleorOrder)
    assert (row.remote_id, row.number, row.knock_count) == ("Order:1", "7", 3)


def _hs256(content: bytes) -> str:
    return jwt.api_jws.encode(
        content, "k" * 32, algorithm="HS256", headers={"kid": "first"}, is_payload_detached=True
    )


def _none(content: bytes) -> str:
    head = base64.urlsafe_b64encode(
        json.dumps({"alg": "none", "kid": "first", "b64": False}).encode()
    ).decode()
    return f"{head.rstrip('=')}.."


def _stranger(content: bytes) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    headers = {"kid": "first", "crit": ["b64"]}
    return jwt.api_jws.encode(content, key, algorithm="RS256", headers=headers, is_payload_detached=True)


@pytest.mark.parametrize(
    "signature", [_hs256, _none, _stranger, lambda _content: "", lambda _content: "a.b.c"]
)
def test_no_other_signature_is_believed(shop, app, client, signature):
    assert tell(client, shop, {"order": {"id": "Order:1"}}, signature=signature).status_code == 401
    assert rows(app, SaleorOrder) == []


def test_news_signed_for_other_words_or_by_an_unknown_shop_is_refused(shop, app, client):
    other = shop.sign(b'{"order": {"id": "Order:2"}}')
    assert (
        tell(client, shop, {"order": {"id": "Order:1"}}, signature=lambda _content: other).status_code == 401
    )
    assert (
        tell(client, shop, {"order": {"id": "Order:1"}}, url="http://127.0.0.1:9/graphql/").status_code == 401
    )


def test_a_new_key_is_asked_for_once_and_strangers_cannot_make_us_ask_on(shop, app, client):
    shop.keys_asked = 0
    shop.keys["second"] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    try:
        order = {"order": {"id": "Order:1"}}
        with later(minutes=1):
            assert tell(client, shop, order, signature=lambda c: shop.sign(c, "second")).status_code == 200
            del shop.keys["second"]
            shop.keys["third"] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            for _again in range(3):
                assert tell(client, shop, order, signature=lambda c: shop.sign(c, "third")).status_code == 401
        assert shop.keys_asked == 1
    finally:
        shop.keys.pop("second", None), shop.keys.pop("third", None)


def test_the_shop_asks_what_sending_costs(shop, kept_shop, client):
    address = {
        "cityArea": "",
        "city": "PHƯỜNG CẦU GIẤY",
        "countryArea": "Hà Nội",
        "country": {"code": "VN"},
    }
    line = {"quantity": 2, "variant": {"externalReference": pack_ref(kept_shop["pack_id"])}}
    basket = {"checkout": {"channel": {"slug": "vietnam"}, "shippingAddress": address, "lines": [line]}}
    [way] = tell(client, shop, basket, door=f"{DOOR}/shipping").get_json()
    assert (
        way["currency"] == "VND"
        and way["amount"] > 0
        and way["maximumDeliveryDays"] >= way["minimumDeliveryDays"]
    )
    basket["checkout"]["lines"].append({"quantity": 1, "variant": {"externalReference": None}})
    assert tell(client, shop, basket, door=f"{DOOR}/shipping").get_json() == []


def test_a_refund_wanted_there_of_money_paid_here_is_answered_when_it_has_gone(scene: Scene, app):
    there = scene.buy(scene.pack, 2)
    [order] = scene.ours(there)
    pay(order)
    scene.settle()
    payment, total = there["transactions"][0], order.total_vnd
    wanted = {
        "action": {"amount": float(total), "currency": "VND"},
        "transaction": {"id": payment["id"], "pspReference": payment["pspReference"],
                        "order": {"id": there["id"], "number": there["number"]}},
    }  # fmt: skip
    from channels.saleor.wishes import wish

    with transaction():
        name = wish(scene.instance_id, wanted)
        assert wish(scene.instance_id, wanted) == name, "the same once more is the same"
        assert wish(scene.instance_id, wanted | {"action": {"amount": 0.5, "currency": "VND"}}) is None
    scene.settle()
    assert scene.order_row(there).problem == "refund_wanted"
    with transaction():
        cancel(staff_of(order), order.id, "Khách đổi ý")
    owed = scene.ours(there)[0]
    with transaction():
        from payments.models import Refund

        due = db.session.execute(select(Refund).where(Refund.order_id == owed.id)).scalar_one()
        mark_sent(staff_of(order), due.id, "bank", "FT1")
    scene.settle()
    [told] = scene.shop.named("CpReport")
    assert (told["psp"], told["amount"]) == (name, total)
    assert scene.order_row(there).problem == ""
    assert db.session.execute(select(SaleorRefundAsk.reported_at)).scalar_one() == clock.now()


def test_an_order_that_fails_in_an_unforeseen_way_is_tried_again_and_logged(scene: Scene):
    scene.knock({"id": "Order:404", "number": "9"})
    assert sweep(SaleorOrder, handle) == 1
    [row] = db.session.execute(select(SaleorOrder)).scalars()
    assert (row.state, row.work_state) == ("ended", "done"), "the shop does not know it"


def test_the_key_is_on_no_page(shop, kept_shop, client):
    sign_in(client, kept_shop["collector"])
    page = client.get("/manage/saleor").get_data(as_text=True)
    assert "Chợ trên mây" in page and "không hiện lại" in page
    assert shop.shop.token not in page
