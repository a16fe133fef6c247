"""Pages of money: one accepted, one refused, one stranger each; lists count their queries."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor
from core.db import db
from revenue import queries
from revenue.models import Payout
from revenue.rules import AccountKind
from tests.factories.accounts import create_user, sign_in
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.revenue import delivered, opened, weighed
from tests.factories.traceability import create_crop
from tests.queries import count_queries
from tests.revenue.stories import a_world
from traceability.models import Slip


def token(page: Any) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found[1]


def key(page: Any) -> str:
    found = re.search(r'name="key"[^>]*value="([^"]+)"', page.text)
    assert found
    return found[1]


@pytest.fixture
def money(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """A world with one delivered sale, its manager signed in."""
    with app.app_context():
        world = a_world(grams=(40_000, 20_000), advances=(1_000,))
        order = delivered(world.bought())
        manager = manager_of(world.coop)
        stranger = manager_of(create_cooperative())
        facts = {"org": world.org, "who": world.producers[0].id, "slip": world.slips[0].id, "order": order.id,
                 "coop": world.coop.id, "manager": manager, "stranger": stranger,
                 "crop": world.slips[0].crop_id, "owed": world.owed(world.producers[0])}  # fmt: skip
    sign_in(client, manager)
    return facts


def test_the_money_page_shows_what_is_owed_and_where_money_lies(
    money: dict[str, Any], client: FlaskClient
) -> None:
    page = client.get("/manage/money")
    assert page.status_code == 200
    assert "65.000" in page.text
    assert "Lý Thị A" in page.text


def test_the_money_page_sends_the_same_number_of_queries_for_more_producers(
    app: Flask, money: dict[str, Any], client: FlaskClient
) -> None:
    with count_queries(app) as few:
        client.get("/manage/money")
    with app.app_context():
        from cooperatives.queries import cooperative

        coop = cooperative(money["coop"])
        for _more in range(5):
            weighed(create_producer(coop), advance_vnd=100)
    with count_queries(app) as many:
        client.get("/manage/money")
    assert few.count == many.count <= 16


def test_a_producer_is_paid_once_by_two_taps(app: Flask, money: dict[str, Any], client: FlaskClient) -> None:
    address = f"/manage/money/producers/{money['who']}"
    page = client.get(address)
    form = {"csrf_token": token(page), "key": key(page), "amount_vnd": "5.000", "method": "cash"}
    first, second = client.post(address, data=form), client.post(address, data=form)
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    assert client.get(first.location).status_code == 200
    with app.app_context():
        assert db.session.query(Payout).count() == 1


def test_paying_more_than_is_owed_is_refused_and_nothing_typed_is_lost(
    money: dict[str, Any], client: FlaskClient
) -> None:
    address = f"/manage/money/producers/{money['who']}"
    page = client.get(address)
    form = {"csrf_token": token(page), "key": key(page), "amount_vnd": "9.999.999", "method": "cash"}
    refused = client.post(address, data=form)
    assert refused.status_code == 422
    assert 'value="9.999.999"' in refused.text
    assert "Còn nợ nhà này" in refused.text


@pytest.mark.parametrize("path", ["/manage/money/producers/{who}", "/manage/money/producers/{who}/print",
                                  "/manage/money/slips/{slip}/void", "/manage/money/entries/1",
                                  "/manage/money/entries/1/reverse", "/manage/orders/{order}/delivered"])  # fmt: skip
def test_a_stranger_finds_nothing(money: dict[str, Any], client: FlaskClient, path: str) -> None:
    assert client.get(path.format(**money)).status_code == 200
    sign_in(client, money["stranger"])
    assert client.get(path.format(**money)).status_code == 404


PAGES = ["/manage/money", "/manage/money/open", "/manage/money/move", "/manage/money/entries", "/manage/slips/new",
         "/manage/money/entries/1", "/manage/money/producers/{who}", "/manage/money/producers/{who}/print"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_opens_in_both_languages_with_one_heading(
    money: dict[str, Any], client: FlaskClient, path: str, language: str
) -> None:
    page = client.get(path.format(**money), query_string={} if language == "vi" else {"hl": "en"})
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_books_are_opened_and_cash_is_drawn(app: Flask, money: dict[str, Any], client: FlaskClient) -> None:
    page = client.get("/manage/money/open")
    form = {"csrf_token": token(page), "key": key(page), "bank_vnd": "1.000.000"}
    assert client.post("/manage/money/open", data=form).status_code == 302
    assert (
        client.post("/manage/money/open", data=form | {"key": "another-key", "bank_vnd": ""}).status_code
        == 422
    )
    page = client.get("/manage/money/move")
    form = {"csrf_token": token(page), "key": key(page), "source": "bank", "amount_vnd": "400000"}
    assert client.post("/manage/money/move", data=form).status_code == 302
    assert (
        client.post(
            "/manage/money/move", data=form | {"key": "other-key-1", "amount_vnd": "9000000"}
        ).status_code
        == 422
    )
    with app.app_context():
        assert queries.balance(money["org"], AccountKind.CASH) == 5_000_000 - 1_000 + 400_000


def test_an_opening_is_reversed_with_a_reason(app: Flask, money: dict[str, Any], client: FlaskClient) -> None:
    page = client.get("/manage/money/entries/1/reverse")
    form = {"csrf_token": token(page), "key": key(page), "reason": "x"}
    assert client.post("/manage/money/entries/1/reverse", data=form).status_code == 422
    with app.app_context():
        opened(type("C", (), {"organisation_id": money["org"]}), bank_vnd=77)
        last = queries.journal(money["org"]).rows[0].id
    address = f"/manage/money/entries/{last}/reverse"
    assert client.post(address, data=form | {"reason": "ghi nhầm số"}).status_code == 302
    assert "Đã đảo bằng bút toán" in client.get(f"/manage/money/entries/{last}").text


def walk(client: FlaskClient, money: dict[str, Any]) -> dict[str, str]:
    """Go through the five steps as a browser without script does: each step's answers travel in the address."""
    sent: dict[str, str] = {"step": "1"}
    answers = [{"producer_id": str(money["who"])}, {"crop_id": str(money["crop"])},
               {"gross_g": "43,6", "tare_g": "0,8"}, {"grade": "1", "price_vnd_per_kg": ""}]  # fmt: skip
    for number, answer in enumerate(answers, start=1):
        page = client.get("/manage/slips/new", query_string=sent)
        assert page.status_code == 200
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        assert hidden["step"] == str(number + 1)
        sent = hidden | answer
    page = client.get("/manage/slips/new", query_string=sent)
    assert page.status_code == 200
    assert "42,8" in page.text
    assert "149.800" in page.text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def test_a_slip_is_weighed_in_five_steps_and_two_taps_make_one(
    app: Flask, money: dict[str, Any], client: FlaskClient
) -> None:
    form = walk(client, money) | {"pay_from": "cash", "advance_vnd": "149.800"}
    first, second = (client.post("/manage/slips/new", data=form) for _tap in range(2))
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    with app.app_context():
        slip = db.session.query(Slip).order_by(Slip.id.desc()).first()
        assert slip is not None
        assert (slip.net_g, slip.price_vnd_per_kg, slip.advance_vnd) == (42_800, 3_500, 149_800)
        assert queries.balance(money["org"], AccountKind.CASH) == 5_000_000 - 1_000 - 149_800


