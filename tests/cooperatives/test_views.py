"""Pages of cooperatives: accepted, refused, stranger."""

import io
import re
from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor, Role
from cooperatives import operations, queries
from core.db import db, transaction
from tests.factories.accounts import actor_for, create_user, sign_in
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of, treasurer_of
from tests.households.test_views import token
from tests.queries import count_queries

PDF = b"%PDF-1.4 a paper"
APPLICATION = {
    "name": "HTX Tài Hoan", "registration_number": "4700 123 456", "registered_on": "20/05/2019",
    "registered_by": "Phòng Tài chính – Kế hoạch huyện Na Rì", "legal_representative": "Nông Thị Hoan",
    "place": "xã Côn Minh, huyện Na Rì, Bắc Kạn", "address_line": "Thôn Chè Cọ", "phone": "0912 345 678",
    "bank_bin": "970405", "account_number": "8500 2050 12345", "holder": "HTX Tài Hoan", "story": "Miến dong.",
}  # fmt: skip


def send_application(
    client: FlaskClient, hidden: dict[str, str], paper: bytes | None = PDF, **changes: str
) -> Any:
    """Post the form, with a paper or without."""
    body: dict[str, Any] = APPLICATION | hidden | changes
    if paper is not None:
        body["registration"] = (io.BytesIO(paper), "giấy.pdf")
    return client.post("/cooperatives/apply", data=body, content_type="multipart/form-data")


def staff(app: Flask) -> tuple[int, Actor, Actor]:
    """A cooperative's id, its manager and its treasurer."""
    with app.app_context():
        found = create_cooperative()
        return found.id, manager_of(found), treasurer_of(found)


def test_an_application_goes_from_form_to_approval(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        applicant, administrator = create_user("Nông Thị Hoan").id, actor_for(Role.ADMINISTRATOR)
    sign_in(client, applicant)
    hidden = token(client, "/cooperatives/apply")
    sent = send_application(client, hidden)
    assert sent.status_code == 302, sent.get_data(as_text=True)
    assert send_application(client, hidden).location == sent.location
    assert "Đang chờ duyệt" in client.get(sent.location).get_data(as_text=True)
    sign_in(client, administrator)
    queue = client.get("/admin/cooperatives").get_data(as_text=True)
    assert "1 hồ sơ chờ duyệt" in queue
    path = f"/admin/cooperatives/{sent.location.rsplit('/', 1)[1]}"
    page = client.get(path).get_data(as_text=True)
    assert "xã Côn Minh, Thái Nguyên" in page
    paper = client.get(re.search(rf"{path}/documents/\d+", page)[0])  # type: ignore[index]
    assert paper.data == PDF
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert client.post(path, data={"decision": "approve"} | token(client, path)).status_code == 302
    sign_in(client, applicant)
    assert "Bạn là quản lý" in client.get(sent.location).get_data(as_text=True)


def test_what_was_typed_and_the_paper_stay_when_something_is_wrong(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, create_user("Nông Thị Hoan").id)
    wrong = send_application(
        client, token(client, "/cooperatives/apply"), registration_number="?", place="Đâu Đó"
    )
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    for typed in ("HTX Tài Hoan", "Đâu Đó", "8500 2050 12345", "Miến dong."):
        assert typed in page
    assert "giấy.pdf" in page
    papers = re.search(r'name="papers"[^>]*value="([^"]+)"', page)
    assert papers is not None
    hidden = token(client, "/cooperatives/apply") | {"papers": papers[1]}
    assert send_application(client, hidden, paper=None).status_code == 302


def test_a_disguised_file_or_none_is_refused_at_its_field(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, create_user("Nông Thị Hoan").id)
    hidden = token(client, "/cooperatives/apply")
    for paper, said in ((b"<html>evil", "không phải ảnh hay PDF"), (None, "Cần ảnh hoặc tệp PDF")):
        answer = send_application(client, hidden, paper=paper)
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True)


