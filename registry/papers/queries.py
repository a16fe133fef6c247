"""Reads for papers: meetings and lists within reach, votes of a meeting, photos of signed papers."""

import base64
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from accounts.models import User
from accounts.rules import Actor, Role
from core import clock
from core.crypto import decrypt
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.queries import head_names, household_of_user
from registry.papers.models import ScannedPaper
from registry.procedure.models import MeetingVote, ReviewCase, VillageMeeting, WallList
from registry.procedure.queries import DISSENT, MINUTES, case_for, covers, opened

PHOTO = "scanned_paper.photo"
NO_WORDS = "-"  # minutes that are on paper alone
LISTED = 30
Thing = VillageMeeting | WallList | ReviewCase


def _missing() -> NotFound:
    return NotFound(N_("Không tìm thấy giấy này."), remedy=N_("Mở lại từ danh sách."))


def meeting_for(actor: Actor, key: str) -> VillageMeeting:
    """A meeting of the officer's place. Raises NotFound."""
    found = db.session.execute(select(VillageMeeting).where(VillageMeeting.key == key)).scalar_one_or_none()
    if found is None or not covers(actor, found.commune_id, found.village):
        raise _missing()
    return found


def posting_for(actor: Actor, key: str) -> WallList:
    """A posted list of the officer's place. Raises NotFound."""
    found = db.session.execute(select(WallList).where(WallList.key == key)).scalar_one_or_none()
    if found is None or not covers(actor, found.commune_id, found.village):
        raise _missing()
    return found


def thing_for(actor: Actor, what: str, key: str) -> Thing:
    """What a photo is of: 'meeting', 'posting' or 'case'. Raises NotFound outside the officer's place."""
    if what == "meeting":
        return meeting_for(actor, key)
    if what == "posting":
        return posting_for(actor, key)
    if what != "case":
        raise _missing()
    return case_for(actor, key)


def minutes_of(meeting: VillageMeeting) -> str:
    """What was said, decrypted; '' where it is on paper alone."""
    said = opened(meeting.minutes, MINUTES, meeting.key)
    return "" if said == NO_WORDS else said


@dataclass(frozen=True)
class Voted:
    """One household's vote in a meeting."""

    head: str
    chosen: str
    yes: int
    no: int
    dissent: str
    is_demo: bool


def votes_of(actor: Actor, meeting: VillageMeeting) -> list[Voted]:
    """How a meeting voted, in the order of the votes; the officer's own household is left out."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    query = (
        select(MeetingVote, ReviewCase)
        .join(ReviewCase, ReviewCase.id == MeetingVote.case_id)
        .where(MeetingVote.meeting_id == meeting.id)
        .order_by(MeetingVote.id)
    )
    rows = [row for row in db.session.execute(query) if mine is None or row[1].household_id != mine.id]
    heads = head_names({case.household_id for _vote, case in rows}, clock.today())
    return [
        Voted(
            heads.get(case.household_id, ""),
            vote.chosen,
            vote.for_count,
            vote.against_count,
            opened(vote.dissent, DISSENT, f"{meeting.key}:{case.key}"),
            case.is_demo,
        )
        for vote, case in rows
    ]


@dataclass(frozen=True)
class PaperRow:
    """A meeting or a list in the officer's list of papers. missing: minutes neither written nor photographed."""

    what: str
    key: str
    village: str
    on: date
    scans: int
    missing: bool
    open: bool


def _reach(actor: Actor, model: type[VillageMeeting] | type[WallList]) -> list[object]:
    where: list[object] = [model.commune_id == actor.unit_id]
    if actor.role is Role.VILLAGE_HEAD:
        where.append(model.village == actor.village)
    return where


def papers(actor: Actor) -> list[PaperRow]:
    """The newest meetings and lists of the officer's place, newest first. Four queries."""
    held = select(VillageMeeting).where(*_reach(actor, VillageMeeting)).order_by(VillageMeeting.id.desc())  # type: ignore[arg-type]
    hung = select(WallList).where(*_reach(actor, WallList)).order_by(WallList.id.desc())  # type: ignore[arg-type]
    meetings = list(db.session.execute(held.limit(LISTED)).scalars())
    lists = list(db.session.execute(hung.limit(LISTED)).scalars())
    query = select(ScannedPaper.meeting_id, ScannedPaper.posting_id)
    shot = query.where(ScannedPaper.meeting_id.in_([one.id for one in meetings]))
    of_meetings = [row[0] for row in db.session.execute(shot)]
    shot = query.where(ScannedPaper.posting_id.in_([one.id for one in lists]))
    of_lists = [row[1] for row in db.session.execute(shot)]
    rows = [
        PaperRow("meeting", one.key, one.village, one.held_on, of_meetings.count(one.id),
                 not minutes_of(one) and one.id not in of_meetings, True)
        for one in meetings
    ]  # fmt: skip
    today = clock.today()
    rows += [
        PaperRow(
            "posting",
            one.key,
            one.village,
            one.opened_on,
            of_lists.count(one.id),
            False,
            today <= one.closes_on,
        )
        for one in lists
    ]
    return sorted(rows, key=lambda row: row.on, reverse=True)


@dataclass(frozen=True)
class ScanRow:
    """One photo of a signed paper, or of a home."""

    key: str
    shows: str
    at: object
    by: str


def scans_of(thing: Thing) -> list[ScanRow]:
    """Photos of a thing's signed papers, the oldest first."""
    columns = {
        VillageMeeting: ScannedPaper.meeting_id,
        WallList: ScannedPaper.posting_id,
        ReviewCase: ScannedPaper.case_id,
    }
    query = (
        select(ScannedPaper.key, ScannedPaper.shows, ScannedPaper.at, User.name)
        .join(User, User.id == ScannedPaper.user_id)
        .where(columns[type(thing)] == thing.id, func.length(ScannedPaper.photo) > 0)
        .order_by(ScannedPaper.id)
    )
    return [ScanRow(*row) for row in db.session.execute(query)]


def scan_for(actor: Actor, key: str) -> ScannedPaper:
    """A photo within the officer's reach; of a case, not of the officer's own household. Raises NotFound."""
    found = db.session.execute(select(ScannedPaper).where(ScannedPaper.key == key)).scalar_one_or_none()
    if found is None or not covers(actor, found.commune_id, found.village):
        raise _missing()
    if found.case_id is not None:
        case_for(actor, db.session.get_one(ReviewCase, found.case_id).key)
    return found


def has_scan(key: str) -> bool:
    """Whether a photo of this key is kept, wherever."""
    return db.session.execute(select(ScannedPaper.id).where(ScannedPaper.key == key)).first() is not None


def photo_of(scan: ScannedPaper) -> bytes:
    """The photo, WebP. Raises NotFound once it was erased."""
    if not scan.photo:
        raise NotFound(N_("Ảnh này đã xoá."))
    return base64.b64decode(decrypt(scan.photo, field=PHOTO, owner=f"scan:{scan.key}"))
