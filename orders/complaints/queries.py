"""Reads of complaints: one with its steps and clock, and the lists of a cooperative and of the market."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.complaints.models import Complaint, ComplaintStep
from orders.complaints.rules import EVENT_TEXT, KIND_TEXT, STATE_TEXT, Kind, State
from orders.models import Order


@dataclass(frozen=True)
class StepView:
    """One step; title is a message id."""

    title: str
    at: datetime
    text: str


@dataclass(frozen=True)
class ComplaintView:
    """A complaint; kind_text and state_text are message ids. code: of the order, or empty."""

    id: int
    kind_text: str
    state: str
    state_text: str
    seller: str
    code: str
    about: str
    name: str
    phone: str
    text: str
    wish: str
    has_photo: bool
    received_at: datetime
    acknowledged_at: datetime | None
    due_at: datetime | None
    late: bool
    cooperative_id: int | None
    steps: tuple[StepView, ...] = ()


def _view(
    row: Complaint, seller: str | None, code: str | None, steps: tuple[StepView, ...] = ()
) -> ComplaintView:
    return ComplaintView(
        row.id, KIND_TEXT[Kind(row.kind)], row.state, STATE_TEXT[State(row.state)], seller or "", code or "", row.about,
        row.name, row.phone, row.text, row.wish, row.photo is not None, row.received_at, row.acknowledged_at,
        row.due_at,
        row.due_at is not None and row.due_at < clock.now(), row.cooperative_id, steps,
    )  # fmt: skip


def _statement() -> Select[Any]:
    return (
        select(Complaint, Cooperative.name, Order.code)
        .outerjoin(Cooperative, Cooperative.id == Complaint.cooperative_id)
        .outerjoin(Order, Order.id == Complaint.order_id)
    )


def listed(cooperative_id: int | None = None, *, most: int = 100) -> list[ComplaintView]:
    """Complaints of a cooperative, or all: open ones first, the soonest due first. One query."""
    done = case((Complaint.state == State.SETTLED, 1), else_=0)
    wanted = _statement().order_by(done, Complaint.due_at, Complaint.id.desc()).limit(most)
    if cooperative_id is not None:
        wanted = wanted.where(Complaint.cooperative_id == cooperative_id)
    return [_view(row, seller, code) for row, seller, code in db.session.execute(wanted)]


def waiting(cooperative_id: int) -> int:
    """How many complaints wait for a cooperative's answer."""
    wanted = (
        select(func.count())
        .select_from(Complaint)
        .where(Complaint.cooperative_id == cooperative_id, Complaint.state == State.WITH_COOPERATIVE)
    )
    return int(db.session.execute(wanted).scalar_one())


def complaint(complaint_id: int, cooperative_id: int | None = None) -> ComplaintView:
    """One complaint with its steps. Raises NotFound, also for another cooperative's."""
    wanted = _statement().where(Complaint.id == complaint_id)
    if cooperative_id is not None:
        wanted = wanted.where(Complaint.cooperative_id == cooperative_id)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound(N_("Không có khiếu nại này."))
    rows = select(ComplaintStep).where(ComplaintStep.complaint_id == complaint_id).order_by(ComplaintStep.seq)
    steps = tuple(
        StepView(EVENT_TEXT[one.event], one.at, one.text) for one in db.session.execute(rows).scalars()
    )
    row, seller, code = found
    return _view(row, seller, code, steps)


def photo_of(complaint_id: int, cooperative_id: int | None = None) -> str:
    """The private file of a complaint's photo. Raises NotFound."""
    found = db.session.get(Complaint, complaint_id)
    if found is None or found.photo is None or cooperative_id not in (None, found.cooperative_id):
        raise NotFound(N_("Không có ảnh này."))
    return found.photo
