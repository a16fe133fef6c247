"""Recording households, moving, agreeing and taking back."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.operations import create_organisation
from accounts.rules import SYSTEM, Actor, Role
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from households import operations, queries
from households.models import Consent
from households.operations import PersonFacts
from households.rules import Purpose, Relation
from tests.factories.accounts import actor_for, create_user
from tests.factories.households import create_household, create_person
from tests.factories.places import commune

TODAY = date(2026, 11, 22)


def resident() -> tuple[Actor, int, int]:
    """A signed-in head of a household: actor, household id, person id."""
    user = create_user("Lý Thị Mẫu")
    home = create_household(user_id=user.id)
    person = queries.person_of_user(user.id)
    assert person is not None
    return Actor(user.id, Role.BUYER), home.id, person.id


def organisation_id() -> int:
    """An organisation to agree with."""
    with transaction():
        return create_organisation("cooperative", "HTX Thử Nghiệm").id


def test_a_household_is_recorded_with_its_head_and_a_random_key(ctx: Flask) -> None:
    one, two = create_household(), create_household()
    assert one.key != two.key
    head = queries.members(one.id, TODAY)[0]
    assert (head.name, head.relation, head.ethnic_name, head.birth_year) == (
        "Lý Thị Mẫu",
        "head",
        "Dao",
        1984,
    )


def test_list_code_and_name_of_the_group_are_stored_together(ctx: Flask) -> None:
    person = queries.person(queries.members(create_household().id, TODAY)[0].person_id)
    assert (person.ethnic_list, person.ethnic_code, person.ethnic_name) == ("gso-121-1979", "09", "Dao")


def test_a_commune_that_ended_takes_no_new_household(ctx: Flask) -> None:
    from places.models import Unit

    old = (
        db.session.execute(select(Unit.id).where(Unit.level == "commune", Unit.valid_to.is_not(None)))
        .scalars()
        .first()
    )
    assert old is not None
    with pytest.raises(Invalid), transaction():
        operations.create_household(SYSTEM, old, "Thôn Chè Cọ")


def test_own_people_add_a_person_and_strangers_find_nothing(ctx: Flask) -> None:
    me, home, _person = resident()
    stranger = Actor(create_user("Người lạ").id, Role.BUYER)
    with transaction():
        operations.add_person(me, home, PersonFacts("Lý Văn Páo", Relation.CHILD, birth_year=2010))
    assert [one.name for one in queries.members(home, TODAY)] == ["Lý Thị Mẫu", "Lý Văn Páo"]
    with pytest.raises(NotFound), transaction():
        operations.add_person(stranger, home, PersonFacts("Kẻ Gian", Relation.CHILD))


def test_adding_a_person_leaves_a_line_with_field_names_and_no_values(ctx: Flask) -> None:
    me, home, _person = resident()
    with transaction():
        operations.add_person(me, home, PersonFacts("Lý Văn Páo", Relation.CHILD, phone="0912345678"))
    line = (
        db.session.execute(
            select(AuditLine).where(AuditLine.verb == "add person").order_by(AuditLine.id.desc())
        )
        .scalars()
        .first()
    )
    assert line is not None
    assert "phone" in line.fields
    assert "Páo" not in f"{line.fields}{line.subject}{line.purpose}"


def test_a_move_ends_one_membership_and_begins_another_without_rewriting_the_past(ctx: Flask) -> None:
    old, new = create_household(), create_household(head="Triệu Thị Lềnh")
    with transaction():
        child = operations.add_person(
            SYSTEM, old.id, PersonFacts("Lý Thị Sen", Relation.CHILD), from_on=date(2025, 1, 1)
        )
    with transaction():
        operations.move_person(SYSTEM, child.id, new.id, date(2026, 6, 1), Relation.SPOUSE)
    before, after = (
        queries.household_of_person(child.id, day) for day in (date(2026, 5, 31), date(2026, 6, 1))
    )
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == (old.id, new.id)
    assert queries.household_ids_of_persons({child.id}, date(2026, 5, 31)) == {child.id: old.id}


def test_nobody_moves_to_where_she_lives_nor_before_she_came_nor_in_the_future(ctx: Flask) -> None:
    home, other = create_household(), create_household(head="Triệu Thị Lềnh")
    person = queries.members(home.id, TODAY)[0].person_id
    for to, on in ((home.id, TODAY), (other.id, date(2020, 1, 1)), (other.id, date(2027, 1, 1))):
        with pytest.raises(Invalid), transaction():
            operations.move_person(SYSTEM, person, to, on)


def test_the_database_refuses_two_open_homes_for_one_person(ctx: Flask) -> None:
    from households.models import HouseholdMember

    home, other = create_household(), create_household()
    person = queries.members(home.id, TODAY)[0].person_id
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            HouseholdMember(household_id=other.id, person_id=person, relation="other", from_on=TODAY)
        )
        db.session.flush()


def test_an_agreement_keeps_its_words_and_giving_it_twice_is_one(ctx: Flask) -> None:
    me, home, person = resident()
    to = organisation_id()
    with transaction():
        one = operations.give_consent(me, person, to, Purpose.SHOW_NAME)
        two = operations.give_consent(me, person, to, Purpose.SHOW_NAME)
    assert one.id == two.id
    assert one.wording_version == "2026-11-1"
    assert queries.consenting({home}, to, Purpose.SHOW_NAME) == {home}
    assert queries.consenting({home}, to, Purpose.CONTACT) == set()


def test_an_agreement_is_taken_back_at_once_and_can_be_given_again(ctx: Flask) -> None:
    me, home, person = resident()
    to = organisation_id()
    with transaction():
        given = operations.give_consent(me, person, to, Purpose.CONTACT).id
    with transaction():
        operations.withdraw_consent(me, given)
        operations.withdraw_consent(me, given)
    assert queries.consenting({home}, to, Purpose.CONTACT) == set()
    with transaction():
        assert operations.give_consent(me, person, to, Purpose.CONTACT).id != given
    assert len(queries.consents(home)) == 2


def test_nobody_agrees_for_others_in_silence(ctx: Flask) -> None:
    _me, _home, person = resident()
    to = organisation_id()
    for stranger in (Actor(create_user("Người lạ").id, Role.BUYER), actor_for(Role.MANAGER, to)):
        with pytest.raises(NotFound), transaction():
            operations.give_consent(stranger, person, to, Purpose.CONTACT)


def test_who_helped_is_written_down_and_must_be_a_helper(ctx: Flask) -> None:
    _me, _home, person = resident()
    to = organisation_id()
    helper, buyer = actor_for(Role.DIGITAL_TEAM, to), Actor(create_user("Người lạ").id, Role.BUYER)
    with transaction():
        given = operations.give_consent(helper, person, to, Purpose.CONTACT, helped_by_user_id=helper.user_id)
    assert db.session.get_one(Consent, given.id).helped_by_user_id == helper.user_id
    with pytest.raises(NotAllowed), transaction():
        operations.give_consent(buyer, person, to, Purpose.SHOW_NAME, helped_by_user_id=buyer.user_id)


def test_a_helper_cannot_take_an_agreement_back_for_the_household(ctx: Flask) -> None:
    me, _home, person = resident()
    to = organisation_id()
    with transaction():
        given = operations.give_consent(me, person, to, Purpose.CONTACT).id
    with pytest.raises(NotFound), transaction():
        operations.withdraw_consent(actor_for(Role.MANAGER, to), given)


def test_an_account_belongs_to_one_person(ctx: Flask) -> None:
    user = create_user("Lý Thị Mẫu")
    home = create_household(commune("Côn Minh"))
    one, two = queries.members(home.id, TODAY)[0].person_id, create_person(home).id
    manager = actor_for(Role.MANAGER, organisation_id())
    with transaction():
        operations.link_user(manager, one, user.id)
        operations.link_user(manager, one, user.id)
    with pytest.raises(Invalid), transaction():
        operations.link_user(manager, two, user.id)
