"""What every test stands on: one application a process, a fresh database copied from a template for each test.

`app` gives the application over an empty database; `ctx` holds an application context open, for tests of verbs;
`client` is a browser without a browser. Never use `ctx` and `client` in one test: `g` would leak between requests.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from app import create_app
from config import Settings, load
from core import clock
from core.db import db
from tests.databases import Databases, no_waiting
from tests.servers import fresh_database

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # Sunday 22 November 2026, 10:00 in Hà Nội
SHARED = Path(os.environ.get("CONFORMANCE_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))

LONGEST = (
    "tests/site/test_browser",
    "tests/exams",
    "tests/journeys",
    "tests/access",
    "tests/demo",
    "tests/site",
)

gc.set_threshold(100_000, 20, 100)  # a run fills gigabytes that live to its end: looked through less often

hypothesis_settings.register_profile("shop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("shop")  # a busy machine is no fault of the shop's


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, whatever the shuffle: no process is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """Time stands still at NOW, unless a test uses another clock."""
    with clock.use(NOW):
        yield


def settings_for(folder: Path, database_url: str | None = None) -> Settings:
    """Test settings whose every file lies in `folder`."""
    url = database_url or f"sqlite:///{folder / 'test.sqlite3'}"
    base = load(
        {"APP_MODE": "test", "INSTANCE_DIR": str(folder), "DATABASE_URL": url, "BASE_URL": "http://localhost"}
    )
    return replace(base, message_gateway="memory")


@pytest.fixture(scope="session")
def session_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The one application, with a template database that tests copy."""
    folder = tmp_path_factory.mktemp("instance")
    app = create_app(settings_for(folder))
    with app.app_context():
        sa.event.listen(db.engine, "connect", no_waiting)
        db.create_all()
        from tests.template import fill

        with clock.use(NOW):
            fill()
    databases = app.extensions["databases"] = Databases(app, folder)
    databases.keep("template")
    yield app
    databases.close()


@pytest.fixture
def app(session_app: Flask, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application over a fresh copy of the template database, or of another that the test asks for."""
    databases: Databases = session_app.extensions["databases"]
    databases.become(next((one for one in request.fixturenames if one in databases.made), "template"))
    session_app.extensions["kept_pages"].forget()
    session_app.extensions.pop("sent_messages", None)
    (Path(session_app.instance_path) / "standards-approved.json").unlink(missing_ok=True)
    yield session_app
    databases.leave()


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """An application context held open, for tests that call verbs and queries directly."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a browser."""
    return app.test_client()


@contextmanager
def over(app: Flask, url: str) -> Iterator[None]:
    """The application over another database for a while."""
    with app.app_context():
        engines, engine = db.engines, sa.create_engine(url)
    before, engines[None] = engines[None], engine
    app.extensions["kept_pages"].forget()
    try:
        yield
    finally:
        engines[None] = before
        app.extensions["kept_pages"].forget()
        engine.dispose()


@pytest.fixture(scope="session")
def pg_template(session_app: Flask) -> Iterator[str]:
    """The name of a PostgreSQL database with every table and the reference data; others are copied from it."""
    with fresh_database() as url:
        with over(session_app, url), session_app.app_context(), clock.use(NOW):
            from tests.template import fill

            db.create_all()
            fill()
            db.session.remove()
        yield str(sa.make_url(url).database)


@pytest.fixture
def pg_app(app: Flask, pg_template: str) -> Iterator[Flask]:
    """The application over a fresh PostgreSQL database; for tests marked `postgres`."""
    with fresh_database(pg_template) as url, over(app, url):
        yield app
        with app.app_context():
            db.session.remove()


pytest_plugins = ("tests.world",)
