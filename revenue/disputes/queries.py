"""Reads of disputes: a family's, a cooperative's, and how many there are for those who see only sums."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from accounts.queries import user
from cooperatives.queries import (
    ProducerView,
    cooperative,
    producer,
    producer_view,
    producer_views,
    producers_of_user,
)
from core import clock
from core.db import db
from core.errors import NotFound
from core.format import day, vnd, weight
from core.i18n import N_, _
from messages.conversations import queries as conversations
from revenue.disputes.models import Dispute
from revenue.disputes.rules import About, State
from revenue.models import Payout
from traceability.models import Slip

PAGE = 30


def no_dispute() -> NotFound:
    """The answer for what is not there, and for what is somebody else's."""
    return NotFound(N_("Không có cuộc trao đổi này."), remedy=N_("Mở lại từ danh sách."))


def for_user(dispute_id: int, user_id: int) -> Dispute:
    """A dispute of the signed-in person's own household. NotFound for anybody else's."""
    found = db.session.get(Dispute, dispute_id)
    if found is None or found.producer_id not in {one.id for one in producers_of_user(user_id)}:
        raise no_dispute()
    return found


def for_staff(dispute_id: int, organisation_id: int | None) -> Dispute:
    """A dispute with this cooperative. NotFound for another's."""
    found = db.session.get(Dispute, dispute_id)
    if found is None or found.organisation_id != organisation_id:
        raise no_dispute()
    return found


@dataclass(frozen=True)
class Spoken:
    """One line as both sides read it. ours: by the side that looks."""

    who: str
    side: str
    at: datetime
    text: str


def said(dispute: Dispute) -> list[Spoken]:
    """Everything that was said, with names: the family's people and the staff know each other."""
    names: dict[int, str] = {}
    found = []
    for line in conversations.lines(dispute.conversation_id):
        if line.by_user_id and line.by_user_id not in names:
            names[line.by_user_id] = user(line.by_user_id).name
        found.append(Spoken(names.get(line.by_user_id or 0, ""), line.side, line.at, line.text))
    return found


def subject_text(about: str, about_id: int | None, producer_id: int) -> str:
    """What exactly it is about, where it names a slip or a payout of this producer; '' otherwise."""
    if about == About.SLIP and about_id:
        slip = db.session.get(Slip, about_id)
        if slip is not None and slip.producer_id == producer_id:
            return _("Phiếu %(number)s, %(day)s, %(weight)s", number=slip.number, day=day(slip.weighed_on),
                     weight=weight(slip.net_g))  # fmt: skip
    if about == About.PAYOUT and about_id:
        paid = db.session.get(Payout, about_id)
        if paid is not None and paid.producer_id == producer_id:
            return _("Lần trả %(number)s, %(day)s, %(amount)s", number=paid.number, day=day(clock.day_of(paid.paid_at)),
                     amount=vnd(paid.amount_vnd))  # fmt: skip
    return ""


@dataclass(frozen=True)
class Row:
    """A dispute in a list."""

    row: Dispute
    who: ProducerView


def of_organisation(organisation_id: int, page: int = 1) -> list[Row]:
    """Disputes with a cooperative: those that wait for it first, the oldest of them on top; then the newest."""
    waits = Dispute.state == State.OPEN
    query = (
        select(Dispute)
        .where(Dispute.organisation_id == organisation_id)
        .order_by(waits.desc(), (Dispute.state == State.CLOSED), Dispute.moved_at)
        .offset((max(1, page) - 1) * PAGE)
        .limit(PAGE)
    )
    rows = list(db.session.execute(query).scalars())
    views = producer_views([one.producer_id for one in rows])
    return [Row(one, views[one.producer_id]) for one in rows]


def of_producer(producer_id: int) -> list[Dispute]:
    """A family's disputes, the newest first, at most thirty."""
    query = select(Dispute).where(Dispute.producer_id == producer_id).order_by(Dispute.id.desc()).limit(PAGE)
    return list(db.session.execute(query).scalars())


def waiting_count(organisation_id: int) -> int:
    """How many wait for the cooperative's answer."""
    asked = select(func.count(Dispute.id)).where(
        Dispute.organisation_id == organisation_id, Dispute.state == State.OPEN
    )
    return int(db.session.execute(asked).scalar_one())


def counts_by_organisation() -> dict[int, dict[str, int]]:
    """How many disputes each cooperative has in each state: all that programme staff may know of them."""
    rows = db.session.execute(
        select(Dispute.organisation_id, Dispute.state, func.count(Dispute.id)).group_by(
            Dispute.organisation_id, Dispute.state
        )
    )
    found: dict[int, dict[str, int]] = {}
    for organisation_id, state, count in rows:
        found.setdefault(organisation_id, {})[state] = count
    return found


def home_of(producer_id: int) -> tuple[ProducerView, str, str]:
    """A producer with her cooperative's name and phone."""
    coop = cooperative(producer(producer_id).cooperative_id)
    return producer_view(producer_id), coop.name, coop.phone
