"""The REST interface is anybody's to read; a key, not a role, opens writing. Keys are the manager's."""

import secrets

from accounts.rules import Role
from core.db import db, transaction
from tests.routes.row import ANYBODY, Row

MANAGER = frozenset({Role.MANAGER})


def _key(cooperative):
    from accounts.rules import Actor
    from traceability.epcis.exchange.operations import make_key

    with transaction():
        actor = Actor(None, Role.MANAGER, organisation_id=cooperative.organisation_id)
        row, _shown = make_key(actor, secrets.token_urlsafe(12), "Siêu thị")
        return {"key_id": row.id}


def _of(lot):
    from cooperatives.models import Cooperative

    return db.session.get_one(Cooperative, lot.cooperative_id)


def _event(lot):
    """The newest event of a lot."""
    from traceability.epcis.models import EventLot

    wanted = db.select(db.func.max(EventLot.event_id)).where(EventLot.lot_id == lot.id)
    return {"event_id": db.session.execute(wanted).scalar_one()}


def _form(_w):
    return {"name": "Siêu thị", "key": secrets.token_urlsafe(12)}


PATH, NAME = {"path": "none"}, {"name": "none"}
ROWS = [
    *(Row(f"epcis.{name}", ANYBODY, page=False)
      for name in ("top", "events", "event_types", "jobs", "named_queries", "epcs", "bizSteps", "bizLocations",
                   "readPoints", "dispositions")),
    *(Row(f"epcis.{name}_under", ANYBODY, lambda w: PATH, page=False)
      for name in ("eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions")),
    *(Row(f"epcis.{name}", ANYBODY, page=False, methods=("POST",)) for name in ("capture", "add_event", "add_query")),
    Row("epcis.event", ANYBODY, lambda w: {"event_id": "urn:x:none"}, page=False),
    Row("epcis.job", ANYBODY, lambda w: {"capture_id": "none"}, page=False),
    Row("epcis.named_query", ANYBODY, lambda w: NAME, page=False),
    Row("epcis.named_events", ANYBODY, lambda w: NAME, page=False),
    Row("epcis.forget_query", ANYBODY, lambda w: NAME, page=False, methods=("DELETE",)),
    Row("epcis.forget_token", ANYBODY, lambda w: {"token": "none"}, page=False, methods=("DELETE",)),
    Row("epcis_journal.events", MANAGER),
    *(Row(f"epcis_journal.{name}", MANAGER, lambda w: _event(w.lot), lambda w: _event(w.other_lot), methods=methods)
      for name, methods in (("event", ("GET",)), ("wrong", ("GET", "POST")), ("reading", ("GET", "POST")),
                            ("paper", ("GET", "POST")))),
    Row("epcis_keys.keys", MANAGER, post=_form, methods=("GET", "POST")),
    Row("epcis_keys.revoke", MANAGER, lambda w: _key(_of(w.lot)), lambda w: _key(_of(w.other_lot)),
        post=lambda w: {}, methods=("POST",)),
]  # fmt: skip
