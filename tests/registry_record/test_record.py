"""One's own record: all of it, who read it and why, consents, requests, a copy, what is erased and what stays."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor, Role
from core import audit
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from households.models import Household
from registry import operations as declaring
from registry import queries as declarations
from registry.models import CommuneConsent, Review, ReviewDeprivation, ReviewResult
from registry.needs import operations as needs
from registry.needs.models import Need
from registry.needs.rules import Outcome
from registry.record import held, operations, queries
from registry.record.rules import Ask, Part
from tests.accounts.test_views import token
from tests.factories.accounts import actor_for, sign_in
from tests.factories.households import create_household
from tests.factories.needs import asked, said_need
from tests.factories.registry import POOR, fill, resident


def officer(unit_id: int) -> Actor:
    return actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)


def declared(actor: Actor) -> str:
    with transaction():
        begun = declaring.start(actor)
    key = fill(actor, begun, POOR)
    with transaction():
        declaring.finish(actor, key)
    return key


def lived_in(home: Household) -> str:
    """Everything of a household's record as one text."""
    return json.dumps(held.as_document(db.session.get_one(Household, home.id)), ensure_ascii=False)


def test_the_record_holds_every_part_with_its_values_and_who_wrote_them(ctx: Flask) -> None:
    actor, home = resident()
    declared(actor)
    said_need(actor=actor)
    with transaction():
        declaring.give_sales_consent(actor)
    document = held.as_document(home)
    assert [one["part"] for one in document["parts"]] == [part.value for part in Part]
    whole = lived_in(home)
    for said in ("Triệu Thị Lềnh", "Suối, ao, khe không che", "Con học qua mạng", "20.000", "DEMO"):
        assert said in whole, said
    by_part = {one["part"]: one["entries"] for one in document["parts"]}
    assert "Triệu Thị Lềnh" in by_part["declarations"][0]["entered"]
    assert len(by_part["consents"]) == 1 and len(by_part["people"]) == 2


def test_nothing_of_another_household_stands_in_it(ctx: Flask) -> None:
    _actor, home = resident()
    other, _there = resident(create_household(head="Người Khác Hẳn"), "Láng Giềng Hẳn")
    declared(other)
    said_need(actor=other, note="Chuyện riêng nhà khác")
    whole = lived_in(home)
    assert "Hẳn" not in whole and "Chuyện riêng" not in whole


def test_the_family_sees_which_officer_read_what_and_why(ctx: Flask) -> None:
    actor, home = resident()
    key = declared(actor)
    boss = officer(home.commune_id)
    with transaction():
        declaring.read_by_officer(boss, key, "review")
    with transaction():
        audit.record(
            "list declarations", f"commune:{home.commune_id}", chain=boss.chain, user_id=boss.user_id, role=boss.role
        )  # fmt: skip
    touched = {one.verb: one for one in queries.touches(db.session.get_one(Household, home.id))}
    read = touched["read declaration"]
    assert (read.name, read.role, read.purpose, read.own) == (
        "Người commune_officer",
        "commune_officer",
        "review",
        False,
    )
    assert touched["list declarations"].times == 1
    assert touched["start declaration"].own
    assert "xét hộ" in lived_in(home) and "Xem bản kê khai" in lived_in(home)


def test_lists_opened_before_the_household_said_anything_are_not_about_it(ctx: Flask) -> None:
    _actor, home = resident()
    boss = officer(home.commune_id)
    with transaction():
        audit.record("list needs", f"commune:{home.commune_id}", chain=boss.chain, user_id=boss.user_id)
    assert not [one for one in queries.touches(home) if one.verb == "list needs"]


def test_consents_are_withdrawn_one_by_one_and_never_anothers(ctx: Flask) -> None:
    actor, _home = resident()
    other, _there = resident(create_household(head="Nhà Khác"), "Láng Giềng")
    with transaction():
        mine = declaring.give_sales_consent(actor).id
        theirs = declaring.give_sales_consent(other).id
    for held_by, consent_id in (
        ("commune", theirs),
        ("commune", 999),
        ("elsewhere", mine),
        ("cooperative", mine),
    ):
        with pytest.raises(NotFound), transaction():
            operations.withdraw_consent(actor, held_by, consent_id)
    with transaction():
        operations.withdraw_consent(actor, "commune", mine)
    assert db.session.get_one(CommuneConsent, mine).withdrawn_at is not None
    assert db.session.get_one(CommuneConsent, theirs).withdrawn_at is None


def test_a_request_has_words_a_due_date_and_an_answer_with_a_reason(ctx: Flask) -> None:
    actor, home = resident()
    with pytest.raises(Invalid), transaction():
        operations.ask(actor, Ask.CORRECT, "")
    with transaction():
        made = operations.ask(actor, Ask.OBJECT, "Đừng cho trưởng thôn xem", Part.NEEDS)
        key = made.key
    assert str(made.due_on) == "2026-12-07"  # ten working days; the 24th of November is a holiday
    boss = officer(home.commune_id)
    with pytest.raises(Invalid), transaction():
        operations.answer(boss, key, False, "")
    with transaction():
        operations.answer(boss, key, False, "Trưởng thôn phải đi kiểm tra cùng")
    with pytest.raises(Conflict), transaction():
        operations.answer(boss, key, True, "Đổi ý rồi, làm theo")
    assert "Trưởng thôn phải đi kiểm tra cùng" in lived_in(home)


