"""Who may open statements on paper."""

import secrets
from typing import Any

from accounts.rules import SYSTEM, Role
from core.db import db, transaction
from revenue.statements.models import Paper
from revenue.statements.operations import issue
from revenue.statements.views import _draw
from tests.routes.row import ANYBODY, SIGNED_IN, Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})
BOTH = ("GET", "POST")


def a_paper(producer_id: int) -> Paper:
    """A paper of a producer, given out now if there is none."""
    found = db.session.query(Paper).filter_by(producer_id=producer_id).first()
    if found is not None:
        return found
    drawn = _draw(producer_id)
    with transaction():
        return issue(SYSTEM, producer_id, secrets.token_hex(8), drawn)


def _paper(producer_id: int) -> dict[str, int]:
    return {"paper_id": a_paper(producer_id).id}


def _number(w: Any) -> dict[str, str]:
    return {"number": a_paper(w.producer.id).number}


ROWS = [
    Row("statements.index", STAFF, own=lambda w: {"producer_id": w.producer.id},
        foreign=lambda w: {"producer_id": w.other_producer.id}, methods=BOTH),
    Row("statements.paper", STAFF, own=lambda w: _paper(w.producer.id), foreign=lambda w: _paper(w.other_producer.id),
        methods=BOTH),
    Row("statements.pdf", STAFF, own=lambda w: _paper(w.producer.id), foreign=lambda w: _paper(w.other_producer.id),
        page=False),
    Row("statements.my_papers", SIGNED_IN, own=lambda w: {"producer_id": w.mine.id}, page=False,
        foreign=lambda w: {"producer_id": w.producer.id}, methods=BOTH),
    Row("statements.my_paper", SIGNED_IN, own=lambda w: _paper(w.mine.id), page=False,
        foreign=lambda w: _paper(w.producer.id)),
    Row("statements.my_pdf", SIGNED_IN, own=lambda w: _paper(w.mine.id), page=False,
        foreign=lambda w: _paper(w.producer.id)),
    Row("statements.find", ANYBODY),
    Row("statements.verify", ANYBODY, own=_number),
    Row("statements.amount", ANYBODY, own=_number, methods=BOTH),
]  # fmt: skip
