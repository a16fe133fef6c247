"""Keeping and forgetting half-filled forms. No audit line: nobody but the person ever sees them."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from accounts.drafts.models import FormDraft
from accounts.drafts.queries import FIELD, owner
from accounts.drafts.rules import DRAFTS_MAX, KEPT_FOR, check_form, check_key, packed
from accounts.rules import Actor
from core import clock
from core.crypto import encrypt
from core.db import db


def keep_draft(actor: Actor, form: str, key: str, fields: Mapping[str, str]) -> None:
    """Keep what was typed so far under the phone's key; the same key again replaces it. Nothing typed: nothing kept.

    Raises Invalid for an unknown form, a key that no phone makes, or too much text.
    """
    text = packed(fields)
    form, key = check_form(form), check_key(key)
    if text == "{}":
        drop_draft(actor, key)
        return
    row = db.session.execute(
        select(FormDraft).where(FormDraft.user_id == actor.user_id, FormDraft.key == key)
    ).scalar_one_or_none() or FormDraft(user_id=actor.user_id, key=key)
    row.organisation_id, row.form, row.updated_at = actor.organisation_id, form, clock.now()
    row.fields = encrypt(text, field=FIELD, owner=owner(actor.user_id, key))
    db.session.add(row)
    db.session.flush()
    _make_room(actor)


def _make_room(actor: Actor) -> None:
    newest = select(FormDraft.id).where(FormDraft.user_id == actor.user_id)
    newest = newest.order_by(FormDraft.updated_at.desc(), FormDraft.id.desc())
    beyond = list(db.session.execute(newest.offset(DRAFTS_MAX)).scalars())
    if beyond:
        db.session.execute(delete(FormDraft).where(FormDraft.id.in_(beyond)))


def drop_draft(actor: Actor, key: str) -> None:
    """Forget a draft that was sent or thrown away; harmless where there is none."""
    db.session.execute(delete(FormDraft).where(FormDraft.user_id == actor.user_id, FormDraft.key == key))


def forget_old() -> int:
    """Drop what nobody touched for 30 days; how many."""
    old = FormDraft.updated_at < clock.now() - KEPT_FOR
    return db.session.execute(delete(FormDraft).where(old)).rowcount  # type: ignore[attr-defined,no-any-return]
