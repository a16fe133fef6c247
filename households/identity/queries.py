"""Reads of identity numbers: the last digits alone, and who else has the same number."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.rules import Actor
from core.crypto import decrypt, keyed_hash
from core.db import db
from households.identity.models import PersonPaper
from households.identity.rules import tail
from households.models import Household, HouseholdMember, Person

NUMBER, HEALTH, INDEX = "person_paper.number", "person_paper.health", "identity_number"


@dataclass(frozen=True)
class Noted:
    """What is noted of a person. last: three digits, '' for no number. health: flags."""

    last: str
    health: tuple[str, ...]
    why: str
    at: datetime


def paper_of(person_id: int) -> PersonPaper | None:
    """The row of a person."""
    return db.session.execute(
        select(PersonPaper).where(PersonPaper.person_id == person_id)
    ).scalar_one_or_none()


def noted(person_id: int) -> Noted | None:
    """What is noted of a person, None for nothing. Whoever asks leaves an audit line first."""
    held = paper_of(person_id)
    if held is None:
        return None
    owner = f"person:{person_id}"
    number = decrypt(held.number, field=NUMBER, owner=owner) if held.number else ""
    flags = json.loads(decrypt(held.health, field=HEALTH, owner=owner)) if held.health else []
    return Noted(tail(number), tuple(flags), held.why, held.noted_at)


def index_of(number: str) -> str:
    """The blind index of a number's digits."""
    return keyed_hash(number, purpose=INDEX)


def others_with(actor: Actor, person_id: int) -> list[tuple[int, str]]:
    """Other persons of the officer's commune under the same number: probably one person, recorded twice."""
    held = paper_of(person_id)
    if held is None or held.number_index is None:
        return []
    query = (
        select(Person.id, Person.name)
        .join(PersonPaper, PersonPaper.person_id == Person.id)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(
            PersonPaper.number_index == held.number_index,
            Person.id != person_id,
            Household.commune_id == actor.unit_id,
        )
        .distinct()
        .order_by(Person.id)
    )
    return [(one, name) for one, name in db.session.execute(query)]
