"""What is emptied: at once when a household asks, and of decided cases when their time is over.

A row stays and tells what was decided and when; what people said in it, and photos, go. Of a case that was decided the
commune's reasons stay until then: it must be able to explain its decision. None of it was compared with the law.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update

from core import clock
from core.db import db
from households.identity.operations import forget_of_household
from registry.confirming.models import WitnessedMark
from registry.fairness.models import Recheck
from registry.followup.models import CarePlan, CareStep, CareVisit
from registry.models import Review, ReviewDeprivation, ReviewResult
from registry.needs.models import Need, NeedStep
from registry.needs.rules import NeedState
from registry.operations import advance
from registry.papers.models import ScannedPaper
from registry.phones.models import PhoneEntry
from registry.phones.rules import EntryState
from registry.procedure.models import CaseStep, MeetingVote, Objection, ReviewCase, VillageMeeting, WallLine
from registry.procedure.rules import ENDED, CaseState
from registry.rules import Event, State
from registry.sales.models import SalesYear
from registry.sales.rules import Standing
from registry.traits.models import CaseTraits

GONE = b""  # what stands where sealed words were, in a column that cannot be NULL


def on_request(household_id: int) -> int:
    """Erase what nothing asks to be kept; how many pieces: a declaration with its results is one, a need's words, a
    plan, a visit's note, a photo of the home, and the words of a case that was withdrawn."""
    return (
        _drafts(household_id)
        + _needs(household_id)
        + _brought(household_id)
        + _care(household_id)
        + _withdrawn_cases(household_id)
        + _sales(household_id)
        + forget_of_household(household_id)
    )


def _done(statement: Any) -> int:
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _full(column: Any) -> ColumnElement[bool]:
    """Whether there is anything left to empty."""
    return func.coalesce(func.length(column), 0) > 0


def _sales(household_id: int) -> int:
    """What both sides said of a year's sales, once it is closed."""
    over = (SalesYear.household_id == household_id, SalesYear.state == Standing.CLOSED)
    said = or_(_full(SalesYear.words), _full(SalesYear.answer))
    return _done(update(SalesYear).where(*over, said).values(words=None, answer=None))


def _drafts(household_id: int) -> int:
    states = (State.DRAFT, State.WITHDRAWN)
    mine = (Review.household_id == household_id, Review.state.in_(states), Review.answers.is_not(None))
    reviews = list(db.session.execute(select(Review).where(*mine)).scalars())
    for review in reviews:
        if review.state == State.DRAFT:
            advance(review, Event.WITHDRAW)
        results = select(ReviewResult.id).where(ReviewResult.review_id == review.id)
        db.session.execute(delete(ReviewDeprivation).where(ReviewDeprivation.result_id.in_(results)))
        db.session.execute(delete(ReviewResult).where(ReviewResult.review_id == review.id))
        review.answers, review.answers_hash = None, ""
        db.session.execute(delete(WitnessedMark).where(WitnessedMark.review_id == review.id))
    db.session.flush()
    return len(reviews)


def _needs(household_id: int) -> int:
    over = Need.state.in_((NeedState.CLOSED, NeedState.WITHDRAWN))
    needs = list(db.session.execute(select(Need).where(Need.household_id == household_id, over)).scalars())
    worded = 0
    for need in needs:
        steps = update(NeedStep).where(NeedStep.need_id == need.id, NeedStep.answer.is_not(None))
        gone = _done(steps.values(answer=None))
        worded += bool(gone or need.note or need.copayment_vnd is not None)
        need.note, need.copayment_vnd = None, None
    db.session.flush()
    return worded


def _brought(household_id: int) -> int:
    waiting = update(PhoneEntry).where(PhoneEntry.household_id == household_id, PhoneEntry.body.is_not(None))
    return _done(waiting.values(body=None, photo=None, state=EntryState.LAID_ASIDE))


def _care(household_id: int) -> int:
    """Plans that ended with their steps, what visits saw that led to no review, the home's photos of ended cases."""
    ended = and_(CarePlan.household_id == household_id, CarePlan.ended_on.is_not(None))
    gone = _empty_plans(ended)
    seen = (CareVisit.household_id == household_id, CareVisit.case_id.is_(None), _full(CareVisit.note))
    gone += _done(update(CareVisit).where(*seen).values(note=GONE))
    cases = select(ReviewCase.id).where(ReviewCase.household_id == household_id, ReviewCase.state.in_(ENDED))
    home = (ScannedPaper.case_id.in_(cases), ScannedPaper.shows == "home", _full(ScannedPaper.photo))
    return gone + _done(update(ScannedPaper).where(*home).values(photo=GONE))


