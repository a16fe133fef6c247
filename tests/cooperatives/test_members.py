"""Producers and their dated standing."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from accounts.rules import Actor, Role
from cooperatives import operations, queries
from cooperatives.members.operations import (
    Place,
    helped_consent,
    link_account,
    own_consent,
    register_producer,
)
from cooperatives.models import Standing
from cooperatives.rules import StandingKind
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from households import queries as households
from households.operations import PersonFacts, move_person
from households.rules import Purpose, Sex
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
