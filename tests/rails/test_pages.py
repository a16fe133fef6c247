"""The collector's desk and the cooperative's page, over HTTP."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from core.db import db
from tests.factories.accounts import actor_for, sign_in
from tests.factories.cooperatives import create_cooperative
from tests.queries import count_queries
from tests.rails.scene import collector
from tests.rails.sending import sent


@pytest.fixture
def people(app: Flask) -> dict[str, Any]:
    """A collector with its manager, a cooperative with its treasurer, money on its way."""
    with app.app_context():
        who = collector()
        coop = create_cooperative("HTX Một")
        treasurer = actor_for(Role.TREASURER, organisation_id=coop.organisation_id)
        way = sent(who.organisation_id, coop)
        found = {"manager": who.manager, "treasurer": treasurer, "coop": coop.id, "remittance": way.id}
        db.session.remove()
        return found


def _as(app: Flask, person: Any) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person.user_id)
    with client.session_transaction() as session:
        session["grant"] = person.grant_id
    return client


def _token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def test_the_desk_shows_what_is_owed_and_the_cooperative_confirms_what_came(
    app: Flask, people: dict[str, Any]
) -> None:
    desk = _as(app, people["manager"])
    page = desk.get("/manage/collector")
    assert page.status_code == 200
    assert "HTX Một" in page.text
    assert "Chờ hợp tác xã xác nhận" in page.text

    theirs = _as(app, people["treasurer"])
    shown = theirs.get("/manage/money/collector")
    assert "120.000" in shown.text
    token = _token(theirs, "/manage/money/collector")
    done = theirs.post(f"/manage/money/collector/{people['remittance']}/arrived", data={"csrf_token": token})
    assert done.status_code == 303
    assert "Đã vào tài khoản" in theirs.get("/manage/money/collector").text


def test_a_cooperative_sees_no_collectors_desk_and_a_collector_no_cooperatives(
    app: Flask, people: dict[str, Any]
) -> None:
    theirs, desk = _as(app, people["treasurer"]), _as(app, people["manager"])
    for path in ("/manage/collector", "/manage/collector/rails", "/manage/collector/payments",
                 f"/manage/collector/remit/{people['coop']}"):  # fmt: skip
        assert theirs.get(path).status_code == 404, path
        assert desk.get(path).status_code == 200, path
    assert desk.get("/manage/money/collector").status_code == 404
    mine = desk.get("/me").text
    assert "/manage/collector" in mine
    assert "/manage/transfers" not in mine
    assert '/manage/collector"' not in theirs.get("/me").text


def test_keys_are_written_once_and_never_shown_again(app: Flask, people: dict[str, Any]) -> None:
    desk = _as(app, people["manager"])
    page = desk.get("/manage/collector/rails/stripe")
    assert "sk_test_chophien" not in page.text
    assert "whsec_test" not in page.text
    assert "/webhooks/stripe/" in page.text
    token = _token(desk, "/manage/collector/rails/momo")
    told = {"csrf_token": token, "partner_code": "MOMOTEST", "access_key": "", "secret_key": "s" * 20}
    refused = desk.post("/manage/collector/rails/momo", data=told)
    assert refused.status_code == 422
    assert "MOMOTEST" in refused.text
    done = desk.post("/manage/collector/rails/momo", data=told | {"access_key": "a" * 20, "enabled": "y"})
    assert done.status_code == 303
    again = desk.get("/manage/collector/rails/momo").text
    assert "MOMOTEST" in again
    assert "s" * 20 not in again


def test_money_is_sent_on_by_the_form_and_too_much_is_refused_beside_the_field(
    app: Flask, people: dict[str, Any]
) -> None:
    desk = _as(app, people["manager"])
    path = f"/manage/collector/remit/{people['coop']}"
    token = _token(desk, path)
    refused = desk.post(path, data={"csrf_token": token, "key": "k" * 16, "amount_vnd": "50.000"})
    assert refused.status_code == 422
    assert "không chuyển quá số đó" in refused.text
    assert 'value="50.000"' in refused.text


def test_the_list_of_payments_asks_the_database_a_fixed_number_of_times(
    app: Flask, people: dict[str, Any]
) -> None:
    from payments.attempts.lists import attempts

    with app.app_context(), count_queries(app) as asked:
        attempts(people["manager"].organisation_id)
    assert asked.count <= 6


DESK = ("/manage/collector", "/manage/collector/rails", "/manage/collector/rails/stripe", "/manage/collector/payments",
        "/manage/collector/settle/stripe")  # fmt: skip


@pytest.mark.parametrize("path", DESK)
def test_the_desks_pages_are_valid_named_labelled_and_lead_somewhere(
    app: Flask, people: dict[str, Any], path: str
) -> None:
    from tests.site.reading import Page, broken_links, faults

    desk = _as(app, people["manager"])
    page = Page(desk.get(path).text)
    assert faults(page) + broken_links(app, page, path) == []
    english = desk.get(f"{path}?hl=en").text
    assert 'lang="en"' in english
    assert "Cổng thanh toán" not in english
