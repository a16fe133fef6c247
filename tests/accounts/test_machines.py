"""Machines that people are signed in on: seen in plain words, ended one by one, by time, and by an administrator."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import operations
from accounts.passwords import hash_password
from accounts.rules import SYSTEM, Role
from accounts.sessions.models import SignedIn
from accounts.sessions.operations import forget_over
from accounts.sessions.rules import machine_of
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import NotAllowed
from tests.accounts.test_views import PASSWORD, person, post, token
from tests.conftest import NOW
from tests.factories.accounts import actor_for, create_user, sign_in

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
PHONE = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Mobile Safari/537.36"
ZALO = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Zalo iOS/613"
)
DESK = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Safari/537.36 Edg/126.0"


@pytest.mark.parametrize(
    ("said", "machine"),
    [
        (PHONE, ("android", "chrome")),
        (ZALO, ("iphone", "zalo")),
        (DESK, ("windows", "edge")),
        (f"Mozilla/5.0 (Linux; Android 13; SM-X200) {WEBKIT} Safari/537.36", ("tablet", "chrome")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", ("linux", "firefox")),
        ("", ("unknown", "unknown")),
    ],
)  # fmt: skip
def test_a_machine_is_named_in_words_that_its_owner_knows(said: str, machine: tuple[str, str]) -> None:
    assert machine_of(said) == machine


def test_a_lost_phone_is_signed_out_from_another_machine(app: Flask) -> None:
    person(app)
    lost, desk = app.test_client(), app.test_client()
    for client, agent in ((lost, PHONE), (desk, DESK)):
        client.environ_base["HTTP_USER_AGENT"] = agent
        post(client, "/sign-in", phone="0912345678", password=PASSWORD)
    page = desk.get("/me/sessions").text
    assert "Điện thoại Android · Chrome" in re.sub(r"\s+", " ", page) and "Máy tính Windows" in page
    assert page.count("máy này</") == 1
    ends = re.findall(r'action="(/me/sessions/\d+/end)"', page)
    assert len(ends) == 1, "this machine is not offered"
    assert lost.get("/me").status_code == 200
    assert desk.post(ends[0], data={"csrf_token": token(page)}).status_code == 302
    assert lost.get("/me").status_code == 401 and desk.get("/me").status_code == 200
    assert desk.post(ends[0], data={"csrf_token": token(page)}).status_code == 404
    with app.app_context():
        said = db.session.execute(select(AuditLine.verb, AuditLine.subject)).all()
        assert ("end session", f"session:{ends[0].split('/')[3]}") in [tuple(one) for one in said]


def test_nobody_signs_out_another_persons_machine(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        mine, theirs = create_user().id, create_user().id
    other = app.test_client()
    sign_in(client, mine)
    sign_in(other, theirs)
    with app.app_context():
        row = db.session.execute(select(SignedIn.id).where(SignedIn.user_id == theirs)).scalar_one()
    page = client.get("/me/sessions").text
    assert "Đăng xuất mọi máy khác" not in page, "there is no other"
    answer = client.post(
        f"/me/sessions/{row}/end", data={"csrf_token": token(client.get("/me/password").text)}
    )
    assert answer.status_code == 404 and other.get("/me").status_code == 200


def test_all_others_end_at_once_and_a_copied_cookie_dies_at_sign_out(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        mine = create_user().id
    others = [app.test_client() for _one in range(2)]
    for one in (client, *others):
        sign_in(one, mine)
    with client.session_transaction() as session:
        stolen = dict(session)
    csrf = token(client.get("/me/sessions").text)
    assert client.post("/me/sessions/end", data={"csrf_token": csrf}).status_code == 302
    assert [one.get("/me").status_code for one in (client, *others)] == [200, 401, 401]
    client.post("/sign-out", data={"csrf_token": token(client.get("/me").text)})
    thief = app.test_client()
    with thief.session_transaction() as session:
        session.update(stolen)
    assert thief.get("/me").status_code == 401


@pytest.mark.parametrize(
    ("second_step", "idle", "longest"),
    [(False, 14 * 24, 90 * 24), (True, 24, 7 * 24)],
    ids=["plain", "officer"],
)
def test_a_machine_is_signed_out_by_time(app: Flask, second_step: bool, idle: int, longest: int) -> None:
    with app.app_context():
        me = int(actor_for(Role.COMMUNE_OFFICER).user_id or 0) if second_step else create_user().id
    left, used = app.test_client(), app.test_client()
    sign_in(left, me, totp=second_step)
    sign_in(used, me, totp=second_step)
    step = timedelta(hours=idle) - timedelta(minutes=1)
    hours, at = idle, NOW
    while at + step < NOW + timedelta(hours=longest):
        at += step
        with clock.use(at):
            assert used.get("/me").status_code == 200, (at, hours)
    with clock.use(NOW + timedelta(hours=idle)):
        assert left.get("/me").status_code == 401
    with clock.use(NOW + timedelta(hours=longest)):
        assert used.get("/me").status_code == 401, "used each day, and over all the same"
        with app.app_context(), transaction():
            assert forget_over() == 2


def test_the_second_step_changes_the_cookie_and_a_new_password_ends_every_machine(app: Flask) -> None:
    phone = person(app)
    client, other = app.test_client(), app.test_client()
    for one in (client, other):
        post(one, "/sign-in", phone=phone, password=PASSWORD)
    with app.app_context(), transaction():
        given = operations.grant(SYSTEM, operations.queries.user_by_phone(phone).id, Role.COMMUNE_OFFICER).id  # type: ignore[union-attr]
    with client.session_transaction() as session:
        before = session["_user_id"]
    client.post("/me/role", data={"csrf_token": token(client.get("/me").text), "grant": str(given)})
    secret = re.search(r'lot-no">([A-Z2-7]+)<', client.get("/sign-in/set-up").text)
    assert secret
    post(client, "/sign-in/set-up", code=pyotp.TOTP(secret[1]).at(NOW))
    with client.session_transaction() as session:
        assert session["_user_id"] != before
    new = {"current": PASSWORD, "password": "nấm hương mật ong"}
    assert post(client, "/me/password", **new).status_code == 302
    assert "Cán bộ xã" in client.get("/me").text, "this machine goes on, with its second step"
    assert other.get("/me").status_code == 401


def test_an_officer_who_lost_the_only_phone_begins_anew_before_an_administrator(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        admin, officer = actor_for(Role.ADMINISTRATOR), actor_for(Role.COMMUNE_OFFICER)
        with transaction():
            person_id = int(officer.user_id or 0)
            operations.set_password(SYSTEM, person_id, PASSWORD, hash_password(PASSWORD))
            operations.start_totp(person_id)
    lost = app.test_client()
    sign_in(lost, officer)
    sign_in(client, admin)
    assert post(client, f"/admin/people/{officer.grant_id}/lost").location == "/me/help-sign-in"
    assert lost.get("/me").status_code == 401
    with app.app_context():
        row = operations.queries.user(person_id)
        assert row.password_hash is None and row.totp_secret is None
        with pytest.raises(NotAllowed), transaction():
            operations.lost_phone(admin, int(admin.grant_id or 0))
        with pytest.raises(NotAllowed), transaction():
            operations.lost_phone(officer, int(admin.grant_id or 0))
