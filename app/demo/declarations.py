"""Households declare: most alone, some helped, some not finished; half let the commune see bands of their sales."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from accounts.operations import grant
from accounts.queries import actor_of
from accounts.rules import SYSTEM, Actor, Role
from app.demo.cast import Cast, Member
from app.demo.harvest import Step, Story
from core import clock
from core.db import db
from households.models import Person
from households.operations import link_user
from registry import operations as registry
from registry.questions import DUNNO, QUESTIONS

MANY = 26


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Declarations of the first cooperative's commune over the last ten weeks."""
    first = cast.stalls[0]
    people = [member for member in first.members if member.person_id is not None]
    extra = [
        member
        for stall in cast.stalls
        for member in stall.members
        if stall is not first and stall.commune_id == first.commune_id and member.person_id is not None
    ]
    for place, member in enumerate((people + extra)[:MANY]):
        at = end - timedelta(days=70 - 2.6 * place, hours=place % 7)
        yield at, Step(_account, cast, member, place)


def _account(cast: Cast, member: Member, place: int) -> list[Story]:
    """The person gets an account, tied to the record; the first is the world's producer."""
    person = db.session.get_one(Person, member.person_id)
    account = cast.user(person.name)
    link_user(SYSTEM, person.id, account.id)
    if place == 0:
        given = grant(SYSTEM, account.id, Role.PRODUCER, cast.stalls[0].organisation_id)
        cast.roles[Role.PRODUCER] = actor_of(account, given)
    return [(clock.now() + timedelta(minutes=30), Step(_declare, cast, member, account.id, place))]


@dataclass(frozen=True)
class Life:
    """How a household lives. poor: how likely a sign of little income; lacking: how likely something is missing."""

    poor: float
    lacking: float


LIVES = (Life(0.9, 0.8), Life(0.85, 0.06), Life(0.75, 0.45), Life(0.2, 0.1), Life(0.9, 0.1), Life(0.35, 0.3))


def answers(random: Random, life: Life) -> dict[str, str]:
    """Answers of a household; a few are not known."""
    given: dict[str, str] = {}
    for question in QUESTIONS:
        hardship = life.lacking if question.id in LACKS else life.poor
        if random.random() < 0.02:
            given[question.id] = DUNNO
        elif question.kind == "number":
            given[question.id] = str(_number(random, question.id, life))
        else:
            values = [value for value, _ in question.options]
            given[question.id] = _choice(random, question.id, values, hardship)
    return given


def _number(random: Random, question: str, life: Life) -> int:
    spans = {
        "people": (4, 7),
        "children": (0, 1 + round(2 * life.lacking)),
        "allowance": (0, round(life.lacking * 1.4)),
        "area": (60 + round(60 * (1 - life.poor)), 90 + round(90 * (1 - life.poor))),
    }
    if question == "area" and life.lacking > 0.6:
        return random.randint(28, 45)
    return random.randint(*spans[question])


BAD_FIRST = {"jobless", "underweight", "uninsured", "young_unschooled", "child_out"}
LACKS = BAD_FIRST | {"internet", "devices", "waste", "water", "toilet", "walls", "columns", "roof"}
GOOD_LAST = {"wage_job", "education_top", "electricity", "motorbike", "land", "animals"}


def _choice(random: Random, question: str, values: list[str], hardship: float) -> str:
    bad = random.random() < hardship
    if question in BAD_FIRST:
        return values[0] if bad else values[1]
    if question in GOOD_LAST:
        return random.choice(values[:2] if bad else values[1:])
    if question in ("internet", "devices", "fridge", "pension"):
        return values[1] if bad else values[0]
    return random.choice(values[-2:] if bad else values[:2])


def _declare(cast: Cast, member: Member, user_id: int, place: int) -> list[Story]:
    """One declaration, written alone or by the digital team and confirmed."""
    actor = actor_of(db.session.get_one(User, user_id), None)
    helper = cast.roles[Role.DIGITAL_TEAM] if place % 4 == 3 else None
    review = registry.start_for(helper, member.household_id, asked=True) if helper else registry.start(actor)
    given = answers(Random(2026 + place), LIVES[place % len(LIVES)])  # its own: every class occurs
    if place % 13 == 12:
        given = dict(list(given.items())[:9])
    writer: Actor = helper or actor
    for question_id, value in given.items():
        registry.answer(writer, review.key, question_id, value)
    if place % 13 != 12:
        registry.finish(writer, review.key)
        if helper and place % 8 != 7:
            registry.confirm_own(actor, review.key)
    if place % 2 == 0:
        registry.give_sales_consent(actor)
    return []
