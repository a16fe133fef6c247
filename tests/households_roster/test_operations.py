"""Births, deaths, marriages, moves, splits and merges: what they come to, who may, and taking them back."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from accounts.rules import SYSTEM, Actor, Role
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from households import operations as record
from households.models import Household, HouseholdMember, RosterEvent
from households.operations import PersonFacts
from households.queries import household_of_person, members
from households.roster import operations, queries
from households.roster.operations import Deed
from households.rules import Relation, Sex
from tests.factories.accounts import actor_for
from tests.factories.places import commune

LONG_AGO, SPRING, TODAY = date(2020, 1, 1), date(2026, 3, 1), date(2026, 11, 22)
VILLAGE = "Thôn Chè Cọ"


def home(head: str = "Lý Thị Mẫu", village: str = VILLAGE, place: int | None = None) -> tuple[int, int]:
    """A household whose head lives in it since 2020: (household, head)."""
    with transaction():
        facts = PersonFacts(head, birth_year=1984, sex=Sex.FEMALE)
        made = record.create_household(
            SYSTEM, place or commune("Côn Minh").id, village, facts, from_on=LONG_AGO
        ).id
    return made, members(made, TODAY)[0].person_id


def member(household_id: int, name: str, relation: Relation = Relation.CHILD) -> int:
    """One more member since 2020."""
    with transaction():
        return record.add_person(SYSTEM, household_id, PersonFacts(name, relation), from_on=LONG_AGO).id


def officer() -> Actor:
    """The commune's officer."""
    return actor_for(Role.COMMUNE_OFFICER, None, commune("Côn Minh").id)


def names(household_id: int, on: date = TODAY) -> set[str]:
    """Who lives there."""
    return {one.name for one in queries.roster(household_id, on)}


def told_as_held(*person_ids: int) -> bool:
    """Whether the events of these persons alone give the membership that others read."""
    return all(
        [(one.household_id, one.relation, one.from_on, one.to_on) for one in queries.memberships(person)]
        == [(one.household_id, one.relation, one.from_on, one.to_on) for one in queries.stays(person)]
        for person in person_ids
    )


def test_a_child_is_born_to_its_parents_and_is_a_generation_younger(ctx: Flask) -> None:
    here, mother = home()
    with transaction():
        facts = PersonFacts("Lý Thị Sen", Relation.CHILD, birth_on=SPRING)
        born = operations.record_birth(officer(), here, facts, Deed("birth-1", SPRING), [mother]).id
    rows = {one.person_id: one for one in queries.roster(here, TODAY)}
    assert (rows[born].generation, rows[born].from_on, rows[born].papers) == (2, SPRING, "")
    assert names(here, date(2026, 2, 28)) == {"Lý Thị Mẫu"}
    assert told_as_held(born)


def test_a_dead_person_is_of_no_household_and_the_past_stands(ctx: Flask) -> None:
    here, _head = home()
    father = member(here, "Lý Văn Páo", Relation.PARENT)
    with transaction():
        operations.record_death(officer(), father, Deed("death-1", SPRING))
    assert names(here) == {"Lý Thị Mẫu"}
    assert "Lý Văn Páo" in names(here, date(2026, 2, 28))
    assert household_of_person(father, SPRING) is None
    assert told_as_held(father)
    with pytest.raises(Invalid), transaction():
        operations.record_death(officer(), father, Deed("death-2", TODAY))


def test_a_marriage_brings_one_to_the_others_household(ctx: Flask) -> None:
    here, _head = home()
    there, spouse = home("Triệu Văn Tá")
    bride = member(here, "Lý Thị Sen")
    deed = Deed("wedding", SPRING)
    with transaction():
        operations.record_move(officer(), bride, there, Relation.SPOUSE, deed, spouse_id=spouse)
        operations.record_move(officer(), bride, there, Relation.SPOUSE, deed, spouse_id=spouse)
    assert names(there) == {"Triệu Văn Tá", "Lý Thị Sen"}
    assert told_as_held(bride)
    with pytest.raises(Invalid), transaction():
        operations.record_move(officer(), spouse, there, Relation.SPOUSE, Deed("x", TODAY), spouse_id=spouse)


def test_a_household_splits_and_merges_again(ctx: Flask) -> None:
    here, head = home()
    son, wife = member(here, "Lý Văn Sơn"), member(here, "Bàn Thị Hoa", Relation.OTHER)
    with transaction():
        new = operations.split_household(officer(), here, [son, wife], son, Deed("split", SPRING)).id
    assert names(new) == {"Lý Văn Sơn", "Bàn Thị Hoa"}
    assert queries.roster(new, TODAY)[0].relation == "head"
    with transaction():
        operations.merge_households(officer(), here, new, Deed("merge", date(2026, 6, 1)))
    assert (names(here), names(new)) == ({"Lý Thị Mẫu", "Lý Văn Sơn", "Bàn Thị Hoa"}, set())
    assert [one.relation for one in queries.roster(here, TODAY)].count("head") == 1
    with transaction():
        operations.undo(officer(), "merge", "undo-merge")
        operations.undo(officer(), "merge", "undo-merge-again")
    assert (names(here), names(new)) == ({"Lý Thị Mẫu"}, {"Lý Văn Sơn", "Bàn Thị Hoa"})
    assert told_as_held(son, wife)
    assert [one.undone for one in queries.history(new)] == [True, False]
    assert head in {one.person_id for one in queries.roster(here, TODAY)}


