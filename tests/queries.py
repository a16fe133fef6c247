"""Counting the statements that a piece of code sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from core.db import db


@dataclass
class Counted:
    """The statements seen."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many, BEGIN and PRAGMA not counted."""
        return len(self.statements)


@contextmanager
def count_queries(app: Flask) -> Iterator[Counted]:
    """Count the statements sent inside the block, whoever sends them."""
    counted = Counted()
    with app.app_context():
        engine = db.engine

    def seen(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            counted.statements.append(statement)

    event.listen(engine, "before_cursor_execute", seen)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", seen)
