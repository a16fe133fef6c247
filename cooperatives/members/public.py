"""Who makes a cooperative's goods, as far as they agreed to be named."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select

from cooperatives.models import Cooperative, Producer, Standing
from core.db import run
from households.models import Consent, Household, HouseholdMember, Person
from households.rules import Purpose


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A producer whose household agreed to be named: name, standing (member or linked), village, stitch mark's key."""

    name: str
    standing: str
    village: str
    mark: str


@dataclass(frozen=True, slots=True)
class People:
    """Those who agreed to be named, and how many supply the cooperative in all."""

    named: tuple[Neighbour, ...]
    total: int


@cache
def _statements() -> tuple[Select[Any], Select[Any]]:
    """By parameter `cooperative`: those who agreed, in the order in which they did; and how many supply it."""
    supplies = and_(Standing.producer_id == Producer.id, Standing.to_on.is_(None))
    agreed = and_(
        Consent.household_id == Household.id, Consent.organisation_id == Cooperative.organisation_id,
        Consent.purpose == Purpose.SHOW_NAME, Consent.withdrawn_at.is_(None),
    )  # fmt: skip
    lives = and_(HouseholdMember.person_id == Person.id, HouseholdMember.to_on.is_(None))
    mine = Producer.cooperative_id == bindparam("cooperative")
    named = (
        select(Person.name, Standing.kind, Household.village, Household.key).select_from(Producer)
        .join(Standing, supplies).join(Cooperative, Cooperative.id == Producer.cooperative_id)
        .join(Person, Person.id == Producer.person_id).join(HouseholdMember, lives)
        .join(Household, Household.id == HouseholdMember.household_id).join(Consent, agreed)
        .where(mine).order_by(Consent.given_at, Producer.id).limit(12)
    )  # fmt: skip
    return named, select(func.count()).select_from(Producer).join(Standing, supplies).where(mine)


def people_of(cooperative_id: int) -> People:
    """Who may be named on the cooperative's page, at most twelve, and how many supply it. Two queries.

    A consent that is withdrawn takes the name off at once. Never a phone, a place finer than the village, or money.
    """
    named, total = (run(one, {"cooperative": cooperative_id}) for one in _statements())
    return People(tuple(Neighbour(*row) for row in named.tuples()), int(total.scalar_one()))
