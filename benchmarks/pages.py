"""CPU of each hot page and of a whole guest checkout, beside a bare Flask page and nginx, all in this one run.

Requests are WSGI calls in this process, timed by its own CPU clock (user + system, the database included, since SQLite
works inside the process): steadier on a shared machine than a server's wall clock. The HTTP server adds about the
same to every row, ours and the bare one's. Each page twice: made anew, by an application that keeps no pages, and kept.
"""

import logging
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from re import findall, search
from typing import Any

import psutil
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import EnvironBuilder

from app.compression import unpack
from app.floods import limiter
from app.settled import settle
from catalog.models import Pack, Product
from core.db import db
from traceability.models import Lot, Movement

WARM, ROUNDS, CALLS = 10, 7, 15
NOT_KEPT = ("scan page",)  # its sums are read from the ledger at every look
CHECKOUTS = 15
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}  # what browsers send over HTTPS
KEPT_MS = 0.25


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    name: str
    page_bytes: int
    cpu_ms: float
    target_ms: float | None

    @property
    def passed(self) -> bool:
        """Whether the target holds; rows without one are there to compare with."""
        return self.target_ms is None or self.cpu_ms <= self.target_ms


def cpu_ms(call: Callable[[], Any]) -> float:
    """CPU of one call, milliseconds: the median of ROUNDS means, after WARM calls."""
    for _ in range(WARM):
        call()
    means = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(CALLS):
            call()
        means.append((time.process_time() - started) * 1000 / CALLS)
    return statistics.median(means)


def quiet(app: Flask) -> None:
    """As a web process once it is made; log as ever, to nowhere; no limit, since one visitor sends all requests."""
    settle()
    limiter.enabled = False
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(open(os.devnull, "w"))  # noqa: SIM115 - for the life of the process


def caller(app: Flask, path: str) -> Callable[[], Any]:
    """A GET as a server makes it: a ready WSGI environment, the answer read to its end."""
    environ = EnvironBuilder(path, headers=BROWSER).get_environ()

    def call() -> int:
        answer = app.wsgi_app(dict(environ), lambda _status, _headers, _error=None: lambda _data: None)
        size = sum(map(len, answer))
        getattr(answer, "close", int)()
        return size

    return call


def bare(html: str) -> Figure:
    """What Flask itself costs: one route that returns bytes made before."""
    app = Flask("bare")
    app.add_url_rule("/", "home", lambda: html)
    return Figure("bare Flask, same bytes", len(html.encode()), cpu_ms(caller(app, "/")), None)


def hot_paths(app: Flask) -> dict[str, tuple[str, float]]:
    """The pages measured: name → address and target in milliseconds."""
    with app.app_context():
        slug, _pack_id = db.session.execute(
            select(Product.slug, Pack.id).join(Pack, Pack.product_id == Product.id)
            .where(Product.state == "published", Pack.available > 0).order_by(Product.id).limit(1)
        ).one()  # fmt: skip
        gtin, code = db.session.execute(
            select(Pack.gtin, Lot.code).select_from(Movement).join(Lot, Lot.id == Movement.lot_id)
            .join(Pack, Pack.id == Movement.pack_id).where(Movement.kind == "sold").order_by(Movement.id).limit(1)
        ).one()  # fmt: skip
    return {
        "home": ("/", 2.5),
        "list of products": ("/products", 2.5),
        "search tinh dau que": ("/products?q=tinh+dau+que", 2.5),
        "product page": (f"/products/{slug}", 2.5),
        "scan page": (f"/01/{gtin}/10/{code}", 5.0),
    }


def page(client: FlaskClient, name: str, path: str, target_ms: float) -> Figure:
    """One page as browsers ask for it."""
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return Figure(name, len(answer.data), cpu_ms(caller(client.application, path)), target_ms)


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of a page's last form."""
    tags = findall(r"<input[^>]*type=\"hidden\"[^>]*>", html[html.rindex("<form") :])
    pairs = ((search(r'name="([^"]+)"', one), search(r'value="([^"]*)"', one)) for one in tags)
    return {name[1]: unescape(value[1]) if value else "" for name, value in pairs if name}


def check_out(app: Flask, pack_id: int, number: int) -> None:
    """A guest from the cart to the order: seven requests and the answers of people."""
    client = app.test_client()

    def read(path: str) -> str:
        answer = client.get(path, headers=BROWSER)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.headers.get('Location')}"
        return unpack(answer.data, answer.headers.get("Content-Encoding", "")).decode()

    def send(path: str, **fields: str) -> str:
        answer = client.post(path, data=hidden(read(path)) | fields)
        assert answer.status_code == 303, f"{path}: {answer.status_code}"
        return answer.headers["Location"]

    client.post("/cart", data={"pack_id": pack_id, "quantity": 1})
    phone = f"0912 {number // 1000:03} {number % 1000:03}"
    where = {"place": "phường Cầu Giấy, Hà Nội", "address_line": "Số 8, ngõ Mẫu"}
    send("/checkout/where", name="Đỗ Minh Mẫu", phone=phone, **where)
    page = read("/checkout/how")
    methods = dict.fromkeys(findall(r'name="(method_\d+)"', page), "vietqr")
    assert client.post("/checkout/how", data=hidden(page) | methods).status_code == 303
    assert "/orders/" in send("/checkout/review")


