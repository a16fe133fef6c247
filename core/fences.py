"""Who stands before the database: on PostgreSQL every transaction of a request that touches people's records says in
which place, role and purpose it asks, and row-level security (`registry.fences`) answers by that. SQLite has no such
fence; there the application's own stands alone.

A connection of ours says at its start that it serves the shop (`core.patience.FENCED_AS`), which opens no row of the
registry. Only a route that a part above marked with a purpose says more, and only until its transaction ends.
"""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, has_request_context, request
from sqlalchemy import event
from sqlalchemy.engine import Connection

from core import clock
from core.db import OneConnection, db

SHOP = "shop"
_SAY = ", ".join(
    f"set_config('app.{name}', %s, true)" for name in ("purpose", "day", "user", "role", "unit", "village")
)


@dataclass(frozen=True)
class Standing:
    """Whom a transaction acts for. role: the one worn; unit_id: a commune's or a province's; village: of its head."""

    user_id: int | None = None
    role: str = ""
    unit_id: int | None = None
    village: str = ""


NOBODY = Standing()


def mark_purposes(purposes: dict[str, str]) -> None:
    """Which endpoint serves which purpose; the composition root calls this once. What is not named serves the shop."""
    current_app.extensions["purposes"] = purposes


def purpose() -> str:
    """The purpose of the request's route."""
    if not has_request_context():
        return SHOP
    held: dict[str, str] = current_app.extensions.get("purposes", {})
    return held.get(request.endpoint or "", SHOP)


def stand(who: Standing) -> None:
    """From now on this request acts for this person; a transaction that is open already is told."""
    g.standing = who
    session = db.session()
    if purpose() != SHOP and session.in_transaction():
        _say(session.connection())


def _say(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    who: Standing = g.get("standing", NOBODY)
    values: list[Any] = [
        purpose(),
        clock.today().isoformat(),
        who.user_id,
        who.role,
        who.unit_id,
        who.village,
    ]
    connection.exec_driver_sql(f"SELECT {_SAY}", tuple("" if one is None else str(one) for one in values))


@event.listens_for(OneConnection, "after_begin")
def _after_begin(_session: Any, _transaction: Any, connection: Connection) -> None:
    if has_request_context() and purpose() != SHOP:
        _say(connection)
