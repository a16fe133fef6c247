"""On PostgreSQL a page that only read ends with a rollback: its prepared statements stay, and nothing else does."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from core.db import db, tune

pytestmark = pytest.mark.postgres
COUNTED = sa.text("SELECT count(*) FROM category WHERE position >= :least")
PREPARED = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM category%'")


@pytest.fixture
def reading(pg_app: Flask) -> Iterator[None]:
    with pg_app.app_context():
        tune(db.engine)
        yield


def count() -> int:
    return int(db.session.execute(COUNTED, {"least": 0}).scalar_one())


def test_statements_stay_prepared_from_one_page_to_the_next(reading: None) -> None:
    for _page in range(8):
        count()
        db.session.remove()
    assert db.session.execute(PREPARED).scalar_one() == 1


def test_what_was_written_is_gone_and_after_a_mistake_the_connection_serves_on(reading: None) -> None:
    before = count()
    assert before > 1
    db.session.execute(sa.text("UPDATE category SET position = -1 - position"))
    assert count() == 0
    db.session.remove()
    assert count() == before
    with pytest.raises(sa.exc.ProgrammingError):
        db.session.execute(sa.text("SELECT nothing FROM category"))
    db.session.remove()
    assert count() == before


def test_a_line_that_was_cut_is_said_and_the_next_page_has_another(reading: None) -> None:
    before = count()
    mine = db.session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    other = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    with other.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
    with pytest.raises(sa.exc.OperationalError):
        count()
    db.session.remove()
    assert count() == before
