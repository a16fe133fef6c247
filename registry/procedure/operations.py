"""Verbs of the procedure. Each says who may, moves the case along the table, keeps the words, leaves an audit line."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_
from households.queries import household, household_of_user
from places.queries import province_of
from registry.fairness import draws
from registry.fairness.ties import must_be_free, tied_homes
from registry.figures.operations import count_recognised
from registry.procedure import queries
from registry.procedure.daysoff import works
from registry.procedure.models import CaseStep, Recognition, ReviewCase
from registry.procedure.rules import (
    CERTIFIED,
    CHOSEN,
    TRANSITIONS,
    CaseEvent,
    CaseState,
    Origin,
    after_working_days,
    departs,
    duration,
    round_ends,
)
from registry.turns import moved

JUDGES = (Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
PURPOSE = "review"


def keep_step(
    actor: Actor,
    case: ReviewCase,
    event: str,
    note: str = "",
    chosen: str = "",
    at: datetime | None = None,
) -> None:
    """One line of the case's history, its words encrypted, and one line of the audit chain. at: now where not given."""
    key = secrets.token_urlsafe(12)
    db.session.add(
        CaseStep(
            key=key,
            case_id=case.id,
            event=event,
            after=case.state,
            chosen=chosen,
            note=queries.sealed(note, queries.NOTE, key),
            at=at or clock.now(),
            user_id=actor.user_id,
        )
    )
    db.session.flush()
    audit(actor, f"case: {event.replace('_', ' ')}", f"case:{case.id}", ("state",), PURPOSE)


def advance(
    actor: Actor,
    case: ReviewCase,
    event: CaseEvent,
    note: str = "",
    chosen: str = "",
    at: datetime | None = None,
) -> None:
    """Move a case along the table. Raises Conflict for a step that is not in it."""
    after = TRANSITIONS.get((CaseState(case.state), event))
    if after is None or not moved(case, after):
        raise Conflict(N_("Hồ sơ này không còn ở bước đó."), remedy=N_("Mở lại trang để xem."))
    keep_step(actor, case, event, note, chosen, at)


def must_judge(actor: Actor, case: ReviewCase) -> None:
    """Refuse whoever the data ties to the family: kin, or staff of a cooperative that it supplies."""
    actor.must_be(*JUDGES)
    must_be_free(actor, case.household_id)


def _judged(actor: Actor, key: str) -> ReviewCase:
    case = queries.case_for(actor, key)
    must_judge(actor, case)
    return case


def _officer(actor: Actor, key: str) -> ReviewCase:
    actor.must_be(Role.COMMUNE_OFFICER)
    return _judged(actor, key)


# ---- beginning ----


def _open(actor: Actor, household_id: int, origin: Origin) -> ReviewCase:
    home, today = household(household_id), clock.today()
    if actor.user_id is None:
        raise NotAllowed(N_("Việc này cần một người đứng tên."))
    if queries.has_open_case(household_id):
        raise Conflict(N_("Hộ này đang được xét rồi."), remedy=N_("Mở hồ sơ đang có."))
    asked = origin is Origin.REQUEST
    last = after_working_days(today, duration("request", today).working_days, works)
    case = ReviewCase(
        key=secrets.token_urlsafe(12),
        household_id=home.id,
        commune_id=home.commune_id,
        village=home.village,
        origin=origin,
        round_year=today.year,
        state=CaseState.REQUESTED if asked else CaseState.LISTED,
        opened_on=today,
        opened_by_user_id=actor.user_id,
        due_on=last if asked else max(last, round_ends(today.year)),
    )
    db.session.add(case)
    db.session.flush()
    draws.commit(case.commune_id, case.round_year)
    keep_step(actor, case, "open")
    return case


