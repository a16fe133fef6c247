"""Verbs of the door: hand out the list of the day, take in a form exactly once, let a person choose between two.

What each kind of form means stands in `visits`, `meetings` and `helping`.
"""

import base64
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor
from core import clock, once
from core.crypto import encrypt
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_
from households.queries import household_of_user
from registry import operations as declaring
from registry.confirming.operations import confirm_by_mark
from registry.confirming.rules import may_witness
from registry.models import Review
from registry.papers.operations import keep_scan
from registry.phones import queries
from registry.phones.entries import Sent, alike, entry, judged_case, of_case
from registry.phones.helping import arrive_help, use_help
from registry.phones.meetings import arrive_meeting, must_record, use_meeting, use_vote
from registry.phones.models import PhoneEntry
from registry.phones.rules import LIST_LIVES, EntryState, Kind, Verdict, is_key, judge
from registry.phones.visits import arrive_traits, arrive_visit, use_traits, use_visit
from registry.procedure import operations as procedure
from registry.procedure import queries as cases
from registry.procedure.models import ReviewCase, VillageMeeting
from registry.procedure.rules import CaseState
from registry.rules import Event, State

SCOPE = "phone entry"


def take_list(actor: Actor, village: str) -> dict[str, Any]:
    """Hand the households of one village to a phone for a day; each of them can see that it travelled.

    An officer's are those on the list; a helper's, those that asked for help. now, until: seconds since 1970 by the
    server's clock, so that a phone with a wrong hour still lets go in time.
    """
    actor.must_be(*declaring.HELPING_ROLES)
    officer = actor.role in queries.OFFICERS
    if officer and (actor.unit_id is None or not cases.covers(actor, actor.unit_id, village)):
        raise NotFound(N_("Không tìm thấy thôn này trong xã."))
    found = queries.day_list(actor, village) if officer else []
    for case, _row in found:
        audit(actor, "take case along", f"case:{case.id}", ("head", "state", "class"), procedure.PURPOSE)
    helped = queries.helped_list(actor, village, {case.household_id for case, _row in found})
    for review, _row in helped:
        audit(actor, "take case along", f"review:{review.id}", ("head",), declaring.PURPOSE)
    now = clock.now()
    return {
        "village": village,
        "now": int(now.timestamp()),
        "until": int((now + LIST_LIVES).timestamp()),
        "meeting": queries.meeting_token(actor.unit_id, village) if officer and actor.unit_id else "",
        "to_meet": cases.villages_at(actor, CaseState.VISITED).get(village, 0) if officer else 0,
        "rows": [asdict(row) for _of, row in [*found, *helped]],
    }


