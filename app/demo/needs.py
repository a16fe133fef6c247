"""Households say what they need; an officer takes some on and answers; one asks for a correction."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.models import User
from accounts.queries import actor_of
from accounts.rules import Actor, Role
from app.demo.cast import Cast, Member
from app.demo.harvest import Step, Story
from core.db import db
from households.models import Person
from registry.needs import operations as needs
from registry.needs.kinds import NeedKind, Urgency
from registry.needs.models import Need
from registry.needs.rules import Outcome
from registry.record import operations as records
from registry.record.rules import Ask, Part

SAID = (
    (0, 6, NeedKind.TELECOM, Urgency.SOON, "Con học lớp 7, cô giáo gửi bài qua mạng mà nhà chưa có máy.", 30_000),
    (0, 18, NeedKind.TOOLS, Urgency.LATER, "Xin giống dong riềng cho vụ tới.", None),
    (1, 9, NeedKind.WATER, Urgency.NOW, "Khe cạn từ tháng mười, đi gánh nước hơn một cây số.", None),
    (2, 12, NeedKind.HOUSING, Urgency.SOON, "Mái bếp dột.", None),
    (3, 25, NeedKind.INSURANCE, Urgency.SOON, "", None),
    (4, 5, NeedKind.TELECOM, Urgency.LATER, "", 0),
    (5, 3, NeedKind.LEGAL, Urgency.LATER, "Chưa có giấy khai sinh cho cháu nhỏ.", None),
)  # fmt: skip
ANSWERED = {
    (0, NeedKind.TOOLS): (Outcome.MET, "Đã đăng ký 50 kg giống, tháng giêng ra xã nhận."),
    (3, NeedKind.INSURANCE): (
        Outcome.NO_SCHEME,
        "Chưa có chính sách nào cho trường hợp này, xã ghi lại để hỏi tỉnh.",
    ),
}


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Needs of the first cooperative's commune over the last month."""
    people = [member for member in cast.stalls[0].members if member.person_id is not None]
    for place, days, *said in SAID:
        yield end - timedelta(days=days, hours=2), Step(_say, cast, people[place], place, *said)
    yield end - timedelta(days=4), Step(_correct, people[0])


def _account(member: Member) -> Actor:
    person = db.session.get_one(Person, member.person_id)
    return actor_of(db.session.get_one(User, person.user_id), None)


def _say(
    cast: Cast, member: Member, place: int, kind: NeedKind, urgency: Urgency, note: str, paid: int | None
) -> list[Story]:
    """One need, from a household that has declared; some are taken on and answered on the spot of the story."""
    need = needs.say(_account(member), needs.Said(kind, urgency, note, paid))
    officer = cast.roles[Role.COMMUNE_OFFICER]
    if (place, kind) in ANSWERED or kind is NeedKind.WATER:
        needs.take(officer, need.key)
    if answered := ANSWERED.get((place, kind)):
        later = need.said_at + timedelta(days=2)
        return [(later, Step(_answer, cast, need.id, *answered))]
    return []


def _answer(cast: Cast, need_id: int, outcome: Outcome, words: str) -> list[Story]:
    needs.close(cast.roles[Role.COMMUNE_OFFICER], db.session.get_one(Need, need_id).key, outcome, words)
    return []


def _correct(member: Member) -> list[Story]:
    """A household asks for a correction of its record."""
    records.ask(_account(member), Ask.CORRECT, "Năm sinh của bà ghi sai, bà sinh năm 1958.", Part.PEOPLE)
    return []
