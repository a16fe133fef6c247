"""Who may open the pages of the roster: officers of the commune and the village's head, within their unit."""

from sqlalchemy import select

from accounts.rules import Role
from core.db import db
from households.models import Household, HouseholdMember
from tests.routes.row import Row

KEEPERS = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})
BOTH = ("GET", "POST")


def _own(world):  # type: ignore[no-untyped-def]
    return {"key": db.session.get_one(Household, world.review.household_id).key}


def _foreign(world):  # type: ignore[no-untyped-def]
    commune = world.review.commune_id
    query = select(Household.key).where(Household.commune_id != commune).limit(1)
    return {"key": db.session.execute(query).scalar() or "no-such-household"}


def _with(more):  # type: ignore[no-untyped-def]
    return lambda w: _own(w) | more, lambda w: _foreign(w) | more


_DEATH, _FOREIGN_DEATH = _with({"kind": "death"})
_DEED, _FOREIGN_DEED = _with({"deed": "no-such-deed"})


def _person(params):  # type: ignore[no-untyped-def]
    """A member of the household, beside its key."""

    def of(world):  # type: ignore[no-untyped-def]
        home = db.session.execute(select(Household.id).where(Household.key == params(world)["key"])).scalar()
        query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == home).limit(1)
        return params(world) | {"person_id": db.session.execute(query).scalar() or 999_999}

    return of


OFFICER = frozenset({Role.COMMUNE_OFFICER})
_PERSON, _FOREIGN_PERSON = _person(_own), _person(_foreign)

ROWS = [
    Row("identity.paper", OFFICER, own=_PERSON, foreign=_FOREIGN_PERSON, methods=BOTH),
    Row("identity.forget", OFFICER, own=_PERSON, foreign=_FOREIGN_PERSON, methods=("POST",), page=False),
    Row("roster.listed", KEEPERS, methods=BOTH),
    Row("roster.doubles", KEEPERS, methods=BOTH),
    Row("roster.household", KEEPERS, own=_own, foreign=_foreign),
    Row("roster.event", KEEPERS, own=_DEATH, foreign=_FOREIGN_DEATH, methods=BOTH),
    Row("roster.undo", KEEPERS, own=_DEED, foreign=_FOREIGN_DEED, methods=("POST",), page=False),
]
