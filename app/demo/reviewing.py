"""The commune reviews: a household recognised, one waiting for a signature, some on the wall, one objected to."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts.rules import Actor, Role
from app.demo.cast import Cast
from app.demo.harvest import Step, Story
from core import clock
from core.db import db
from registry.models import Review
from registry.procedure import hearings, operations, queries
from registry.procedure.models import ReviewCase
from registry.procedure.rules import CERTIFIED, CHOSEN, CaseState, How, Origin

SEEN = "Đã tới nhà xem. Nhà và nếp sống đúng như hộ kê khai."
DECISION = "12/QĐ-UBND"


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Two waves of the year's round; the second still hangs on the wall today."""
    for number, days in enumerate((21, 5)):
        yield end - timedelta(days=days), Step(_enrol, cast, number)
        yield end - timedelta(days=days - 1), Step(_look, cast, 2 + number)
        yield end - timedelta(days=days - 2), Step(_meet, cast)
        yield end - timedelta(days=days - 3), Step(_post, cast)
    yield end - timedelta(days=9), Step(_sign, cast)
    yield end - timedelta(hours=20), Step(_objected, cast)


def _officer(cast: Cast) -> Actor:
    return cast.roles[Role.COMMUNE_OFFICER]


def _at(cast: Cast, *states: str) -> list[ReviewCase]:
    """Cases of the commune at these steps, the oldest first."""
    where = (ReviewCase.commune_id == _officer(cast).unit_id, ReviewCase.state.in_(states))
    return list(db.session.execute(select(ReviewCase).where(*where).order_by(ReviewCase.id)).scalars())


def _enrol(cast: Cast, wave: int) -> None:
    """Households that have declared, the oldest declarations first."""
    sent = select(Review.household_id).where(
        Review.commune_id == _officer(cast).unit_id, Review.state == "submitted"
    )
    ids = [one for one in db.session.execute(sent.order_by(Review.id)).scalars() if _in_need(one)]
    operations.enrol(_officer(cast), ids[3 * wave : 3 * wave + 3 + wave], Origin.ROUND)


def _in_need(household_id: int) -> bool:
    """Whether the score puts a household among the poor or near-poor: those a round's list begins with."""
    found = queries.latest_score(household_id)
    return found is not None and found[1].outcome in CERTIFIED


def _look(cast: Cast, most: int) -> None:
    """Screened, scored and visited; the last of the list is left for another day."""
    for case in _at(cast, CaseState.LISTED)[:most]:
        operations.screen(_officer(cast), case.key, goes_on=True, note="")
        operations.take_score(_officer(cast), case.key)
        operations.visit(_officer(cast), case.key, chosen=_chosen(case), note=SEEN)


def _chosen(case: ReviewCase) -> str:
    return case.score if case.score in CHOSEN else "near_poor"


def _reason(case: ReviewCase) -> str:
    """Why the class is not the score's: in a year whose points are not known yet, no score says any."""
    return "" if _chosen(case) == case.score else "Bảng điểm năm nay chưa có, thôn xét theo bản kê khai."


def _meet(cast: Cast) -> None:
    """Each village with visited households meets and votes."""
    who = _officer(cast)
    for village, count in queries.villages_at(who, CaseState.VISITED).items():
        held = hearings.Attendance(
            village, clock.today(), "Ma Văn Thôn Mẫu", "Hà Thị Số Mẫu", count, "Bà con nghe đọc điểm từng hộ."
        )
        hearings.record_meeting(who, held)
    for case in _at(cast, CaseState.VISITED):
        if queries.meeting_for(case) is not None:
            hearings.vote(who, case.key, hearings.Vote(_chosen(case), 1, 0, "", _reason(case)))


def _post(cast: Cast) -> None:
    who = _officer(cast)
    for village in queries.villages_at(who, CaseState.MET):
        hearings.post(who, village)


def _sign(cast: Cast) -> None:
    """The first is signed by two, the second waits for the second person."""
    who = _officer(cast)
    second = cast.wear("Nông Văn Ký Mẫu", Role.COMMUNE_OFFICER, who.organisation_id, who.unit_id)
    for place, case in enumerate(_at(cast, CaseState.POSTED)[:2]):
        operations.propose(who, case.key, decision_number=DECISION)
        if place == 0:
            operations.approve(second, case.key)


def _objected(cast: Cast) -> None:
    """A neighbour calls about one household on the wall."""
    for case in _at(cast, CaseState.POSTED)[-1:]:
        said = hearings.Complaint(
            "demo-objection", "Nhà này mới làm mái tôn tháng trước, cán bộ xem lại giúp."
        )
        hearings.object_for(_officer(cast), case.key, How.PHONE, said)
