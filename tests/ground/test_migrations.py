"""Migrations make what the models say, up and down, on both engines; immutable rows stay immutable after each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from app import create_app
from config import ROOT
from core.db import IMMUTABLE, db
from tests.conftest import settings_for
from tests.servers import fresh_name, postgres_url, psycopg_url

MIGRATIONS = str(ROOT / "migrations")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application over a database without any table."""
    url, name = None, fresh_name()
    if request.param == "postgresql":
        maintenance = sa.create_engine(psycopg_url(postgres_url()), isolation_level="AUTOCOMMIT")
        with maintenance.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        url = str(maintenance.url.set(database=name).render_as_string(hide_password=False))
    made = create_app(settings_for(tmp_path, url))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    if url:
        with maintenance.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        maintenance.dispose()


def described(connection: sa.Connection) -> dict[str, Any]:
    """Every table as the inspector sees it: columns, defaults, checks, keys, uniques, indexes."""
    inspector = sa.inspect(connection)
    found: dict[str, Any] = {}
    for table in sorted(inspector.get_table_names()):
        if table.startswith(("alembic", "product_search", "sqlite")):
            continue
        found[table] = {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)
            },
            "checks": sorted((c["name"], c["sqltext"]) for c in inspector.get_check_constraints(table)),
            "foreign": sorted(
                (f["name"], tuple(f["constrained_columns"]), f["referred_table"], str(f["options"]))
                for f in inspector.get_foreign_keys(table)
            ),
            "unique": sorted(
                (u["name"], tuple(u["column_names"])) for u in inspector.get_unique_constraints(table)
            ),
            "indexes": sorted(
                (i["name"], tuple(map(str, i["column_names"])), bool(i["unique"]))
                for i in inspector.get_indexes(table)
            ),
        }
    return found


def triggers(connection: sa.Connection) -> set[str]:
    """The names of all of our own; once more with a word for those that let columns be emptied."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT name, sql LIKE '%WHEN NOT (NEW.%' FROM sqlite_master WHERE type = 'trigger'"
    else:
        asked = (
            "SELECT tgname, proname = 'refuse_all_but_emptying' FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
        )
    found = [tuple(row) for row in connection.execute(sa.text(asked))]
    return {name for name, _empties in found} | {f"{name} empties" for name, empties in found if empties}


def test_the_last_migration_makes_what_the_models_say(bare: Flask) -> None:
    with bare.app_context():
        upgrade(directory=MIGRATIONS)
        with db.engine.connect() as connection:
            migrated, guards = described(connection), triggers(connection)
        downgrade(directory=MIGRATIONS, revision="base")
        with db.engine.connect() as connection:
            assert described(connection) == {}
        db.create_all()
        with db.engine.connect() as connection:
            modelled = described(connection)
            assert triggers(connection) == guards
    assert set(migrated) == set(modelled)
    for table, columns in modelled.items():
        assert migrated[table] == columns, table


def test_immutable_rows_refuse_every_change_after_all_migrations(bare: Flask) -> None:
    """Each immutable table's triggers are there, and one of them is tried with a real row."""
    with bare.app_context():
        upgrade(directory=MIGRATIONS)
        sqlite = db.engine.dialect.name == "sqlite"
        with db.engine.connect() as connection:
            names = triggers(connection)
        expected = ("_no_update", "_no_delete") if sqlite else ("_no_change", "_no_truncate")
        assert {f"{table}{end}" for table in IMMUTABLE for end in expected} <= names
        with db.engine.begin() as connection:
            connection.execute(sa.text(ROW))
        tries = [
            "UPDATE audit_line SET verb = 'other'",
            "DELETE FROM audit_line",
            ROW.replace("INSERT", "INSERT OR REPLACE") if sqlite else "TRUNCATE audit_line",
        ]
        for statement in tries:
            with pytest.raises(sa.exc.DBAPIError, match="immutable"), db.engine.begin() as connection:
                connection.execute(sa.text(statement))


ROW = (
    "INSERT INTO audit_line (id, chain, seq, at, role, verb, subject, fields, purpose, prev_hash, hash) "
    "VALUES (1, 'platform', 1, '2026-11-22 00:00:00', 'system', 'try', 'x:1', '', '', '0', '1')"
)


def test_a_whole_number_column_takes_nothing_else(bare: Flask) -> None:
    with bare.app_context():
        upgrade(directory=MIGRATIONS)
        if db.engine.dialect.name != "sqlite":
            return  # PostgreSQL's own types refuse it
        row = (
            "INSERT INTO shipping_rate (zone, up_to_g, price_vnd, days_min, days_max, valid_from, source) "
            "VALUES ('far', {0}, 1000, 1, 2, '2026-01-01', 'test')"
        )
        for wrong in ("10.5", "'abc'"):
            with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
                connection.execute(sa.text(row.format(wrong)))
