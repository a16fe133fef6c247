"""The database: base class, column types, the one place that commits, and rows that may never change.

Settings and traps: SQLite needs BEGIN IMMEDIATE for a transaction that will write, or a read followed by a write
fails at once whatever the busy timeout; integers need a CHECK, because its columns take anything.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    event,
    text,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, make_transient_to_detached, mapped_column
from sqlalchemy.types import TypeDecorator

from core import prepared
from core.patience import be_patient, turn

WHOLE_SUFFIXES = (
    "_vnd",
    "_g",
    "_ml",
    "_bp",
    "_px",
    "_count",
    "quantity",
    "on_hand",
    "reserved",
    "position",
    "_no",
    "_points",
)
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's base. Constraints are named by convention, so that migrations can find them."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive datetimes; stored as UTC, read back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer(), "sqlite")
Id = Annotated[int, mapped_column(BigId, primary_key=True)]
Big = Annotated[int, mapped_column(BigInteger)]  # money, weights, counts: 64 bits
Instant = Annotated[datetime, mapped_column(UtcDateTime)]


class OneConnection(Session):
    """A session that keeps one connection from its first statement until it is closed: the pool is asked once, not at
    each of its transactions.
    """

    _held: Connection | None = None

    def get_bind(self, *args: Any, **options: Any) -> Engine | Connection:
        """The connection held to the engine that these tables belong to."""
        bind = super().get_bind(*args, **options)
        if isinstance(bind, Connection):
            return bind
        if self._held is None or self._held.engine is not bind:
            self._let_go()
            self._held = bind.connect()
        return self._held

    def open_connection(self) -> Connection:
        """The connection in its transaction, begun if it is not open yet: `connection()` without its detours."""
        held = self._held
        if held is not None and held.in_transaction() and self.in_transaction():
            return held
        return self.connection()

    def close(self) -> None:
        """Roll back what is open, and give the connection back to the pool."""
        super().close()
        self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None


db = SQLAlchemy(model_class=Base, session_options={"class_": OneConnection})


def ref(target: str, *, ondelete: str | None = None, **column: Any) -> Any:
    """A foreign key column: `cooperative_id: Mapped[int] = ref("cooperative.id")`. Indexed unless told otherwise."""
    column.setdefault("index", True)
    return mapped_column(BigId, ForeignKey(target, ondelete=ondelete), **column)


@event.listens_for(Column, "after_parent_attach")
def _whole_numbers_only(column: Column[Any], table: Any) -> None:
    """Give every amount, weight and count the CHECK that SQLite's typing lacks; it holds on PostgreSQL as well."""
    ours = (
        isinstance(table, Table) and table.metadata is Base.metadata
    )  # a migration writes its checks out itself
    if not ours or not isinstance(column.type, Integer) or column.foreign_keys:
        return
    if column.name.endswith(WHOLE_SUFFIXES):
        name = f"{column.name}_whole"
        table.append_constraint(CheckConstraint(f"{column.name} = CAST({column.name} AS BIGINT)", name=name))


IMMUTABLE: set[str] = set()
ERASABLE: dict[str, tuple[str, ...]] = {}  # of them, the columns that can be emptied


def immutable(model: type[Base]) -> type[Base]:
    """Class decorator: rows of this table can be added and never changed, deleted, replaced or truncated."""
    table = model.__table__
    assert isinstance(table, Table)
    IMMUTABLE.add(table.name)

    @event.listens_for(table, "after_create")
    def _(target: Table, connection: Connection, **_kw: Any) -> None:
        for statement in immutability_ddl(target.name, connection.dialect.name):
            connection.execute(text(statement))

    return model


def erasable(*columns: str) -> Callable[[type[Base]], type[Base]]:
    """The same, but what people said in these columns can be emptied, once and for good: NULL, '' or no bytes. A row
    tells for ever what was decided; whose illness was the reason may be forgotten when its time is over."""

    def mark(model: type[Base]) -> type[Base]:
        table = model.__table__
        assert isinstance(table, Table)
        IMMUTABLE.add(table.name)
        ERASABLE[table.name] = columns

        @event.listens_for(table, "after_create")
        def _(target: Table, connection: Connection, **_kw: Any) -> None:
            names = [column.name for column in target.columns]
            for statement in erasability_ddl(target.name, connection.dialect.name, names, columns):
                connection.execute(text(statement))

        return model

    return mark


