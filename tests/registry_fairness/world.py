"""For the world that route tests open: re-checks drawn for its officer, for another, one that differs; minutes."""

from typing import Any

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from registry.fairness.models import Recheck
from registry.papers.operations import keep_scan
from registry.procedure.models import VillageMeeting
from tests.factories import fairness
from tests.factories.accounts import actor_for, create_user
from tests.factories.households import create_household
from tests.factories.places import commune


def _drawn(name: str, head: str, officer_id: int, province: str, **done: Any) -> Recheck:
    case = fairness.departed(create_household(commune=commune(name), head=head))
    with transaction():
        made = Recheck(
            key=f"recheck-{name}-{head}",
            case_id=case.id,
            province_id=commune(province).parent_id,
            round_year=2026,
            officer_user_id=officer_id,
            drawn_at=clock.now(),
            due_on=clock.today(),
            **({"state": "waiting"} | done),
        )
        db.session.add(made)
    return made


def signed_minutes() -> dict[str, Any]:
    """The meeting of the world's case, and a photo of its minutes."""
    meeting = db.session.query(VillageMeeting).order_by(VillageMeeting.id).first()
    assert meeting is not None
    who, key = actor_for(Role.COMMUNE_OFFICER, unit_id=meeting.commune_id), meeting.key
    with transaction():
        scan = keep_scan(who, "meeting", key, b"RIFF")
    return {"meeting": meeting, "scan": scan}


def rechecks(users: dict[Role, int]) -> dict[str, Recheck]:
    """By the names that route rows use."""
    other = create_user("Cán bộ xã khác").id
    done = {"state": "differs", "found": "none", "found_at": clock.now(), "found_by_user_id": other}
    return {
        "recheck": _drawn("Ba Bể", "Hộ Rút Thăm", users[Role.COMMUNE_OFFICER], "Ba Bể"),
        "other_recheck": _drawn("Cầu Giấy", "Hộ Hà Nội", other, "Cầu Giấy"),
        "difference": _drawn("Ba Bể", "Hộ Khác Nhau", other, "Ba Bể", **done),
    }
