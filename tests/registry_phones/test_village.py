"""Visits, form C, the village meeting and a helper's own list: they arrive once, and what differs is shown."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from households.models import Household
from registry import operations as declaring
from registry.papers.models import ScannedPaper
from registry.phones import operations, queries
from registry.phones.differences import two
from registry.phones.entries import Sent
from registry.phones.models import PhoneEntry
from registry.phones.rules import Kind
from registry.procedure import operations as procedure
from registry.procedure.models import CaseStep, MeetingVote, ReviewCase, VillageMeeting
from registry.procedure.queries import case_of_household, history
from registry.procedure.rules import Origin
from registry.traits.queries import traits_of_case
from tests.factories.accounts import actor_for
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.factories.registry import POOR, fill, resident

VILLAGE = "Thôn Khuổi Bốc"
Scene = tuple[Actor, Actor, list[ReviewCase]]


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    """Two officers of a commune; two households that were scored and wait for a visit."""
    unit_id = commune("Côn Minh").id
    first = replace(actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id), name="Hà Thị Một")
    second = replace(actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id), name="Hà Thị Hai")
    cases = []
    for name in ("Lềnh", "Páo"):
        home = create_household(head=f"Bàn Thị {name}", village=VILLAGE)
        who, _home = resident(home)
        with transaction():
            declaring.finish(who, declaring.answer_all(who, declaring.start(who), POOR).key)
            procedure.enrol(first, [home.id], Origin.ROUND)
            case = case_of_household(home.id)
            assert case is not None
            procedure.screen(first, case.key, goes_on=True, note="")
            procedure.take_score(first, case.key)
        cases.append(case)
    return first, second, cases


def list_of(who: Actor) -> dict[str, Any]:
    with transaction():
        return operations.take_list(who, VILLAGE)


def bring(who: Actor, sent: Sent, under: str = "") -> PhoneEntry:
    with transaction():
        return operations.arrive(who, under or str(uuid4()), sent)


def visit(row: dict[str, Any], chosen: str = "poor", note: str = "Nhà dột, ba con nhỏ", **more: Any) -> Sent:
    return Sent(Kind.VISIT, row["base_a"], row["case"], {"chosen": chosen, "note": note}, **more)


def meeting(taken: dict[str, Any], votes: list[dict[str, Any]], **more: str) -> Sent:
    held = {"held_on": clock.today().isoformat(), "led_by": "Lý Văn Trưởng", "written_by": "Bàn Thị Thư",
            "present": "2", "listed": "2", "minutes": "Bà con nghe đọc.", "votes": json.dumps(votes)}  # fmt: skip
    return Sent(Kind.MEETING, taken["meeting"], answers=held | more, village=VILLAGE)


def hands(row: dict[str, Any], yes: int = 2, no: int = 0, base: str = "", **more: str) -> dict[str, Any]:
    said = {
        "case": row["case"],
        "base": base,
        "chosen": "poor",
        "yes": yes,
        "no": no,
        "dissent": "",
        "note": "",
    }
    return said | more


def test_a_visit_arrives_once_at_the_hour_at_which_it_was_made_with_its_photos(scene: Scene) -> None:
    first, _second, (case, _other) = scene
    row, mine, photo = list_of(first)["rows"][0], str(uuid4()), str(uuid4())
    assert row["visits"] and not row["form_b"] and row["score"] == case.score
    with clock.use(clock.now() + timedelta(hours=3)):
        for waited in (7_200, 7_260):  # the phone asks again: it waited longer, and it is one visit
            bring(first, visit(row, ago_s=waited), mine)
        for _again in range(2):
            with transaction():
                operations.bring_photo(first, mine, photo, b"a house")
        assert case.state == "visited" and history(case)[-1].note == "Nhà dột, ba con nhỏ"
        step = db.session.query(CaseStep).filter_by(case_id=case.id, event="visit").one()
        assert clock.now() - step.at == timedelta(hours=2)
    (kept,) = db.session.query(ScannedPaper).all()
    assert (kept.shows, kept.case_id) == ("home", case.id) and b"a house" not in kept.photo
    with pytest.raises(Conflict):
        bring(first, visit(row, note="Viết khác"), mine)


def test_two_visits_of_one_home_are_shown_and_one_is_chosen(scene: Scene) -> None:
    first, second, (case, _other) = scene
    row, late = list_of(first)["rows"][0], list_of(second)["rows"][0]
    bring(first, visit(row))
    entry = bring(second, visit(late, "near_poor", "Có hai xe máy, ruộng rộng"))
    assert case.chosen == "poor", "nothing is merged in silence"
    shown = two(first, entry)
    assert (
        shown["usable"] and shown["here_by"] and ("Mức đề nghị", "Hộ cận nghèo", "Hộ nghèo") in shown["rows"]
    )
    assert [one.kind for one in queries.differing(first)] == ["visit"]
    with transaction():
        operations.settle(first, entry.key, use=True)
    assert case.chosen == "near_poor" and case.state == "visited"
    assert [one.event for one in history(case)].count("visit") == 2, "both visits stay in the thread"


def test_form_c_is_taken_and_what_somebody_else_wrote_meanwhile_is_not_written_over(scene: Scene) -> None:
    first, second, (case, _other) = scene
    row, late = list_of(first)["rows"][0], list_of(second)["rows"][0]

    def form_c(of: dict[str, Any], causes: str) -> Sent:
        return Sent(Kind.TRAITS, of["base_c"], of["case"], {"causes": causes, "disability": "able"})

    bring(first, form_c(row, "land\ncapital"))
    assert bring(second, form_c(late, "capital\nland")).state == "taken", "the same words are no conflict"
    entry = bring(second, form_c(late, "illness"))
    held = traits_of_case(case.id)
    assert held is not None and held.causes == ("land", "capital") and entry.state == "differs"
    with transaction():
        operations.settle(second, entry.key, use=True)
    held = traits_of_case(case.id)
    assert held is not None and held.causes == ("illness",)
    with pytest.raises(Invalid):
        bring(first, form_c(list_of(first)["rows"][0], "gold"))


def test_a_meeting_with_its_votes_and_a_dissent_arrives_once_after_the_visits(scene: Scene) -> None:
    first, _second, (one, other) = scene
    taken, mine = list_of(first), str(uuid4())
    for row in taken["rows"]:
        bring(first, visit(row))
    votes = [
        hands(taken["rows"][0]),
        hands(taken["rows"][1], 1, 1, dissent="Nhà có ruộng ở xã bên"),
    ]
    for _again in range(2):
        bring(first, meeting(taken, votes), mine)
    assert db.session.query(VillageMeeting).one().quorate and db.session.query(MeetingVote).count() == 2
    assert (one.state, other.state) == ("met", "scored"), "a tie is a no: the family is visited again"
    with transaction():
        operations.bring_photo(first, mine, str(uuid4()), b"minutes")
    assert db.session.query(ScannedPaper).one().meeting_id is not None


def test_two_who_wrote_down_one_meeting_are_shown_and_a_vote_that_no_longer_fits_waits(scene: Scene) -> None:
    first, second, (one, other) = scene
    for row in list_of(first)["rows"]:
        bring(first, visit(row))
    taken, late = list_of(first), list_of(second)
    bring(first, meeting(taken, [hands(taken["rows"][0], base=taken["rows"][0]["base_a"])]))
    assert (one.state, other.state) == ("met", "visited")
    entry = bring(second, meeting(late, [hands(late["rows"][0], 1, 1, base=late["rows"][0]["base_a"], dissent="Không"),
                                         hands(late["rows"][1], base=late["rows"][1]["base_a"])]))  # fmt: skip
    assert entry.state == "differs" and db.session.query(VillageMeeting).count() == 1
    shown = two(second, entry)
    assert shown["usable"] and any(what == "Hộ Bàn Thị Páo" for what, _brought, _here in shown["rows"])
    head = actor_for(Role.VILLAGE_HEAD, unit_id=first.unit_id, village="Thôn Khác")
    assert queries.differing(head) == []
    with pytest.raises(NotFound), transaction():
        operations.settle(head, entry.key, use=True)
    with transaction():
        operations.settle(second, entry.key, use=True)
    assert other.state == "met" and one.state == "met"
    (waits,) = queries.differing(first)
    assert waits.kind == "vote", "the household that had been voted on is decided by a person"
    with transaction():
        operations.settle(first, waits.key, use=False)
    assert queries.differing(first) == []


def test_too_few_households_take_no_vote(scene: Scene) -> None:
    first, _second, _cases = scene
    taken = list_of(first)
    for row in taken["rows"]:
        bring(first, visit(row))
    with pytest.raises(Conflict):
        bring(first, meeting(taken, [hands(taken["rows"][0])], present="0"))
    with pytest.raises(Invalid):
        bring(first, meeting(taken, [], led_by=""))
    bring(first, meeting(taken, [], present="0"))
    assert not db.session.query(VillageMeeting).one().quorate


@pytest.fixture
def helped(ctx: Flask) -> tuple[Actor, Household, str]:
    """A member of the digital team whom a family asked for help, and the key of its declaration."""
    home = create_household(head="Bàn Thị Lềnh", village=VILLAGE)
    helper = replace(actor_for(Role.DIGITAL_TEAM, unit_id=home.commune_id), name="Hà Thị Số")
    with transaction():
        review = declaring.start_for(helper, home.id, asked=True)
    return helper, home, review.key


def test_a_helpers_list_holds_the_families_that_asked_and_no_other(
    helped: tuple[Actor, Household, str],
) -> None:
    helper, home, _key = helped
    create_household(head="Bàn Thị Khác", village=VILLAGE)
    assert queries.villages(helper) == {VILLAGE: 1}
    (row,) = list_of(helper)["rows"]
    assert row["head"] == "Bàn Thị Lềnh" and row["asked"] and not (row["form_a"] or row["visits"])
    bring(helper, Sent(Kind.HELP, row["base_b"], row["case"], POOR, witness="Lý Văn Trưởng"))
    review = queries.newest(home.id)
    assert review is not None and (review.state, review.helped_by_user_id) == ("to_confirm", helper.user_id)
    stranger = actor_for(Role.DIGITAL_TEAM, unit_id=home.commune_id)
    assert queries.villages(stranger) == {}
    with pytest.raises(NotFound):
        bring(stranger, Sent(Kind.HELP, row["base_b"], row["case"], POOR))
    with pytest.raises(NotFound):
        bring(helper, Sent(Kind.SCREEN, "", "x"))


def test_what_the_family_changed_meanwhile_waits_for_a_choice(helped: tuple[Actor, Household, str]) -> None:
    helper, home, key = helped
    (row,) = list_of(helper)["rows"]
    family, _home = resident(home, "Bàn Văn Con")
    begun = queries.newest(home.id)
    assert begun is not None
    fill(family, begun, {"people": "2"})
    entry = bring(helper, Sent(Kind.HELP, row["base_b"], key, POOR))
    assert entry.state == "differs" and [one.key for one in queries.differing(family)] == [entry.key]
    with transaction():
        operations.settle(family, entry.key, use=True)
    review = queries.newest(home.id)
    assert review is not None and review.state == "draft", "the family looks it through and sends it itself"
