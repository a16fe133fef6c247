"""Writing terms: a draft that can be tried and talked about, then published from a day on. Never backwards."""

from sqlalchemy import delete, select

from accounts.operations import audit
from accounts.rules import Actor
from cooperatives import rules
from cooperatives.models import SettlementTerms
from cooperatives.operations import served, set_terms
from cooperatives.rules import Terms
from cooperatives.terms import queries
from cooperatives.terms.models import TermsDraft
from core import clock
from core.db import db
from core.errors import Conflict
from core.i18n import N_


def save_draft(actor: Actor, terms: Terms) -> None:
    """Keep the terms that a manager writes; the draft before is replaced. Raises FormErrors as publishing would."""
    found = served(actor)
    rules.check_terms(terms, clock.today())
    asked = select(TermsDraft).where(TermsDraft.cooperative_id == found.id)
    row = db.session.execute(asked.with_for_update()).scalar_one_or_none()
    if row is None:
        row = TermsDraft(cooperative_id=found.id, body="", saved_at=clock.now())
        db.session.add(row)
    row.body, row.saved_at, row.saved_by_user_id = queries.write(terms), clock.now(), actor.user_id
    db.session.flush()
    audit(actor, "draft terms", f"cooperative:{found.id}", ("terms",))


def publish_draft(actor: Actor) -> SettlementTerms:
    """The draft becomes the terms from its day on. Raises Conflict without a draft, FormErrors when its day is past."""
    found = served(actor)
    draft = queries.draft(found.id)
    if draft is None:
        raise Conflict(N_("Không có bản nháp nào."), remedy=N_("Viết quy chế mới rồi công bố."))
    made = set_terms(actor, draft)
    db.session.execute(delete(TermsDraft).where(TermsDraft.cooperative_id == found.id))
    return made


def discard_draft(actor: Actor) -> None:
    """Throw the draft away. Nothing there: nothing done."""
    found = served(actor)
    gone = db.session.execute(delete(TermsDraft).where(TermsDraft.cooperative_id == found.id))
    if gone.rowcount:  # type: ignore[attr-defined]
        audit(actor, "discard terms", f"cooperative:{found.id}")
