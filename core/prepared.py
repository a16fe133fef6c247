"""Statements compiled once and handed to SQLite's driver, without SQLAlchemy's execution machinery in between.

SQLite answers a look-up by key in two microseconds; SQLAlchemy spends ten times that on each execution, to work out
again what is the same every time: the text, the order of the parameters, how values become the database's and come
back. For statements that are constants all that is kept here, a plan for each statement and names of its values. The
answer is SQLAlchemy's own `Result`, and what the database refuses is raised as its own classes.

The ordinary way is taken on PostgreSQL (its round trip costs more than all this), while somebody listens to statements
(tests that count them), and for what has no plan (defaults that a function computes).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection, Dialect, Result
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import BindParameter, ClauseElement
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]
Converts = tuple[tuple[int, Convert], ...]  # by place in a row
Rows = list[tuple[Any, ...]]

PLANS_MAX = 64  # of one statement; after them, lists of other lengths go the ordinary way


class Found(IteratorResult[Any]):
    """Rows, as `Connection.execute` gives them. rowcount: how many were written; -1 for a SELECT."""

    rowcount: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is the same at every execution.

    names: of the parameters, in the order of the text. lists: name → the names of its members in the text.
    constants: parameters that the statement itself brings, as the driver takes them.
    """

    text: str
    names: tuple[str, ...]
    lists: Mapping[str, Sequence[str]]
    constants: Mapping[str, Any]
    binds: Converts
    columns: SimpleResultMetaData
    results: Converts

    def run(self, connection: Connection, values: Values | Sequence[Values]) -> tuple[Rows, int]:
        """Execute on the driver's connection; a list of values executes once for each. Rows, and how many were
        written. Raises DBAPIError, as SQLAlchemy does.
        """
        driver: Any = connection.connection.driver_connection
        try:
            if type(values) is dict or isinstance(values, Mapping):
                cursor = driver.execute(self.text, self._parameters(values))
            else:
                cursor = driver.executemany(self.text, [self._parameters(one) for one in values])
            rows = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                self.text, values, cast(Exception, error), connection.dialect.loaded_dbapi.Error,
                hide_parameters=connection.engine.hide_parameters, dialect=connection.dialect,
            ) from error  # fmt: skip
        return [self._row(row) for row in rows] if self.results else rows, cursor.rowcount

    def _parameters(self, values: Values) -> list[Any]:
        known = values
        if self.lists or self.constants:
            known = {**self.constants, **values}
            for name, members in self.lists.items():
                known.update(zip(members, values[name], strict=True))
        row = [known[name] for name in self.names]
        for place, convert in self.binds:
            row[place] = convert(row[place])
        return row

    def _row(self, found: tuple[Any, ...]) -> tuple[Any, ...]:
        row = list(found)
        for place, convert in self.results:
            row[place] = convert(row[place])
        return tuple(row)


class _Family:
    """The plans of one statement, by the names of its values and the lengths of its lists; None: it has no plan."""

    def __init__(self, statement: ClauseElement) -> None:
        self.plans: dict[object, Plan | None] = {}
        parts = (part for part in iterate(statement) if isinstance(part, BindParameter))
        self.lists = tuple(dict.fromkeys(part.key for part in parts if part.expanding))

    def key(self, values: Values | Sequence[Values]) -> object:
        if type(values) is not dict and not isinstance(values, Mapping):
            return ("many", *values[0])
        return (*values, *[len(values[name]) for name in self.lists if name in values])


_families: WeakKeyDictionary[ClauseElement, _Family] = WeakKeyDictionary()


def execute(connection: Connection, statement: Any, values: Values | Sequence[Values]) -> Result[Any]:
    """Run a statement that is a constant of its module, by its plan where it has one.

    values: by name; a list of them executes once for each. Raises DBAPIError, as `Connection.execute` does.
    """
    if not values and not isinstance(values, Mapping):
        values = {}
    plan = _known(connection, statement, values)
    if plan is None:
        return _ordinary(connection, statement, values)
    rows, count = plan.run(connection, values)
    found = Found(plan.columns, iter(rows))
    found.rowcount = count
    return found


def rows(connection: Connection, statement: Any, values: Values) -> Sequence[Sequence[Any]]:
    """The rows of a constant statement, each a plain sequence in the order of its columns: for the hottest paths."""
    plan = _known(connection, statement, values)
    if plan is None:
        return _ordinary(connection, statement, values).all()
    return plan.run(connection, values)[0]


def _known(connection: Connection, statement: Any, values: Values | Sequence[Values]) -> Plan | None:
    """The plan of a statement that ran here before, where plans may be used."""
    engine = connection.engine
    if connection.dialect.name != "sqlite" or engine.echo or engine.dispatch.before_cursor_execute:
        return None
    family = _families.get(statement)
    return family.plans.get(family.key(values)) if family is not None else None


def _ordinary(connection: Connection, statement: Any, values: Values | Sequence[Values]) -> Result[Any]:
    """SQLAlchemy's own execution; on SQLite its plan is kept for the next time."""
    result = connection.execute(statement, values)
    if connection.dialect.name == "sqlite" and not connection.engine.dispatch.before_cursor_execute:
        family = _families.setdefault(statement, _Family(statement))
        key = family.key(values)
        if key not in family.plans and len(family.plans) < PLANS_MAX:
            family.plans[key] = _plan(statement, values, connection.dialect, result)
    return result


def _plan(statement: Any, values: Values | Sequence[Values], dialect: Dialect, result: Any) -> Plan | None:
    """The plan of a statement that has just run in the ordinary way; None where a plan could not do the same."""
    first = values if isinstance(values, Mapping) else values[0]
    compiled = statement.compile(dialect=dialect, column_keys=sorted(first))
    written = [(column, column.default) for column in compiled.insert_prefetch or ()]
    written += [(column, column.onupdate) for column in compiled.update_prefetch or ()]
    if not all(default.is_scalar for _column, default in written):
        return None
    state = compiled.construct_expanded_state(first)
    names, members = state.positiontup, state.parameter_expansion
    lists = {
        name: some for name, some in members.items() if name in first
    }  # others the statement brings itself
    given = {*first, *[name for some in lists.values() for name in some]}
    types = {name: bind.type for name, bind in compiled.binds.items()}
    types |= {name: types[whole] for whole, some in members.items() for name in some}
    converts = {name: _to_database(types[name], dialect) for name in names}
    constants = (
        compiled.params | dict(state.parameters) | {column.key: default.arg for column, default in written}
    )
    keys = list(result.keys()) if result.returns_rows else []
    columns = list(getattr(statement, "exported_columns", ())) if keys else []
    if len(columns) != len(keys):
        return None
    return Plan(
        text=state.statement,
        names=tuple(names),
        lists=lists,
        constants={name: _converted(constants[name], converts[name]) for name in names if name not in given},
        binds=tuple(
            (at, convert) for at, name in enumerate(names) if name in given and (convert := converts[name])
        ),
        columns=SimpleResultMetaData(keys),
        results=tuple(
            (at, convert) for at, one in enumerate(columns) if (convert := _from_database(one.type, dialect))
        ),
    )


def _converted(value: Any, convert: Convert | None) -> Any:
    return convert(value) if convert else value


def _to_database(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _from_database(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
