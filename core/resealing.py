"""Rows that may never change, sealed anew under another key, and nothing else of them.

For as long as one transaction, the guard of a table gives way to a narrower one: of a row that stands, this one column
may go from text under another key to text under the key in force. Before the transaction ends the guard stands again
word for word; nobody else ever sees the table without it, and a transaction that dies takes the narrower one with it.
No table, no setting and no line of the guard is left behind that somebody could use later, and only who could take the
guard away anyway can do this: the file's owner on SQLite, the table's owner on PostgreSQL, never the web's own login.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.engine import Connection

MARK_BYTES = 5  # core.crypto.current_mark
_FUNCTION = "refuse_all_but_resealing"


@contextmanager
def resealing(
    connection: Connection, table: str, columns: Sequence[str], column: str, mark: bytes
) -> Iterator[None]:
    """Inside, `column` of the immutable `table` may be sealed anew under the key that `mark` names.

    columns: all of the table's. Inside a transaction; where the block fails, the transaction must be rolled back.
    Raises ProgrammingError (42501) on PostgreSQL for a login that does not own the table.
    """
    sqlite = connection.dialect.name == "sqlite"
    guard = _guard(connection, table, sqlite)
    if sqlite:
        _change(connection, f"DROP TRIGGER {table}_no_update", _narrow(table, columns, column, mark))
    else:
        _change(
            connection,
            _function(),
            f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}('{column}', '{mark.hex()}')",
        )
    yield
    if sqlite:
        _change(connection, f"DROP TRIGGER {table}_no_update", guard)
    else:
        _change(
            connection,
            guard.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1),
            f"DROP FUNCTION {_FUNCTION}",
        )
    if _guard(connection, table, sqlite) != guard:
        raise RuntimeError(f"the guard of {table} is not what it was")


def _change(connection: Connection, *statements: str) -> None:
    for one in statements:
        connection.execute(text(one))


def _guard(connection: Connection, table: str, sqlite: bool) -> str:
    """The statement that makes the guard of changes as it stands."""
    if sqlite:
        query, name = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name", "no_update"
    else:
        query, name = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = :name", "no_change"
    return str(connection.execute(text(query), {"name": f"{table}_{name}"}).scalar_one())


def _narrow(table: str, columns: Sequence[str], column: str, mark: bytes) -> str:
    """SQLite: every other column as it was, this one from another key to the one in force."""
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in sorted(columns) if name != column)
    begins = f"substr({{}}.{column}, 1, {MARK_BYTES}) {{}} x'{mark.hex()}'"
    allowed = f"{same} AND length(OLD.{column}) > 0 AND {begins.format('OLD', '<>')} AND {begins.format('NEW', '=')}"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT coalesce({allowed}, 0) "
        f"BEGIN SELECT RAISE(ABORT, '{table} rows are immutable'); END"
    )


def _function() -> str:
    """PostgreSQL: the same, told the column and the mark in hex."""
    begins = f"left({{}}->>TG_ARGV[0], {2 + 2 * MARK_BYTES})"
    return (
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE old_row jsonb; new_row jsonb; mark text; BEGIN IF TG_OP = 'UPDATE' THEN "
        r"old_row = to_jsonb(OLD); new_row = to_jsonb(NEW); mark = '\x' || TG_ARGV[1]; "
        "IF old_row - TG_ARGV[0] = new_row - TG_ARGV[0] "
        r"AND coalesce(old_row->>TG_ARGV[0], '\x') <> '\x' "
        f"AND {begins.format('old_row')} <> mark AND {begins.format('new_row')} = mark THEN RETURN NEW; END IF; "
        "END IF; RAISE EXCEPTION '% rows are immutable', TG_TABLE_NAME; END $$"
    )