class Meter:
    """The server's side of an application: CPU of its answers, read to their end, in milliseconds."""

    def __init__(self, app: Flask) -> None:
        self.answer, self.used_ms = app.wsgi_app, 0.0

    def __call__(self, environ: Any, start: Any) -> list[bytes]:
        """Answer one request, and count what it took."""
        began = time.process_time()
        answer = self.answer(environ, start)
        parts = list(answer)
        getattr(answer, "close", int)()
        self.used_ms += (time.process_time() - began) * 1000
        return parts


def checkout(app: Flask) -> Figure:
    """The whole flow, median of CHECKOUTS orders; the visitor's side (cookies, reading of forms) is not counted."""
    with app.app_context():
        pack_id = db.session.execute(select(Pack.id).order_by(Pack.available.desc()).limit(1)).scalar_one()
    taken, meter = [], Meter(app)
    app.wsgi_app = meter  # type: ignore[method-assign]
    for _number in range(CHECKOUTS + 3):
        meter.used_ms = 0.0
        check_out(app, pack_id, time.time_ns() // 1000 % 1_000_000)
        taken.append(meter.used_ms)
    app.wsgi_app = meter.answer  # type: ignore[method-assign]
    return Figure("guest checkout, 7 requests", 0, statistics.median(taken[3:]), 15.0)


def nginx(html: str, requests: int = 4000) -> Figure | None:
    """The same bytes as a file from nginx, where it is installed: CPU of its process over many requests."""
    if shutil.which("nginx") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        root, port = Path(folder), _free_port()
        root.chmod(0o755)
        (root / "index.html").write_text(html, encoding="utf-8")
        (root / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {root}/pid; error_log {root}/error.log crit;\n"
            "events {}\nhttp { access_log off; keepalive_requests 1000000; types { text/html html; }\n"
            f"client_body_temp_path {root}/b; proxy_temp_path {root}/p; fastcgi_temp_path {root}/f;\n"
            f"uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;\n"
            f"server {{ listen 127.0.0.1:{port}; root {root}; }} }}\n"
        )
        served = subprocess.Popen(
            ["nginx", "-c", str(root / "nginx.conf"), "-p", folder], stderr=subprocess.DEVNULL
        )
        try:
            used = _nginx_ms(psutil.Process(served.pid), port, requests)
        finally:
            served.terminate()
            served.wait()
    return Figure("nginx, same bytes as a file", len(html.encode()), used, None)


def _nginx_ms(process: psutil.Process, port: int, requests: int) -> float:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(100):
        try:
            connection.connect()
            break
        except OSError:
            time.sleep(0.05)
    before = process.cpu_times()
    for _ in range(requests):
        connection.request("GET", "/")
        connection.getresponse().read()
    after = process.cpu_times()
    connection.close()
    return (after.user + after.system - before.user - before.system) * 1000 / requests


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure(app: Flask, keeping: Flask) -> list[Figure]:
    """Every row of the table. app: keeps no pages; keeping: does, over the same world."""
    quiet(app)
    client = app.test_client(use_cookies=False)
    html = client.get("/").get_data(as_text=True)
    rows = [bare(html), *([found] if (found := nginx(html)) else [])]
    rows += [page(client, name, path, target) for name, (path, target) in hot_paths(app).items()]
    visitor = keeping.test_client(use_cookies=False)
    rows += [
        page(visitor, f"{name}, kept", path, KEPT_MS)
        for name, (path, _target) in hot_paths(app).items()
        if name not in NOT_KEPT
    ]
    return [*rows, checkout(app)]


def table(rows: list[Figure]) -> str:
    """The rows as text."""
    floor = rows[0].cpu_ms
    lines = [f"{'what':<30}{'bytes':>9}{'CPU ms':>9}{'target':>9}{'':>7}{'× bare Flask':>14}"]
    for row in rows:
        size = f"{row.page_bytes:,}" if row.page_bytes else ""
        target = f"≤ {row.target_ms:g}" if row.target_ms is not None else ""
        verdict = "" if row.target_ms is None else "pass" if row.passed else "FAIL"
        ratio = row.cpu_ms / floor
        lines.append(f"{row.name:<30}{size:>9}{row.cpu_ms:>9.3f}{target:>9}{verdict:>7}{ratio:>14.1f}")
    return "\n".join(lines)
