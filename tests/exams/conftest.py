"""The exams' own fixtures: each engine in turn."""

import pytest

from tests.exams.stage import place


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def where(request, session_app, tmp_path):
    """A fresh place on each engine."""
    with place(request.param, session_app, tmp_path, lambda: request.getfixturevalue("pg_template")) as made:
        yield made


@pytest.fixture
def sqlite_place(session_app, tmp_path):
    """A fresh place on SQLite, for exams in which the engine does not matter."""
    with place("sqlite", session_app, tmp_path, None) as made:
        yield made