def arrive(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """Take a form in, exactly once. Where something else stands here by now it waits for a person, and changes nothing.

    Raises Invalid for a form without a key or with unreadable answers; what the verbs of the online pages raise.
    """
    if not is_key(key) or actor.user_id is None:
        raise Invalid(N_("Bản này không có mã."), remedy=N_("Mở lại trang rồi kê lại."))
    scoped, body = f"{actor.user_id}:{key}", sent.said()
    if once.done_before(SCOPE, scoped, body) is not None:
        return mine(actor, key)
    if db.session.execute(select(PhoneEntry.id).where(PhoneEntry.key == key)).first() is not None:
        raise Conflict(N_("Bản này đã gửi rồi."), remedy=N_("Mở lại trang kê khai."))
    if sent.witness and not may_witness(sent.witness, actor.name):
        raise Invalid(
            N_("Viết họ tên người làm chứng, không phải người kê giúp."),
            remedy=N_("Ví dụ trưởng thôn, hoặc hàng xóm."),
            field="witness",
        )
    if sent.kind not in DOORS:
        raise Invalid(N_("Bản này không đọc được."), remedy=N_("Mở ra xem lại rồi gửi."))
    made = DOORS[sent.kind](actor, key, sent)
    db.session.add(made)
    db.session.flush()
    once.remember(SCOPE, scoped, body, key)
    audit(actor, "bring from phone", f"phone_entry:{made.id}", ("answers",), "declare")
    return made


def mine(actor: Actor, key: str) -> PhoneEntry:
    """A form that the actor's own phone brought. Raises NotFound."""
    query = select(PhoneEntry).where(PhoneEntry.key == key, PhoneEntry.user_id == actor.user_id)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không tìm thấy bản này."))
    return found


def _own(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """The household's own answers: compared with what it has open, here or from another device."""
    home = household_of_user(actor.user_id or 0)
    if home is None:
        raise Invalid(N_("Chưa có hộ của bạn trong sổ."), remedy=N_("Ghi hộ nhà mình trước, ở trang Tôi."))
    newest = queries.newest(home.id)
    begun = newest if newest is not None and newest.state != State.SUBMITTED else None
    verdict = judge(sent.base, queries.token_of(begun), same=alike(begun, sent))
    if verdict is Verdict.DIFFERS:
        return entry(actor, key, sent, verdict, household_id=home.id, review_id=begun.id if begun else None)
    review = _put_own(actor, begun, sent)
    return entry(actor, key, sent, verdict, household_id=home.id, review_id=review.id)


def _put_own(actor: Actor, begun: Review | None, sent: Sent) -> Review:
    if begun is not None and begun.state == State.TO_CONFIRM:
        declaring.reopen(actor, begun.key)
    review = declaring.answer_all(actor, declaring.start(actor), sent.answers)
    if sent.done and not declaring.unanswered(review):
        declaring.finish(actor, review.key)
    return review


def _answers(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """Form B: what an officer wrote down with the family. It still waits for the family's yes."""
    case = judged_case(actor, sent.case)
    begun = queries.newest(case.household_id)
    verdict = judge(sent.base, queries.token_of(begun), same=alike(begun, sent))
    family = begun is not None and begun.state == State.DRAFT and begun.helped_by_user_id is None
    if family and queries.token_of(begun):
        verdict = Verdict.DIFFERS  # nobody writes over what a family began by itself, or reads it
    if verdict is Verdict.DIFFERS:
        return of_case(actor, key, sent, case, verdict)
    if verdict is Verdict.SAME and begun is not None and begun.state == State.SUBMITTED:
        return of_case(actor, key, sent, case, verdict, review_id=begun.id)
    review = _put_answers(actor, case.household_id, sent)
    return of_case(actor, key, sent, case, verdict, review_id=review.id)


def _put_answers(actor: Actor, household_id: int, sent: Sent) -> Review:
    begun = queries.newest(household_id)
    if begun is not None and begun.state == State.TO_CONFIRM:
        declaring.advance(begun, Event.REOPEN)
        db.session.flush()
    review = declaring.start_for(actor, household_id, asked=True)
    declaring.answer_all(actor, review, sent.answers)
    return declaring.finish(actor, review.key)


def _screen(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """Form A: whether a case goes on."""
    case = judged_case(actor, sent.case)
    said = "screen_in" if sent.goes_on else "screen_out"
    past = cases.history(case)
    same = any(one.event == said and one.note == sent.note for one in past)
    verdict = judge(sent.base, queries.last_step(case), same=same)
    if verdict is Verdict.TAKE:
        procedure.screen(actor, case.key, goes_on=sent.goes_on, note=sent.note)
    return of_case(actor, key, sent, case, verdict)


DOORS: dict[Kind, Callable[[Actor, str, Sent], PhoneEntry]] = {
    Kind.OWN: _own,
    Kind.HELP: arrive_help,
    Kind.ANSWERS: _answers,
    Kind.SCREEN: _screen,
    Kind.TRAITS: arrive_traits,
    Kind.VISIT: arrive_visit,
    Kind.MEETING: arrive_meeting,
}


def bring_photo(actor: Actor, key: str, photo_key: str, photo: bytes) -> PhoneEntry:
    """A photo that belongs to a form which arrived: a signed sheet is the family's yes, a home or the minutes are kept.

    A repeat of the same photo adds none. A photo of a home stays whatever is chosen between two visits.
    """
    found = mine(actor, key)
    if not is_key(photo_key):
        raise Invalid(N_("Ảnh này không có mã."), remedy=N_("Chụp lại rồi gửi."))
    if found.kind == Kind.VISIT:
        case = queries.case_of(found)
        if case is not None:
            keep_scan(actor, "case", case.key, photo, shows="home", scan_key=photo_key)
    elif found.kind == Kind.MEETING and found.meeting_id is not None:
        meeting = db.session.get_one(VillageMeeting, found.meeting_id)
        keep_scan(actor, "meeting", meeting.key, photo, scan_key=photo_key)
    elif found.kind not in (Kind.ANSWERS, Kind.HELP, Kind.MEETING):
        raise Invalid(N_("Bản này không cần ảnh."))
    elif found.state == EntryState.DIFFERS:
        text = base64.b64encode(photo).decode()
        found.photo = encrypt(text, field=queries.PHOTO, owner=f"phone_entry:{found.key}")
    else:
        _confirm(actor, found, photo)
    db.session.flush()
    return found


def _confirm(actor: Actor, found: PhoneEntry, photo: bytes) -> None:
    """The signed sheet: the family's yes to what the form became."""
    review = db.session.get(Review, found.review_id) if found.review_id else None
    witness = queries.body_of(found).get("witness", "")
    if review is not None and review.state == State.TO_CONFIRM and witness:
        confirm_by_mark(actor, review.key, witness, photo)
        found.body = None


def settle(actor: Actor, key: str, *, use: bool) -> PhoneEntry:
    """A person who saw both chooses: the phone's in the place of what stands here, or laid aside.

    Raises Conflict where somebody chose already or the case has gone on, NotAllowed for whoever may not choose.
    """
    found = queries.entry_for(actor, key)
    if not queries.may_settle(actor, found):
        raise NotAllowed(N_("Hộ tự chọn giữa hai bản."), remedy=N_("Nhắn hộ mở trang kê khai của mình."))
    if found.state != EntryState.DIFFERS:
        raise Conflict(N_("Hai bản này đã có người chọn."), remedy=N_("Mở lại trang để xem."))
    case = queries.case_of(found)
    if case is not None and not queries.family_s_own(found):
        procedure.must_judge(actor, case)
    if use:
        _use(actor, found, case)
    found.state = EntryState.USED if use else EntryState.LAID_ASIDE
    found.body, found.photo = None, None
    found.settled_at, found.settled_by_user_id = clock.now(), actor.user_id
    db.session.flush()
    audit(actor, "choose between two", f"phone_entry:{found.id}", ("answers",), "declare")
    return found


def _use(actor: Actor, found: PhoneEntry, case: ReviewCase | None) -> None:
    body = queries.body_of(found)
    sent = Sent(**(body | {"kind": Kind(body["kind"])}))
    home = household_of_user(actor.user_id or 0)
    if home is not None and home.id == found.household_id:
        begun = queries.newest(home.id)
        open_one = begun if begun is not None and begun.state != State.SUBMITTED else None
        # What somebody else wrote becomes the family's draft, to look through and send; its own it sent already.
        given = sent if found.kind == Kind.OWN else replace(sent, done=False)
        found.review_id = _put_own(actor, open_one, given).id
    elif found.kind == Kind.MEETING:
        must_record(actor, found)
        meeting, photo = use_meeting(actor, sent), queries.photo_of(found)
        found.meeting_id = meeting.id
        if photo:
            keep_scan(actor, "meeting", meeting.key, photo)
    elif found.kind == Kind.HELP:
        review = db.session.get_one(Review, found.review_id or 0)
        use_help(actor, review, sent)
        _sign(actor, found, review, sent)
    elif case is not None and found.kind in STEPS:
        STEPS[Kind(found.kind)](actor, case, sent)
    else:
        review = _put_answers(actor, found.household_id or 0, sent)
        found.review_id = review.id
        _sign(actor, found, review, sent)


def _sign(actor: Actor, found: PhoneEntry, review: Review, sent: Sent) -> None:
    """The sheet that came along with what is used now."""
    photo = queries.photo_of(found)
    if photo and sent.witness and review.state == State.TO_CONFIRM and may_witness(sent.witness, actor.name):
        confirm_by_mark(actor, review.key, sent.witness, photo)


def _use_screen(actor: Actor, case: ReviewCase, sent: Sent) -> None:
    procedure.screen(actor, case.key, goes_on=sent.goes_on, note=sent.note)


STEPS: dict[Kind, Callable[[Actor, ReviewCase, Sent], None]] = {
    Kind.SCREEN: _use_screen,
    Kind.TRAITS: use_traits,
    Kind.VISIT: use_visit,
    Kind.VOTE: use_vote,
}