def test_nobody_answers_the_own_household_and_nobody_elsewhere_reads_it(ctx: Flask) -> None:
    found = asked()
    kin = Actor(user_id=found.asked_by_user_id, role=Role.COMMUNE_OFFICER, unit_id=found.commune_id)
    for who in (kin, officer(found.commune_id + 1)):
        with pytest.raises(NotFound), transaction():
            operations.answer(who, found.key, True, "Đã sửa cho nhà")
    head = actor_for(Role.VILLAGE_HEAD, unit_id=found.commune_id, village="Thôn Chè Cọ")
    with pytest.raises(NotAllowed), transaction():
        operations.read_by_officer(head, found.key, "record request")
    assert queries.requests_of_commune(kin) == []


def test_erasure_takes_drafts_and_words_that_are_over_and_leaves_what_was_sent(ctx: Flask) -> None:
    actor, home = resident()
    gone = declared(actor)
    with transaction():
        declaring.withdraw(actor, gone)
    kept = declared(actor)
    need = said_need(actor=actor, note="Lời kể sẽ xoá")
    boss, need_id = officer(home.commune_id), need.id
    with transaction():
        needs.take(boss, need.key)
        needs.close(boss, need.key, Outcome.MET, "Đã lo xong cho nhà")
    with transaction():
        made = operations.ask(actor, Ask.ERASE, "")
        assert made.erased_count == 2
    reviews = {one.key: one for one in db.session.query(Review)}
    assert reviews[gone].answers is None and declarations.answers_of(reviews[kept])["people"] == 6
    left = {one.review_id for one in db.session.query(ReviewResult)}
    assert left == {reviews[kept].id}
    assert db.session.query(ReviewDeprivation).count() == sum(
        len(one.deprivations) for one in reviews[kept].results
    )
    assert db.session.get_one(Need, need_id).note is None
    whole = lived_in(home)
    assert "Lời kể sẽ xoá" not in whole and "Đã lo xong" not in whole and "Đã được giúp đủ" in whole
    with transaction():
        assert operations.ask(actor, Ask.ERASE, "").erased_count == 0
    assert audit.verify(boss.chain) is None


def test_the_family_reads_its_record_and_takes_it_away_and_no_cache_keeps_either(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        actor, _home = resident()
        declared(actor)
        said_need(actor=actor)
    sign_in(client, actor)
    page = client.get("/me/record")
    assert page.status_code == 200 and "Con học qua mạng" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    answer = client.post("/me/record/copy", data={"csrf_token": token(page.text)})
    assert "no-store" in answer.headers["Cache-Control"]
    assert "attachment" in answer.headers["Content-Disposition"]
    document = json.loads(answer.text)
    assert document["format"] == "cho-phien-record/1" and "Con học qua mạng" in answer.text
    assert "Lấy bản sao hồ sơ" in client.get("/me/record").text
    english = client.get("/me/record?hl=en").text
    assert "Đang giữ" not in english and "Xem bản kê khai" not in english
    assert "/me/record" not in {path for path, _query in app.extensions["kept_pages"].shelf.pages}


def test_asking_to_erase_says_first_what_stays_and_that_the_law_was_not_checked(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        actor, home = resident()
        home_id, boss = home.id, officer(home.commune_id)
    sign_in(client, actor)
    page = client.get("/me/record/ask/erase")
    assert "chưa so với chữ của luật" in page.text and "giấy tờ tiền nong" in page.text
    form = {"csrf_token": token(page.text), "key": _key(page.text), "words": "Nhà tôi chuyển đi rồi"}
    for _twice in range(2):
        assert client.post("/me/record/ask/erase", data=form).status_code == 302
    with app.app_context():
        assert len(queries.requests_of(home_id)) == 1
    officer_client = app.test_client()
    sign_in(officer_client, boss)
    listed = officer_client.get("/registry/requests")
    [path] = set(re.findall(r'href="(/registry/requests/[^"]+)"', listed.text))
    opened = officer_client.get(path)
    assert "Nhà tôi chuyển đi rồi" in opened.text
    sent = {"csrf_token": token(opened.text), "granted": "yes", "words": "Đã chuyển hồ sơ sang xã mới"}
    assert officer_client.post(path, data=sent).status_code == 302
    assert "Đã chuyển hồ sơ sang xã mới" in client.get("/me/record").text


def _key(text: str) -> str:
    found = re.search(r'name="key"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="key"', text)
    assert found is not None
    return found[1] or found[2]


def test_the_case_stands_in_the_record_and_who_objected_does_not(ctx: Flask) -> None:
    from tests.factories import procedure

    _who, case, _wall = procedure.posted()
    home = db.session.get_one(Household, case.household_id)
    [entry] = next(one for one in held.held(home) if one.part is Part.CASES).entries
    whole = json.dumps(entry.lines, ensure_ascii=False)
    assert "Niêm yết" in whole and "Chấm điểm" in whole
    assert any(one.verb.startswith("case: ") for one in queries.touches(home))


def test_a_birth_stands_in_the_record(ctx: Flask) -> None:
    from households.operations import PersonFacts
    from households.roster import operations as roster
    from tests.households_roster.test_operations import SPRING, home, officer

    household_id, _head = home()
    with transaction():
        roster.record_birth(officer(), household_id, PersonFacts("Lý Văn Bé"), roster.Deed("birth-1", SPRING))
    part = next(
        one for one in held.held(db.session.get_one(Household, household_id)) if one.part is Part.ROSTER
    )
    assert any("Lý Văn Bé" in value for entry in part.entries for _name, value in entry.lines)
