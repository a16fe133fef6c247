"""How migrations run: on SQLite in one transaction foreign keys off and checked at the end; on PostgreSQL as is,
with the fences around households (`registry.fences`) down before and up after."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.parts import load_models
from core.db import db
from registry.fences import lower_fences, raise_fences

load_models()
OWN_TABLES = ("product_search", "alembic")  # search tables are made by hand, per engine; see catalog/search


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave the full-text tables and their shadows out of comparison."""
    return not (kind == "table" and (name or "").startswith(OWN_TABLES))


def run(connection: Connection) -> None:
    """Migrate over one connection."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # a batch rebuilds a table: with foreign keys on, its children would be deleted with it
        connection.rollback()
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=include_name,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        lower_fences(connection)
        context.run_migrations()
        raise_fences(connection)
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"foreign keys broken by a migration: {broken[:5]}")
    if sqlite:
        connection.commit()
        raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


with current_app.app_context(), db.engine.connect() as connection:
    run(connection)
