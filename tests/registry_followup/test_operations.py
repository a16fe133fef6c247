"""A household is looked after once it was recognised: a plan it agrees to, visits, three years after an escape."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from households.models import Household
from registry.fairness import operations as fairness
from registry.followup import operations, queries
from registry.followup.operations import Planned, Visited
from registry.followup.rules import Finding, StepState, Who
from registry.procedure.models import Recognition, ReviewCase
from registry.procedure.queries import case_of_household
from registry.record.queries import touches
from tests.factories.accounts import actor_for, sign_in
from tests.factories.needs import said_need
from tests.factories.places import commune
from tests.factories.procedure import recognised
from tests.factories.registry import resident
from tests.queries import count_queries


def _recognised() -> tuple[Actor, Household]:
    who, case = recognised()
    return who, db.session.get_one(Household, case.household_id)


def _decided(home: Household, who: Actor, chosen: str, on: date) -> None:
    """A decision of another round, without its steps."""
    home_id, place = home.id, (home.commune_id, home.village)
    with transaction():
        case = ReviewCase(
            key=f"case-{home_id}-{on}", household_id=home_id, commune_id=place[0], village=place[1], origin="round",
            round_year=on.year, state="recognised", score=chosen, standard_id="vn-2022-2025", chosen=chosen,
            opened_on=on, opened_by_user_id=who.user_id, due_on=on, ended_on=on,
        )  # fmt: skip
        db.session.add(case)
        db.session.flush()
        second = actor_for(Role.COMMUNE_OFFICER, unit_id=place[0]).user_id
        db.session.add(
            Recognition(case_id=case.id, decision_number="1", chosen=chosen, proposed_by_user_id=who.user_id,
                        proposed_at=clock.now(), approved_by_user_id=second, decided_on=on)
        )  # fmt: skip


def test_a_plan_has_steps_by_day_for_a_need_and_the_household_agrees_itself(ctx: Flask) -> None:
    who, home = _recognised()
    key, tomorrow = home.key, clock.today() + timedelta(days=1)
    need = said_need(home)
    with pytest.raises(Conflict), transaction():
        operations.add_step(who, key, Planned("Làm bể nước", Who.BOTH, tomorrow))
    with transaction():
        operations.make_plan(who, key, "Có nước sạch quanh năm")
    with transaction():
        step = operations.add_step(who, key, Planned("Làm bể nước", Who.BOTH, tomorrow, need.key))
    with pytest.raises(Invalid), transaction():
        operations.add_step(who, key, Planned("Làm bể nước", Who.BOTH, clock.today() - timedelta(days=1)))
    own, _home = resident(home)
    with transaction():
        plan = operations.agree(own)
    assert (plan.agreed_how, queries.goal_of(plan)) == ("self", "Có nước sạch quanh năm")
    with clock.use(clock.now() + timedelta(days=3)):
        assert [(one.late, one.need_kind) for one in queries.steps_of(plan)] == [(True, need.kind)]
        board = queries.board(who)
        assert (board.total, board.late, board.rows[0].late_steps) == (1, 1, 1)
    with transaction():
        operations.end_step(who, key, step.key, StepState.DONE)
    with pytest.raises(Conflict), transaction():
        operations.end_step(who, key, step.key, StepState.DROPPED)
    said = {one.verb for one in touches(home)}
    assert {"make plan", "write plan step", "agree plan", "end plan step"} <= said


def test_a_household_that_escaped_is_due_every_half_year_for_three_years(ctx: Flask) -> None:
    who, home = _recognised()
    _decided(home, who, "none", date(2026, 12, 10))
    for on, due, late in (
        (date(2026, 12, 20), date(2027, 6, 10), 0),
        (date(2027, 6, 11), date(2027, 6, 10), 1),
    ):
        with clock.use(clock.start_of(on)):
            board = queries.board(who)
            assert (board.rows[0].standing, board.rows[0].due_on, board.late) == ("escaped", due, late)
    with clock.use(clock.start_of(date(2027, 6, 20))), transaction():
        operations.visit(
            who, home.key, Visited("v-1", date(2027, 6, 20), Finding.SAME, "Vẫn ổn định", review=False)
        )
    with clock.use(clock.start_of(date(2027, 6, 21))):
        assert queries.board(who).rows[0].due_on == date(2027, 12, 20)
    with clock.use(clock.start_of(date(2029, 12, 11))), transaction():
        operations.visit(
            who, home.key, Visited("v-2", date(2029, 12, 10), Finding.SAME, "Vẫn ổn định", review=False)
        )
        assert queries.board(who).total == 0


def test_a_relapse_found_between_rounds_opens_a_review_and_changes_no_class(ctx: Flask) -> None:
    who, home = _recognised()
    _decided(home, who, "none", date(2026, 12, 10))
    seen = Visited("v-1", date(2026, 12, 20), Finding.WORSE, "Chồng ốm nặng, bán trâu", review=True)
    with clock.use(clock.start_of(date(2026, 12, 21))):
        with transaction():
            first = operations.visit(who, home.key, seen)
        with transaction():
            assert operations.visit(who, home.key, seen).id == first.id
        case = case_of_household(home.id)
        assert case is not None and first.case_id == case.id and case.state == "listed"
        board = queries.board(who)
        assert (board.worse, board.rows[0].standing) == (1, "escaped")
        with pytest.raises(Conflict), transaction():
            operations.visit(who, home.key, replace(seen, key="v-2"))
    _decided(home, who, "poor", date(2027, 1, 10))
    assert queries.path_of(home.id).standing == "relapsed"


def test_kin_strangers_and_the_household_itself_do_not_write(ctx: Flask) -> None:
    who, home = _recognised()
    key = home.key
    with pytest.raises(NotFound), transaction():
        operations.read(actor_for(Role.COMMUNE_OFFICER, unit_id=commune("Cầu Giấy").id), key)
    with transaction():
        fairness.declare_kin(who, key)
    with pytest.raises(NotAllowed), transaction():
        operations.make_plan(who, key, "Có nước sạch")


def test_the_list_costs_the_same_for_many(app: Flask, client: FlaskClient) -> None:
    counts = []
    with app.app_context():
        who, home = _recognised()
        where = home.commune_id
    for _again in range(2):
        sign_in(client, who)
        with count_queries(app) as counted:
            page = client.get("/registry/followup").text
        assert "chưa có kế hoạch" in page
        counts.append(counted.count)
        with app.app_context():
            _who, other = _recognised()
            assert other.commune_id == where
    assert counts[0] == counts[1] <= 22
