"""Declaring on a real database: alone, helped, confirmed, scored, encrypted, read only by those who may."""

import json
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import text

from accounts.rules import Actor, Role
from core import audit
from core.crypto import encrypt
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from registry import operations, queries
from registry.confirming.operations import confirm_by_mark
from registry.models import Review
from registry.questions import QUESTIONS
from tests.factories.accounts import actor_for
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.factories.registry import POOR, fill, resident, submitted_review


def officer(unit_id: int) -> Actor:
    return actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)


def test_a_household_declares_alone_and_is_scored_at_once(ctx: Flask) -> None:
    review = submitted_review()
    assert (review.state, review.confirmed_how) == ("submitted", "self")
    assert [(r.standard_id, r.outcome) for r in review.results] == [
        ("vn-2022-2025", "poor"),
        ("vn-2027-2030", "unsaid"),
    ]
    assert review.results[0].is_demo
    assert len(review.results[0].deprivations) == 12


def test_the_stored_result_equals_the_answers_scored_again(ctx: Flask) -> None:
    review = submitted_review()
    again = queries.explain(review, queries.answers_of(review))
    for stored, fresh in zip(review.results, again, strict=True):
        assert (stored.outcome, stored.b2_low_points, stored.standard_hash) == (
            fresh.outcome,
            fresh.b2[0],
            fresh.standard_hash,
        )


def test_answers_are_not_readable_in_the_database(ctx: Flask) -> None:
    submitted_review()
    raw = db.session.execute(text("SELECT answers FROM review")).scalar_one()
    assert b"stream" not in raw and b"people" not in raw


def test_answers_moved_to_another_review_do_not_open(ctx: Flask) -> None:
    review = submitted_review()
    review.answers = encrypt(json.dumps({"people": 1}), field=queries.FIELD, owner="review:somebody-else")
    with pytest.raises(InvalidTag):
        queries.answers_of(review)
    db.session.rollback()


def test_a_declaration_with_a_gap_is_not_sent(ctx: Flask) -> None:
    actor, _home = resident()
    with transaction():
        review = operations.start(actor)
    fill(actor, review, {"people": "4"})
    with pytest.raises(Invalid) as refused, transaction():
        operations.finish(actor, review.key)
    assert refused.value.params["count"] == len(QUESTIONS) - 1


def test_starting_twice_goes_on_with_the_same_one(ctx: Flask) -> None:
    actor, _home = resident()
    with transaction():
        first = operations.start(actor).id
    with transaction():
        assert operations.start(actor).id == first


def test_a_helped_declaration_waits_for_the_households_own_yes(ctx: Flask) -> None:
    person, home = resident()
    home_id, unit_id = home.id, home.commune_id
    helper = actor_for(Role.DIGITAL_TEAM, unit_id=unit_id)
    with transaction():
        review = operations.start_for(helper, home_id, asked=True)
    key = fill(helper, review, POOR)
    with transaction():
        assert operations.finish(helper, key).state == "to_confirm"
    with pytest.raises(NotFound):
        queries.review_for_officer(officer(unit_id), key)
    with pytest.raises(NotAllowed), transaction():
        operations.confirm_own(helper, key)
    with transaction():
        done = operations.confirm_own(person, key)
        assert (done.state, done.helped_by_user_id, done.confirmed_how) == (
            "submitted",
            helper.user_id,
            "self",
        )


def test_the_household_confirms_by_a_code_to_its_own_phone(ctx: Flask) -> None:
    _person, home = resident()
    home_id = home.id
    helper = actor_for(Role.DIGITAL_TEAM, unit_id=home.commune_id)
    with transaction():
        review = operations.start_for(helper, home_id, asked=True)
    key = fill(helper, review, POOR)
    phone = operations.household_phones(home_id)[0]
    with transaction():
        operations.finish(helper, key)
        operations.ask_to_confirm(helper, key, phone)
    from tests.accounts.test_operations import the_code

    code = the_code()
    with transaction():
        assert not operations.confirm_by_code(helper, key, phone, "000000" if code != "000000" else "111111")
    with transaction():
        assert operations.confirm_by_code(helper, key, phone, code)
    assert db.session.query(Review).one().confirmed_how == "code"
    with pytest.raises(Invalid), transaction():
        operations.ask_to_confirm(helper, key, "+84987654321")


