"""Reads of settlement terms as documents."""

import json
from dataclasses import asdict, fields
from datetime import date

from sqlalchemy import select

from cooperatives.models import SettlementTerms
from cooperatives.rules import Terms
from cooperatives.terms.models import TermsDraft
from cooperatives.terms.rules import Clause
from core.db import db


def buying_on(cooperative_id: int, on: date) -> str:
    """How the terms of a day take a harvest where nothing else is said: "consigned" before the first terms."""
    asked = (
        select(SettlementTerms.buying)
        .where(SettlementTerms.cooperative_id == cooperative_id, SettlementTerms.from_on <= on)
        .order_by(SettlementTerms.from_on.desc(), SettlementTerms.revision.desc())
        .limit(1)
    )
    return str(db.session.execute(asked).scalar_one_or_none() or "consigned")


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
    said = {key: value for key, value in json.loads(body).items() if key in {one.name for one in fields(Terms)}}
    clauses = tuple(Clause(**one) for one in said.pop("clauses", ()))
    return Terms(**said | {"from_on": date.fromisoformat(said["from_on"]), "clauses": clauses})
