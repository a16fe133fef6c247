"""Reads of breaches: administrators alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import clock
from core.crypto import decrypt
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from registry.safety.models import Breach
from registry.safety.rules import NOTIFY_WITHIN, Standing, standing

WHAT, MEASURES = "breach.what", "breach.measures"


@dataclass(frozen=True)
class BreachView:
    """A breach as its page shows it."""

    key: str
    noticed_at: datetime
    last_at: datetime
    what: str
    affected: int
    measures: str
    notified_at: datetime | None
    notified_whom: str
    standing: Standing


def by_key(key: str) -> Breach:
    """A breach. Raises NotFound."""
    found = db.session.execute(select(Breach).where(Breach.key == key)).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không tìm thấy vụ việc này."))
    return found


def view(one: Breach) -> BreachView:
    """Its words opened, and where it stands now."""
    owner = f"breach:{one.key}"
    return BreachView(
        one.key,
        one.noticed_at,
        one.noticed_at + NOTIFY_WITHIN,
        decrypt(one.what, field=WHAT, owner=owner),
        one.affected_count,
        decrypt(one.measures, field=MEASURES, owner=owner) if one.measures else "",
        one.notified_at,
        one.notified_whom,
        standing(one.noticed_at, one.notified_at, clock.now()),
    )


def breaches() -> list[BreachView]:
    """All of them: those not told yet by their clock, then the newest; at most 200."""
    query = select(Breach).order_by(Breach.notified_at.is_not(None), Breach.noticed_at.desc()).limit(200)
    return [view(one) for one in db.session.execute(query).scalars()]


def waiting() -> list[Breach]:
    """Breaches that nobody was told of yet."""
    return list(db.session.execute(select(Breach).where(Breach.notified_at.is_(None))).scalars())
