"""A class that departs from the score is drawn and looked at again by another commune; form C of who was visited.

In the demonstration every departing class is drawn, so that there is one to be seen.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts import operations as accounts
from accounts.queries import actor_of, grants, user
from accounts.rules import Actor, Role
from app.demo.cast import Cast
from app.demo.harvest import Step, Story
from core import clock
from core.db import db
from places.queries import communes_of, province_of
from registry.fairness import operations as fairness
from registry.fairness.draws import seed_of
from registry.fairness.models import Recheck
from registry.models import Review
from registry.procedure import hearings, operations, queries
from registry.procedure.models import ReviewCase
from registry.procedure.rules import CERTIFIED, CHOSEN, CaseState, Origin
from registry.traits.operations import note

DECISION = "13/QĐ-UBND"
WHY = "Năm nay nhà có người đi làm xa gửi tiền về, thôn xét mức khác với điểm."
LOOKED = "Đã tới nhà. Người đi làm đã về từ tháng sáu, nay không còn tiền gửi về."
ELSEWHERE = "Triệu Thị Xã Bên Mẫu"
TRAITS = ((["land", "capital"], "able"), (["illness", "labour"], "disabled"), (["knowledge"], "able"))


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Beside the round's first wave."""
    yield end - timedelta(days=21, hours=-1), Step(_list, cast)
    yield end - timedelta(days=20, hours=-1), Step(_look, cast)
    yield end - timedelta(days=20, hours=-2), Step(_form_c, cast)
    yield end - timedelta(days=19, hours=1), Step(_vote, cast)
    yield end - timedelta(days=9, hours=-1), Step(_sign, cast)
    yield end - timedelta(days=3), Step(_again, cast)


def _officer(cast: Cast) -> Actor:
    return cast.roles[Role.COMMUNE_OFFICER]


def _home(cast: Cast) -> int | None:
    """The commune's last household that scored as poor or near-poor."""
    where = (Review.commune_id == _officer(cast).unit_id, Review.state == "submitted")
    ids = list(db.session.execute(select(Review.household_id).where(*where).order_by(Review.id)).scalars())
    scored = [one for one in ids if (found := queries.latest_score(one)) and found[1].outcome in CERTIFIED]
    return scored[-1] if scored else None


def _case(cast: Cast, *states: str) -> ReviewCase | None:
    """The newest case of that household, where it stands at one of these steps."""
    query = select(ReviewCase).where(
        ReviewCase.commune_id == _officer(cast).unit_id, ReviewCase.state.in_(states), ReviewCase.departs
    )
    return db.session.execute(query.order_by(ReviewCase.id)).scalars().first()


def _list(cast: Cast) -> None:
    """On the list; and an officer of the next commune, to whom what is drawn here will fall."""
    who, home_id = _officer(cast), _home(cast)
    if home_id is None or who.unit_id is None:
        return
    operations.enrol(who, [home_id], Origin.ROUND)
    province = province_of(who.unit_id)
    seed_of(province.id, clock.today().year).rate_bp = 10_000
    beside = next(one for one in communes_of(province.id) if one.id != who.unit_id)
    office = accounts.create_organisation("commune_office", "UBND xã bên (minh hoạ)", beside.id)
    cast.wear(ELSEWHERE, Role.COMMUNE_OFFICER, office.id, beside.id)


def _look(cast: Cast) -> None:
    """Visited; the officer proposes another class than the score's, with the reason."""
    who, home_id = _officer(cast), _home(cast)
    case = queries.case_of_household(home_id) if home_id else None
    if case is None or case.state != CaseState.LISTED:
        return
    operations.screen(who, case.key, goes_on=True, note="")
    operations.take_score(who, case.key)
    operations.visit(who, case.key, chosen=_other(case), note=WHY)


def _other(case: ReviewCase) -> str:
    return next(str(one) for one in reversed(CHOSEN[:2]) if one != case.score)


def _form_c(cast: Cast) -> None:
    """Causes and disability of whoever was visited."""
    who = _officer(cast)
    where = (ReviewCase.commune_id == who.unit_id, ReviewCase.state == CaseState.VISITED)
    cases = db.session.execute(select(ReviewCase).where(*where).order_by(ReviewCase.id)).scalars()
    for case, (causes, disability) in zip(list(cases), TRAITS, strict=False):
        note(who, case.key, list(causes), disability)


def _vote(cast: Cast) -> None:
    """Its village meets before the others, and agrees with the officer."""
    who, case = _officer(cast), _case(cast, CaseState.VISITED)
    if case is None:
        return
    count = queries.villages_at(who, CaseState.VISITED)[case.village]
    held = hearings.Attendance(
        case.village, clock.today(), "Ma Văn Thôn Mẫu", "Hà Thị Số Mẫu", count, "Bà con nghe lý do rồi bàn."
    )
    hearings.record_meeting(who, held)
    hearings.vote(who, case.key, hearings.Vote(case.chosen, 1, 0, "", WHY))


def _sign(cast: Cast) -> None:
    """Signed by two; drawn in that moment."""
    who, case = _officer(cast), _case(cast, CaseState.POSTED)
    if case is None:
        return
    second = cast.wear("Nông Văn Duyệt Mẫu", Role.COMMUNE_OFFICER, who.organisation_id, who.unit_id)
    operations.propose(who, case.key, decision_number=DECISION)
    operations.approve(second, case.key)


def _again(cast: Cast) -> None:
    """The officer elsewhere goes there and finds what the score said: the province decides."""
    case = _case(cast, CaseState.RECOGNISED)
    drawn = (
        case and db.session.execute(select(Recheck).where(Recheck.case_id == case.id)).scalar_one_or_none()
    )
    if not case or not drawn or drawn.officer_user_id is None:
        return
    looker = actor_of(user(drawn.officer_user_id), grants(drawn.officer_user_id)[0])
    fairness.read_recheck(looker, drawn.key)
    fairness.find(looker, drawn.key, case.score if case.score in CHOSEN else "near_poor", LOOKED)