def test_an_advance_larger_than_the_till_is_refused_on_the_last_step(
    app: Flask, money: dict[str, Any], client: FlaskClient
) -> None:
    form = walk(client, money) | {"pay_from": "cash", "advance_vnd": "90.000.000"}
    refused = client.post("/manage/slips/new", data=form)
    assert refused.status_code == 422
    assert "Quỹ tiền mặt chỉ còn" in refused.text
    assert 'value="90.000.000"' in refused.text


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"step": "2"}, "Chọn một nhà"),
        ({"step": "4", "producer_id": "{who}", "crop_id": "{crop}", "gross_g": "-5"}, "Viết cân nặng"),
        (
            {"step": "4", "producer_id": "{who}", "crop_id": "{crop}", "gross_g": "1", "tare_g": "2"},
            "nặng hơn bao không",
        ),
        ({"step": "3", "producer_id": "{who}", "crop_id": "999"}, "Chọn một loại cây"),
        (
            {"step": "5", "producer_id": "{who}", "crop_id": "{crop}", "gross_g": "5", "grade": "9"},
            "Chọn loại 1",
        ),
    ],
)
def test_a_wrong_answer_comes_back_on_its_own_step(
    money: dict[str, Any], client: FlaskClient, sent: dict[str, str], says: str
) -> None:
    page = client.get(
        "/manage/slips/new", query_string={name: value.format(**money) for name, value in sent.items()}
    )
    assert page.status_code == 422
    assert says in page.text


