"""The recognised household is looked after: a plan of two steps, a visit; and an officer says who is kin."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts.rules import Actor, Role
from app.demo.cast import Cast
from app.demo.harvest import Step, Story
from core import clock
from core.db import db
from households.models import Household
from registry.fairness import operations as fairness
from registry.followup import operations
from registry.followup.rules import Finding, Who
from registry.procedure.models import ReviewCase
from registry.procedure.rules import CaseState

GOAL = "Có nước sạch quanh năm và nuôi thêm một con trâu."
SEEN = "Đã có ống dẫn nước về gần nhà. Còn thiếu bể chứa."


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """After the signature of nine days ago."""
    yield end - timedelta(days=8), Step(_plan, cast)
    yield end - timedelta(days=2), Step(_visit, cast)
    yield end - timedelta(days=1), Step(_kin, cast)
    yield end - timedelta(hours=1), Step(_ask)


def _officer(cast: Cast) -> Actor:
    return cast.roles[Role.COMMUNE_OFFICER]


def _recognised(cast: Cast) -> list[str]:
    """Keys of households of the commune that were recognised."""
    query = (
        select(Household.key)
        .join(ReviewCase, ReviewCase.household_id == Household.id)
        .where(ReviewCase.commune_id == _officer(cast).unit_id, ReviewCase.state == CaseState.RECOGNISED)
        .order_by(ReviewCase.id)
    )
    return list(db.session.execute(query).scalars())


def _plan(cast: Cast) -> None:
    who, today = _officer(cast), clock.today()
    for key in _recognised(cast)[:1]:
        operations.make_plan(who, key, GOAL)
        soon, later = today + timedelta(days=5), today + timedelta(days=40)
        operations.add_step(who, key, operations.Planned("Xin ống dẫn nước từ khe về nhà", Who.COMMUNE, soon))
        operations.add_step(who, key, operations.Planned("Đào móng bể chứa", Who.HOUSEHOLD, later))
        operations.agree_present(who, key)


def _visit(cast: Cast) -> None:
    for key in _recognised(cast)[:1]:
        seen = operations.Visited("demo-visit-1", clock.today(), Finding.BETTER, SEEN, review=False)
        operations.visit(_officer(cast), key, seen)


def _ask() -> None:
    fairness.ask_anew()


def _kin(cast: Cast) -> None:
    """A household that is not under review."""
    who = _officer(cast)
    busy = select(ReviewCase.household_id)
    query = select(Household.key).where(Household.commune_id == who.unit_id, Household.id.not_in(busy))
    for key in db.session.execute(query.order_by(Household.id.desc()).limit(1)).scalars():
        fairness.declare_kin(who, key)
