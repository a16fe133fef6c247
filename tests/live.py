"""A real server for the site's guards: one for the whole run, over the world's database, at the tests' fixed hour."""

import random
import socket
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Playwright
from werkzeug.serving import make_server

from app import create_app
from core import clock
from core.db import db
from tests import chromium
from tests.conftest import NOW, settings_for
from tests.site.reading import sign_in_as
from tests.template import fill
from tests.world import World, make_world


@dataclass
class Live:
    """The running server: its address, its application and what its world holds."""

    url: str
    app: Flask
    world: World

    def cookie_of(self, role: str) -> dict[str, Any]:
        """The session cookie of the world's person in this role, for a browser's context."""
        client = self.app.test_client()
        with clock.use(NOW):
            sign_in_as(client, self.world, role)
        cookie = client.get_cookie("session")
        assert cookie is not None
        return {"name": "session", "value": cookie.value, "url": self.url}


class _AtNow:
    """The application with the tests' clock in every thread that answers."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        with clock.use(NOW):
            answer = self.app.wsgi_app(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                close = getattr(answer, "close", None)
                if close is not None:
                    close()


def _free_port() -> int:
    """A port below the range that outgoing connections use, so that none is taken in between."""
    for port in random.Random().sample(range(20_000, 32_000), 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no port is free")


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The server, started at the first test that asks, stopped at the end of the run."""
    folder: Path = tmp_path_factory.mktemp("live")
    app = create_app(settings_for(folder))
    with clock.use(NOW):
        with app.app_context():
            db.create_all()
            fill()
            db.session.remove()
        world = make_world(app)
    server = make_server("127.0.0.1", _free_port(), _AtNow(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Live(f"http://localhost:{server.server_port}", app, world)
    server.shutdown()
    thread.join(10)
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Any]:
    """The machine's Chromium. Playwright itself runs once a process: it is pytest-playwright's."""
    opened = chromium.launch(playwright)
    yield opened
    opened.close()
