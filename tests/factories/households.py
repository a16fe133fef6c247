"""Households and persons for tests."""

from accounts.rules import SYSTEM
from core.db import transaction
from households import operations
from households.models import Household, Person
from households.operations import PersonFacts
from households.rules import Relation, Sex
from places.models import Unit
from tests.factories.places import commune as some_commune


def create_household(commune: Unit | None = None, village: str = "Thôn Chè Cọ", head: str = "Lý Thị Mẫu",
                     user_id: int | None = None) -> Household:  # fmt: skip
    """A household with its head, a woman of the Dao born in 1984."""
    place = commune or some_commune()
    with transaction():
        facts = PersonFacts(head, birth_year=1984, sex=Sex.FEMALE, ethnic_code="09", user_id=user_id)
        return operations.create_household(SYSTEM, place.id, village, facts)


def create_person(
    household: Household, name: str = "Lý Văn Páo", relation: Relation = Relation.SPOUSE, **facts: object
) -> Person:
    """One more person of a household."""
    household_id = household.id
    with transaction():
        return operations.add_person(SYSTEM, household_id, PersonFacts(name, relation, **facts))  # type: ignore[arg-type]