def test_a_household_cannot_split_to_nobody(ctx: Flask) -> None:
    here, head = home()
    with pytest.raises(Invalid), transaction():
        operations.split_household(officer(), here, [head], head, Deed("split", SPRING))


def test_a_deed_with_a_later_one_is_not_taken_back_first(ctx: Flask) -> None:
    here, _head = home()
    there, _other = home("Triệu Văn Tá")
    child = member(here, "Lý Thị Sen")
    with transaction():
        operations.record_move(officer(), child, there, Relation.OTHER, Deed("one", SPRING))
        operations.record_move(officer(), child, here, Relation.CHILD, Deed("two", date(2026, 6, 1)))
    with pytest.raises(Conflict), transaction():
        operations.undo(officer(), "one", "undo-one")
    with transaction():
        operations.undo(officer(), "two", "undo-two")
        operations.undo(officer(), "one", "undo-one")
    assert "Lý Thị Sen" in names(here)
    assert told_as_held(child)


def test_a_new_head_leaves_one_head(ctx: Flask) -> None:
    here, old = home()
    son = member(here, "Lý Văn Sơn")
    with transaction():
        operations.record_head(officer(), son, Deed("head", SPRING))
    relations = {one.person_id: one.relation for one in queries.roster(here, TODAY)}
    assert relations == {old: "other", son: "head"}
    assert {one.person_id: one.relation for one in queries.roster(here, LONG_AGO)} == {
        old: "head",
        son: "child",
    }


def test_two_records_of_one_person_are_explained_merged_and_parted_again(ctx: Flask) -> None:
    _here, one = home()
    there, other = home("LY THI MAU")
    me = officer()
    pairs = queries.doubles(me)
    assert [(pair.one.id, pair.other.id, pair.same_phone) for pair in pairs] == [(one, other, False)]
    with transaction():
        operations.merge_persons(me, one, other, Deed("same", TODAY))
    assert (queries.person_kept(other), names(there), queries.doubles(me)) == (one, set(), [])
    with transaction():
        operations.undo(me, "same", "undo-same")
    assert (queries.person_kept(other), len(queries.doubles(me))) == (other, 1)


def test_a_person_without_papers_is_counted_in(ctx: Flask) -> None:
    here, head = home()
    with transaction():
        operations.record_papers(officer(), head, has_papers=False, deed=Deed("papers", SPRING))
    assert queries.roster(here, TODAY)[0].papers == "none"
    assert queries.roster(here, LONG_AGO)[0].papers == ""


def test_officers_reach_their_unit_alone(ctx: Flask) -> None:
    here, head = home()
    elsewhere = actor_for(Role.COMMUNE_OFFICER, None, commune("Đồng Phúc").id)
    village = actor_for(Role.VILLAGE_HEAD, None, commune("Côn Minh").id, "Thôn khác")
    for stranger in (elsewhere, village):
        with pytest.raises(NotFound), transaction():
            operations.record_death(stranger, head, Deed("death", SPRING))
        with pytest.raises(NotFound):
            queries.within_reach(stranger, here)
    with pytest.raises(NotAllowed), transaction():
        operations.record_death(actor_for(Role.MANAGER), head, Deed("death", SPRING))
    with transaction():
        operations.record_death(
            actor_for(Role.VILLAGE_HEAD, None, commune("Côn Minh").id, VILLAGE), head, Deed("death", SPRING)
        )


def test_nobody_records_events_of_her_own_household(ctx: Flask) -> None:
    me = officer()
    with transaction():
        facts = PersonFacts("Cán bộ", user_id=me.user_id)
        mine = record.create_household(SYSTEM, me.unit_id or 0, VILLAGE, facts, from_on=LONG_AGO).id
    with pytest.raises(NotAllowed), transaction():
        operations.record_arrival(me, mine, PersonFacts("Người nhà", Relation.OTHER), Deed("in", SPRING))


def test_moves_written_by_others_are_taken_in_and_not_lost(ctx: Flask) -> None:
    here, _head = home()
    there, _other = home("Triệu Văn Tá")
    child = member(here, "Lý Thị Sen")
    with transaction():
        operations.record_move(officer(), child, there, Relation.OTHER, Deed("one", date(2024, 1, 1)))
    with transaction():
        record.move_person(SYSTEM, child, here, date(2025, 1, 1), Relation.CHILD)
    with transaction():
        operations.record_departure(officer(), child, Deed("away", SPRING, "Hà Nội"))
    days = [date(2023, 1, 1), date(2024, 6, 1), date(2025, 6, 1), TODAY]
    homes = [household_of_person(child, day) for day in days]
    assert [one.id if one else None for one in homes] == [here, there, here, None]
    assert told_as_held(child)


def test_events_are_never_changed_and_leave_lines_without_values(ctx: Flask) -> None:
    _here, head = home()
    with transaction():
        operations.record_death(officer(), head, Deed("death", SPRING))
    line = db.session.execute(select(AuditLine).where(AuditLine.verb == "roster death")).scalar_one()
    assert "Mẫu" not in f"{line.fields}{line.subject}{line.purpose}"
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(delete(RosterEvent))
    assert (
        db.session.execute(select(HouseholdMember).where(HouseholdMember.person_id == head)).scalars().all()
    )
    assert db.session.execute(select(Household)).scalars().first()
