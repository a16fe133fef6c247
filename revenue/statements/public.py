"""What anybody may know of a statement on paper: that it was given out, and whether it still counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.db import db
from revenue.statements.models import Paper


@dataclass(frozen=True)
class PaperFacts:
    """No name, no sum, no reason, and no other paper's number."""

    number: str
    state: str
    issued_at: datetime
    moved_at: datetime | None


def paper_facts(number: str) -> PaperFacts | None:
    """What is known under a number; None for a number that was never given out."""
    row = db.session.execute(
        select(Paper.number, Paper.state, Paper.issued_at, Paper.moved_at).where(Paper.number == number)
    ).one_or_none()
    return PaperFacts(*row) if row else None
