"""Reads of settlement terms as documents."""

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from sqlalchemy import select

from cooperatives.models import SettlementTerms
from cooperatives.rules import Terms
from cooperatives.terms.models import TermsDraft
from cooperatives.terms.rules import Clause
from core.db import db


def buying_on(cooperative_id: int, on: date) -> str:
    """How the terms of a day take a harvest where nothing else is said: "consigned" before the first terms."""
    return str(_said(SettlementTerms.buying, cooperative_id, on) or "consigned")


def advance_bp_on(cooperative_id: int, on: date) -> int:
    """Of a slip's value, what the terms of a day let be paid at the scale, basis points; all of it before any terms."""
    said = _said(SettlementTerms.advance_bp, cooperative_id, on)
    return 10_000 if said is None else int(said)


def _said(column: Any, cooperative_id: int, on: date) -> Any:
    asked = (
        select(column)
        .where(SettlementTerms.cooperative_id == cooperative_id, SettlementTerms.from_on <= on)
        .order_by(SettlementTerms.from_on.desc(), SettlementTerms.revision.desc())
        .limit(1)
    )
    return db.session.execute(asked).scalar_one_or_none()


def draft(cooperative_id: int) -> Terms | None:
    """The terms that a cooperative is writing, if any."""
    asked = select(TermsDraft.body).where(TermsDraft.cooperative_id == cooperative_id)
    body = db.session.execute(asked).scalar_one_or_none()
    return None if body is None else read(body)


def write(terms: Terms) -> str:
    """Terms as JSON, for a draft."""
    return json.dumps(asdict(terms) | {"from_on": terms.from_on.isoformat()}, ensure_ascii=False)


def read(body: str) -> Terms:
    """Terms from a draft's JSON; what a later release no longer knows is left out."""
    said = {
        key: value for key, value in json.loads(body).items() if key in {one.name for one in fields(Terms)}
    }
    clauses = tuple(Clause(**one) for one in said.pop("clauses", ()))
    return Terms(**said | {"from_on": date.fromisoformat(said["from_on"]), "clauses": clauses})
