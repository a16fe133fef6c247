"""What the exams stand on: a shop on either engine, the product as a process of its own, a visitor over HTTP."""

import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from config import ROOT
from core import clock
from core.db import db
from tests.conftest import over
from tests.servers import fresh_database

FULL = os.environ.get("EXAM") == "full"
START_WAIT_S = 60.0


def rounds(short: int, full: int) -> int:
    """How often an exam repeats itself: a few times in CI, as often as promised with EXAM=full."""
    return full if FULL else short


@dataclass(frozen=True)
class Place:
    """A database and a folder that a process of the product works in."""

    engine: str
    url: str
    folder: Path

    def env(self, **more: str) -> dict[str, str]:
        """The environment of a process."""
        own = {"APP_MODE": "demo", "DATABASE_URL": self.url, "INSTANCE_DIR": str(self.folder)}
        own["REQUESTS_PER_MINUTE"] = (
            "1000000"  # a hundred visitors are a hundred addresses; here they share one
        )
        return {**os.environ, **own, **more}

    def flask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT, env=self.env(), capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    @contextmanager
    def inside(self, app) -> Iterator[None]:
        """This process's application over the place's database, by the real clock."""
        with over(app, self.engine_url), app.app_context(), clock.use(clock._system):
            try:
                yield
            finally:
                db.session.remove()

    @property
    def engine_url(self) -> str:
        """The address, waiting long enough for a lock that a process under test holds."""
        return self.url + ("?timeout=30" if self.engine == "sqlite" else "")


@contextmanager
def place(engine: str, app, folder: Path, pg_template) -> Iterator[Place]:
    """A fresh place with reference data. `pg_template` is asked for its name only when PostgreSQL is wanted."""
    if engine == "sqlite":
        shutil.copy(Path(app.config["INSTANCE_DIR"]) / "template.sqlite3", folder / "exam.sqlite3")
        yield Place(engine, f"sqlite:///{folder / 'exam.sqlite3'}", folder)
    else:
        with fresh_database(pg_template()) as url:
            yield Place(engine, url, folder)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`granian wsgi:app` as one process group, so that all of it can be killed at once."""

    def __init__(self, where: Place, port: int | None = None) -> None:
        self.where, self.port = where, port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        """Start, and wait until it answers."""
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--no-ws", "--log-level", "error", "wsgi:app",
        ]  # fmt: skip
        with (self.where.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.where.env(PORT=str(self.port)), start_new_session=True,
                stdout=log, stderr=log,
            )  # fmt: skip
        wait_for(lambda: answers(self.port, "/healthz") == 200)
        return self

    def kill(self) -> None:
        """kill -9, server and workers in the same instant."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def answers(port: int, path: str) -> int:
    """The status of a GET; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def wait_for(true, seconds: float = START_WAIT_S) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s"
        time.sleep(0.05)


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    page: str


class Visitor:
    """A browser without a browser: cookies, hidden fields, no redirects followed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._send("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        return self._send("POST", path, urlencode(fields))

    def fill(self, path: str, fields: dict[str, str]) -> Answer:
        """Open a page, fill in its form, send it."""
        return self.post(path, hidden(self.get(path).page) | fields)

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for one in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = one.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers.get("Location", ""), page)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's last form."""
    from html import unescape

    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page[page.rindex("<form") :])
    pairs = ((re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs)
    return {name[1]: unescape(value[1]) if value else "" for name, value in pairs if name}


def up_to_review(visitor: Visitor, pack_id: int, method: str = "vietqr") -> dict[str, str]:
    """Walk a guest through cart, where and how; the fields of the last page's form."""
    phone = f"0912 {secrets.randbelow(1000):03} {secrets.randbelow(1000):03}"
    assert visitor.post("/cart", {"pack_id": str(pack_id), "quantity": "1"}).status == 303
    where = {
        "name": "Đỗ Minh Mẫu",
        "phone": phone,
        "place": "phường Cầu Giấy, Hà Nội",
        "address_line": "Số 8, ngõ Mẫu",
    }
    assert visitor.fill("/checkout/where", where).status == 303
    names = re.findall(r'name="(method_\d+)"', visitor.get("/checkout/how").page)
    assert visitor.fill("/checkout/how", dict.fromkeys(names, method)).status == 303
    return hidden(visitor.get("/checkout/review").page)
