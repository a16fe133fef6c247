"""A household's way to recognition on a real database: who may, what is refused, what is kept."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.rules import SYSTEM, Role
from core import audit, clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from households.operations import PersonFacts, add_person, move_person
from households.rules import Relation
from registry.procedure import hearings, operations, public, queries
from registry.procedure.hearings import Complaint, Vote
from registry.procedure.rules import Origin
from tests.factories.accounts import actor_for, create_user
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.factories.procedure import listed, meeting, objected, posted, recognised, visited
from tests.factories.registry import resident, submitted_review


def test_a_family_asks_and_its_clock_runs_fifteen_working_days(ctx: Flask) -> None:
    review = submitted_review()
    from accounts.rules import Actor

    me = Actor(user_id=review.started_by_user_id, role=Role.BUYER)
    with transaction():
        case = operations.request(me)
    assert (case.state, case.due_on.isoformat()) == ("requested", "2026-12-14")
    with pytest.raises(Conflict), transaction():
        operations.request(me)


def test_a_family_without_a_sent_declaration_declares_first(ctx: Flask) -> None:
    actor, _home = resident()
    with pytest.raises(Invalid), transaction():
        operations.request(actor)


def test_an_officer_enrols_only_households_of_the_place_and_each_once(ctx: Flask) -> None:
    who, case = listed()
    home_id, elsewhere = case.household_id, create_household(commune=commune("Cầu Giấy")).id
    with transaction():
        assert operations.enrol(who, [home_id, home_id], Origin.ROUND) == 0
    with pytest.raises(NotFound), transaction():
        operations.enrol(who, [elsewhere], Origin.ROUND)


def test_the_whole_way_ends_with_two_people_and_a_number_that_names_nobody(ctx: Flask) -> None:
    _who, case = recognised()
    held = queries.recognition_of(case)
    assert held is not None and held.certificate_number is not None
    assert (case.state, case.chosen, held.decision_number) == ("recognised", "poor", "12/QĐ-UBND")
    assert held.proposed_by_user_id != held.approved_by_user_id
    facts = public.certificate_facts(held.certificate_number)
    assert facts is not None and set(facts.__dataclass_fields__) == {
        "number",
        "place",
        "decided_on",
        "round_year",
        "is_demo",
    }
    assert public.certificate_facts("0" * 16) is None
    done = [one.event for one in queries.history(case)]
    assert done == ["open", "screen_in", "score", "visit", "agree", "post", "propose", "approve"]
    said = {
        line.verb for line in db.session.query(audit.AuditLine).filter(audit.AuditLine.verb.like("case:%"))
    }
    assert {"case: visit", "case: post", "case: approve"} <= said


def test_whoever_proposed_does_not_sign(ctx: Flask) -> None:
    who, case, _wall = posted()
    key = case.key
    with clock.use(clock.now() + timedelta(days=10)):
        with transaction():
            operations.propose(who, key, decision_number="12/QĐ-UBND")
        with pytest.raises(NotAllowed), transaction():
            operations.approve(who, key)


def test_nothing_is_proposed_while_the_list_hangs(ctx: Flask) -> None:
    who, case, wall = posted()
    key, last = case.key, wall.closes_on
    assert last.isoformat() == "2026-11-26"
    with clock.use(clock.start_of(last)), pytest.raises(Conflict), transaction():
        operations.propose(who, key, decision_number="12/QĐ-UBND")
    with clock.use(clock.start_of(last + timedelta(days=1))), transaction():
        operations.propose(who, key, decision_number="12/QĐ-UBND")


def test_steps_out_of_turn_are_refused(ctx: Flask) -> None:
    who, case = listed()
    key = case.key
    with pytest.raises(Conflict), transaction():
        operations.visit(who, key, chosen="poor", note="Nhà tạm")
    with pytest.raises(Conflict), transaction():
        operations.take_score(who, key)


def test_screening_out_tells_the_family_why(ctx: Flask) -> None:
    who, case = listed()
    key = case.key
    with pytest.raises(Invalid), transaction():
        operations.screen(who, key, goes_on=False, note="")
    with transaction():
        operations.screen(who, key, goes_on=False, note="Có lương hưu")
    assert case.state == "closed" and queries.history(case)[-1].note == "Có lương hưu"


def test_a_class_that_departs_from_the_score_needs_a_reason_and_is_counted(ctx: Flask) -> None:
    who, case = visited()
    key = case.key
    assert (case.score, case.is_demo, case.departs) == ("poor", True, False)
    meeting(who, case.village)
    with pytest.raises(Invalid) as refused, transaction():
        hearings.vote(who, key, Vote("near_poor", 1, 0, "", ""))
    assert refused.value.field == "note"
    with transaction():
        hearings.vote(who, key, Vote("near_poor", 1, 0, "", "Con cả vừa có việc"))
    board = queries.board(who)
    assert case.departs and (board.departed, board.chosen) == (1, 1)


def test_an_officer_does_not_judge_somebody_she_once_lived_with(ctx: Flask) -> None:
    who, case = listed()
    key, home_id, unit_id = case.key, case.household_id, case.commune_id
    user = create_user("Lý Thị Con Gái")
    user_id = user.id
    with transaction():
        person = add_person(SYSTEM, home_id, PersonFacts("Lý Thị Con Gái", Relation.CHILD, user_id=user_id))
        person_id = person.id
    own_home = create_household(head="Lý Văn Chồng").id
    next_day = clock.today() + timedelta(days=1)
    with clock.use(clock.start_of(next_day)), transaction():
        move_person(SYSTEM, person_id, own_home, next_day, Relation.SPOUSE)
    daughter = actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)
    kin = type(daughter)(user_id=user_id, role=Role.COMMUNE_OFFICER, unit_id=unit_id)
    with clock.use(clock.now() + timedelta(days=2)):
        with pytest.raises(NotAllowed, match="người nhà"), transaction():
            operations.screen(kin, key, goes_on=True, note="")
        with transaction():
            operations.screen(who, key, goes_on=True, note="")


def test_an_officer_does_not_judge_a_producer_of_a_cooperative_she_works_for(ctx: Flask) -> None:
    who, case = listed()
    key, home_id = case.key, case.household_id
    coop = create_cooperative("HTX Thử")
    organisation_id, coop_id = coop.organisation_id, coop.id
    create_producer(coop, "Bàn Thị Một")
    with transaction():
        from accounts.operations import grant
        from cooperatives.operations import add_producer
        from cooperatives.rules import StandingKind

        add_producer(SYSTEM, StandingKind.LINKED, cooperative_id=coop_id, household_id=home_id)
        grant(SYSTEM, who.user_id or 0, Role.TREASURER, organisation_id)
    with pytest.raises(NotAllowed, match="hợp tác xã"), transaction():
        operations.screen(who, key, goes_on=True, note="")


def test_an_officer_of_another_commune_or_village_sees_no_case(ctx: Flask) -> None:
    _who, case = listed()
    key, unit_id = case.key, case.commune_id
    for stranger in (
        actor_for(Role.COMMUNE_OFFICER, unit_id=commune("Cầu Giấy").id),
        actor_for(Role.VILLAGE_HEAD, unit_id=unit_id, village="Thôn Khác"),
    ):
        with pytest.raises(NotFound), transaction():
            operations.read(stranger, key)


def test_a_meeting_with_too_few_households_is_kept_and_votes_on_nobody(ctx: Flask) -> None:
    who, case = visited()
    key = case.key
    meeting(who, case.village, present=0)
    assert queries.meeting_for(case) is None
    with pytest.raises(Conflict), transaction():
        hearings.vote(who, key, Vote("poor", 1, 0, "", ""))


def test_a_meeting_held_before_the_visit_does_not_count(ctx: Flask) -> None:
    who, case = visited()
    key = case.key
    meeting(who, case.village)
    with transaction():
        hearings.vote(who, key, Vote("poor", 0, 1, "Nhà ấy có lương", ""))
    assert case.state == "scored"
    with clock.use(clock.now() + timedelta(hours=1)):
        with transaction():
            operations.visit(who, key, chosen="poor", note="Lương ấy đã thôi từ tháng 3")
        assert queries.meeting_for(case) is None
    assert queries.votes(case)[0][2] == "Nhà ấy có lương"


def test_dissent_is_written_down_with_the_vote(ctx: Flask) -> None:
    who, case = visited()
    key = case.key
    meeting(who, case.village)
    with pytest.raises(Invalid) as refused, transaction():
        hearings.vote(who, key, Vote("poor", 0, 1, "", ""))
    assert refused.value.field == "dissent"
    with pytest.raises(Invalid) as refused, transaction():
        hearings.vote(who, key, Vote("poor", 2, 0, "", ""))
    assert refused.value.field == "votes_for"


def test_an_objection_that_holds_changes_the_class_and_hangs_the_list_again(ctx: Flask) -> None:
    who, case, wall = posted()
    key, village, first = case.key, case.village, wall.key
    objected(who, case)
    assert (case.state, case.recheck_due_on.isoformat()) == ("objected", "2026-11-26")  # type: ignore[union-attr]
    objected(who, case)  # the same call sent twice is one
    objected(who, case, "objection-2")
    ids = [one.id for one in queries.objections(case)]
    assert len(ids) == 2
    said = {"answer": "Đã tới xem, có xe tải", "chosen": "near_poor", "note": "Có xe tải"}
    with transaction():
        hearings.answer(who, key, ids[0], said, upheld=True)
    assert case.state == "objected"
    with transaction():
        hearings.answer(who, key, ids[1], said | {"answer": "Đã trả lời ở ý kiến trước"}, upheld=False)
    assert (case.state, case.chosen, case.departs) == ("rechecked", "near_poor", True)
    with transaction():
        again = hearings.post(who, village)
    assert again.key != first and public.posted_list(again.key).lines[0].chosen == "near_poor"


def test_an_objection_that_does_not_hold_leaves_the_list_and_its_clock(ctx: Flask) -> None:
    who, case, wall = posted()
    key = case.key
    objected(who, case)
    one = queries.objections(case)[0]
    with transaction():
        hearings.answer(
            who, key, one.id, {"answer": "Xe của người khác", "chosen": "", "note": ""}, upheld=False
        )
    held = queries.posting_of(case)
    assert case.state == "posted" and held is not None and held.id == wall.id


def test_a_stranger_objects_by_page_until_the_last_day(ctx: Flask) -> None:
    _who, case, wall = posted()
    key, last = wall.key, wall.closes_on
    with clock.use(clock.start_of(last + timedelta(days=1))), pytest.raises(Conflict), transaction():
        hearings.object_by_page(key, 1, Complaint("late-key-1", "Nhà này vừa mua xe tải."))
    with transaction():
        hearings.object_by_page(key, 1, Complaint("page-key-1", "Nhà này vừa mua xe tải."))
    assert case.state == "objected" and queries.objections(case)[0].how == "page"


def test_the_list_shows_number_head_and_class_and_nothing_after_its_last_day(ctx: Flask) -> None:
    _who, _case, wall = posted()
    key, last = wall.key, wall.closes_on
    line = public.posted_list(key).lines[0]
    assert set(line.__dataclass_fields__) == {"number", "head", "chosen", "rechecking"}
    assert (line.head, line.chosen) == ("Triệu Văn Chủ", "poor")
    with clock.use(clock.start_of(last + timedelta(days=1))):
        after = public.posted_list(key)
    assert after.over and after.lines == ()


def test_a_family_that_withdraws_is_taken_off_the_wall(ctx: Flask) -> None:
    _who, case, wall = posted()
    from accounts.rules import Actor
    from registry.models import Review

    review = db.session.get_one(Review, case.review_id)
    me = Actor(user_id=review.started_by_user_id, role=Role.BUYER)
    with transaction():
        operations.withdraw(me)
    assert case.state == "withdrawn" and public.posted_list(wall.key).lines == ()


def test_what_people_said_is_not_readable_in_the_database(ctx: Flask) -> None:
    who, case, _wall = posted()
    objected(who, case)
    kept = [
        value
        for query in ("SELECT note FROM case_step WHERE note IS NOT NULL", "SELECT said FROM objection")
        for value in db.session.execute(text(query)).scalars()
    ]
    assert len(kept) >= 2
    assert not any("xe tải".encode() in one or "con nhỏ".encode() in one for one in kept)


def test_a_village_head_screens_and_visits_but_does_not_score_or_sign(ctx: Flask) -> None:
    _who, case = listed()
    key = case.key
    head = actor_for(Role.VILLAGE_HEAD, unit_id=case.commune_id, village=case.village)
    with transaction():
        operations.screen(head, key, goes_on=True, note="")
    with pytest.raises(NotAllowed), transaction():
        operations.take_score(head, key)
