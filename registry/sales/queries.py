"""Reads of years of sales: the family's own; the commune's, once the family has seen them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, or_, select

from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.models import Household
from households.queries import household_of_user
from registry.fairness.ties import tied_homes
from registry.models import Review, ReviewResult
from registry.procedure.queries import opened
from registry.rules import State
from registry.sales.models import SalesYear
from registry.sales.rules import Standing
from registry.standards.queries import standard_on

WORDS, ANSWER = "sales_year.words", "sales_year.answer"


def _missing() -> NotFound:
    return NotFound(N_("Không tìm thấy điều này."), remedy=N_("Mở lại từ danh sách."))


def words_of(one: SalesYear) -> str:
    """What the family said."""
    return opened(one.words, WORDS, one.key)


def answer_of(one: SalesYear) -> str:
    """What the commune found."""
    return opened(one.answer, ANSWER, one.key)


def of_household(household_id: int) -> list[SalesYear]:
    """Every year of a household, the newest first: for its own eyes."""
    query = select(SalesYear).where(SalesYear.household_id == household_id)
    return list(db.session.execute(query.order_by(SalesYear.year.desc())).scalars())


def waiting_for(household_id: int) -> list[SalesYear]:
    """What the family is to see first."""
    return [one for one in of_household(household_id) if one.state == Standing.SHOWN]


def own(actor: Actor, key: str) -> SalesYear:
    """A year of the actor's own household. Raises NotFound."""
    found = db.session.execute(select(SalesYear).where(SalesYear.key == key)).scalar_one_or_none()
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if found is None or mine is None or found.household_id != mine.id:
        raise _missing()
    return found


def on_demo(household_ids: Collection[int]) -> set[int]:
    """Those of these households whose newest sent declaration is scored by invented points: so is the question."""
    sent = (
        select(func.max(Review.id))
        .where(Review.household_id.in_(household_ids), Review.state == State.SUBMITTED)
        .group_by(Review.household_id)
    )
    newest = (
        select(func.max(ReviewResult.id))
        .where(ReviewResult.review_id.in_(sent), ReviewResult.standard_id == standard_on(clock.today()).id)
        .group_by(ReviewResult.review_id)
    )
    query = select(Review.household_id).join(ReviewResult, ReviewResult.review_id == Review.id)
    return set(db.session.execute(query.where(ReviewResult.id.in_(newest), ReviewResult.is_demo)).scalars())


def seen_by_commune() -> ColumnElement[bool]:
    """Years that officers may see: not those that the family is to see first."""
    over = and_(SalesYear.state == Standing.SHOWN, SalesYear.first_until < clock.today())
    return or_(SalesYear.state != Standing.SHOWN, over)


def bands(household_id: int) -> list[tuple[int, tuple[int, int | None]]]:
    """(year, band a head) as an officer may see them, the newest first."""
    query = select(SalesYear).where(SalesYear.household_id == household_id, seen_by_commune())
    rows = db.session.execute(query.order_by(SalesYear.year.desc())).scalars()
    return [(one.year, (one.low_vnd, one.high_vnd)) for one in rows]


def asked_of_commune(actor: Actor) -> list[tuple[SalesYear, Household]]:
    """What the commune is to look at again, the oldest first; the closed ones of this year below. At most 100."""
    actor.must_be(Role.COMMUNE_OFFICER)
    done = and_(
        SalesYear.state == Standing.CLOSED, SalesYear.closed_on >= clock.today().replace(month=1, day=1)
    )
    due = and_(SalesYear.state.in_((Standing.SHOWN, Standing.SENT)), seen_by_commune())
    tied = tied_homes(actor.user_id) if actor.user_id else set()
    query = (
        select(SalesYear, Household)
        .join(Household, Household.id == SalesYear.household_id)
        .where(SalesYear.commune_id == actor.unit_id, or_(due, done), SalesYear.household_id.not_in(tied))
        .order_by(SalesYear.state == Standing.CLOSED, SalesYear.id)
        .limit(100)
    )
    return [(one, home) for one, home in db.session.execute(query)]


def for_officer(actor: Actor, key: str) -> SalesYear:
    """One that the commune is to look at again. Raises NotFound elsewhere, and while only the family may see it."""
    actor.must_be(Role.COMMUNE_OFFICER)
    query = select(SalesYear).where(SalesYear.key == key, SalesYear.commune_id == actor.unit_id)
    found = db.session.execute(
        query.where(seen_by_commune(), SalesYear.state != Standing.QUIET)
    ).scalar_one_or_none()
    if found is None:
        raise _missing()
    return found
