"""Village meetings with their votes, written down without a line."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from accounts.rules import Actor, Role
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_
from registry.phones import queries
from registry.phones.entries import Sent, entry, judged_case, of_case
from registry.phones.models import PhoneEntry
from registry.phones.rules import LIST_MOST, Kind, Verdict, judge
from registry.procedure import hearings
from registry.procedure import queries as cases
from registry.procedure.models import MeetingVote, ReviewCase, VillageMeeting
from registry.procedure.rules import CaseState

WORDS_MAX, MINUTES_MAX, NAME_MAX, LISTED_MOST = 2_000, 8_000, 80, 9_999
FIELDS = ("held_on", "led_by", "written_by", "present", "minutes")


@dataclass(frozen=True)
class HouseholdVote:
    """Hands on one household. base: what stood here when the phone looked; '' after a visit of the phone's own."""

    case: str
    base: str
    given: hearings.Vote


def attendance(actor: Actor, sent: Sent) -> hearings.Attendance:
    """Who came and what was said. Raises Invalid at the field that is missing or cannot be read."""
    said = {name: str(sent.answers.get(name, "")).strip() for name in FIELDS}
    for name in ("led_by", "written_by"):
        if not 2 <= len(said[name]) <= NAME_MAX:
            raise Invalid(N_("Viết tên người chủ trì và người ghi biên bản."), field=name)
    try:
        held_on, present = date.fromisoformat(said["held_on"]), int(said["present"])
        listed = min(int(sent.answers.get("listed", "0")), LISTED_MOST)
    except ValueError as error:
        raise Invalid(N_("Viết ngày họp và số hộ có mặt."), field="present") from error
    village = sent.village if actor.role is not Role.VILLAGE_HEAD else actor.village or ""
    minutes = said["minutes"][:MINUTES_MAX]
    return hearings.Attendance(village, held_on, said["led_by"], said["written_by"], present, minutes, listed)


def votes_of(sent: Sent) -> list[HouseholdVote]:
    """The votes of a meeting. Raises Invalid for what no phone of ours sends."""
    try:
        rows = json.loads(sent.answers.get("votes", "[]"))
        return [
            HouseholdVote(
                str(row["case"])[:64],
                str(row["base"])[:64],
                hearings.Vote(
                    str(row["chosen"])[:20],
                    int(row["yes"]),
                    int(row["no"]),
                    str(row["dissent"]).strip()[:WORDS_MAX],
                    str(row["note"]).strip()[:WORDS_MAX],
                ),
            )
            for row in rows[:LIST_MOST]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(N_("Bản này không đọc được."), remedy=N_("Mở ra xem lại rồi gửi.")) from error


def arrive_meeting(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """A meeting with its votes. Was another written down meanwhile, both are shown and nothing is taken."""
    held = attendance(actor, sent)
    if actor.unit_id is None or not cases.covers(actor, actor.unit_id, held.village):
        raise NotFound(N_("Không tìm thấy thôn này trong xã."))
    newest = cases.newest_meeting(actor.unit_id, held.village)
    same = newest is not None and meeting_says(newest) == said_by(sent)
    verdict = judge(sent.base, queries.meeting_token(actor.unit_id, held.village), same=same)
    place: dict[str, Any] = {"commune_id": actor.unit_id, "village": held.village}
    if verdict is not Verdict.TAKE:
        same_one = newest.id if newest is not None and verdict is Verdict.SAME else None
        return entry(actor, key, sent, verdict, **place, meeting_id=same_one)
    return entry(actor, key, sent, verdict, **place, meeting_id=use_meeting(actor, sent).id)


def use_meeting(actor: Actor, sent: Sent) -> VillageMeeting:
    """Write the meeting down and every vote that still fits; one that does not waits by itself, for its household."""
    meeting = hearings.record_meeting(actor, attendance(actor, sent))
    votes = votes_of(sent)
    if votes and not meeting.quorate:
        raise Conflict(
            N_("Danh sách ở xã nay có %(listed)s hộ, nên buổi họp chưa đủ một nửa."),
            remedy=N_("Mở ra, xoá phần biểu quyết rồi gửi lại; thôn phải họp lại."),
            listed=meeting.listed_count,
        )
    for one in votes:
        _take_vote(actor, one)
    return meeting


def _take_vote(actor: Actor, one: HouseholdVote) -> None:
    case = judged_case(actor, one.case)
    if case.state == CaseState.VISITED and _fits(actor, case, one.base):
        hearings.vote(actor, case.key, one.given)
        return
    said = {
        "chosen": one.given.chosen,
        "yes": str(one.given.votes_for),
        "no": str(one.given.votes_against),
        "dissent": one.given.dissent,
        "note": one.given.note,
    }
    waits = Sent(Kind.VOTE, one.base, one.case, said)
    db.session.add(of_case(actor, str(uuid4()), waits, case, Verdict.DIFFERS))
    db.session.flush()


def _fits(actor: Actor, case: ReviewCase, base: str) -> bool:
    """Whether a case stands as the meeting saw it: as the list said, or as this person's own visit left it."""
    if base:
        return base == queries.last_step(case)
    last = queries.last_step_row(case)
    return last is not None and last.event == "visit" and last.user_id == actor.user_id


def use_vote(actor: Actor, case: ReviewCase, sent: Sent) -> None:
    """Write down a vote that waited."""
    said = {name: str(sent.answers.get(name, "")) for name in ("chosen", "yes", "no", "dissent", "note")}
    given = hearings.Vote(said["chosen"], int(said["yes"]), int(said["no"]), said["dissent"], said["note"])
    hearings.vote(actor, case.key, given)


def meeting_says(meeting: VillageMeeting) -> dict[str, Any]:
    """A meeting of ours in the shape in which phones bring one."""
    said = cases.opened(meeting.minutes, cases.MINUTES, meeting.key)
    query = (
        select(MeetingVote, ReviewCase.key)
        .join(ReviewCase, ReviewCase.id == MeetingVote.case_id)
        .where(MeetingVote.meeting_id == meeting.id)
    )
    votes = {
        key: (vote.chosen, vote.for_count, vote.against_count) for vote, key in db.session.execute(query)
    }
    return {
        "held_on": meeting.held_on.isoformat(),
        "led_by": meeting.led_by,
        "written_by": meeting.written_by,
        "present": str(meeting.present_count),
        "minutes": "" if said == "-" else said,
        "votes": votes,
    }


def said_by(sent: Sent) -> dict[str, Any]:
    """What a phone brought of a meeting, in the same shape."""
    votes = {
        one.case: (one.given.chosen, one.given.votes_for, one.given.votes_against) for one in votes_of(sent)
    }
    return {name: str(sent.answers.get(name, "")).strip() for name in FIELDS} | {"votes": votes}


def must_record(actor: Actor, found: PhoneEntry) -> None:
    """Refuse whoever has nothing to do with the meeting's village."""
    if found.commune_id is None or not cases.covers(actor, found.commune_id, found.village):
        raise NotAllowed(N_("Việc này của cán bộ trong thôn, trong xã."))
