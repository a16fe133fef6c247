"""Saying a need, confirming it, taking it, answering it: on a real database."""

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.rules import Actor, Role
from core import audit
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from registry import operations as declaring
from registry.needs import operations, queries
from registry.needs.kinds import NeedKind, Urgency
from registry.needs.rules import Outcome
from registry.schemes.rules import Fit
from tests.factories.accounts import actor_for
from tests.factories.needs import said_need
from tests.factories.places import commune
from tests.factories.registry import POOR, fill, resident
from tests.queries import count_queries


def officer(unit_id: int) -> Actor:
    return actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)


def _answered(key: str, who: Actor, outcome: Outcome = Outcome.NO_SCHEME) -> None:
    with transaction():
        operations.take(who, key)
    with transaction():
        operations.close(who, key, outcome, "Xã đã hỏi tỉnh, chưa có nguồn")


def test_a_family_says_a_need_and_the_commune_has_it_with_a_due_date(ctx: Flask) -> None:
    need = said_need(urgency=Urgency.NOW)
    assert (need.state, need.confirmed_how, need.copayment_vnd) == ("open", "self", 20_000)
    assert str(need.due_on) == "2026-11-26"  # Sunday the 22nd, three working days, the 24th a holiday
    assert [step.event for step in need.steps] == ["say", "confirm"]


def test_what_was_told_is_not_readable_in_the_database(ctx: Flask) -> None:
    need = said_need(note="Mẹ tôi bị lao")
    raw = db.session.execute(text("SELECT note FROM need")).scalar_one()
    assert b"lao" not in bytes(raw)
    assert queries.note_of(need) == "Mẹ tôi bị lao"


def test_one_need_of_a_kind_is_open_at_a_time(ctx: Flask) -> None:
    actor, _home = resident()
    said_need(actor=actor)
    with pytest.raises(Conflict):
        said_need(actor=actor)
    assert said_need(actor=actor, kind=NeedKind.WATER).state == "open"


def test_what_a_helper_writes_goes_nowhere_until_the_family_says_yes(ctx: Flask) -> None:
    person, home = resident()
    home_id, unit_id = home.id, home.commune_id
    helper = actor_for(Role.DIGITAL_TEAM, unit_id=unit_id)
    stranger = actor_for(Role.DIGITAL_TEAM, unit_id=unit_id)
    with transaction():
        review_key = declaring.start_for(helper, home_id, asked=True).key
    said = operations.Said(NeedKind.HOUSING, Urgency.LATER, "Mái dột")
    with pytest.raises(NotFound), transaction():
        operations.say_for(stranger, review_key, said)
    with transaction():
        key = operations.say_for(helper, review_key, said).key
    boss = officer(unit_id)
    assert queries.listed(boss)[1] == 0 and queries.counts(boss) == []
    with pytest.raises(NotFound):
        queries.need_for_officer(boss, key)
    for refused in (operations.confirm_own, operations.confirm_present):
        with pytest.raises(NotAllowed), transaction():
            refused(helper, key)
    with transaction():
        need = operations.confirm_own(person, key)
    assert (need.state, need.helped_by_user_id, need.confirmed_how) == ("open", helper.user_id, "self")
    with pytest.raises(NotFound):
        queries.own_need(helper, key)  # once confirmed, the helper's part is over


def test_the_family_confirms_by_a_code_to_its_own_phone(ctx: Flask) -> None:
    from tests.accounts.test_operations import the_code

    _person, home = resident()
    helper = actor_for(Role.VILLAGE_HEAD, unit_id=home.commune_id, village=home.village)
    with transaction():
        review_key = declaring.start_for(helper, home.id, asked=True).key
    with transaction():
        key = operations.say_for(helper, review_key, operations.Said(NeedKind.LOAN, Urgency.SOON)).key
    with transaction():
        operations.ask_to_confirm(helper, key)
    code = the_code()
    with transaction():
        assert not operations.confirm_by_code(helper, key, "000000" if code != "000000" else "111111")
    with transaction():
        assert operations.confirm_by_code(helper, key, code)
    assert db.session.execute(text("SELECT state, confirmed_how FROM need")).one() == ("open", "code")


