"""Statements run by plan give what SQLAlchemy gives in its ordinary way."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from core import prepared
from core.db import UtcDateTime, tune

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
GOODS = sa.Table(
    "goods", sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, unique=True, nullable=False),
    sa.Column("until", sa.Date), sa.Column("at", UtcDateTime), sa.Column("sold", sa.Boolean, default=False),
    sa.Column("state", sa.Text, default="draft"), sa.Column("token", sa.Text, default=lambda: "made"),
)  # fmt: skip
ADD = sa.insert(GOODS).returning(GOODS.c.id)
BY_ID = sa.select(GOODS.c.id, GOODS.c.until, GOODS.c.at, GOODS.c.sold, GOODS.c.state).where(
    GOODS.c.id.in_(sa.bindparam("ids", expanding=True)), GOODS.c.state == "draft"
)
CLOSE = sa.update(GOODS).where(GOODS.c.name == sa.bindparam("who")).values(state=sa.bindparam("now"))


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    tune(engine)
    with engine.connect() as made:
        GOODS.metadata.create_all(made)
        yield made
    engine.dispose()


def twice(connection: sa.Connection, statement: Any, *values: Any) -> list[Any]:
    """The rows of both runs: the first goes the ordinary way and leaves a plan, the second goes by it."""
    return [prepared.execute(connection, statement, one).all() for one in values]


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"name": f"món {number}", "until": date(2026, 12, number), "at": AT, "token": "t"} | more


def test_days_instants_truths_and_defaults_come_back_as_they_went_in(connection: sa.Connection) -> None:
    first, second = twice(connection, ADD, row(1), row(2))
    assert (first, second) == ([(1,)], [(2,)])
    ordinary, planned = twice(connection, BY_ID, {"ids": [1]}, {"ids": [2]})
    assert ordinary == [(1, date(2026, 12, 1), AT, False, "draft")]
    assert planned == [(2, date(2026, 12, 2), AT, False, "draft")]
    assert planned[0].until == date(2026, 12, 2)


def test_lists_of_every_length_have_their_own_plan(connection: sa.Connection) -> None:
    twice(connection, ADD, row(1), row(2), row(3))
    for ids in ([], [3], [1, 3], [1, 2, 3]):
        assert [
            [one.id for one in rows] for rows in twice(connection, BY_ID, {"ids": ids}, {"ids": ids})
        ] == [ids] * 2


def test_a_list_that_the_statement_brings_itself_stays_in_its_plan(connection: sa.Connection) -> None:
    twice(connection, ADD, *[row(number) for number in range(1, 6)])
    asked = sa.select(GOODS.c.id).where(GOODS.c.id.in_([2, 3, 4]), GOODS.c.id < sa.bindparam("under"))
    for under, wanted in ((4, [2, 3]), (5, [2, 3, 4]), (3, [2])):
        assert prepared.execute(connection, asked, {"under": under}).scalars().all() == wanted


def test_many_rows_go_in_at_once_and_an_update_says_how_many(connection: sa.Connection) -> None:
    add = sa.insert(GOODS)
    prepared.execute(connection, add, [row(1), row(2)])
    prepared.execute(connection, add, [row(3), row(4)])
    counted = [prepared.execute(connection, CLOSE, {"who": f"món {one}", "now": "gone"}) for one in (1, 2, 9)]
    assert [one.rowcount for one in counted] == [1, 1, 0]  # type: ignore[attr-defined]
    assert connection.execute(sa.select(GOODS.c.state)).scalars().all() == ["gone", "gone", "draft", "draft"]


def test_what_the_database_refuses_is_the_same_error_as_ever(connection: sa.Connection) -> None:
    twice(connection, ADD, row(1), row(2))
    with pytest.raises(sa.exc.IntegrityError, match="UNIQUE"):
        prepared.execute(connection, ADD, row(2))


def test_a_default_that_a_function_computes_goes_the_ordinary_way(connection: sa.Connection) -> None:
    add = sa.insert(GOODS).returning(GOODS.c.token)
    first, second = twice(connection, add, {"name": "a"}, {"name": "b"})
    assert first == second == [("made",)]


def test_who_listens_to_statements_hears_those_with_a_plan_too(connection: sa.Connection) -> None:
    twice(connection, BY_ID, {"ids": [1]}, {"ids": [1]})
    heard: list[str] = []

    def seen(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        heard.append(statement)

    sa.event.listen(connection.engine, "before_cursor_execute", seen)
    prepared.execute(connection, BY_ID, {"ids": [1]})
    sa.event.remove(connection.engine, "before_cursor_execute", seen)
    assert len(heard) == 1
