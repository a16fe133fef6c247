"""Reads of connectors and of what was sent."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, or_, select

from cooperatives.models import Cooperative
from core.db import db
from office.connectors.models import ConnectorAccount, ConnectorLetter

LETTERS_SHOWN = 50


def usable(cooperative_id: int) -> list[ConnectorAccount]:
    """The connectors that a cooperative may send to: its own and everybody's, switched on."""
    wanted = select(ConnectorAccount).where(
        ConnectorAccount.active,
        or_(ConnectorAccount.cooperative_id.is_(None), ConnectorAccount.cooperative_id == cooperative_id),
    )
    return list(db.session.execute(wanted.order_by(ConnectorAccount.name, ConnectorAccount.id)).scalars())


def letters(cooperative_id: int) -> Sequence[Row[Any]]:
    """A cooperative's newest letters, each with its connector."""
    return db.session.execute(
        select(ConnectorLetter, ConnectorAccount)
        .join(ConnectorAccount, ConnectorAccount.id == ConnectorLetter.connector_id)
        .where(ConnectorLetter.cooperative_id == cooperative_id)
        .order_by(ConnectorLetter.id.desc()).limit(LETTERS_SHOWN)
    ).all()  # fmt: skip


def everything() -> Sequence[Row[Any]]:
    """Every connector with the name of its cooperative, or None for everybody's."""
    return db.session.execute(
        select(ConnectorAccount, Cooperative.name)
        .outerjoin(Cooperative, Cooperative.id == ConnectorAccount.cooperative_id).order_by(ConnectorAccount.id)
    ).all()  # fmt: skip
