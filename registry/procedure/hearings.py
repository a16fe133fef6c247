"""Verbs before the village: meetings and their votes, lists on the wall, objections and their answers."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from accounts.operations import audit
from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.once import allow_attempt
from registry.procedure import operations, queries
from registry.procedure.daysoff import works
from registry.procedure.models import (
    MeetingVote,
    Objection,
    ReviewCase,
    VillageMeeting,
    WallLine,
    WallList,
)
from registry.procedure.rules import (
    QUORUM_BP,
    CaseEvent,
    CaseState,
    How,
    after_working_days,
    agreed,
    duration,
    quorate,
)

OBJECTIONS_MOST, OBJECTIONS_WITHIN = 20, timedelta(hours=1)  # for one posting, through the page


@dataclass(frozen=True)
class Attendance:
    """A meeting as it was: present counts households of the list that were represented.

    listed: how many a phone's list had on that day, where more than wait here now: some may have gone on since.
    """

    village: str
    held_on: date
    led_by: str
    written_by: str
    present: int
    minutes: str
    listed: int = 0


def record_meeting(actor: Actor, held: Attendance) -> VillageMeeting:
    """Write a village meeting down. Too few households: it is kept as such, and nobody can be voted on in it."""
    actor.must_be(*operations.JUDGES)
    if actor.unit_id is None or not queries.covers(actor, actor.unit_id, held.village):
        raise NotFound(N_("Không tìm thấy thôn này trong xã."))
    listed = queries.villages_at(actor, CaseState.VISITED).get(held.village, 0)
    if not listed:
        raise Conflict(N_("Thôn này chưa có hộ nào chờ họp."), remedy=N_("Tới thăm hộ trước rồi mới họp."))
    listed = max(listed, held.listed)
    if held.held_on > clock.today():
        raise Invalid(N_("Ngày họp chưa tới."), remedy=N_("Họp xong mới ghi."), field="held_on")
    if not 0 <= held.present <= listed:
        raise Invalid(
            N_("Danh sách có %(listed)s hộ, số hộ có mặt từ 0 đến %(listed)s."),
            field="present",
            listed=listed,
        )
    key = secrets.token_urlsafe(12)
    made = VillageMeeting(
        key=key,
        commune_id=actor.unit_id,
        village=held.village,
        held_on=held.held_on,
        led_by=held.led_by,
        written_by=held.written_by,
        listed_count=listed,
        present_count=held.present,
        quorum_bp=QUORUM_BP,
        quorate=quorate(held.present, listed),
        minutes=queries.sealed(held.minutes or "-", queries.MINUTES, key),
        recorded_at=clock.now(),
        recorded_by_user_id=actor.user_id,
    )
    db.session.add(made)
    db.session.flush()
    audit(
        actor, "record meeting", f"village_meeting:{made.id}", ("attendance", "minutes"), operations.PURPOSE
    )
    return made


@dataclass(frozen=True)
class Vote:
    """Hands on one household: for and against the class that was put to the meeting, and why some said no."""

    chosen: str
    votes_for: int
    votes_against: int
    dissent: str
    note: str


def vote(actor: Actor, key: str, given: Vote) -> ReviewCase:
    """Keep a meeting's vote. More for than against adopts the class; else the family is visited again."""
    case = queries.case_for(actor, key)
    operations.must_judge(actor, case)
    meeting = queries.meeting_for(case)
    if meeting is None:
        raise Conflict(
            N_("Thôn chưa họp đủ số hộ kể từ lần tới thăm."),
            remedy=N_("Ghi buổi họp trước, rồi ghi biểu quyết."),
        )
    cast = given.votes_for + given.votes_against
    if min(given.votes_for, given.votes_against) < 0 or not 0 < cast <= meeting.present_count:
        raise Invalid(
            N_("Có %(present)s hộ dự họp: đồng ý và không đồng ý cộng lại từ 1 đến %(present)s."),
            field="votes_for",
            present=meeting.present_count,
        )
    if given.votes_against and not given.dissent:
        raise Invalid(N_("Có người không đồng ý: viết họ nói gì."), field="dissent")
    adopted = agreed(given.votes_for, given.votes_against)
    if adopted:
        operations.choose(case, given.chosen, given.note)
    sealed = queries.sealed(given.dissent, queries.DISSENT, f"{meeting.key}:{case.key}")
    db.session.add(
        MeetingVote(
            meeting_id=meeting.id,
            case_id=case.id,
            chosen=given.chosen,
            for_count=given.votes_for,
            against_count=given.votes_against,
            dissent=sealed,
        )
    )
    event = CaseEvent.AGREE if adopted else CaseEvent.DISAGREE
    operations.advance(actor, case, event, given.note, given.chosen)
    return case


# ---- the list on the wall ----


