"""Cooperatives, their staff and producers for tests."""

from datetime import date
from itertools import count

from accounts.rules import SYSTEM, Actor, Role
from cooperatives import operations, queries
from cooperatives.models import Cooperative, Producer
from cooperatives.operations import Application
from cooperatives.rules import StandingKind
from core.db import transaction
from households.models import Household
from households.operations import PersonFacts, create_household
from households.rules import Sex
from places.models import Unit
from tests.factories.accounts import actor_for, create_user, phone
from tests.factories.places import commune as some_commune

_numbers = count(1)


def application(name: str = "HTX Thử Nghiệm", commune: Unit | None = None, **changes: object) -> Application:
    """A whole application; every one has its own key and registration number."""
    number = next(_numbers)
    values: dict[str, object] = {
        "key": f"application-{number:08}",
        "name": name,
        "registration_number": f"4700{number:06}",
        "registered_on": date(2019, 5, 20),
        "registered_by": "Phòng Tài chính – Kế hoạch huyện Na Rì",
        "legal_representative": "Nông Thị Hoan",
        "commune_id": (commune or some_commune()).id,
        "address_line": "Thôn Chè Cọ",
        "phone": phone(),
        "bank_bin": "970405",
        "account_number": f"85002050{number:05}",
        "holder": f"{name} {number}",
        "story": "Miến làm từ củ dong riềng của bà con trong xã.",
    }
    return Application(**(values | changes))  # type: ignore[arg-type]


def create_cooperative(
    name: str = "HTX Thử Nghiệm", approved: bool = True, commune: Unit | None = None
) -> Cooperative:
    """A cooperative with organisation, active bank account and settlement terms; or an application that waits."""
    facts = application(name, commune)
    applicant = create_user("Nông Thị Hoan")
    administrator = actor_for(Role.ADMINISTRATOR) if approved else None
    with transaction():
        made = operations.apply(Actor(applicant.id, Role.BUYER), facts)
        if administrator is not None:
            operations.approve(administrator, made.id)
    return made


def manager_of(cooperative: Cooperative) -> Actor:
    """A new manager of a cooperative."""
    return actor_for(Role.MANAGER, cooperative.organisation_id)


def treasurer_of(cooperative: Cooperative) -> Actor:
    """A new treasurer of a cooperative."""
    return actor_for(Role.TREASURER, cooperative.organisation_id)


def create_producer(cooperative: Cooperative, name: str = "Lý Thị Mẫu", standing: str = "member",
                    household: Household | None = None, from_on: date | None = None, phone: str = "",
                    user_id: int | None = None) -> Producer:  # fmt: skip
    """A producer of a cooperative: the head of a new household, or a new person of a given one."""
    from households.operations import add_person
    from households.rules import Relation

    place = some_commune()
    facts = PersonFacts(
        name, Relation.OTHER if household else Relation.HEAD, birth_year=1984, sex=Sex.FEMALE, ethnic_code="09",
        phone=phone, user_id=user_id,
    )  # fmt: skip
    cooperative_id, place_id, home_id = cooperative.id, place.id, household.id if household else None
    since = from_on or date(2025, 7, 1)
    with transaction():
        if home_id is None:
            home_id = create_household(SYSTEM, place_id, "Thôn Chè Cọ").id
        person = add_person(SYSTEM, home_id, facts, from_on=since)
        made = operations.add_producer(
            SYSTEM, StandingKind(standing), cooperative_id=cooperative_id, person_id=person.id, from_on=since
        )
    return queries.producer(made.id)
