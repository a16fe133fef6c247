"""Which rows the log seals: a registry that each part fills with its own tables. Pure: no database here.

A table whose rows never change is sealed in ranges of ids. Of a table whose rows do change, only the columns that never
do are sealed, row by row, once the row is final; where a lawful change raises `revision`, each revision is sealed.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table


@dataclass(frozen=True)
class Sealed:
    """One table. columns: what a leaf covers. ready: when a row is final; None where rows are immutable."""

    table: Table
    columns: tuple[str, ...]
    ready: ColumnElement[bool] | None = None
    revision: str = ""


SEALED: dict[str, Sealed] = {}


def seal(model: Any, *columns: str, but: tuple[str, ...] = (), ready: Any = None, revision: str = "") -> None:
    """Have the rows of a table sealed: these columns, or all but some. Its key must be one column `id`."""
    table = model.__table__
    names = columns or tuple(one.name for one in table.columns if one.name not in but)
    if "id" not in names:
        names = ("id", *names)
    SEALED[table.name] = Sealed(table, names, ready, revision)