def test_a_price_never_named_before_must_be_typed(
    app: Flask, money: dict[str, Any], client: FlaskClient
) -> None:
    with app.app_context():
        new = create_crop("Nghệ củ").id
    sent = {"step": "5", "producer_id": money["who"], "crop_id": new, "gross_g": "5", "grade": "1"}
    page = client.get("/manage/slips/new", query_string=sent)
    assert page.status_code == 422
    assert "Viết giá một ki-lô-gam" in page.text


def test_a_producer_is_found_without_marks(money: dict[str, Any], client: FlaskClient) -> None:
    assert "Lý Thị B" in client.get("/manage/slips/new?q=ly+thi+b").text
    assert "Lý Thị A" not in client.get("/manage/slips/new?q=ly+thi+b").text
    assert "Không có nhà nào" in client.get("/manage/slips/new?q=zzz").text


def test_another_cooperatives_producer_cannot_be_weighed_for(
    money: dict[str, Any], client: FlaskClient
) -> None:
    form = walk(client, money) | {"pay_from": "none"}
    sign_in(client, money["stranger"])
    page = client.get("/manage/slips/new")
    refused = client.post("/manage/slips/new", data=form | {"csrf_token": token_of(client, page)})
    assert refused.status_code == 422
    assert "Chọn một nhà" in refused.text


def token_of(client: FlaskClient, _page: Any) -> str:
    return token(client.get("/manage/money/open"))


def test_a_producer_sees_her_own_statement_and_nobody_elses(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        coop = create_cooperative()
        opened(coop)
        me = create_user("Lý Thị Lềnh").id
        mine = create_producer(coop, name="Lý Thị Lềnh", user_id=me)
        hers = create_producer(coop, name="Triệu Thị Nhình")
        weighed(mine, advance_vnd=140_000)
        weighed(hers, advance_vnd=1)
        ids = mine.id, hers.id
    sign_in(client, me)
    page = client.get("/me/statement", follow_redirects=True)
    assert page.status_code == 200
    assert "140.000" in page.text
    assert client.get(f"/me/statement/{ids[0]}/print").status_code == 200
    assert client.get(f"/me/statement/{ids[1]}").status_code == 404
    assert client.get(f"/me/statement/{ids[1]}/print").status_code == 404


def test_somebody_who_supplies_nobody_is_told_what_to_do(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        me = create_user().id
    sign_in(client, me)
    assert "Chưa có bảng kê nào" in client.get("/me/statement").text


def test_marking_an_order_delivered_shares_it(app: Flask, client: FlaskClient) -> None:
    from tests.factories.payments import shipped

    with app.app_context():
        world = a_world()
        order_id = shipped(world.bought()).id
        manager: Actor = manager_of(world.coop)
        org = world.org
    sign_in(client, manager)
    address = f"/manage/orders/{order_id}/delivered"
    page = client.get(address)
    form = {"csrf_token": token(page), "key": key(page)}
    assert client.post(address, data=form).status_code == 422
    assert client.post(address, data=form | {"sure": "y"}).status_code == 302
    with app.app_context():
        assert queries.money_week(org).sold_vnd == 65_000