def erasability_ddl(table: str, dialect: str, columns: Sequence[str], emptied: Sequence[str]) -> list[str]:
    """What `immutability_ddl` forbids, but for emptying the columns `emptied`. columns: all of the table's."""
    if dialect == "sqlite":
        same = [f"NEW.{name} IS OLD.{name}" for name in sorted(columns) if name not in emptied]
        gone = [f"(NEW.{name} IS OLD.{name} OR coalesce(length(NEW.{name}), 0) = 0)" for name in emptied]
        only, *rest = immutability_ddl(table, dialect)
        return [
            only.replace(f" ON {table} ", f" ON {table} WHEN NOT ({' AND '.join([*same, *gone])}) "),
            *rest,
        ]
    function = (
        "CREATE OR REPLACE FUNCTION refuse_all_but_emptying() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE name text; old_row jsonb; new_row jsonb; BEGIN IF TG_OP = 'UPDATE' THEN "
        "old_row = to_jsonb(OLD); new_row = to_jsonb(NEW); "
        "FOREACH name IN ARRAY TG_ARGV LOOP "
        r"IF coalesce(new_row->>name, '') IN ('', '\x') THEN "
        "old_row = old_row - name; new_row = new_row - name; END IF; END LOOP; "
        "IF old_row = new_row THEN RETURN NEW; END IF; END IF; "
        "RAISE EXCEPTION '% rows are immutable', TG_TABLE_NAME; END $$"
    )
    refuse = f"refuse_all_but_emptying({', '.join(repr(name) for name in emptied)})"
    return [
        function,
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {refuse}",
        immutability_ddl(table, dialect)[2],
    ]


def immutability_ddl(table: str, dialect: str) -> list[str]:
    """The statements that forbid UPDATE, DELETE (so REPLACE) and TRUNCATE. Migrations call this too."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are immutable'); END"
            for verb in ("update", "delete")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% rows are immutable', TG_TABLE_NAME; END $$"
    )
    refuse = "EXECUTE FUNCTION refuse_change()"
    return [
        function,
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    ]


BUSY_MS = 4_000  # for a writer outside the line, a backup: with the wait in the line still within ten seconds
_this_thread = threading.local()  # writes: the next BEGIN is of a transaction that will write


def tune(engine: Engine, *, synchronous: str = "FULL") -> None:
    """Install the SQLite settings of every connection; on PostgreSQL, that no request waits for it without end."""
    if getattr(engine, "_tuned", False):
        return
    engine._tuned = True  # type: ignore[attr-defined]
    if engine.dialect.name != "sqlite":
        be_patient(engine)
        return

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            f"busy_timeout={BUSY_MS}",
            f"synchronous={synchronous}",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if getattr(_this_thread, "writes", False) else "DEFERRED"
        try:
            connection.connection.driver_connection.execute(f"BEGIN {mode}")  # type: ignore[union-attr]
        except sqlite3.OperationalError as error:  # a listener's errors go out as they are
            raise OperationalError(f"BEGIN {mode}", None, error) from error


def run(statement: Any, values: Any = None) -> Any:
    """Run a statement that was prepared once, at import, over tables: a third of the cost of one built at each call.

    Unsaved objects are written first. Objects already loaded keep their old values: read columns instead, or reload.
    """
    return prepared.execute(connection(), statement, {} if values is None else values)


def padded(ids: Sequence[int]) -> list[int]:
    """The ids, the last one repeated up to a power of two: lists of few lengths are few prepared statements."""
    return [*ids, *[ids[-1]] * ((1 << (len(ids) - 1).bit_length()) - len(ids))]


def connection() -> Connection:
    """The connection of the transaction that is open here, with what was not written yet written."""
    session: OneConnection = db.session()  # type: ignore[assignment]
    session.flush()
    return session.open_connection()


Model = TypeVar("Model", bound=Base)


def loaded(row: Model) -> Model:
    """An object over a row that `run` just wrote, as if it had been read: what it was not given is read when asked."""
    make_transient_to_detached(row)
    db.session.add(row)
    return row


@contextmanager
def _turn(engine: Engine | Connection) -> Iterator[None]:
    """On SQLite, wait in line to write; PostgreSQL has its own."""
    path = engine.engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    with turn(path):
        yield


@contextmanager
def transaction() -> Iterator[None]:
    """Run verbs in one write transaction; the only place that commits.

    It ends the request's read transaction first, so that every row read inside is of this transaction: reload rows
    inside. Refuses to start over unsaved changes, which would be lost. Inside another `transaction()` it joins it.
    """
    session = db.session()
    if session.info.get("writing"):
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside transaction()")
    if session.in_transaction():
        session.rollback()
    session.info["writing"] = True
    try:
        with _turn(session.get_bind()):
            try:
                _this_thread.writes = True
                try:
                    session.connection()
                finally:
                    _this_thread.writes = False
                yield
                session.commit()
            except BaseException:
                session.rollback()
                raise
    finally:
        session.info.pop("writing", None)


def writing() -> bool:
    """Whether a `transaction()` is open here. Verbs that must not stand alone may assert it."""
    return bool(db.session().info.get("writing"))
