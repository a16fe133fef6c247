"""Reminders: on a working day each officer of a commune with something late, or nearly, gets one message of counts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from accounts.models import Grant, User
from accounts.rules import Role
from core import clock
from core.db import db
from core.i18n import N_, _
from messages.models import Message
from messages.operations import send
from registry.followup.queries import due_by_commune
from registry.procedure.daysoff import works
from registry.procedure.models import ReviewCase
from registry.procedure.queries import standing
from registry.procedure.rules import ENDED

OPENS, CLOSES = timedelta(hours=7), timedelta(hours=17)
TEXT = N_(
    "Rà soát của xã: %(late)s hộ quá hạn, %(soon)s hộ sắp đến hạn, %(looks)s hộ quá hẹn tới thăm. "
    "Mở trang Rà soát để xem."
)


@dataclass
class Due:
    """What waits in a commune: cases late, cases near their last day, households overdue for a visit or a step."""

    late: int = 0
    soon: int = 0
    looks: int = 0


def due(today: date) -> dict[int, Due]:
    """Commune → what waits there; communes with nothing are left out."""
    found: dict[int, Due] = defaultdict(Due)
    query = select(ReviewCase.commune_id, *standing(today)).where(ReviewCase.state.not_in(ENDED))
    for commune_id, late, soon in db.session.execute(query.group_by(ReviewCase.commune_id)):
        if late or soon:
            found[commune_id].late, found[commune_id].soon = late, soon
    for commune_id, looks in due_by_commune(today).items():
        found[commune_id].looks = looks
    return dict(found)


def remind() -> int:
    """Tell the officers, each once a working day in office hours: counts alone, no name. How many were told."""
    today = clock.today()
    into = clock.now() - clock.start_of(today)
    if not works(today) or not OPENS <= into < CLOSES:
        return 0
    waiting = due(today)
    query = (
        select(Grant.unit_id, User.id, User.phone)
        .join(User, User.id == Grant.user_id)
        .where(
            Grant.role == Role.COMMUNE_OFFICER,
            Grant.unit_id.in_(waiting),
            Grant.from_on <= today,
            Grant.to_on.is_(None) | (Grant.to_on >= today),
            User.active,
        )
        .order_by(User.id)
    )
    people = {f"review-due:{row.id}:{row.unit_id}:{today}": row for row in db.session.execute(query)}
    known = set(db.session.execute(select(Message.key).where(Message.key.in_(people))).scalars())
    new = [(key, row) for key, row in people.items() if key not in known]
    for key, row in new:
        one = waiting[row.unit_id]
        send(row.phone, "review", _(TEXT, late=one.late, soon=one.soon, looks=one.looks), key)
    return len(new)