def request(actor: Actor) -> ReviewCase:
    """The household asks to be reviewed (Mẫu 01). Raises Invalid without a household or a sent declaration."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is None:
        raise Invalid(N_("Chưa có hộ của bạn trong sổ."), remedy=N_("Ghi hộ nhà mình trước, ở trang Tôi."))
    if queries.latest_score(mine.id) is None:
        raise Invalid(N_("Nhà mình chưa gửi bản kê khai."), remedy=N_("Kê khai trước, rồi đề nghị."))
    return _open(actor, mine.id, Origin.REQUEST)


def open_again(actor: Actor, household_id: int) -> ReviewCase:
    """The province, or a visit between rounds, wants a household reviewed anew: a case from the first step on.

    Raises NotFound outside the officer's place, NotAllowed for kin, Conflict where a case is on its way.
    """
    actor.must_be(Role.PROVINCE_OFFICER, *JUDGES)
    home = household(household_id)
    above = actor.role is Role.PROVINCE_OFFICER and province_of(home.commune_id).id == actor.unit_id
    if not above and not queries.covers(actor, home.commune_id, home.village):
        raise NotFound(N_("Không tìm thấy hộ này trong xã."))
    must_be_free(actor, household_id)
    return _open(actor, household_id, Origin.ROUND)


def enrol(actor: Actor, household_ids: list[int], origin: Origin) -> int:
    """Put households of the officer's place on the round's list, or enter their paper requests; how many.

    A household with a case on its way is left as it is. Raises NotFound for one that is not of the place, NotAllowed
    for kin and for whoever supplies a cooperative that the officer works for.
    """
    actor.must_be(*JUDGES)
    made, tied = 0, tied_homes(actor.user_id) if actor.user_id else set[int]()
    for household_id in dict.fromkeys(household_ids):
        home = household(household_id)
        if not queries.covers(actor, home.commune_id, home.village):
            raise NotFound(N_("Không tìm thấy hộ này trong xã."))
        if household_id in tied:
            must_be_free(actor, household_id)
        if not queries.has_open_case(household_id):
            _open(actor, household_id, origin)
            made += 1
    return made


# ---- screening, scoring, visiting ----


def screen(actor: Actor, key: str, *, goes_on: bool, note: str) -> ReviewCase:
    """Form A: whether the case goes on. Saying no needs a reason, which the family reads."""
    case = _judged(actor, key)
    if not goes_on and not note:
        raise Invalid(
            N_("Không xét tiếp thì phải viết lý do."), remedy=N_("Hộ sẽ đọc lý do này."), field="note"
        )
    if not goes_on:
        case.ended_on = clock.today()
    advance(actor, case, CaseEvent.SCREEN_IN if goes_on else CaseEvent.SCREEN_OUT, note)
    return case


def take_score(actor: Actor, key: str) -> ReviewCase:
    """Form B: the class that the standard of today gives the household's newest sent declaration."""
    case = _officer(actor, key)
    found = queries.latest_score(case.household_id)
    if found is None:
        raise Conflict(
            N_("Hộ chưa gửi bản kê khai."), remedy=N_("Giúp hộ kê khai, hộ xác nhận rồi mới chấm điểm.")
        )
    review, result = found
    case.review_id, case.score, case.standard_id = review.id, result.outcome, result.standard_id
    case.is_demo, case.chosen, case.departs = result.is_demo, "", False
    advance(actor, case, CaseEvent.SCORE, chosen=result.outcome)
    return case


def choose(case: ReviewCase, chosen: str, reason: str) -> None:
    """Write the class that people propose. One that departs from the score needs a reason, and is counted."""
    if chosen not in CHOSEN:
        raise Invalid(N_("Chọn một mức."), field="chosen")
    if departs(case.score, chosen) and not reason:
        raise Invalid(
            N_("Mức này khác với điểm, nên phải viết lý do."),
            remedy=N_("Ví dụ: nhà vừa cháy, chưa kịp kê khai lại."),
            field="note",
        )
    case.chosen, case.departs = chosen, departs(case.score, chosen)


