"""Declarations for tests."""

from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.db import transaction
from households.models import Household, Person
from households.operations import PersonFacts, add_person
from registry import operations
from registry.models import Review
from registry.questions import DUNNO, QUESTIONS
from registry.safety.models import Breach
from registry.safety.operations import Noticed, record_breach
from registry.standards.files import shipped
from registry.standards.models import StandardImport
from registry.standards.operations import propose_points
from registry.standards.queries import form_of
from tests.factories.accounts import actor_for, create_user
from tests.factories.households import create_household

POOR: dict[str, str] = {
    "people": "6",
    "children": "3",
    "allowance": "1",
    "jobless": "yes",
    "wage_job": "none",
    "pension": "no",
    "underweight": "yes",
    "uninsured": "yes",
    "education_top": "none",
    "young_unschooled": "yes",
    "child_out": "no",
    "walls": "temporary",
    "columns": "wood",
    "roof": "temporary",
    "area": "40",
    "electricity": "0-50",
    "water": "stream",
    "toilet": "none",
    "waste": "open",
    "internet": "no",
    "devices": "no",
    "motorbike": "no",
    "fridge": "no",
    "land": "small",
    "animals": "few",
}
WELL: dict[str, str] = POOR | {
    "people": "3",
    "children": "1",
    "allowance": "0",
    "jobless": "no",
    "wage_job": "two",
    "pension": "yes",
    "underweight": "no",
    "uninsured": "no",
    "education_top": "college",
    "young_unschooled": "no",
    "walls": "durable",
    "columns": "durable",
    "roof": "durable",
    "area": "120",
    "electricity": "100+",
    "water": "piped",
    "toilet": "flush",
    "waste": "collected",
    "internet": "yes",
    "devices": "yes",
    "motorbike": "car",
    "fridge": "yes",
    "land": "large",
    "animals": "many",
}
ALL_UNKNOWN = {question.id: DUNNO for question in QUESTIONS}


def resident(household: Household | None = None, name: str = "Triệu Thị Lềnh") -> tuple[Actor, Household]:
    """A person with an account who lives in a household."""
    home = household or create_household(head="Triệu Văn Chủ")
    home_id, user = home.id, create_user(name)
    with transaction():
        add_person(SYSTEM, home_id, PersonFacts(name, phone=user.phone, user_id=user.id))
    return Actor(user_id=user.id, role=Role.BUYER, name=name), home


def fill(actor: Actor, review: Review, answers: dict[str, str]) -> str:
    """Answer every question; the review's key."""
    key = review.key
    with transaction():
        for question_id, given in answers.items():
            operations.answer(actor, key, question_id, given)
    return key


def submitted_review(household: Household | None = None, answers: dict[str, str] | None = None) -> Review:
    """A declaration that a household made and sent by itself."""
    actor, _home = resident(household)
    with transaction():
        begun = operations.start(actor)
    key = fill(actor, begun, answers or POOR)
    with transaction():
        return operations.finish(actor, key)


def proposed_points(raised_by: int = 1) -> StandardImport:
    """The points of the standard in force, sent in as if official: each a point more. Waits for a second person."""
    form = form_of("vn-2022-2025")
    table = form["b1"]["points"]
    for item in table["items"]:
        for option in item["options"]:
            option["points"] = [points + raised_by for points in option["points"]]
    sender = actor_for(Role.ADMINISTRATOR)
    with transaction():
        return propose_points(sender, shipped()["vn-2022-2025"], table, None, "Thông tư thử, Phụ lục III")


def noticed_breach() -> Breach:
    """A breach that an administrator just wrote down."""
    who = actor_for(Role.ADMINISTRATOR)
    with transaction():
        return record_breach(
            who, Noticed("a-breach-of-now", clock.now(), "Mất một máy tính có danh sách hộ.")
        )


__all__ = ["ALL_UNKNOWN", "POOR", "WELL", "Person", "fill", "proposed_points", "resident", "submitted_review"]
