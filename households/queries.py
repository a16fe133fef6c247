"""Reads of households, persons and consents. Who may ask is the caller's duty: verbs and views check it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.models import Consent, Household, HouseholdMember, Person
from households.rules import Purpose


@dataclass(frozen=True)
class MemberView:
    """One line of a household's own page."""

    person_id: int
    name: str
    relation: str
    birth_year: int | None
    sex: str | None
    ethnic_name: str | None
    from_on: date
    phone: str | None = None


def member_on(day: date) -> ColumnElement[bool]:
    """The condition that a membership holds on a day."""
    return (HouseholdMember.from_on <= day) & or_(
        HouseholdMember.to_on.is_(None), HouseholdMember.to_on > day
    )


def household(household_id: int) -> Household:
    """A household by id. Raises NotFound."""
    found = db.session.get(Household, household_id)
    if found is None:
        raise NotFound(N_("Không tìm thấy hộ này."))
    return found


def person(person_id: int) -> Person:
    """A person by id. Raises NotFound."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound(N_("Không tìm thấy người này."))
    return found


def person_of_user(user_id: int) -> Person | None:
    """The person that an account belongs to, once they were linked."""
    return db.session.execute(select(Person).where(Person.user_id == user_id)).scalar_one_or_none()


def persons_by_phone(phone: str) -> list[Person]:
    """Everybody recorded with this E.164 number: often a whole family shares one."""
    return list(db.session.execute(select(Person).where(Person.phone == phone).order_by(Person.id)).scalars())


def household_of_person(person_id: int, on: date) -> Household | None:
    """The household a person belonged to on a day."""
    query = (
        select(Household)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .where(HouseholdMember.person_id == person_id, member_on(on))
        .order_by(HouseholdMember.from_on.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def household_of_user(user_id: int) -> Household | None:
    """The household that a signed-in person belongs to today."""
    mine = person_of_user(user_id)
    return household_of_person(mine.id, clock.today()) if mine else None


def household_ids_of_persons(person_ids: set[int], on: date) -> dict[int, int]:
    """person → household on a day, in one query; persons without one are left out."""
    query = select(HouseholdMember.person_id, HouseholdMember.household_id).where(
        HouseholdMember.person_id.in_(person_ids), member_on(on)
    )
    return {row.person_id: row.household_id for row in db.session.execute(query)}


def members(household_id: int, on: date) -> list[MemberView]:
    """Who belongs to a household on a day, the head first."""
    query = (
        select(Person, HouseholdMember)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(HouseholdMember.household_id == household_id, member_on(on))
        .order_by((HouseholdMember.relation == "head").desc(), HouseholdMember.from_on, Person.id)
    )
    return [
        MemberView(
            one.id, one.name, tie.relation, one.birth_year, one.sex, one.ethnic_name, tie.from_on, one.phone
        )
        for one, tie in db.session.execute(query)
    ]


def head_name(household_id: int, on: date) -> str:
    """The name a household is called by: its head's, else its first member's, else ''."""
    return next((member.name for member in members(household_id, on)), "")


def head_names(household_ids: set[int], on: date) -> dict[int, str]:
    """The names that households are called by, in one query."""
    query = (
        select(HouseholdMember.household_id, Person.name)
        .join(Person, Person.id == HouseholdMember.person_id)
        .where(HouseholdMember.household_id.in_(household_ids), member_on(on))
        .order_by((HouseholdMember.relation == "head").desc(), HouseholdMember.from_on, Person.id)
    )
    names: dict[int, str] = {}
    for row in db.session.execute(query):
        names.setdefault(row.household_id, row.name)
    return names


def consents(household_id: int) -> list[Consent]:
    """Every consent a household gave, the open ones first, then the newest."""
    query = select(Consent).where(Consent.household_id == household_id)
    return list(
        db.session.execute(
            query.order_by(Consent.withdrawn_at.is_not(None), Consent.given_at.desc())
        ).scalars()
    )


def open_consent(household_id: int, organisation_id: int, purpose: Purpose) -> Consent | None:
    """The consent that holds now for one purpose, if there is one."""
    query = select(Consent).where(
        Consent.household_id == household_id, Consent.organisation_id == organisation_id,
        Consent.purpose == purpose, Consent.withdrawn_at.is_(None),
    )  # fmt: skip
    return db.session.execute(query).scalar_one_or_none()


def consenting(household_ids: set[int], organisation_id: int, purpose: Purpose) -> set[int]:
    """Which of these households allow an organisation this purpose now."""
    query = select(Consent.household_id).where(
        Consent.household_id.in_(household_ids), Consent.organisation_id == organisation_id,
        Consent.purpose == purpose, Consent.withdrawn_at.is_(None),
    )  # fmt: skip
    return set(db.session.execute(query).scalars())


def households_of_commune(commune_id: int) -> list[Household]:
    """Every household recorded in a commune, by village."""
    query = (
        select(Household).where(Household.commune_id == commune_id).order_by(Household.village, Household.id)
    )
    return list(db.session.execute(query).scalars())


def phones_of_household(household_id: int, on: date) -> list[str]:
    """E.164 numbers of the people who live in a household on a day, each once."""
    query = (
        select(Person.phone)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(HouseholdMember.household_id == household_id, member_on(on), Person.phone.is_not(None))
        .distinct()
        .order_by(Person.phone)
    )
    return [phone for phone in db.session.execute(query).scalars() if phone]