def visit(actor: Actor, key: str, *, chosen: str, note: str, ago: timedelta = timedelta(0)) -> ReviewCase:
    """What was seen at the home, and the class the visitor proposes. ago: how long it waited in a phone."""
    case = _judged(actor, key)
    if not note:
        raise Invalid(N_("Viết điều đã thấy ở nhà hộ."), field="note")
    choose(case, chosen, note)
    at = max(
        queries.last_at(case), clock.now() - ago
    )  # a phone's clock cannot put it before what came before
    advance(actor, case, CaseEvent.VISIT, note, chosen, at)
    return case


def withdraw(actor: Actor) -> ReviewCase:
    """The family takes its case back, until a decision was proposed."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    case = queries.case_of_household(mine.id) if mine else None
    if case is None:
        raise NotFound(N_("Nhà mình không có hồ sơ nào đang xét."))
    case.ended_on = clock.today()
    advance(actor, case, CaseEvent.WITHDRAW)
    return case


# ---- recognising ----


def propose(actor: Actor, key: str, *, decision_number: str) -> Recognition:
    """The first person: the posting is over, nothing is open, here is the decision's number."""
    case = _officer(actor, key)
    posting = queries.posting_of(case)
    if posting is not None and clock.today() <= posting.closes_on:
        raise Conflict(N_("Danh sách còn niêm yết."), remedy=N_("Chờ hết ngày cuối rồi mới trình ký."))
    if not decision_number:
        raise Invalid(N_("Viết số quyết định, ví dụ 12/QĐ-UBND."), field="decision_number")
    advance(actor, case, CaseEvent.PROPOSE, chosen=case.chosen)
    held = queries.recognition_of(case) or Recognition(case_id=case.id)
    held.decision_number, held.chosen = decision_number, case.chosen
    held.proposed_by_user_id, held.proposed_at = actor.user_id or 0, clock.now()
    db.session.add(held)
    db.session.flush()
    return held


def _proposed(case: ReviewCase) -> Recognition:
    held = queries.recognition_of(case)
    if held is None:
        raise Conflict(N_("Hồ sơ này chưa trình ký."), remedy=N_("Mở lại trang để xem."))
    return held


def approve(actor: Actor, key: str) -> Recognition:
    """The second person decides. Raises NotAllowed for whoever proposed it."""
    case = _officer(actor, key)
    held = _proposed(case)
    if held.proposed_by_user_id == actor.user_id:
        raise NotAllowed(
            N_("Bạn đã trình hồ sơ này, nên người khác ký."), remedy=N_("Nhờ cán bộ thứ hai của xã.")
        )
    advance(actor, case, CaseEvent.APPROVE, chosen=held.chosen)
    held.approved_by_user_id, held.decided_on = actor.user_id, clock.today()
    held.certificate_number = _free_number() if held.chosen in CERTIFIED else None
    case.ended_on = clock.today()
    db.session.flush()
    count_recognised(case)
    draws.draw(case)
    return held


def _free_number() -> str:
    """Sixteen random digits that no certificate has."""
    while True:
        number = f"{secrets.randbelow(10**16):016d}"
        taken = select(Recognition.id).where(Recognition.certificate_number == number)
        if db.session.execute(taken).first() is None:
            return number


def send_back(actor: Actor, key: str, *, note: str) -> ReviewCase:
    """The second person does not sign, and says why."""
    case = _officer(actor, key)
    if _proposed(case).proposed_by_user_id == actor.user_id:
        raise NotAllowed(
            N_("Bạn đã trình hồ sơ này, nên người khác ký."), remedy=N_("Nhờ cán bộ thứ hai của xã.")
        )
    if not note:
        raise Invalid(N_("Viết vì sao trả lại."), field="note")
    advance(actor, case, CaseEvent.SEND_BACK, note)
    return case


def read(actor: Actor, key: str) -> ReviewCase:
    """An officer opens a case: the line in the audit chain first, or nothing is shown."""
    actor.must_be(*JUDGES)
    case = queries.case_for(actor, key)
    audit(actor, "read case", f"case:{case.id}", ("steps", "votes", "objections"), PURPOSE)
    return case