def test_an_application_is_seen_by_its_applicant_alone(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        waiting, stranger = create_cooperative(approved=False).id, create_user("Người lạ").id
    assert client.get(f"/cooperatives/applications/{waiting}").status_code in (302, 401)
    sign_in(client, stranger)
    assert client.get(f"/cooperatives/applications/{waiting}").status_code == 404


def test_a_refusal_without_a_reason_is_asked_for_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        waiting = create_cooperative(approved=False).id
        sign_in(client, actor_for(Role.ADMINISTRATOR))
    path = f"/admin/cooperatives/{waiting}"
    hidden = token(client, path)
    assert client.post(path, data={"decision": "refuse", "reason": ""} | hidden).status_code == 422
    reason = "Giấy đăng ký mờ, chụp lại cho rõ số."
    assert client.post(path, data={"decision": "refuse", "reason": reason} | hidden).status_code == 302
    assert reason in client.get(path).get_data(as_text=True)


def test_two_persons_change_the_account_on_screen(app: Flask, client: FlaskClient) -> None:
    cooperative_id, manager, treasurer = staff(app)
    path = "/manage/cooperative/bank"
    sign_in(client, manager)
    new = {"bank_bin": "970436", "account_number": "1903 0000 0011", "holder": "HTX Thử Nghiệm"}
    assert client.post(path, data=new | token(client, path)).status_code == 302
    with app.app_context():
        change = queries.open_change(cooperative_id)
        assert change is not None
        approve = f"{path}/{change.id}/approve"
    assert client.post(approve, data=token(client, path)).status_code == 422
    sign_in(client, treasurer)
    assert client.post(approve, data=token(client, path)).status_code == 302
    page = client.get(path).get_data(as_text=True)
    assert "chờ 48 giờ" in page
    assert "190300000011" in page


def test_a_wrong_account_number_is_said_beside_its_field_and_kept(app: Flask, client: FlaskClient) -> None:
    _id, manager, _treasurer = staff(app)
    sign_in(client, manager)
    path = "/manage/cooperative/bank"
    wrong = {"bank_bin": "970436", "account_number": "12", "holder": "HTX Thử"}
    answer = client.post(path, data=wrong | token(client, path))
    assert answer.status_code == 422
    assert 'value="12"' in answer.get_data(as_text=True)


def test_the_bank_feed_shows_its_address_and_takes_a_key_once(app: Flask, client: FlaskClient) -> None:
    cooperative_id, _manager, treasurer = staff(app)
    sign_in(client, treasurer)
    path = "/manage/cooperative/bank"
    with app.app_context():
        account = queries.active_account(cooperative_id)
        assert account is not None
        account_id = account.id
        stranger = treasurer_of(create_cooperative("HTX Kia"))
    assert f"/webhooks/sepay/{account_id}" in client.get(path).get_data(as_text=True)
    send = f"{path}/{account_id}/webhook"
    assert client.post(send, data=token(client, path) | {"webhook_key": "ngắn"}).status_code == 422
    key = "a-key-of-more-than-16"
    assert client.post(send, data=token(client, path) | {"webhook_key": key}).status_code == 302
    page = client.get(path).get_data(as_text=True)
    assert "đang nhận" in page and key not in page
    told = client.post(f"/webhooks/sepay/{account_id}", headers={"Authorization": f"Apikey {key}"}, json={})
    assert told.status_code != 401
    sign_in(client, stranger)
    assert client.post(send, data=token(client, path) | {"webhook_key": ""}).status_code == 404


def test_terms_are_shown_as_cloth_and_changed_from_today(app: Flask, client: FlaskClient) -> None:
    cooperative_id, manager, treasurer = staff(app)
    sign_in(client, manager)
    path = "/manage/cooperative/terms"
    page = client.get(path).get_data(as_text=True)
    assert 'class="weave"' in page
    draft = f"{path}/draft"
    new = {"from_on": "2026-12-01", "producers": "62,5", "processing": "27,5", "fund": "10", "grade_1": "100",
           "grade_2": "85", "grade_3": "70", "recall_borne_by": "cooperative", "buying": "consigned"}  # fmt: skip
    assert client.post(draft, data=new | token(client, draft) | {"fund": "11"}).status_code == 422
    assert client.post(draft, data=new | token(client, draft)).status_code == 302
    assert client.post(f"{path}/publish", data=token(client, draft)).status_code == 302
    with app.app_context():
        assert queries.terms_on(cooperative_id, date(2026, 12, 1)).producers_bp == 6_250
    sign_in(client, treasurer)
    assert client.get(path).status_code == 200
    assert client.post(draft, data=new | token(client, "/manage/cooperative/bank")).status_code == 403


def test_a_manager_invites_and_ends_staff(app: Flask, client: FlaskClient) -> None:
    _id, manager, treasurer = staff(app)
    sign_in(client, manager)
    path = "/manage/cooperative/staff"
    body = {"phone": "0912 345 678", "role": "digital_team"} | token(client, path)
    assert client.post(path, data=body).status_code == 302
    assert client.post(path, data=body | {"phone": "12"}).status_code == 422
    assert client.post(f"{path}/{treasurer.grant_id}/end", data=token(client, path)).status_code == 302
    assert client.post(f"{path}/{manager.grant_id}/end", data=token(client, path)).status_code == 403
    sign_in(client, treasurer)
    assert client.get(path).status_code == 403


def test_the_shop_facts_are_edited_by_the_manager(app: Flask, client: FlaskClient) -> None:
    _id, manager, _treasurer = staff(app)
    sign_in(client, manager)
    path, facts = (
        "/manage/cooperative",
        {"phone": "0912345678", "story": "Chuyện mới", "email": "htx@vidu.vn"},
    )
    assert client.post(path, data=facts | token(client, path)).status_code == 302
    assert "Chuyện mới" in client.get(path).get_data(as_text=True)
    assert client.post(path, data=facts | token(client, path) | {"email": "không"}).status_code == 422


def test_a_producer_is_taken_in_found_and_changed(app: Flask, client: FlaskClient) -> None:
    _id, manager, _treasurer = staff(app)
    sign_in(client, manager)
    new = {"standing": "linked", "name": "Đàm Thị Sến", "sex": "female", "birth_year": "1990", "ethnic_code": "02",
           "phone": "0912345678", "whole": "person", "village": "Thôn Bản Cuôn",
           "place": "con minh, thai nguyen"}  # fmt: skip
    hidden = token(client, "/manage/producers/new")
    made = client.post("/manage/producers/new", data=new | hidden)
    assert made.status_code == 302, made.get_data(as_text=True)
    assert client.post("/manage/producers/new", data=new | hidden).location == made.location
    assert "Đàm Thị Sến" in client.get("/manage/producers?q=dam thi sen").get_data(as_text=True)
    page = client.get(made.location).get_data(as_text=True)
    assert "0912 345 678" in page
    standing = {"standing": "member", "from_on": "2026-11-22"} | token(client, made.location)
    assert (
        client.post(f"{made.location}/standing", data=standing).status_code == 422
    )  # began today: no overlap


def test_a_known_house_is_found_and_gets_a_second_person(app: Flask, client: FlaskClient) -> None:
    cooperative_id, manager, _treasurer = staff(app)
    with app.app_context():
        one = create_producer(queries.cooperative(cooperative_id)).id
    sign_in(client, manager)
    path = f"/manage/producers/{one}/people/new"
    found = client.get("/manage/producers/new?home=che co mau").get_data(as_text=True)
    assert path in found and "Thêm người vào nhà Lý Thị Mẫu" in found
    assert "Không thấy nhà nào" in client.get("/manage/producers/new?home=khong co").get_data(as_text=True)
    mate = {"name": "Triệu Văn Páo", "relation": "spouse", "standing": "linked"}
    assert client.post(path, data=mate | token(client, path) | {"standing": ""}).status_code == 422
    assert client.post(path, data=mate | token(client, path)).status_code == 302
    assert "Triệu Văn Páo" in client.get("/manage/producers").get_data(as_text=True)


def test_a_producer_is_moved_by_the_manager_on_a_day(app: Flask, client: FlaskClient) -> None:
    cooperative_id, manager, _treasurer = staff(app)
    with app.app_context():
        coop = queries.cooperative(cooperative_id)
        one, other = create_producer(coop).id, create_producer(coop, "Lý Văn Páo").id
        there = queries.producer_view(other).household_id
        foreign = create_producer(create_cooperative("HTX Khác")).id
        strange = queries.producer_view(foreign).household_id
    sign_in(client, manager)
    path = f"/manage/producers/{one}/move"
    page = client.get(path).get_data(as_text=True)
    assert "Thôn Chè Cọ: Lý Văn Páo" in page
    moved = {"relation": "other", "on": "2026-11-01", "place": "Côn Minh, Thái Nguyên", "village": ""}
    for to in ("", str(strange), "new"):
        assert client.post(path, data=moved | token(client, path) | {"to": to}).status_code == 422
    assert client.post(path, data=moved | token(client, path) | {"to": str(there)}).status_code == 302
    with app.app_context():
        assert queries.producer_view(one).household_id == there
    assert client.get(f"/manage/producers/{foreign}/move").status_code == 404


def test_a_namesake_is_taken_in_only_after_a_tick(app: Flask, client: FlaskClient) -> None:
    _id, manager, _treasurer = staff(app)
    sign_in(client, manager)
    new = {"standing": "linked", "name": "Đàm Thị Sến", "whole": "person", "village": "Thôn Bản Cuôn",
           "place": "con minh, thai nguyen"}  # fmt: skip
    path = "/manage/producers/new"
    assert client.post(path, data=new | token(client, path)).status_code == 302
    page = client.post(path, data=new | token(client, path))
    assert page.status_code == 422 and "Trong sổ đã có Đàm Thị Sến" in page.get_data(as_text=True)
    assert client.post(path, data=new | token(client, path) | {"namesake": "y"}).status_code == 302


def test_a_read_producer_leaves_an_audit_line(app: Flask, client: FlaskClient) -> None:
    cooperative_id, manager, _treasurer = staff(app)
    with app.app_context():
        one = create_producer(queries.cooperative(cooperative_id)).id
    sign_in(client, manager)
    assert client.get(f"/manage/producers/{one}").status_code == 200
    from core.audit import AuditLine

    with app.app_context():
        line = db.session.query(AuditLine).filter_by(verb="read producer").one()
        assert (line.subject, line.user_id) == (f"producer:{one}", manager.user_id)


def test_a_producer_of_another_cooperative_is_not_found(app: Flask, client: FlaskClient) -> None:
    _id, manager, _treasurer = staff(app)
    with app.app_context():
        foreign = create_producer(create_cooperative("HTX Khác")).id
    sign_in(client, manager)
    hidden = token(client, "/manage/producers/new")
    assert client.get(f"/manage/producers/{foreign}").status_code == 404
    for deed in ("standing", "consents/contact", "account"):
        assert client.post(f"/manage/producers/{foreign}/{deed}", data=hidden).status_code == 404


def test_an_agreement_needs_the_words_read_out(app: Flask, client: FlaskClient) -> None:
    cooperative_id, manager, _treasurer = staff(app)
    with app.app_context():
        one = create_producer(queries.cooperative(cooperative_id)).id
    sign_in(client, manager)
    path = f"/manage/producers/{one}/consents/show_name"
    hidden = token(client, f"/manage/producers/{one}")
    assert client.post(path, data=hidden).status_code == 422
    assert client.post(path, data=hidden | {"read_out": "y"}).status_code == 302
    assert (
        client.post(path.replace("show_name", "sell_data"), data=hidden | {"read_out": "y"}).status_code
        == 422
    )
    assert "đã đồng ý" in client.get(f"/manage/producers/{one}").get_data(as_text=True)


def test_a_signed_in_producer_agrees_on_her_own_page(app: Flask, client: FlaskClient) -> None:
    cooperative_id, _manager, _treasurer = staff(app)
    with app.app_context():
        user = create_user("Lý Thị Mẫu").id
        create_producer(queries.cooperative(cooperative_id), user_id=user)
    sign_in(client, user)
    body = {"cooperative_id": cooperative_id, "purpose": "contact"} | token(client, "/me/consents")
    assert client.post("/me/consents", data=body).status_code == 302
    assert "đã đồng ý" in client.get("/me/consents").get_data(as_text=True)
    assert "Cho hợp tác xã gọi điện" in client.get("/me/household").get_data(as_text=True)


def test_the_list_of_producers_states_its_query_count(app: Flask, client: FlaskClient) -> None:
    cooperative_id, manager, _treasurer = staff(app)
    with app.app_context():
        for number in range(5):
            create_producer(queries.cooperative(cooperative_id), f"Lý Thị Số {number}")
    sign_in(client, manager)
    with count_queries(app) as seen:
        assert client.get("/manage/producers").status_code == 200
    assert seen.count <= 12


def test_an_account_proposed_by_hand_over_the_wire_needs_a_token(app: Flask, client: FlaskClient) -> None:
    cooperative_id, manager, _treasurer = staff(app)
    with app.app_context(), transaction():
        change = operations.propose_account(manager, "970436", "190300000011", "HTX Thử").id
    sign_in(client, manager)
    assert client.post(f"/manage/cooperative/bank/{change}/withdraw").status_code == 400
    with app.app_context():
        assert queries.open_change(cooperative_id) is not None
