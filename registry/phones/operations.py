"""Verbs of the door: hand out the list of the day, take in a form exactly once, let a person choose between two."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
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
from registry.phones import queries
from registry.phones.models import PhoneEntry
from registry.phones.rules import LIST_LIVES, EntryState, Kind, Verdict, is_key, judge
from registry.procedure import operations as procedure
from registry.procedure import queries as cases
from registry.procedure.models import ReviewCase
from registry.queries import answers_of
from registry.rules import Event, State

SCOPE = "phone entry"


@dataclass(frozen=True)
class Sent:
    """What a phone brought. base: what stood here when it looked, '?' if it never did. done: nothing is left to ask."""

    kind: Kind
    base: str
    case: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    done: bool = True
    witness: str = ""
    goes_on: bool = True
    note: str = ""


def take_list(actor: Actor, village: str) -> dict[str, Any]:
    """Hand the households of one village to the officer's phone for a day; each of them can see that it travelled.

    now, until: seconds since 1970 by the server's clock, so that a phone with a wrong hour still lets go in time.
    """
    actor.must_be(*queries.OFFICERS)
    if actor.unit_id is None or not cases.covers(actor, actor.unit_id, village):
        raise NotFound(N_("Không tìm thấy thôn này trong xã."))
    found = queries.day_list(actor, village)
    for case, _row in found:
        audit(actor, "take case along", f"case:{case.id}", ("head", "state"), procedure.PURPOSE)
    now = clock.now()
    return {
        "village": village,
        "now": int(now.timestamp()),
        "until": int((now + LIST_LIVES).timestamp()),
        "rows": [asdict(row) for _case, row in found],
    }


def arrive(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """Take a form in, exactly once. Where something else stands here by now it waits for a person, and changes nothing.

    Raises Invalid for a form without a key or with unreadable answers; what the verbs of the online pages raise.
    """
    if not is_key(key) or actor.user_id is None:
        raise Invalid(N_("Bản này không có mã."), remedy=N_("Mở lại trang rồi kê lại."))
    scoped, body = f"{actor.user_id}:{key}", asdict(sent)
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
    made = {Kind.OWN: _own, Kind.ANSWERS: _answers, Kind.SCREEN: _screen}[sent.kind](actor, key, sent)
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


def _entry(
    actor: Actor, key: str, sent: Sent, household_id: int, verdict: Verdict, **more: Any
) -> PhoneEntry:
    differs = verdict is Verdict.DIFFERS
    body = asdict(sent) if differs else {"witness": sent.witness} if sent.witness else None
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return PhoneEntry(
        key=key,
        kind=sent.kind,
        household_id=household_id,
        body=encrypt(text, field=queries.BODY, owner=f"phone_entry:{key}") if body else None,
        state=EntryState.DIFFERS if differs else EntryState.TAKEN,
        arrived_at=clock.now(),
        user_id=actor.user_id,
        **more,
    )


def _alike(review: Review | None, sent: Sent) -> bool:
    """Whether the same answers stand here already."""
    here = {name: str(value) for name, value in answers_of(review).items()} if review else {}
    return here == {name: str(value) for name, value in sent.answers.items()}


def _own(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """The household's own answers: compared with what it has open, here or from another device."""
    home = household_of_user(actor.user_id or 0)
    if home is None:
        raise Invalid(N_("Chưa có hộ của bạn trong sổ."), remedy=N_("Ghi hộ nhà mình trước, ở trang Tôi."))
    newest = queries.newest(home.id)
    begun = newest if newest is not None and newest.state != State.SUBMITTED else None
    verdict = judge(sent.base, queries.token_of(begun), same=_alike(begun, sent))
    if verdict is Verdict.DIFFERS:
        return _entry(actor, key, sent, home.id, verdict, review_id=begun.id if begun else None)
    review = _put_own(actor, begun, sent)
    return _entry(actor, key, sent, home.id, verdict, review_id=review.id)


def _put_own(actor: Actor, begun: Review | None, sent: Sent) -> Review:
    if begun is not None and begun.state == State.TO_CONFIRM:
        declaring.reopen(actor, begun.key)
    review = declaring.answer_all(actor, declaring.start(actor), sent.answers)
    if sent.done and not declaring.unanswered(review):
        declaring.finish(actor, review.key)
    return review


def _case(actor: Actor, key: str) -> ReviewCase:
    case = cases.case_for(actor, key)
    procedure.must_judge(actor, case)
    return case


