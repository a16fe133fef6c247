"""Signing in as a person does it."""

import json
import re

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from accounts import operations, queries
from accounts.passwords import hash_password
from accounts.rules import SYSTEM, Role
from core.db import transaction
from tests.factories.accounts import actor_for, create_user, sign_in

PASSWORD = "chè miến rừng"


def token(html: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found, html[:400]
    return found[1]


def person(app: Flask, role: Role | None = None) -> str:
    with app.app_context():
        made = create_user("Lý Thị Mẫu", "0912345678", hash_password(PASSWORD))
        if role:
            with transaction():
                operations.grant(SYSTEM, made.id, role, unit_id=None)
        return made.phone


def post(client: FlaskClient, path: str, **data: str):  # type: ignore[no-untyped-def]
    page = client.get(path)
    return client.post(path, data={"csrf_token": token(page.text)} | data)


def test_phone_and_password_open_the_persons_page(app: Flask, client: FlaskClient) -> None:
    person(app)
    answer = post(client, "/sign-in", phone="0912 345 678", password=PASSWORD)
    assert answer.status_code == 302 and answer.location == "/me"
    assert "Lý Thị Mẫu" in client.get("/me").text


def test_a_wrong_password_does_not_say_which_part_was_wrong(app: Flask, client: FlaskClient) -> None:
    person(app)
    known = post(client, "/sign-in", phone="0912345678", password="sai sai sai")
    unknown = post(client, "/sign-in", phone="0987654321", password="sai sai sai")
    assert known.status_code == unknown.status_code == 422
    wanted = "Số điện thoại hoặc mật khẩu chưa đúng"
    assert wanted in known.text and wanted in unknown.text


def test_the_eleventh_try_is_refused_even_with_the_right_password(app: Flask, client: FlaskClient) -> None:
    person(app)
    for _ in range(10):
        post(client, "/sign-in", phone="0912345678", password="sai sai sai")
    assert post(client, "/sign-in", phone="0912345678", password=PASSWORD).status_code == 429


def test_an_officer_signs_in_with_a_second_step(app: Flask, client: FlaskClient) -> None:
    person(app, Role.COMMUNE_OFFICER)
    answer = post(client, "/sign-in", phone="0912345678", password=PASSWORD)
    assert answer.location == "/sign-in/set-up"
    page = client.get(answer.location).text
    secret = re.search(r'lot-no">([A-Z2-7]+)<', page)
    assert secret
    from tests.conftest import NOW

    done = post(client, "/sign-in/set-up", code=pyotp.TOTP(secret[1]).at(NOW))
    assert done.status_code == 302
    assert "Cán bộ xã" in client.get("/me").text


def test_without_the_second_step_the_officers_role_is_not_worn(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        officer = actor_for(Role.COMMUNE_OFFICER)
    sign_in(client, officer, totp=False)
    assert client.get("/me/help-sign-in").status_code == 403


def test_a_form_of_an_ended_session_comes_back_after_signing_in(app: Flask, client: FlaskClient) -> None:
    phone = person(app)
    lost = client.post("/me/password", data={"current": "một hai ba", "password": "bốn năm sáu"})
    assert lost.status_code in (400, 401)
    held = json.dumps({"story": ["Miến dong & <b>rừng</b>"]})
    answer = post(client, "/sign-in", phone=phone, password=PASSWORD, next="/me/password", held=held)
    assert answer.status_code == 200
    assert "Miến dong &amp; &lt;b&gt;rừng&lt;/b&gt;" in answer.text


def test_next_never_leaves_the_site(app: Flask, client: FlaskClient) -> None:
    person(app)
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = post(client, "/sign-in", phone="0912345678", password=PASSWORD, next=target)
        assert answer.location == "/me"


def test_a_post_from_another_site_is_refused(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_forgotten_password_is_replaced_by_a_code(app: Flask, client: FlaskClient) -> None:
    person(app)
    post(client, "/forgot", phone="0912345678")
    with app.app_context():
        from tests.accounts.test_operations import the_code

        code = the_code()
    answer = post(client, "/forgot/code", phone="0912345678", code=code, password="nấm hương mật ong")
    assert answer.location == "/sign-in"
    assert post(client, "/sign-in", phone="0912345678", password="nấm hương mật ong").location == "/me"


def test_an_unknown_number_gets_the_same_answer_and_no_message(app: Flask, client: FlaskClient) -> None:
    assert post(client, "/forgot", phone="0987654321").location == "/forgot/code"
    with app.app_context():
        from messages.models import Message

        assert queries.db.session.query(Message).count() == 0


def test_a_new_account_needs_the_code_sent_to_its_phone(app: Flask, client: FlaskClient) -> None:
    post(client, "/register", phone="0912345678")
    refused = post(client, "/register/code", phone="0912345678", code="000000", name="A B", password=PASSWORD)
    assert refused.status_code == 422 or refused.location == "/me"
    with app.app_context():
        from tests.accounts.test_operations import the_code

        code = the_code()
    answer = post(
        client, "/register/code", phone="0912345678", code=code, name="Bàn Thị Sả", password=PASSWORD
    )
    assert answer.location == "/me"
    assert "Bàn Thị Sả" in client.get("/me").text


def test_nonsense_held_over_a_sign_in_does_no_harm(app: Flask, client: FlaskClient) -> None:
    phone = person(app)
    for held in ("{not json", "[1, 2]", '{"a": 1}', '{"a": [{"b": 2}]}'):
        answer = post(client, "/sign-in", phone=phone, password=PASSWORD, next="/me", held=held)
        assert answer.status_code == 200