def test_a_helper_is_no_witness_of_the_households_yes(ctx: Flask) -> None:
    _person, home = resident()
    helper = actor_for(Role.DIGITAL_TEAM, unit_id=home.commune_id)
    with transaction():
        review = operations.start_for(helper, home.id, asked=True)
    key = fill(helper, review, POOR)
    with transaction():
        operations.finish(helper, key)
    named = replace(helper, name="Hà Thị Giúp")
    with pytest.raises(Invalid, match="không phải người kê giúp"), transaction():
        confirm_by_mark(named, key, "hà thị giúp", b"photo")
    with pytest.raises(Invalid, match="Chụp ảnh"), transaction():
        confirm_by_mark(named, key, "Lý Văn Trưởng", b"")
    with transaction():
        assert confirm_by_mark(named, key, "Lý Văn Trưởng", b"photo").confirmed_how == "mark"


def test_a_sent_declaration_is_not_changed(ctx: Flask) -> None:
    actor, _home = resident()
    with transaction():
        review = operations.start(actor)
    key = fill(actor, review, POOR)
    with transaction():
        operations.finish(actor, key)
    with pytest.raises(Conflict), transaction():
        operations.answer(actor, key, "people", "2")


def test_a_stranger_sees_no_declaration(ctx: Flask) -> None:
    review = submitted_review()
    stranger, _home = resident(create_household(head="Người Khác"), "Người Khác")
    with pytest.raises(NotFound):
        queries.own_review(stranger, review.key)
    manager = actor_for(Role.MANAGER)
    with pytest.raises(NotFound):
        queries.own_review(manager, review.key)


def test_an_officer_reads_only_her_commune_and_the_reading_is_recorded_first(ctx: Flask) -> None:
    review = submitted_review()
    key, unit_id = review.key, review.commune_id
    elsewhere = commune("Hoàn Kiếm").id
    with pytest.raises(NotFound), transaction():
        operations.read_by_officer(officer(elsewhere), key, "review")
    mine = officer(unit_id)
    with transaction():
        operations.read_by_officer(mine, key, "review")
    line = db.session.query(audit.AuditLine).filter_by(verb="read declaration").one()
    assert (line.user_id, line.purpose, line.fields) == (
        mine.user_id,
        "review",
        "answers,results,sales_bands",
    )
    assert audit.verify(mine.chain) is None


def test_an_officer_does_not_review_her_own_household(ctx: Flask) -> None:
    actor, home = resident()
    with transaction():
        review = operations.start(actor)
    key = fill(actor, review, POOR)
    with transaction():
        operations.finish(actor, key)
    kin = Actor(user_id=actor.user_id, role=Role.COMMUNE_OFFICER, unit_id=home.commune_id)
    with pytest.raises(NotFound):
        queries.review_for_officer(kin, key)


def test_a_village_head_sees_the_own_village_only(ctx: Flask) -> None:
    review = submitted_review()
    head = actor_for(Role.VILLAGE_HEAD, unit_id=review.commune_id, village=review.village)
    other = actor_for(Role.VILLAGE_HEAD, unit_id=review.commune_id, village="Thôn Khác")
    assert queries.queue(head)[1] == 1
    assert queries.queue(other)[1] == 0


def test_sales_are_shown_only_while_the_household_agrees(ctx: Flask) -> None:
    actor, home = resident()
    home_id = home.id
    with transaction():
        operations.give_sales_consent(actor)
    with transaction():
        operations.give_sales_consent(actor)
    given = queries.open_consent(home_id)
    assert given is not None and given.wording_version and given.person_id is not None
    with transaction():
        operations.withdraw_sales_consent(actor)
    assert queries.open_consent(home_id) is None


def test_nobody_takes_up_what_a_household_began_without_its_code(ctx: Flask) -> None:
    person, home = resident()
    home_id, unit_id = home.id, home.commune_id
    with transaction():
        begun = operations.start(person)
    key = fill(person, begun, {"people": "4"})
    helper = actor_for(Role.DIGITAL_TEAM, unit_id=unit_id)
    phone = operations.household_phones(home_id)[0]
    with pytest.raises(NotAllowed), transaction():
        operations.start_for(helper, home_id, asked=False)
    with pytest.raises(NotFound):
        queries.own_review(helper, key)
    with transaction():
        operations.offer_help(helper, phone)
    from tests.accounts.test_operations import the_code

    code = the_code()
    with transaction():
        assert operations.begin_help(helper, phone, "000000" if code != "000000" else "111111") is None
    with transaction():
        again = operations.begin_help(helper, phone, code)
        assert again is not None and again.helped_by_user_id == helper.user_id
    assert queries.own_review(helper, key).household_id == home_id


def test_help_is_offered_only_inside_the_helpers_commune(ctx: Flask) -> None:
    _person, home = resident()
    phone = operations.household_phones(home.id)[0]
    from messages.models import Message

    for unit_id in (None, commune("Hoàn Kiếm").id):
        stranger = actor_for(Role.DIGITAL_TEAM, unit_id=unit_id)
        with transaction():
            operations.offer_help(stranger, phone)
    assert db.session.query(Message).count() == 0
