"""Reads of the counter."""

from sqlalchemy import select

from core.db import db
from payments.models import Transfer
from payments.rules import TransferState

MOST = 500  # newest transfers in suspense that are looked through


def waiting_for(cooperative_id: int) -> list[Transfer]:
    """Transfers that nobody could place yet, oldest first."""
    wanted = select(Transfer).where(
        Transfer.cooperative_id == cooperative_id, Transfer.state == str(TransferState.SUSPENSE)
    )
    newest = db.session.execute(wanted.order_by(Transfer.id.desc()).limit(MOST)).scalars()
    return sorted(newest, key=lambda one: one.id)
