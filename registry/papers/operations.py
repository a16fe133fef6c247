"""Verbs of papers: print one, keep a photo of a signed one, look at that photo. Each leaves an audit line."""

import base64
import secrets

from accounts.operations import audit
from accounts.rules import Actor
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Invalid
from core.i18n import N_
from registry.fairness.ties import must_be_free
from registry.papers import queries
from registry.papers.models import ScannedPaper
from registry.papers.queries import Thing
from registry.papers.rules import PaperKind
from registry.procedure.models import ReviewCase, VillageMeeting, WallList
from registry.procedure.operations import JUDGES, PURPOSE


def _subject(thing: Thing) -> str:
    kinds = {VillageMeeting: "village_meeting", WallList: "wall_list", ReviewCase: "case"}
    return f"{kinds[type(thing)]}:{thing.id}"


def print_paper(actor: Actor, thing: Thing, paper: PaperKind) -> None:
    """An officer prints a paper: the line in the audit chain first, or nothing is drawn."""
    actor.must_be(*JUDGES)
    audit(actor, "print paper", _subject(thing), (paper,), PURPOSE)


def print_own(actor: Actor, household_id: int, paper: PaperKind) -> None:
    """A household prints a paper of its own."""
    audit(actor, "print paper", f"household:{household_id}", (paper,), "own record")


def keep_scan(
    actor: Actor, what: str, key: str, photo: bytes, *, shows: str = "paper", scan_key: str = ""
) -> ScannedPaper:
    """Keep a photo of a signed paper, or of a home (`shows`). photo: WebP, drawn anew. Of a case: not by kin.

    scan_key: a phone's own name for the photo; under one that is known nothing is added.
    Raises NotFound outside the officer's place, Invalid without a photo.
    """
    actor.must_be(*JUDGES)
    thing = queries.thing_for(actor, what, key)
    if scan_key and queries.has_scan(scan_key):
        return queries.scan_for(actor, scan_key)
    if isinstance(thing, ReviewCase):
        must_be_free(actor, thing.household_id)
    if not photo:
        raise Invalid(N_("Chụp ảnh tờ giấy đã ký."), field="photo")
    scan_key = scan_key or secrets.token_urlsafe(12)
    made = ScannedPaper(
        key=scan_key,
        shows=shows,
        meeting_id=thing.id if isinstance(thing, VillageMeeting) else None,
        posting_id=thing.id if isinstance(thing, WallList) else None,
        case_id=thing.id if isinstance(thing, ReviewCase) else None,
        commune_id=thing.commune_id,
        village=thing.village,
        photo=encrypt(base64.b64encode(photo).decode(), field=queries.PHOTO, owner=f"scan:{scan_key}"),
        at=clock.now(),
        user_id=actor.user_id,
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, "keep paper", _subject(thing), ("photo",), PURPOSE)
    return made


def read_scan(actor: Actor, key: str) -> ScannedPaper:
    """Look at a photo of a signed paper: the line in the audit chain first."""
    actor.must_be(*JUDGES)
    found = queries.scan_for(actor, key)
    of = "village_meeting" if found.meeting_id else "wall_list" if found.posting_id else "case"
    audit(
        actor,
        "read paper",
        f"{of}:{found.meeting_id or found.posting_id or found.case_id}",
        ("photo",),
        PURPOSE,
    )
    return found
