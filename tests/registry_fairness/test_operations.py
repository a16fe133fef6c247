"""Nobody judges kin, nobody chooses what is checked again, and what figures ask can be answered."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from households.models import Household, ParentLink
from households.operations import PersonFacts, add_person
from households.queries import members
from registry.fairness import draws, operations, queries
from registry.fairness.models import KinDeclared
from registry.fairness.rules import Pattern, RecheckState, Verdict, commitment, drawn, placed
from registry.fairness.ties import kin_of
from registry.figures.models import PlaceCount
from registry.figures.operations import count_recognised
from registry.procedure import hearings
from registry.procedure import operations as procedure
from registry.procedure import queries as cases
from registry.procedure.models import ReviewCase
from registry.procedure.rules import How, Origin
from tests.factories import fairness, registry
from tests.factories.accounts import actor_for, create_user
from tests.factories.households import create_household
from tests.factories.procedure import posted, recognised
from tests.queries import count_queries
from tests.registry_figures.world import released


def _above(case: ReviewCase) -> Actor:
    return actor_for(Role.PROVINCE_OFFICER, unit_id=draws.province_of(case.commune_id).id)


def test_a_sister_who_never_lived_in_the_house_does_not_judge_it(ctx: Flask) -> None:
    home, away = create_household(head="Lý Văn Anh"), create_household(head="Lý Văn Cha")
    sister, home_id, away_id = create_user("Lý Thị Em"), home.id, away.id
    sister_id = sister.id
    with transaction():
        away_person = add_person(
            SYSTEM, create_household(head="Hoàng Văn Rể").id, PersonFacts("Lý Thị Em", user_id=sister_id)
        )
        brother, father = (members(one, clock.today())[0].person_id for one in (home_id, away_id))
        for child in (brother, away_person.id):
            db.session.add(ParentLink(child_id=child, parent_id=father, recorded_at=clock.now()))
    assert {home_id, away_id} <= kin_of([sister_id])[sister_id]


def test_kin_are_found_in_as_many_queries_for_one_officer_as_for_many(ctx: Flask) -> None:
    users = [create_user().id for _ in range(3)]
    with count_queries(ctx) as one:
        kin_of(users[:1])
    with count_queries(ctx) as many:
        kin_of(users)
    assert one.count == many.count <= 12


def test_declared_kin_bar_every_verb_of_the_case(ctx: Flask) -> None:
    who, case, wall = posted()
    key, home_key = case.key, create_household(head="Hộ Khác").key
    user_id = who.user_id or 0
    with transaction():
        operations.declare_kin(who, home_key)
        own = db.session.get_one(Household, case.household_id).key
        first = operations.declare_kin(who, own).id
    with transaction():
        assert operations.declare_kin(who, own).id == first
    said = hearings.Complaint("k-1", "Nhà này có xe tải.")
    vote = hearings.Vote("poor", 1, 0, "", "")
    for verb in (
        lambda: procedure.screen(who, key, goes_on=True, note=""),
        lambda: procedure.take_score(who, key),
        lambda: procedure.visit(who, key, chosen="poor", note="Nhà tạm"),
        lambda: hearings.vote(who, key, vote),
        lambda: hearings.object_for(who, key, How.PHONE, said),
        lambda: hearings.answer(who, key, 1, {"answer": "x"}, upheld=False),
        lambda: procedure.propose(who, key, decision_number="1"),
        lambda: procedure.approve(who, key),
        lambda: procedure.send_back(who, key, note="x"),
        lambda: procedure.open_again(who, case.household_id),
        lambda: procedure.enrol(who, [case.household_id], Origin.ROUND),
    ):
        with pytest.raises(NotAllowed, match="người nhà"), transaction():
            verb()
    assert cases.case_for(who, key).id == case.id  # reading stays allowed
    assert queries.kin_here(case.commune_id, case.household_id) == [who.name]
    assert case.household_id not in {row[0] for row in cases.to_open(who)}
    assert len(queries.declared_by(user_id)) == 2 and wall.key


def test_a_list_with_kin_on_it_is_hung_by_a_colleague(ctx: Flask) -> None:
    from tests.factories.procedure import met

    who, case = met()
    village = case.village
    with transaction():
        operations.declare_kin(who, db.session.get_one(Household, case.household_id).key)
    with pytest.raises(NotAllowed), transaction():
        hearings.post(who, village)
    second = actor_for(Role.COMMUNE_OFFICER, unit_id=case.commune_id)
    with transaction():
        hearings.post(second, village)


def test_the_draw_is_bound_before_the_first_case_and_anybody_can_repeat_it_after_the_year(ctx: Flask) -> None:
    case = fairness.departed()
    province_id = draws.province_of(case.commune_id).id
    before = queries.draw_of(province_id, 2026)
    assert before is not None and before.seed == ""
    other, made = fairness.drawn(case)
    with clock.use(clock.start_of(date(2027, 1, 1))):
        after = queries.draw_of(province_id, 2026)
    assert after is not None
    seed = bytes.fromhex(after.seed)
    assert commitment(seed) == before.commitment == after.commitment
    assert (
        drawn(seed, 2026, case.key, 10_000)
        and placed(seed, 2026, case.key, [other.user_id or 0]) == made.officer_user_id
    )


def test_about_one_case_in_five_is_drawn() -> None:
    assert 180 <= sum(drawn(b"seed", 2026, f"case-{n}") for n in range(1_000)) <= 220


def test_a_class_as_scored_is_never_drawn(ctx: Flask) -> None:
    case = fairness.departed()
    with transaction():
        case.departs = False
        assert draws.draw(case) is None


def test_a_recheck_waits_for_an_officer_elsewhere_who_is_not_tied_to_the_family(ctx: Flask) -> None:
    case = fairness.departed()
    home_key, here = db.session.get_one(Household, case.household_id).key, case.commune_id
    tied = fairness.elsewhere()
    with transaction():
        seed = draws.seed_of(draws.province_of(here).id, case.round_year)
        seed.rate_bp = 10_000
        db.session.add(
            KinDeclared(user_id=tied.user_id, household_id=case.household_id, declared_at=clock.now())
        )
    with transaction():
        made = draws.draw(case)
    assert made is not None and made.officer_user_id is None and home_key
    free = fairness.elsewhere()
    with transaction():
        assert (draws.place_again(), draws.place_again()) == (1, 0)
    assert made.officer_user_id == free.user_id


def test_a_difference_goes_to_the_province_and_may_begin_anew(ctx: Flask) -> None:
    case = fairness.departed()
    other, made = fairness.drawn(case)
    key = made.key
    with pytest.raises(NotFound), transaction():
        operations.read_recheck(fairness.elsewhere(), key)
    with pytest.raises(Invalid), transaction():
        operations.find(other, key, "none", "")
    with transaction():
        operations.find(other, key, "none", "Nhà xây, có xe tải")
    assert made.state == RecheckState.DIFFERS
    with pytest.raises(Conflict), transaction():
        operations.find(other, key, "poor", "Nghĩ lại rồi")
    above = _above(case)
    assert [one.key for one in queries.differences(above.unit_id or 0)] == [key]
    with pytest.raises(NotFound), transaction():
        operations.settle(replace(above, unit_id=1), key, Verdict.KEEP, "Giữ nguyên")
    with transaction():
        operations.settle(above, key, Verdict.AGAIN, "Xã tới xem lại")
    again = cases.case_of_household(case.household_id)
    assert again is not None and (again.id != case.id, again.state, case.state) == (
        True,
        "listed",
        "recognised",
    )
    assert queries.words_of(made) == ("Nhà xây, có xe tải", "Xã tới xem lại")


def test_the_same_finding_ends_it(ctx: Flask) -> None:
    other, made = fairness.drawn()
    with transaction():
        operations.find(other, made.key, "poor", "Nhà cháy thật")
    assert made.state == RecheckState.SAME and queries.differences(made.province_id) == []


def test_the_province_counts_departures_and_kin_by_commune(ctx: Flask) -> None:
    case = fairness.departed()
    who = actor_for(Role.COMMUNE_OFFICER, unit_id=case.commune_id)
    with transaction():
        operations.declare_kin(who, db.session.get_one(Household, case.household_id).key)
    rows = queries.by_commune(draws.province_of(case.commune_id).id, 2026)
    assert [(one.recognised, one.departed, one.certified, one.kin) for one in rows] == [(1, 1, 1, 1)]


def test_a_question_is_asked_of_answers_all_alike_and_the_officer_answers_it(ctx: Flask) -> None:
    helper = None
    for number in range(5):
        home = create_household(head=f"Hộ {number}")
        review = registry.submitted_review(home)
        helper = helper or actor_for(Role.COMMUNE_OFFICER, unit_id=review.commune_id)
        with transaction():
            review.helped_by_user_id = helper.user_id
    assert helper is not None
    with transaction():
        draws.commit(helper.unit_id or 0, 2026)
        assert (operations.ask_anew(), operations.ask_anew()) == (1, 0)
    assert [(one.kind, one.count, one.of) for one in queries.asked_of(helper)] == [(Pattern.ALIKE, 5, 5)]
    with pytest.raises(Conflict), transaction():
        operations.answer(helper, Pattern.FAST, "Ghi cuối ngày")
    with transaction():
        operations.answer(helper, Pattern.ALIKE, "Năm nhà tái định cư như nhau")
    province_id = draws.province_of(helper.unit_id or 0).id
    seen = queries.questions(province_id, 2026)
    assert [(one.name, one.answer) for one in seen] == [(helper.name, "Năm nhà tái định cư như nhau")]
    assert queries.own_answers(helper)["alike"][0] == "Năm nhà tái định cư như nhau"


def test_visits_written_one_after_another_are_asked_about(ctx: Flask) -> None:
    homes = [create_household(head=f"Hộ {number}") for number in range(5)]
    who = actor_for(Role.COMMUNE_OFFICER, unit_id=homes[0].commune_id)
    for number, home in enumerate(homes):
        home_id = home.id
        registry.submitted_review(home)
        with clock.use(clock.now() + timedelta(minutes=number)), transaction():
            procedure.enrol(who, [home_id], Origin.ROUND)
            case = cases.case_of_household(home_id)
            assert case is not None
            procedure.screen(who, case.key, goes_on=True, note="")
            procedure.take_score(who, case.key)
            procedure.visit(who, case.key, chosen="poor", note="Nhà tạm")
    with transaction():
        operations.ask_anew()
    assert [(one.kind, one.count, one.of, one.beside) for one in queries.asked_of(who)] == [
        (Pattern.FAST, 4, 4, 1)
    ]


def test_a_recognised_class_that_departs_is_counted_where_everybody_reads_and_where_it_is_small_hidden(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        _who, case = recognised()
        with transaction():
            case.score = "none"
        with transaction():
            count_recognised(case)
        of_place = {
            row.word: row.household_count
            for row in db.session.execute(
                select(PlaceCount).where(PlaceCount.basis == "recognised")
            ).scalars()
        }
        released()
    assert {word: of_place.get(word) for word in ("departs/yes", "class/poor")} == {
        "departs/yes": 1,
        "class/poor": 1,
    }
    rows = list(csv.DictReader(StringIO(client.get("/figures/2025/departs.csv").text.lstrip("\ufeff"))))
    shown = [one for one in rows if one["hidden"] == "no"]
    assert shown and len(shown) < len(rows)
    for one in shown:
        cells = [int(one[f"departs/{said}"]) for said in ("yes", "no", "unknown")]
        assert sum(cells) == int(one["households"]) and not any(0 < cell < 5 for cell in cells)
    assert "ở mức khác với điểm" in client.get("/figures").text
