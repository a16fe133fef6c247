"""One at a time, on PostgreSQL: two requests that reach the same household or case in the same moment.

SQLite has one writer at all, so nothing here does anything there. PostgreSQL lets both read the old state; without
these a case would take two steps at once, or a household be counted twice.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm.attributes import set_committed_value

from core.db import db
from households.models import Household


def household_turn(household_id: int) -> None:
    """Wait until nobody else counts, plans or asks for this household; held until the transaction ends."""
    query = select(Household.id).where(Household.id == household_id)
    db.session.execute(query.with_for_update(key_share=True))


def moved(row: Any, after: str) -> bool:
    """Move a row from the state it was read in to `after`; False where somebody else moved it meanwhile."""
    db.session.flush()
    model, before = type(row), row.state
    step = update(model).where(model.id == row.id, model.state == before).values(state=after)
    done = db.session.execute(step, execution_options={"synchronize_session": False})
    if done.rowcount != 1:  # type: ignore[attr-defined]
        return False
    set_committed_value(row, "state", after)
    return True