def _answers(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """Form B: what an officer wrote down with the family. It still waits for the family's yes."""
    case = _case(actor, sent.case)
    begun = queries.newest(case.household_id)
    verdict = judge(sent.base, queries.token_of(begun), same=_alike(begun, sent))
    family = begun is not None and begun.state == State.DRAFT and begun.helped_by_user_id is None
    if family and queries.token_of(begun):
        verdict = Verdict.DIFFERS  # nobody writes over what a family began by itself, or reads it
    if verdict is Verdict.DIFFERS:
        return _entry(actor, key, sent, case.household_id, verdict, case_id=case.id)
    if verdict is Verdict.SAME and begun is not None and begun.state == State.SUBMITTED:
        return _entry(actor, key, sent, case.household_id, verdict, case_id=case.id, review_id=begun.id)
    review = _put_answers(actor, case.household_id, sent)
    return _entry(actor, key, sent, case.household_id, verdict, case_id=case.id, review_id=review.id)


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
    case = _case(actor, sent.case)
    said = "screen_in" if sent.goes_on else "screen_out"
    past = cases.history(case)
    same = any(one.event == said and one.note == sent.note for one in past)
    verdict = judge(sent.base, queries.last_step(case), same=same)
    if verdict is Verdict.TAKE:
        procedure.screen(actor, case.key, goes_on=sent.goes_on, note=sent.note)
    return _entry(actor, key, sent, case.household_id, verdict, case_id=case.id)


def bring_photo(actor: Actor, key: str, photo: bytes) -> PhoneEntry:
    """The photo of the signed sheet that belongs to a form which arrived: the family's yes. A repeat adds none."""
    entry = mine(actor, key)
    if entry.kind != Kind.ANSWERS:
        raise Invalid(N_("Bản này không cần ảnh."))
    if entry.state == EntryState.DIFFERS:
        text = base64.b64encode(photo).decode()
        entry.photo = encrypt(text, field=queries.PHOTO, owner=f"phone_entry:{entry.key}")
        return entry
    review = db.session.get(Review, entry.review_id) if entry.review_id else None
    witness = queries.body_of(entry).get("witness", "")
    if review is not None and review.state == State.TO_CONFIRM and witness:
        confirm_by_mark(actor, review.key, witness, photo)
        entry.body = None
    db.session.flush()
    return entry


def settle(actor: Actor, key: str, *, use: bool) -> PhoneEntry:
    """A person who saw both chooses: the phone's in the place of what stands here, or laid aside.

    Raises Conflict where somebody chose already or the case has gone on, NotAllowed for whoever may not choose.
    """
    entry = queries.entry_for(actor, key)
    if not queries.may_settle(actor, entry):
        raise NotAllowed(N_("Hộ tự chọn giữa hai bản."), remedy=N_("Nhắn hộ mở trang kê khai của mình."))
    if entry.state != EntryState.DIFFERS:
        raise Conflict(N_("Hai bản này đã có người chọn."), remedy=N_("Mở lại trang để xem."))
    case = queries.case_of(entry)
    if case is not None and not queries.family_s_own(entry):
        procedure.must_judge(actor, case)
    if use:
        _use(actor, entry, case)
    entry.state = EntryState.USED if use else EntryState.LAID_ASIDE
    entry.body, entry.photo = None, None
    entry.settled_at, entry.settled_by_user_id = clock.now(), actor.user_id
    db.session.flush()
    audit(actor, "choose between two", f"phone_entry:{entry.id}", ("answers",), "declare")
    return entry


def _use(actor: Actor, entry: PhoneEntry, case: ReviewCase | None) -> None:
    body = queries.body_of(entry)
    sent = Sent(**(body | {"kind": Kind(body["kind"])}))
    home = household_of_user(actor.user_id or 0)
    if home is not None and home.id == entry.household_id:
        begun = queries.newest(entry.household_id)
        open_one = begun if begun is not None and begun.state != State.SUBMITTED else None
        # What an officer wrote becomes the family's draft, to look through and send; its own it sent already.
        given = sent if entry.kind == Kind.OWN else replace(sent, done=False)
        entry.review_id = _put_own(actor, open_one, given).id
    elif entry.kind == Kind.SCREEN and case is not None:
        procedure.screen(actor, case.key, goes_on=sent.goes_on, note=sent.note)
    else:
        review = _put_answers(actor, entry.household_id, sent)
        entry.review_id, photo = review.id, queries.photo_of(entry)
        if photo and sent.witness and may_witness(sent.witness, actor.name):
            confirm_by_mark(actor, review.key, sent.witness, photo)
