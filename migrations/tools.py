"""What migrations share: immutability, and the search tables that lie outside the metadata."""

from collections.abc import Sequence

from alembic import op

from catalog.search import ddl, drop_ddl
from core.db import erasability_ddl, immutability_ddl
from revenue.closing.models import closed_month_ddl


def make_immutable(table: str) -> None:
    """Forbid UPDATE, DELETE, REPLACE and TRUNCATE."""
    for statement in immutability_ddl(table, op.get_bind().dialect.name):
        op.execute(statement)


def keep_immutable(table: str) -> None:
    """The same again after a batch changed the table: SQLite may rebuild it and drops its triggers without a word."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        make_immutable(table)


def make_erasable(table: str, columns: Sequence[str], emptied: Sequence[str]) -> None:
    """The same, but these columns may be emptied, once and for good. columns: all that the table has by now. Call it
    again after a batch changed the table, and in place of `keep_immutable`."""
    _drop_guards(table)
    for statement in erasability_ddl(table, op.get_bind().dialect.name, columns, emptied):
        op.execute(statement)


def unmake_erasable(table: str) -> None:
    """The reverse: nothing of its rows changes any more."""
    _drop_guards(table)
    make_immutable(table)


def _drop_guards(table: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("no_update", "no_delete") if sqlite else ("no_change", "no_truncate"):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_{name}" + ("" if sqlite else f" ON {table}"))


def guard_closed_months() -> None:
    """Let `entry` refuse a day in a closed month. Call it again after a batch changed `entry`."""
    for statement in closed_month_ddl(op.get_bind().dialect.name):
        op.execute(statement)


def unguard_closed_months() -> None:
    """The reverse."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER entry_month_open" + ("" if sqlite else " ON entry"))
    if not sqlite:
        op.execute("DROP FUNCTION refuse_closed_month()")


def create_search() -> None:
    """The engine's own full-text table."""
    for statement in ddl(op.get_bind().dialect.name):
        op.execute(statement)


def drop_search() -> None:
    """The reverse."""
    for statement in drop_ddl():
        op.execute(statement)