def post(actor: Actor, village: str) -> WallList:
    """Hang a village's list: every household whose meeting agreed, or whose re-check is done. The clock starts."""
    actor.must_be(Role.COMMUNE_OFFICER)
    where = (
        ReviewCase.commune_id == actor.unit_id,
        ReviewCase.village == village,
        ReviewCase.state.in_((CaseState.MET, CaseState.RECHECKED)),
    )
    found = list(db.session.execute(select(ReviewCase).where(*where).order_by(ReviewCase.id)).scalars())
    if not found:
        raise Conflict(N_("Thôn này chưa có hộ nào chờ niêm yết."), remedy=N_("Mở lại trang để xem."))
    today = clock.today()
    made = WallList(
        key=secrets.token_urlsafe(9),
        commune_id=found[0].commune_id,
        village=village,
        opened_on=today,
        closes_on=after_working_days(today, duration("posting", today).working_days, works),
        posted_by_user_id=actor.user_id,
    )
    db.session.add(made)
    db.session.flush()
    for number, case in enumerate(found, 1):
        operations.must_judge(actor, case)
        db.session.add(WallLine(posting_id=made.id, case_id=case.id, line_no=number, chosen=case.chosen))
        operations.advance(actor, case, CaseEvent.POST, chosen=case.chosen)
    return made


# ---- objections ----


@dataclass(frozen=True)
class Complaint:
    """What somebody says against a line. key: the request's own, so that sending twice is one objection."""

    key: str
    said: str
    contact: str = ""


def _take(actor: Actor, case: ReviewCase, posting: WallList, how: How, given: Complaint) -> Objection:
    held = db.session.execute(select(Objection).where(Objection.key == given.key)).scalar_one_or_none()
    if held is not None:
        return held
    if len(given.said) < 10:
        raise Invalid(N_("Viết rõ hơn điều chưa đúng, ít nhất một câu."), field="said")
    made = Objection(
        key=given.key,
        case_id=case.id,
        posting_id=posting.id,
        how=how,
        said=queries.sealed(given.said, queries.SAID, given.key),
        contact=queries.sealed(given.contact, queries.CONTACT, given.key),
        state="open",
        received_at=clock.now(),
        taken_by_user_id=actor.user_id,
    )
    db.session.add(made)
    today = clock.today()
    if case.state == CaseState.POSTED:
        case.recheck_due_on = after_working_days(today, duration("recheck", today).working_days, works)
    operations.advance(actor, case, CaseEvent.OBJECT)
    return made


def object_by_page(posting_key: str, line_number: int, given: Complaint) -> Objection:
    """Anybody objects to a line of a list that still hangs. Raises NotFound, Conflict once it is over, TooMany."""
    query = (
        select(WallList, ReviewCase)
        .join(WallLine, WallLine.posting_id == WallList.id)
        .join(ReviewCase, ReviewCase.id == WallLine.case_id)
        .where(WallList.key == posting_key, WallLine.line_no == line_number)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound(
            N_("Không có danh sách nào ở địa chỉ này."), remedy=N_("Xem lại địa chỉ trên giấy dán.")
        )
    posting, case = row
    if clock.today() > posting.closes_on:
        raise Conflict(N_("Danh sách đã hết ngày niêm yết."), remedy=N_("Tới uỷ ban xã để nói."))
    allow_attempt("objection", posting.key, most=OBJECTIONS_MOST, within=OBJECTIONS_WITHIN)
    return _take(SYSTEM, case, posting, How.PAGE, given)


def object_for(actor: Actor, key: str, how: How, given: Complaint) -> Objection:
    """An officer writes down what somebody said by phone or in person; not of kin: she would choose the words."""
    case = queries.case_for(actor, key)
    operations.must_judge(actor, case)
    posting = queries.posting_of(case)
    if posting is None:
        raise Conflict(N_("Hộ này chưa niêm yết."), remedy=N_("Niêm yết rồi mới nhận ý kiến."))
    return _take(actor, case, posting, how, given)


def answer(actor: Actor, key: str, objection_id: int, said: Mapping[str, str], *, upheld: bool) -> ReviewCase:
    """Answer an objection after looking again. The last answer moves the case: kept, or changed and posted again.

    said: `answer`, and where it is upheld the class `chosen` with its reason `note`.
    """
    actor.must_be(Role.COMMUNE_OFFICER)
    case = queries.case_for(actor, key)
    operations.must_judge(actor, case)
    where = (Objection.id == objection_id, Objection.case_id == case.id)
    held = db.session.execute(select(Objection).where(*where)).scalar_one_or_none()
    if held is None:
        raise NotFound(N_("Không tìm thấy ý kiến này."))
    if held.state != "open":
        raise Conflict(N_("Ý kiến này đã trả lời rồi."), remedy=N_("Mở lại trang để xem."))
    if not said["answer"]:
        raise Invalid(N_("Viết câu trả lời: đã xem lại gì, thấy thế nào."), field="answer")
    if upheld:
        operations.choose(case, said["chosen"], said["note"] or said["answer"])
    held.state = "upheld" if upheld else "refused"
    held.answer = queries.sealed(said["answer"], queries.ANSWER, held.key)
    held.decided_at, held.decided_by_user_id = clock.now(), actor.user_id
    db.session.flush()
    reason = said["note"] if upheld else ""
    operations.advance(actor, case, _after_answer(case), reason, case.chosen)
    return case


def _after_answer(case: ReviewCase) -> CaseEvent:
    """What an answer means for the case: others still open, none was right, or one of this posting was."""
    posting = queries.posting_of(case)
    query = (
        select(Objection.state, func.count())
        .where(Objection.case_id == case.id, Objection.posting_id == (posting.id if posting else 0))
        .group_by(Objection.state)
    )
    counts = {row[0]: row[1] for row in db.session.execute(query)}
    if counts.get("open"):
        return CaseEvent.ANSWER
    return CaseEvent.CHANGE if counts.get("upheld") else CaseEvent.KEEP