def _empty_plans(which: ColumnElement[bool]) -> int:
    steps = CareStep.plan_id.in_(select(CarePlan.id).where(which))
    db.session.execute(update(CareStep).where(steps, _full(CareStep.what)).values(what=GONE))
    return _done(update(CarePlan).where(which, _full(CarePlan.goal)).values(goal=GONE))


def _withdrawn_cases(household_id: int) -> int:
    """The household took its request back: nothing was decided, so nothing needs explaining."""
    cases = select(ReviewCase.id).where(
        ReviewCase.household_id == household_id, ReviewCase.state == CaseState.WITHDRAWN
    )
    return _empty_cases(cases)


def _empty_cases(cases: Select[tuple[int]]) -> int:
    """Everything that was said and photographed in these cases; rows, classes, counts and days stay."""
    gone = _done(update(CaseStep).where(CaseStep.case_id.in_(cases), _full(CaseStep.note)).values(note=None))
    votes = (MeetingVote.case_id.in_(cases), _full(MeetingVote.dissent))
    gone += _done(update(MeetingVote).where(*votes).values(dissent=None))
    said = (Objection.case_id.in_(cases), _full(Objection.said))
    gone += _done(update(Objection).where(*said).values(said=GONE, contact=None, answer=None))
    photos = (ScannedPaper.case_id.in_(cases), _full(ScannedPaper.photo))
    gone += _done(update(ScannedPaper).where(*photos).values(photo=GONE))
    again = (Recheck.case_id.in_(cases), or_(_full(Recheck.note), _full(Recheck.words)))
    gone += _done(update(Recheck).where(*again).values(note=None, words=None))
    return gone + _done(delete(CaseTraits).where(CaseTraits.case_id.in_(cases)))


def decided_before(day: date) -> int:
    """Empty cases that ended before a day, the declarations that they were decided by, and the meetings and lists on
    the wall of which no later case is left; how many pieces."""
    cases = select(ReviewCase.id).where(ReviewCase.ended_on < day)
    reviews = select(ReviewCase.review_id).where(ReviewCase.ended_on < day, ReviewCase.review_id.is_not(None))
    later = exists().where(ReviewCase.review_id == Review.id, func.coalesce(ReviewCase.ended_on, day) >= day)
    answered = (Review.id.in_(reviews), Review.answers.is_not(None), ~later)
    over = list(db.session.execute(select(Review.id).where(*answered)).scalars())
    db.session.execute(delete(WitnessedMark).where(WitnessedMark.review_id.in_(over)))
    gone = _done(update(Review).where(Review.id.in_(over)).values(answers=None))
    return gone + _empty_cases(cases) + _empty_meetings(day) + _empty_lists(day)


def _running(model: Any, of: Any, parent: Any, day: date) -> ColumnElement[bool]:
    """Whether a case hangs on it that has not ended before the day."""
    return exists().where(
        of == parent, ReviewCase.id == model.case_id, func.coalesce(ReviewCase.ended_on, day) >= day
    )


def _empty_meetings(day: date) -> int:
    over = (
        VillageMeeting.held_on < day,
        ~_running(MeetingVote, MeetingVote.meeting_id, VillageMeeting.id, day),
    )
    meetings = select(VillageMeeting.id).where(*over)
    photos = (ScannedPaper.meeting_id.in_(meetings), _full(ScannedPaper.photo))
    gone = _done(update(ScannedPaper).where(*photos).values(photo=GONE))
    words = update(VillageMeeting).where(*over, _full(VillageMeeting.minutes))
    return gone + _done(words.values(minutes=GONE, led_by="", written_by=""))


def _empty_lists(day: date) -> int:
    over = ~_running(WallLine, WallLine.posting_id, ScannedPaper.posting_id, day)
    old = (ScannedPaper.posting_id.is_not(None), ScannedPaper.at < clock.start_of(day), over)
    return _done(update(ScannedPaper).where(*old, _full(ScannedPaper.photo)).values(photo=GONE))


def followed_before(day: date) -> int:
    """Empty plans that ended, and notes of visits made, before a day; how many."""
    gone = _empty_plans(CarePlan.ended_on < day)
    return gone + _done(
        update(CareVisit).where(CareVisit.visited_on < day, _full(CareVisit.note)).values(note=GONE)
    )
