"""Declaring through the pages, as a household and as an officer."""

import re

from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from core import audit
from core.db import db
from registry.questions import QUESTIONS
from tests.accounts.test_views import token
from tests.factories.accounts import actor_for, sign_in
from tests.factories.registry import POOR, resident, submitted_review


def test_a_household_answers_one_question_a_page_and_sees_why(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        actor, _home = resident()
    sign_in(client, actor)
    page = client.get("/declare")
    answer = client.post("/declare/start", data={"csrf_token": token(page.text)})
    for asked in QUESTIONS:
        assert f"/q/{asked.id}" in answer.location
        page = client.get(answer.location)
        assert page.text.count("<h1>") == 1 and "Không biết" in page.text
        field = "number" if asked.kind == "number" else "answer"
        answer = client.post(answer.location, data={"csrf_token": token(page.text), field: POOR[asked.id]})
        assert answer.status_code == 302, answer.text
    check = client.get(answer.location)
    sent = client.post(answer.location, data={"csrf_token": token(check.text)}, follow_redirects=True)
    assert "Giống mức hộ nghèo" in sent.text and "DEMO" in sent.text
    assert "Chưa nói được" in sent.text
    assert (
        "Thấp hơn mức 140" in sent.text
        and "Nước ăn uống lấy từ đâu? <b>Suối, ao, khe không che</b>." in sent.text
    )
    assert "Chuẩn này không dùng các câu sau" in sent.text
    english = client.get(sent.request.path + "?hl=en").text
    assert "Giống mức" not in english


def test_an_answer_out_of_range_comes_back_with_what_was_typed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        actor, _home = resident()
    sign_in(client, actor)
    started = client.post("/declare/start", data={"csrf_token": token(client.get("/declare").text)})
    page = client.get(started.location)
    refused = client.post(started.location, data={"csrf_token": token(page.text), "number": "99"})
    assert refused.status_code == 422
    assert "Viết một số từ 1 đến 30" in refused.text and 'value="99"' in refused.text


def test_the_officer_finds_the_declaration_in_the_queue(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        review = submitted_review()
        key, unit_id = review.key, review.commune_id
        officer = actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)
    sign_in(client, officer)
    queue = client.get("/registry").text
    assert f"/registry/reviews/{key}" in queue and "Giống mức hộ nghèo" in queue and "DEMO" in queue
    page = client.get(f"/registry/reviews/{key}").text
    assert "Suối, ao, khe không che" in page
    with app.app_context():
        assert db.session.query(audit.AuditLine).filter_by(verb="read declaration").count() == 1


def test_a_shop_manager_never_opens_the_registry(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        key = submitted_review().key
        manager = actor_for(Role.MANAGER)
    sign_in(client, manager)
    assert client.get("/registry").status_code == 403
    assert client.get(f"/registry/reviews/{key}").status_code == 403
    assert client.get(f"/declare/{key}/result").status_code == 404


def test_a_helper_records_a_household_that_is_in_no_list(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        unit_id = submitted_review().commune_id
        helper = actor_for(Role.DIGITAL_TEAM, unit_id=unit_id)
    sign_in(client, helper)
    page = client.get("/declare/help/new")
    data = {
        "csrf_token": token(page.text),
        "name": "Bàn Văn Mới",
        "village": "Khuổi Mẫu",
        "phone": "0912345678",
    }
    answer = client.post("/declare/help/new", data=data, follow_redirects=True)
    assert re.search(
        r"hộ Bàn Văn Mới", client.get(answer.request.path.replace("/declare/", "/declare/")).text
    ) or ("Bàn Văn Mới" in answer.text)