def test_only_the_officer_who_took_it_answers_and_never_for_kin(ctx: Flask) -> None:
    need = said_need()
    key, unit_id, said_by = need.key, need.commune_id, need.said_by_user_id
    first, second = officer(unit_id), officer(unit_id)
    with transaction():
        operations.take(first, key)
    with pytest.raises(NotAllowed), transaction():
        operations.close(second, key, Outcome.MET, "Xong")
    with pytest.raises(Invalid), transaction():
        operations.close(first, key, Outcome.MET, "")
    with transaction():
        done = operations.close(first, key, Outcome.MET, "Đã cấp máy", "vi-du-vien-thong")
        assert (done.state, done.outcome, done.scheme_id) == ("closed", "met", "vi-du-vien-thong")
    kin = Actor(user_id=said_by, role=Role.COMMUNE_OFFICER, unit_id=unit_id)
    with pytest.raises(NotFound):
        queries.need_for_officer(kin, key)
    with pytest.raises(NotFound):
        queries.need_for_officer(officer(commune("Hoàn Kiếm").id), key)
    assert queries.listed(kin, show="all")[1] == 0


def test_a_family_that_was_not_helped_asks_again_and_the_history_stays(ctx: Flask) -> None:
    actor, home = resident()
    key = said_need(actor=actor).key
    unit_id = home.commune_id
    _answered(key, officer(unit_id))
    with transaction():
        need = operations.reopen(actor, key)
    assert (need.state, need.outcome) == ("open", None)
    words = [(step.event, step.outcome, queries.answer_of(need, step)) for step in need.steps]
    assert words[3] == ("close", "no_scheme", "Xã đã hỏi tỉnh, chưa có nguồn")
    assert words[4][0] == "reopen"


def test_unmet_needs_are_counted_by_kind_and_every_sum_holds(ctx: Flask) -> None:
    first = said_need()
    unit_id, boss = first.commune_id, officer(first.commune_id)
    keys = [first.key, said_need().key, said_need().key]
    said_need(kind=NeedKind.WATER)
    _answered(keys[0], boss)
    _answered(keys[1], boss, Outcome.MET)
    counted = {one.kind: one for one in queries.counts(officer(unit_id))}
    telecom = counted[NeedKind.TELECOM]
    assert (telecom.said, telecom.waiting, telecom.met, telecom.unmet) == (3, 1, 1, 2)
    assert (counted[NeedKind.WATER].said, counted[NeedKind.WATER].unmet) == (1, 1)
    assert all(one.said == one.met + one.unmet for one in counted.values())
    assert queries.listed(boss, show="unmet")[1] == sum(one.unmet for one in counted.values())


def test_a_village_head_sees_the_own_village_only(ctx: Flask) -> None:
    need = said_need()
    here = actor_for(Role.VILLAGE_HEAD, unit_id=need.commune_id, village=need.village)
    there = actor_for(Role.VILLAGE_HEAD, unit_id=need.commune_id, village="Thôn Khác")
    assert (queries.listed(here)[1], queries.listed(there)[1]) == (1, 0)
    with pytest.raises(NotAllowed), transaction():
        operations.take(here, need.key)


def test_the_list_costs_as_many_queries_for_one_need_as_for_four(app: Flask, ctx: Flask) -> None:
    boss = officer(said_need().commune_id)
    queries.listed(boss)
    with count_queries(app) as one:
        queries.listed(boss)
    for _turn in range(3):
        said_need()
    with count_queries(app) as four:
        assert queries.listed(boss)[1] == 4
    assert one.count == four.count <= 5


def test_schemes_are_laid_beside_the_newest_declaration_and_demo_is_said(ctx: Flask) -> None:
    actor, _home = resident()
    need = said_need(actor=actor)
    [before], is_demo, on = queries.matches_of(need)
    assert (before.fit, is_demo, on) == (Fit.UNKNOWN, False, None)
    with transaction():
        begun = declaring.start(actor)
    key = fill(actor, begun, POOR)
    with transaction():
        declaring.finish(actor, key)
    [after], is_demo, on = queries.matches_of(need)
    assert (after.fit, is_demo, str(on)) == (Fit.YES, True, "2026-11-22")


def test_an_officers_reading_is_recorded_first_with_its_purpose(ctx: Flask) -> None:
    need = said_need()
    boss, need_id = officer(need.commune_id), need.id
    with transaction():
        operations.read_by_officer(boss, need.key, "needs")
    line = db.session.query(audit.AuditLine).filter_by(verb="read need").one()
    assert (line.user_id, line.purpose, line.subject) == (boss.user_id, "needs", f"need:{need_id}")
    assert "Con học" not in "".join(str(value) for value in vars(line).values())
    assert audit.verify(boss.chain) is None
