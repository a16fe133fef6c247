"""Reads for the forms of subsidies."""

from sqlalchemy import select

from cooperatives.models import Cooperative
from cooperatives.rules import State
from core.db import db


def sellers() -> list[tuple[int, str]]:
    """The cooperatives that sell, by name: (id, name)."""
    wanted = select(Cooperative.id, Cooperative.name).where(Cooperative.state == State.APPROVED)
    return [
        (row.id, row.name) for row in db.session.execute(wanted.order_by(Cooperative.name, Cooperative.id))
    ]
