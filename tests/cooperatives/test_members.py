"""Producers and their dated standing."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from accounts.rules import Actor, Role
from cooperatives import operations, queries
from cooperatives.members.operations import (
    Place,
    add_housemate,
    helped_consent,
    link_account,
    move_producer,
    own_consent,
    register_producer,
)
from cooperatives.models import Standing
from cooperatives.rules import StandingKind
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from households import queries as households
from households.operations import PersonFacts, move_person
from households.rules import Purpose, Relation, Sex
from tests.factories.accounts import actor_for, create_user
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of, treasurer_of
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.queries import count_queries

TODAY = date(2026, 11, 22)
FACTS = PersonFacts("Triệu Thị Lềnh", birth_year=1979, sex=Sex.FEMALE, ethnic_code="09", phone="0912345678")


def take_in(manager: Actor, key: str = "form-0001", facts: PersonFacts = FACTS, whole: bool = False) -> int:
    """A new producer through the form's verb; her id."""
    place = Place(commune().id, "Thôn Bản Cuôn")
    with transaction():
        return register_producer(
            manager, key, facts, place, StandingKind.LINKED, whole=whole, from_on=None
        ).id


def test_a_person_is_taken_in_with_her_household_and_a_code(ctx: Flask) -> None:
    found = create_cooperative()
    view = queries.producer_view(take_in(manager_of(found)))
    assert (view.name, view.code, view.standing, view.village) == (
        "Triệu Thị Lềnh",
        "001",
        "linked",
        "Thôn Bản Cuôn",
    )


def test_the_same_form_twice_is_one_producer(ctx: Flask) -> None:
    manager = manager_of(create_cooperative())
    assert take_in(manager) == take_in(manager)


def test_somebody_known_by_phone_and_name_is_one_person_in_two_cooperatives(ctx: Flask) -> None:
    one, two = create_cooperative(), create_cooperative("HTX Khác")
    first, second = take_in(manager_of(one)), take_in(manager_of(two), "form-0002")
    assert first != second
    assert queries.producer(first).person_id == queries.producer(second).person_id


def test_a_shared_phone_alone_does_not_make_two_people_one(ctx: Flask) -> None:
    manager = manager_of(create_cooperative())
    other = PersonFacts("Triệu Văn Páo", birth_year=1975, phone="0912345678")
    first, second = take_in(manager), take_in(manager, "form-0002", other)
    assert queries.producer(first).person_id != queries.producer(second).person_id


def test_a_household_without_a_phone_is_a_producer_as_a_whole(ctx: Flask) -> None:
    manager = manager_of(create_cooperative())
    one = queries.producer(take_in(manager, facts=PersonFacts("Triệu Thị Lềnh"), whole=True))
    assert one.person_id is None
    assert queries.household_of_producer(one.id, TODAY) == one.household_id
    assert queries.producer_name(one.id) == "Triệu Thị Lềnh"


def test_standing_changes_on_a_day_and_the_past_keeps_what_it_was(ctx: Flask) -> None:
    found = create_cooperative()
    one = create_producer(found, standing="linked", from_on=date(2025, 7, 1))
    with transaction():
        operations.set_standing(manager_of(found), one.id, StandingKind.MEMBER, date(2026, 3, 1))
    assert queries.standing_of(one.id, date(2026, 2, 28)) is StandingKind.LINKED
    assert queries.standing_of(one.id, date(2026, 3, 1)) is StandingKind.MEMBER
    assert queries.standing_of(one.id, date(2025, 6, 30)) is None


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2025, 1, 1), date(2027, 1, 1)])
def test_standings_never_overlap_and_never_lie_in_the_future(ctx: Flask, day: date) -> None:
    found = create_cooperative()
    one = create_producer(found, standing="linked", from_on=date(2025, 7, 1))
    with pytest.raises(Invalid), transaction():
        operations.set_standing(manager_of(found), one.id, StandingKind.MEMBER, day)


def test_who_stops_is_kept_apart_and_may_come_back(ctx: Flask) -> None:
    found = create_cooperative()
    one, manager = create_producer(found), manager_of(found)
    with transaction():
        operations.end_standing(manager, one.id, date(2026, 9, 1))
    assert queries.producers(found.id) == []
    assert [view.id for view in queries.former_producers(found.id)] == [one.id]
    with pytest.raises(Invalid), transaction():
        operations.end_standing(manager, one.id, date(2026, 9, 2))
    with transaction():
        operations.set_standing(manager, one.id, StandingKind.LINKED, date(2026, 10, 1))
    assert queries.standing_of(one.id, date(2026, 9, 15)) is None


