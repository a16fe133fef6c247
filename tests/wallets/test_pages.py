"""What the buyer and the collector read on the pages of a wallet."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from app.i18n import english
from core.db import db
from orders import queries as order_queries
from payments.attempts import queries as attempt_queries
from payments.attempts.reconciliation import reconcile
from tests.conftest import NOW
from tests.factories.accounts import actor_for, sign_in
from tests.payments.scene import shelf
from tests.queries import count_queries
from tests.site.reading import HTML_MOST, Page, faults, left_in_vietnamese, weight_gz
from tests.storefront_checkout.test_buying import WHERE, hidden, put, send, up_to_review
from tests.wallets.process import ROOT, Sandbox
from tests.wallets.shop import Shop, open_shop


@pytest.fixture(scope="module")
def desk() -> Iterator[Sandbox]:
    with Sandbox("momo") as found:
        yield found


@pytest.fixture
def shop(app: Flask, desk: Sandbox) -> Iterator[Shop]:
    with open_shop(app, "momo", desk) as found:
        yield found


def _token(shop: Shop, order_id: int) -> str:
    with shop.app.app_context():
        found = order_queries.order(order_id).token
        db.session.remove()
    return found


def _post(client: FlaskClient, page: str, path: str, **data: str) -> Any:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **data})


def test_the_pay_page_leads_to_the_wallet_with_one_sum_for_both_orders(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    page = shop.app.test_client().get(f"/orders/{_token(shop, order_ids[0])}/pay").text
    assert f'href="{shop.desk.url}/pay/{shop.ref(attempt_id)}"' in page
    assert "Một lần cho các đơn" in page
    assert "noreferrer" in page


def test_a_visitor_chooses_the_wallet_for_two_cooperatives_and_is_led_to_one_payment(shop: Shop) -> None:
    with shop.app.app_context():
        packs = [shelf(name=name)[1].id for name in ("HTX Một", "HTX Hai")]
        db.session.remove()
    client = shop.app.test_client()
    page = up_to_review(client, packs, "momo")
    assert "Ví MoMo, giữ hàng 60 phút" in page
    answer = client.post("/checkout/review", data=hidden(page))
    pay = client.get(answer.headers["Location"]).text
    refs = shop.desk.refs()
    assert len(refs) == 1
    assert f'href="{shop.desk.url}/pay/{refs[0]}"' in pay
    assert client.post("/checkout/review", data=hidden(page)).status_code == 303
    assert shop.desk.refs() == refs  # a second tap is the same order and the same payment


def test_a_wallet_that_does_not_answer_is_not_offered_at_checkout_and_the_page_says_so(shop: Shop) -> None:
    with shop.app.app_context():
        pack_id = shelf()[1].id
        db.session.remove()
    order_ids, _attempt_id = shop.order(1)
    shop.desk.control(faults={"status": 503})
    with shop.app.app_context():
        for _time in range(3):
            reconcile("momo", everything=True)
        db.session.remove()
    client = shop.app.test_client()
    put(client, pack_id)
    send(client, "/checkout/where", **WHERE)
    page = client.get("/checkout/how").text
    assert "Ví MoMo đang không trả lời nên chưa chọn được." in page
    assert 'value="momo"' not in page
    assert order_ids


@pytest.mark.parametrize(
    "claimed",
    ["", "?resultCode=0&message=Successful&signature=x", "?vnp_ResponseCode=00", "?status=1&checksum=x"],
)
def test_coming_back_says_pending_whatever_the_address_claims_until_the_provider_told_us(
    shop: Shop, claimed: str
) -> None:
    order_ids, attempt_id = shop.order()
    token, client = _token(shop, order_ids[0]), shop.app.test_client()
    shop.desk.pay(shop.ref(attempt_id), lose=True)
    page = client.get(f"/orders/{token}/paid{claimed}").text
    assert "Đang chờ Ví MoMo báo" in page
    assert "nhận đủ tiền." not in page.replace("có tin nhắn khi nhận đủ tiền.", "")
    assert "MoMo đang chờ bạn bấm trả." in page
    assert shop.look(order_ids, attempt_id)["orders"] == ["awaiting_payment"] * 2


def test_even_the_providers_own_signed_address_pays_nothing(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    ref, client = shop.ref(attempt_id), shop.app.test_client()
    shop.desk.pay(ref, lose=True)
    address = shop.desk.order("page", ref=ref)["url"]
    assert "resultCode=0" in address
    client.get(address.removeprefix(shop.url))
    assert shop.look(order_ids, attempt_id)["payments"] == ["awaiting"] * 2


def test_the_button_asks_the_provider_and_then_the_page_says_paid(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    token, client = _token(shop, order_ids[0]), shop.app.test_client()
    shop.desk.pay(shop.ref(attempt_id), lose=True)
    assert _post(client, f"/orders/{token}/paid", f"/orders/{token}/paid").status_code == 303
    assert "Đã nhận đủ tiền" in client.get(f"/orders/{token}/paid").text
    state = client.get(f"/orders/{token}/state").json
    assert state is not None
    assert state["state"].startswith("to_pack-paid-")


def test_a_decline_is_said_in_plain_words_with_the_way_on(shop: Shop) -> None:
    order_ids, attempt_id = shop.order(1)
    token, client = _token(shop, order_ids[0]), shop.app.test_client()
    shop.desk.pay(shop.ref(attempt_id), state="failed", code="1001")
    page = client.get(f"/orders/{token}/paid").text
    assert "Ví MoMo không đủ tiền. Nạp thêm rồi trả lại, hoặc chọn cách khác." in page
    assert _post(client, f"/orders/{token}/paid", f"/orders/{token}/pay/again").status_code == 303
    assert len(shop.desk.refs()) == 2


def test_a_provider_that_does_not_answer_is_said_so_and_nothing_is_lost(shop: Shop) -> None:
    order_ids, _attempt_id = shop.order(1)
    token, client = _token(shop, order_ids[0]), shop.app.test_client()
    shop.desk.control(faults={"status": 503})
    _post(client, f"/orders/{token}/paid", f"/orders/{token}/paid")
    assert "Bên thanh toán chưa trả lời." in client.get(f"/orders/{token}/paid").text


def test_an_unpaid_order_is_paid_by_transfer_instead(shop: Shop) -> None:
    order_ids, _attempt_id = shop.order(1)
    token, client = _token(shop, order_ids[0]), shop.app.test_client()
    page = client.get(f"/orders/{token}/pay/way").text
    assert 'value="vietqr"' in page
    done = _post(client, f"/orders/{token}/pay/way", f"/orders/{token}/pay/way", method="vietqr")
    assert done.status_code == 303
    assert "Quét để trả" in client.get(f"/orders/{token}/pay").text
    assert client.get(f"/orders/{token}/paid").status_code == 303


def test_asking_is_limited(shop: Shop) -> None:
    order_ids, _attempt_id = shop.order(1)
    token, client = _token(shop, order_ids[0]), shop.app.test_client()
    said = [
        _post(client, f"/orders/{token}/paid", f"/orders/{token}/paid").status_code for _time in range(21)
    ]
    assert said == [303] * 20 + [429]


def test_the_collector_reads_where_its_rails_stand_and_tries_one(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    shop.desk.pay(shop.ref(attempt_id))
    with shop.app.app_context():
        manager = actor_for(Role.MANAGER, organisation_id=shop.collector_id)
        db.session.remove()
    client = shop.app.test_client()
    sign_in(client, manager)
    with count_queries(shop.app) as counted:
        page = client.get("/manage/collector/rails").text
    assert counted.count <= 20
    assert "để thử, không có tiền thật" in page
    assert page.count("chưa từng thử") == 4
    assert "22/11/2026" in page
    shop.desk.control(faults={"status": 503})
    _post(client, "/manage/collector/rails", "/manage/collector/rails/momo/try")
    assert "Máy chủ của họ đang lỗi." in client.get("/manage/collector/rails").text
    shop.desk.control(faults={})
    with shop.at(NOW + timedelta(minutes=1)):
        _post(client, "/manage/collector/rails", "/manage/collector/rails/momo/try")
        assert "Gọi được, khoá đúng." in client.get("/manage/collector/rails").text
    assert order_ids


def test_every_state_of_the_pages_is_valid_light_and_in_english_too(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    token, client = _token(shop, order_ids[0]), shop.app.test_client()
    paths = [f"/orders/{token}/pay", f"/orders/{token}/paid", f"/orders/{token}/pay/way"]
    _read(shop, client, paths)
    shop.desk.pay(shop.ref(attempt_id), state="failed", code="1001")
    _read(shop, client, paths[:2])
    shop.desk.control(faults={"status": 503, "calls": 1})
    _post(client, f"/orders/{token}/paid", f"/orders/{token}/pay/again")
    assert "Đang nối Ví MoMo" in client.get(f"/orders/{token}/pay").text
    _read(shop, client, paths[:1])
    _post(client, f"/orders/{token}/paid", f"/orders/{token}/pay/again")
    with shop.app.app_context():
        latest = attempt_queries.latest(order_ids[0])
        assert latest is not None
        second = latest.id
        db.session.remove()
    shop.desk.pay(shop.ref(second))
    assert "Đã nhận đủ tiền" in client.get(f"/orders/{token}/paid").text
    _read(shop, client, paths[1:2])


def _read(shop: Shop, client: FlaskClient, paths: list[str]) -> None:
    known = {key: said for (_c, key), said in english().messages.items() if isinstance(said, str)}
    for path in paths:
        text = client.get(path).text
        page = Page(text)
        assert faults(page) == []
        assert weight_gz(text) <= HTML_MOST
        assert left_in_vietnamese(Page(client.get(f"{path}?hl=en").text), known) == []


def test_a_market_without_wallets_never_loads_an_http_client() -> None:
    code = "import sys, app; app.create_app(); print('httpx' in sys.modules)"
    run = [sys.executable, "-c", code]
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run(
            run, cwd=ROOT, env=os.environ | {"INSTANCE_DIR": folder}, capture_output=True, text=True
        )
    assert said.stdout.strip() == "False", said.stderr
