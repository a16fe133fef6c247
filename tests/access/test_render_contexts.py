"""What reaches a public template is a frozen dataclass: never a person, household, producer, slip or signed-in user.
And whoever reads a public page makes nobody wait for a lock: its GET writes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, template_rendered
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase

from core.db import Base, db
from tests.access.test_matrix import ROWS, address, of
from tests.world import World

FORBIDDEN = {
    "Person",
    "Household",
    "HouseholdMember",
    "Producer",
    "Slip",
    "User",
    "Grant",
    "Consent",
    "Review",
    "Standing",
}
DEPTH_MAX = 6
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def rows_inside(value: Any, depth: int = 0, seen: set[int] | None = None) -> Iterator[str]:
    """The names of mapped classes found in a value, through lists, dictionaries and dataclasses."""
    seen = set() if seen is None else seen
    if depth > DEPTH_MAX or id(value) in seen or isinstance(value, str | int | float | bytes | type(None)):
        return
    seen.add(id(value))
    if isinstance(value, DeclarativeBase):
        yield type(value).__name__
    elif isinstance(value, dict):
        for one in value.values():
            yield from rows_inside(one, depth + 1, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from rows_inside(one, depth + 1, seen)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from rows_inside(getattr(value, name, None), depth + 1, seen)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile, in capitals."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement.lstrip().upper())

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


PUBLIC = sorted(
    name for name, row in ROWS.items() if row.who == "anybody" and row.page and "GET" in row.methods
)


@pytest.mark.parametrize("endpoint", PUBLIC)
def test_a_page_for_anybody_is_given_no_record_of_a_person(app: Flask, world: World, endpoint: str) -> None:
    given: list[dict[str, Any]] = []

    def seen(_sender: Flask, template: Any, context: dict[str, Any], **_more: Any) -> None:
        given.append(context)

    row = ROWS[endpoint]
    path = address(app, endpoint, of(app, row.own, world))
    with template_rendered.connected_to(seen, app), statements(app) as said:
        answer = app.test_client().get(path)
    assert answer.status_code in (200, 302, 401, 404)
    public = getattr(app.view_functions[endpoint], "access").kind == "public"  # noqa: B009 - a mark set by a decorator
    if public:
        assert [one for one in said if one.startswith(WRITES)] == [], "a public GET never writes"
    for context in given:
        found = set(
            rows_inside(
                {
                    key: value
                    for key, value in context.items()
                    if key not in ("g", "request", "session", "config")
                }
            )
        )
        assert found & FORBIDDEN == set()
        if public:
            assert found == set(), "a cached page gets dataclasses, not rows"


def test_the_forbidden_names_are_those_of_tables() -> None:
    assert {mapper.class_.__name__ for mapper in Base.registry.mappers} >= FORBIDDEN