def test_the_database_refuses_two_open_standings(ctx: Flask) -> None:
    one = create_producer(create_cooperative())
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Standing(producer_id=one.id, kind="linked", from_on=TODAY))
        db.session.flush()


def test_a_slip_can_name_the_household_of_its_day_after_a_move(ctx: Flask) -> None:
    found = create_cooperative()
    one = create_producer(found, from_on=date(2025, 7, 1))
    old, new = queries.household_of_producer(one.id, TODAY), create_household(head="Lý Văn Páo").id
    with transaction():
        move_person(manager_of(found), one.person_id or 0, new, date(2026, 6, 1))
    assert queries.household_of_producer(one.id, date(2026, 5, 31)) == old
    assert queries.household_of_producer(one.id, TODAY) == new


def test_search_needs_no_marks_and_the_list_costs_few_queries(app: Flask) -> None:
    with app.app_context():
        found = create_cooperative()
        for name in ("Lý Thị Mẫu", "Triệu Thị Lềnh", "Đàm Văn Đức", "Nông Văn Sơn"):
            create_producer(found, name)
        cooperative_id = found.id
        for typed in ("dam van duc", "Đức", "DUC", "003"):
            assert [view.name for view in queries.producers(cooperative_id, search=typed)] == ["Đàm Văn Đức"]
        db.session.rollback()
    with count_queries(app) as seen, app.app_context():
        assert len(queries.producers(cooperative_id)) == 4
    assert seen.count == 4


def test_another_cooperative_finds_nothing_and_a_treasurer_changes_nothing(ctx: Flask) -> None:
    found, other = create_cooperative(), create_cooperative("HTX Khác")
    one = create_producer(found)
    with pytest.raises(NotFound), transaction():
        operations.set_standing(manager_of(other), one.id, StandingKind.LINKED, TODAY)
    with pytest.raises(NotAllowed), transaction():
        operations.set_standing(treasurer_of(found), one.id, StandingKind.LINKED, TODAY)
    with pytest.raises(NotAllowed), transaction():
        take_in(treasurer_of(found))


def test_a_producer_agrees_by_herself_or_helped_and_only_to_whom_she_supplies(ctx: Flask) -> None:
    found, other = create_cooperative(), create_cooperative("HTX Khác")
    user = create_user("Lý Thị Mẫu")
    one, me = create_producer(found, user_id=user.id), Actor(user.id, Role.BUYER)
    with transaction():
        own_consent(me, found.id, Purpose.SHOW_NAME)
    with pytest.raises(NotFound), transaction():
        own_consent(me, other.id, Purpose.SHOW_NAME)
    team = actor_for(Role.DIGITAL_TEAM, found.organisation_id)
    with transaction():
        given = helped_consent(team, one.id, Purpose.CONTACT)
    assert given.helped_by_user_id == team.user_id


def test_a_producer_reads_her_statement_once_her_phone_has_an_account(ctx: Flask) -> None:
    found = create_cooperative()
    manager = manager_of(found)
    one = take_in(manager)
    with transaction():
        assert link_account(manager, one) is False
    user = create_user("Triệu Thị Lềnh", "+84912345678")
    with transaction():
        assert link_account(manager, one) is True
    assert [row.id for row in queries.producers_of_user(user.id)] == [one]
    assert households.household_of_user(user.id) is not None


MATE = PersonFacts("Triệu Văn Páo", Relation.SPOUSE, sex=Sex.MALE)


def test_a_second_person_of_a_household_is_taken_in_once_with_a_standing_of_his_own(ctx: Flask) -> None:
    found = create_cooperative()
    manager, one = manager_of(found), create_producer(found, phone="0912345678")
    for _tap in range(2):
        with transaction():
            mate = add_housemate(manager, one.id, "mate-0001", MATE, StandingKind.LINKED)
    home = queries.household_of_producer(one.id, TODAY) or 0
    assert [row.name for row in households.members(home, TODAY)] == ["Lý Thị Mẫu", "Triệu Văn Páo"]
    second = queries.producers_of_person(mate.id)
    assert len(second) == 1 and queries.household_of_producer(second[0].id, TODAY) == home


