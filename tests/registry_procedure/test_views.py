"""The procedure through its pages: officer, family, a stranger at the wall, and whoever scans a certificate."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor, Role
from core import audit, clock
from core.db import db
from registry.models import Review
from registry.procedure import queries
from tests.accounts.test_views import token
from tests.factories.accounts import actor_for, sign_in
from tests.factories.procedure import listed, posted, recognised
from tests.queries import count_queries


def token_of(html: str, step: str) -> str:
    found = re.search(rf'name="{step}-csrf_token"[^>]*value="([^"]+)"', html)
    assert found
    return found[1]


def test_an_officer_takes_a_case_from_the_list_to_the_visit(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        who, case = listed()
        path = f"/registry/procedure/{case.key}"
    sign_in(client, who)
    assert path in client.get("/registry/procedure").text
    page = client.get(path)
    refused = client.post(
        f"{path}/screen", data={"screen-csrf_token": token_of(page.text, "screen"), "screen-note": "Khá giả"}
    )
    assert refused.status_code == 422 and "Khá giả" in refused.text and "Chọn một câu." in refused.text
    for step, given in (
        ("screen", {"screen-goes_on": "yes"}),
        ("score", {}),
        ("visit", {"visit-chosen": "poor", "visit-note": "Nhà tạm, ba con nhỏ"}),
    ):
        page = client.get(path)
        done = client.post(f"{path}/{step}", data={f"{step}-csrf_token": token_of(page.text, step)} | given)
        assert done.status_code == 302, done.text
    page = client.get(path).text
    assert "Nhà tạm, ba con nhỏ" in page and "DEMO" in page and "Ghi buổi họp" in page
    with app.app_context():
        assert db.session.query(audit.AuditLine).filter_by(verb="read case").count() == 5


def test_the_queue_takes_as_many_queries_for_many_as_for_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        who, case = listed()
        unit_id = case.commune_id
    sign_in(client, who)
    client.get("/registry/procedure")
    with count_queries(app) as one:
        client.get("/registry/procedure")
    with app.app_context():
        from tests.factories.households import create_household
        from tests.factories.places import commune

        for number in range(3):
            home = create_household(head=f"Hộ Thêm {number}")
            assert home.commune_id == unit_id == commune().id
            listed(home)
    with count_queries(app) as many:
        client.get("/registry/procedure")
    assert many.count == one.count <= 30


def test_a_stranger_reads_the_list_objects_and_finds_no_name_after_its_last_day(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        _who, case, wall = posted()
        case_id, path, last = case.id, f"/posting/{wall.key}", wall.closes_on
    page = client.get(path)
    assert "Triệu Văn Chủ" in page.text and "noindex" in page.text and "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    form = client.get(f"{path}/objection").text
    key = form.split('name="key"')[1].split('value="')[1].split('"')[0]
    data = {"csrf_token": token(form), "key": key, "line": "1", "said": "Nhà này vừa mua xe tải."}
    short = client.post(f"{path}/objection", data=data | {"said": "Sai"})
    assert short.status_code == 422 and "Viết rõ hơn" in short.text
    for _twice in range(2):
        assert "Xã đã nhận ý kiến" in client.post(f"{path}/objection", data=data).text
    with app.app_context():
        from registry.procedure.models import ReviewCase

        assert len(queries.objections(db.session.get_one(ReviewCase, case_id))) == 1
    with clock.use(clock.start_of(last + timedelta(days=1))):
        for late in (path, f"{path}/objection"):
            assert "Triệu Văn Chủ" not in client.get(late).text


def test_a_family_reads_its_step_and_what_comes_next_and_shows_its_certificate(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        _who, case = recognised()
        number = queries.recognition_of(case).certificate_number  # type: ignore[union-attr]
        user_id = db.session.get_one(Review, case.review_id).started_by_user_id
    sign_in(client, Actor(user_id=user_id, role=Role.BUYER))
    mine = client.get("/declare/case").text
    assert "Đã công nhận" in mine and "12/QĐ-UBND" in mine and "Nhà tạm, ba con nhỏ" in mine
    paper = client.get("/declare/case/certificate").text
    assert "Hộ nghèo" in paper and "DEMO" in paper and f"{number[:4]} {number[4:8]}" in paper
    anybody = app.test_client().get(f"/verify/certificate/{number}")
    assert anybody.status_code == 200 and "Giấy chứng nhận thật" in anybody.text and "DEMO" in anybody.text
    assert not any(word in anybody.text for word in ("Triệu", "Hộ nghèo", "12/QĐ", "Chè Cọ"))
    assert app.test_client().get(f"/verify/certificate/{'1' * 16}").status_code == 404


def test_the_family_reads_that_the_posting_is_over_and_who_signs_next(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        _who, case, wall = posted()
        user_id = db.session.get_one(Review, case.review_id).started_by_user_id
        after = clock.start_of(wall.closes_on + timedelta(days=1)) + timedelta(hours=9)
    sign_in(client, Actor(user_id=user_id, role=Role.BUYER))
    hanging = client.get("/declare/case").text
    assert "Đang niêm yết" in hanging and "/posting/" in hanging
    with clock.use(after):
        sign_in(client, Actor(user_id=user_id, role=Role.BUYER))
        over = client.get("/declare/case").text
    assert "Hết ngày niêm yết, chờ hai cán bộ ký" in over and "niêm yết xong" in over
    assert "Đang niêm yết" not in over and "/posting/" not in over


def test_a_manager_opens_no_page_of_the_procedure(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        _who, case = listed()
        path = f"/registry/procedure/{case.key}"
        manager = actor_for(Role.MANAGER)
    sign_in(client, manager)
    assert {client.get(path).status_code, client.get("/registry/procedure").status_code} == {403}
