"""What anybody may see: a posted list while it hangs, and whether a certificate is genuine."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.queries import head_names
from places.queries import PlaceName, place_name
from registry.procedure.models import Recognition, ReviewCase, WallLine, WallList
from registry.procedure.rules import CaseState


@dataclass(frozen=True)
class PostedLine:
    """A household on the list: its number, its head's name, its class. Nothing else is posted."""

    number: int
    head: str
    chosen: str
    rechecking: bool


@dataclass(frozen=True)
class PostedList:
    """A village's list; without lines once its last day is over."""

    key: str
    village: str
    place: PlaceName
    opened_on: date
    closes_on: date
    over: bool
    is_demo: bool
    lines: tuple[PostedLine, ...]


def posted_list(key: str) -> PostedList:
    """A posting by its address. After its last day it names nobody any more. Raises NotFound."""
    found = db.session.execute(select(WallList).where(WallList.key == key)).scalar_one_or_none()
    if found is None:
        raise NotFound(
            N_("Không có danh sách nào ở địa chỉ này."), remedy=N_("Xem lại địa chỉ trên giấy dán.")
        )
    over = clock.today() > found.closes_on
    rows = [] if over else _lines(found.id)
    heads = head_names({case.household_id for _line, case in rows}, clock.today())
    lines = tuple(
        PostedLine(
            line.line_no,
            heads.get(case.household_id, ""),
            line.chosen,
            case.state in (CaseState.OBJECTED, CaseState.RECHECKED),
        )
        for line, case in rows
    )
    demo = any(case.is_demo for _line, case in rows)
    place = place_name(found.commune_id)
    return PostedList(key, found.village, place, found.opened_on, found.closes_on, over, demo, lines)


def _lines(posting_id: int) -> list[tuple[WallLine, ReviewCase]]:
    """The lines still on the list: a household that withdrew is taken off."""
    query = (
        select(WallLine, ReviewCase)
        .join(ReviewCase, ReviewCase.id == WallLine.case_id)
        .where(WallLine.posting_id == posting_id, ReviewCase.state != CaseState.WITHDRAWN)
        .order_by(WallLine.line_no)
    )
    return [(line, case) for line, case in db.session.execute(query)]


@dataclass(frozen=True)
class CertificateFacts:
    """What a stranger learns of a certificate: that it is genuine, who issued it and when. No name, no class."""

    number: str
    place: PlaceName
    decided_on: date
    round_year: int
    is_demo: bool


def certificate_facts(number: str) -> CertificateFacts | None:
    """The facts of a certificate by the digits under its code; None where there is none."""
    query = (
        select(Recognition.decided_on, ReviewCase.commune_id, ReviewCase.round_year, ReviewCase.is_demo)
        .join(ReviewCase, ReviewCase.id == Recognition.case_id)
        .where(Recognition.certificate_number == number, Recognition.decided_on.is_not(None))
    )
    row = db.session.execute(query).first()
    return CertificateFacts(number, place_name(row[1]), row[0], row[2], row[3]) if row else None
