"""Reads of half-filled forms: always the actor's own, of the organisation worn now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from accounts.drafts.models import FormDraft
from accounts.rules import Actor
from core.crypto import decrypt
from core.db import db
from core.errors import NotFound
from core.i18n import N_

FIELD = "form_draft.fields"


@dataclass(frozen=True)
class DraftView:
    """A draft, opened."""

    key: str
    form: str
    fields: Mapping[str, str]
    updated_at: datetime


def owner(user_id: int | None, key: str) -> str:
    """The name under which a draft's fields are sealed: moved to another person or key they do not open."""
    return f"user:{user_id}:{key}"


def mine(actor: Actor) -> ColumnElement[bool]:
    """The actor's own drafts for the organisation worn now."""
    return (FormDraft.user_id == actor.user_id) & (FormDraft.organisation_id == actor.organisation_id)


def drafts(actor: Actor) -> list[DraftView]:
    """The actor's drafts, newest first."""
    rows = db.session.execute(select(FormDraft).where(mine(actor)).order_by(FormDraft.updated_at.desc()))
    return [_opened(row) for row in rows.scalars()]


def draft(actor: Actor, key: str) -> DraftView:
    """One draft of the actor's. Raises NotFound, for another person's as well."""
    row = db.session.execute(select(FormDraft).where(mine(actor), FormDraft.key == key)).scalar_one_or_none()
    if row is None:
        raise NotFound(
            N_("Không còn bản nháp này."), remedy=N_("Bản nháp đã gửi, đã bỏ, hoặc đã quá 30 ngày.")
        )
    return _opened(row)


def _opened(row: FormDraft) -> DraftView:
    fields = json.loads(decrypt(row.fields, field=FIELD, owner=owner(row.user_id, row.key)))
    return DraftView(row.key, row.form, fields, row.updated_at)