def test_somebody_of_the_house_need_not_supply(ctx: Flask) -> None:
    found = create_cooperative()
    one = create_producer(found)
    with transaction():
        mate = add_housemate(manager_of(found), one.id, "mate-0001", MATE, None)
    assert queries.producers_of_person(mate.id) == []


def test_somebody_recorded_in_another_house_is_not_recorded_twice(ctx: Flask) -> None:
    found = create_cooperative()
    manager, one = manager_of(found), create_producer(found)
    take_in(manager)
    with pytest.raises(Invalid), transaction():
        add_housemate(manager, one.id, "mate-0001", FACTS, None)


def test_the_same_name_in_the_same_village_must_be_said_to_be_another_person(ctx: Flask) -> None:
    found = create_cooperative()
    manager = manager_of(found)
    nobody = PersonFacts("Triệu Thị Lềnh")
    take_in(manager, facts=nobody)
    with pytest.raises(Invalid) as refused:
        take_in(manager, "form-0002", nobody)
    assert refused.value.field == "namesake" and "mã 001" in str(refused.value)
    with transaction():
        register_producer(
            manager, "form-0002", nobody, Place(commune().id, "thôn bản cuôn"), StandingKind.LINKED, whole=False,
            from_on=None, namesake=True,
        )  # fmt: skip
    assert len(queries.producers(found.id)) == 2


def test_homes_are_found_by_village_and_name_in_any_order(ctx: Flask) -> None:
    found = create_cooperative()
    take_in(manager_of(found))
    create_producer(found, "Lý Thị Mẫu")
    assert list(queries.homes(found.id).values()) == [
        "Thôn Bản Cuôn: Triệu Thị Lềnh",
        "Thôn Chè Cọ: Lý Thị Mẫu",
    ]
    for typed in ("cuon lenh", "lềnh bản cuôn"):
        assert [one.name for one in queries.producers(found.id, search=typed)] == ["Triệu Thị Lềnh"]


def test_a_producer_moves_to_a_known_house_or_a_new_one_and_the_past_stays(ctx: Flask) -> None:
    found = create_cooperative()
    manager = manager_of(found)
    one, other = create_producer(found), create_producer(found, "Lý Văn Páo")
    old, there = queries.household_of_producer(one.id, TODAY), queries.household_of_producer(other.id, TODAY)
    day = date(2026, 6, 1)
    for _tap in range(2):
        with transaction():
            move_producer(manager, one.id, "move-0001", there or 0, Relation.SPOUSE, day)
    assert queries.household_of_producer(one.id, date(2026, 5, 31)) == old
    assert queries.household_of_producer(one.id, day) == there
    with transaction():
        new = Place(commune().id, "Thôn Nà Đon")
        move_producer(manager, one.id, "move-0002", new, Relation.OTHER, TODAY)
    view = queries.producer_view(one.id)
    assert view.village == "Thôn Nà Đon" and view.household_id not in (old, there)
    assert [row.relation for row in households.members(view.household_id or 0, TODAY)] == ["head"]


def test_nobody_moves_into_a_strangers_house_or_in_the_future_or_as_a_whole_household(ctx: Flask) -> None:
    found, strange = create_cooperative(), create_household(head="Nông Văn Sơn").id
    manager, one, other = manager_of(found), create_producer(found), create_producer(found, "Lý Văn Páo")
    there = queries.household_of_producer(other.id, TODAY) or 0
    whole = take_in(manager, facts=PersonFacts("Triệu Thị Lềnh"), whole=True)
    with pytest.raises(NotFound), transaction():
        move_producer(manager, one.id, "move-0001", strange, Relation.OTHER, TODAY)
    with pytest.raises(Invalid), transaction():
        move_producer(manager, one.id, "move-0002", there, Relation.OTHER, date(2026, 11, 23))
    with pytest.raises(Invalid), transaction():
        move_producer(manager, one.id, "move-0003", there, Relation.OTHER, date(2024, 1, 1))
    with pytest.raises(Invalid), transaction():
        move_producer(manager, whole, "move-0004", there, Relation.OTHER, TODAY)
    with pytest.raises(NotAllowed), transaction():
        team = actor_for(Role.DIGITAL_TEAM, found.organisation_id)
        move_producer(team, one.id, "move-0005", there, Relation.OTHER, TODAY)
    with pytest.raises(NotFound), transaction():
        stranger = manager_of(create_cooperative("HTX Khác"))
        move_producer(stranger, one.id, "move-0006", there, Relation.OTHER, TODAY)
