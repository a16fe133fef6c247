"""Public pages kept as they were sent, until something they show changes or the next instant at which they change by
themselves. A kept page costs one look at the versions of its tags, in the database that writers commit to: so the first
request after a write was answered is made anew, whichever process or host answers it.

They lie compressed in the memory of each web process; only pages that said what they show (`core.pages.depends`) and
what they read of their address (`core.pages.reads`), are the same for everybody (`public`) and set no cookie. The shelf
stands before Flask: a hit builds no request.

A page is kept under its path and the parameters that any such page reads, sorted; and it is made from those of them
that it reads itself, whatever else stands in the address. So a short link's code makes no page of its own, and nothing
that a page was made from is missing in its key.
"""

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask, current_app, g, request
from flask.wrappers import Response
from sqlalchemy import Engine
from werkzeug.http import parse_etags

from accounts.access import access_of
from app.compression import encoding_of, pack, packable, unpack
from core import clock
from core.db import db
from core.pages import version_of

Key = tuple[str, str]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
ENTRY_BYTES = 600  # what an entry costs beside its body, roughly
QUERY_MAX = 300  # longer addresses are made up by machines
TYPED_MAX, FIELDS_MAX = 600, 200
NOT_KEPT = frozenset({"Content-Length", "Content-Encoding", "Date"})
log = logging.getLogger("access")


@dataclass(frozen=True)
class Page:
    """One page as it was sent. version: that of its tags when it was made. bodies: by content encoding."""

    endpoint: str
    headers: tuple[tuple[str, str], ...]
    etag: str
    tags: tuple[str, ...]
    version: int
    until: datetime
    bodies: dict[str, bytes]
    size: int

    def body(self, encoding: str) -> bytes:
        """The page in an encoding, made from the first one when it is first asked for."""
        if encoding not in self.bodies:
            have, data = next(iter(self.bodies.items()))
            self.bodies[encoding] = pack(unpack(data, have), encoding, again=True)
        return self.bodies[encoding]


@lru_cache(maxsize=2048)
def narrowed(query: str, names: frozenset[str]) -> str | None:
    """A query string (as WSGI hands it over) with the parameters of these names alone, sorted by name, those without a
    value left out; None for one that no reader's browser sends.

    >>> narrowed("q=mi%E1%BA%BFn+dong&via=k3m9px&category=mien-bun&page=", frozenset(("q", "category", "page")))
    'category=mien-bun&q=mi%E1%BA%BFn+dong'
    """
    if not query:
        return ""
    try:
        typed = query.encode("latin-1").decode("utf-8", "replace")
        pairs = parse_qsl(typed, max_num_fields=FIELDS_MAX)
    except ValueError:
        return None
    # sorted by name alone: what a page reads of a name given twice may depend on which came first
    return urlencode(sorted((pair for pair in pairs if pair[0] in names), key=lambda pair: pair[0]))


class Shelf:
    """The kept pages of this process; those unused for longest go when there are too many bytes."""

    def __init__(self, bytes_max: int) -> None:
        self.bytes_max = bytes_max
        self.bytes = 0
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.lock = threading.Lock()

    def find(self, key: Key) -> Page | None:
        """A page by path and query, whether it still holds or not."""
        with self.lock:
            found = self.pages.get(key)
            if found is not None:
                self.pages.move_to_end(key)
            return found

    def put(self, key: Key, page: Page) -> None:
        """Keep a page in place of the one that was there."""
        with self.lock:
            self._drop(key)
            self.pages[key] = page
            self.bytes += page.size
            while self.bytes > self.bytes_max:
                self._drop(next(iter(self.pages)))

    def clear(self) -> None:
        """Forget every page."""
        with self.lock:
            self.pages.clear()
            self.bytes = 0

    def _drop(self, key: Key) -> None:
        old = self.pages.pop(key, None)
        self.bytes -= old.size if old else 0


class Versions:
    """Looks up what the database says now, over one connection a thread that sees every commit at once."""

    def __init__(self) -> None:
        self.held = threading.local()

    def sum_of(self, engine: Engine, tags: tuple[str, ...]) -> int:
        """The versions of the tags added up. Raises the driver's errors; the next call connects anew."""
        connection = self._connection(engine)
        postgres = engine.dialect.name == "postgresql"
        where = "= ANY(%s)" if postgres else f"IN ({','.join('?' * len(tags))})"
        statement = f"SELECT coalesce(sum(version), 0) FROM page_version WHERE tag {where}"
        try:
            return int(connection.execute(statement, (list(tags),) if postgres else tags).fetchone()[0])
        except engine.dialect.loaded_dbapi.Error:
            self.held.engine = None
            connection.close()
            raise

    def _connection(self, engine: Engine) -> Any:
        if getattr(self.held, "engine", None) is not engine:
            self.held.own = engine.raw_connection()  # kept referred to: it closes the connection when it goes
            self.held.own.detach()
            self.held.connection, self.held.engine = self.held.own.dbapi_connection, engine
            if engine.dialect.name == "postgresql":
                self.held.connection.autocommit = True
        return self.held.connection


class KeptPages:
    """WSGI: answers from the shelf where the page still holds, else lets the application answer."""

    def __init__(self, app: Flask, inner: Wsgi, shelf: Shelf) -> None:
        self.app, self.inner, self.shelf = app, inner, shelf
        self.versions = Versions()
        self.names: frozenset[str] | None = None

    def forget(self) -> None:
        """Start anew, as after the database was replaced by another."""
        self.shelf.clear()
        self.versions = Versions()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = perf_counter()
        if environ["REQUEST_METHOD"] != "GET":
            return self.inner(environ, start_response)
        key = self.key(environ)
        page = self.shelf.find(key) if key else None
        if page is None or not self._holds(page):
            return self.inner(environ, start_response)
        return self._send(page, environ, start_response, started)

    def key(self, environ: dict[str, Any]) -> Key | None:
        """Under which a page of this address is kept; None where it is not."""
        if self.names is None:
            views = self.app.view_functions.values()
            self.names = frozenset().union(*(getattr(view, "page_reads", ()) for view in views))
        typed = environ.get("QUERY_STRING", "")
        query = narrowed(typed, self.names) if len(typed) <= TYPED_MAX else None
        return None if query is None or len(query) > QUERY_MAX else (environ.get("PATH_INFO", ""), query)

    def _holds(self, page: Page) -> bool:
        if clock.now() >= page.until:
            return False
        engine: Engine = self.app.extensions["kept_engine"]()
        try:
            return self.versions.sum_of(engine, page.tags) == page.version
        except engine.dialect.loaded_dbapi.Error:
            log.warning("versions of pages could not be read; made anew")
            return False

    def _send(
        self, page: Page, environ: dict[str, Any], start_response: Callable[..., Any], started: float
    ) -> Iterable[bytes]:
        known = environ.get("HTTP_IF_NONE_MATCH")
        encoding = encoding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if known and parse_etags(known).contains_weak(page.etag):
            status, body, headers = "304 NOT MODIFIED", b"", list(page.headers)
        else:
            body = page.body(encoding)
            headers = [*page.headers, ("Content-Length", str(len(body)))]
            headers += [("Content-Encoding", encoding)] if encoding else []
            status = "200 OK"
        start_response(status, headers)
        took = round((perf_counter() - started) * 1000, 1)
        said = {"status": int(status[:3]), "ms": took, "bytes": len(body), "kept": True}
        log.info("GET %s", page.endpoint, extra=said)
        return [body]


def _read_one_moment() -> None:
    """On PostgreSQL every read of a public page is of one moment, as it is on SQLite; so are the versions with it."""
    rule = access_of(request.endpoint) if request.endpoint else None
    if request.method != "GET" or rule is None or rule.kind != "public":
        return
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _read_what_is_said() -> None:
    """A view that says what it reads of its address gets nothing else of it, and neither do its templates."""
    names = _reads()
    if request.method != "GET" or names is None:
        return
    if "kept_pages" in current_app.extensions:
        g.page_key = current_app.extensions["kept_pages"].key(request.environ)
    query = narrowed(request.environ.get("QUERY_STRING", ""), names)
    if query is not None:
        request.environ["QUERY_STRING"], request.query_string = query, query.encode("latin-1")
        for made in ("args", "values", "full_path", "url"):  # from what was there before
            request.__dict__.pop(made, None)


def _reads() -> frozenset[str] | None:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "page_reads", None)


def _keep(response: Response) -> Response:
    """Put the answer on the shelf if it said what it shows; runs before compression."""
    tags = tuple(sorted(g.get("page_tags", ())))
    rule = access_of(request.endpoint) if request.endpoint else None
    wanted = request.method == "GET" and rule is not None and rule.kind == "public" and packable(response)
    key: Key | None = g.get("page_key")
    if not tags or not wanted or "Set-Cookie" in response.headers or key is None:
        return response
    data = response.get_data()
    etag = hashlib.sha256(data).hexdigest()[:20]
    response.set_etag(etag, weak=True)
    response.vary.add("Accept-Encoding")
    until = clock.start_of(clock.today() + timedelta(days=1))
    packed = pack(data, "br", again=True)
    page = Page(
        request.endpoint or "",
        tuple((name, value) for name, value in response.headers.items() if name not in NOT_KEPT),
        etag,
        tags,
        version_of(tags),
        min(until, g.get("page_until") or until),
        {"br": packed},
        ENTRY_BYTES + 2 * len(packed),
    )
    kept: KeptPages = current_app.extensions["kept_pages"]
    kept.shelf.put(key, page)
    response.make_conditional(request)
    return response


def init(app: Flask) -> None:
    """Stand before the application; keep answers after every other part touched them and before they are packed."""
    app.before_request(_read_what_is_said)
    if not app.config["KEPT_PAGES_BYTES"]:
        return
    with app.app_context():
        engines = db.engines
    app.extensions["kept_engine"] = lambda: engines[None]
    app.before_request(_read_one_moment)
    app.after_request_funcs[None].insert(1, _keep)
    shelf = Shelf(app.config["KEPT_PAGES_BYTES"])
    app.extensions["kept_pages"] = app.wsgi_app = KeptPages(app, app.wsgi_app, shelf)  # type: ignore[method-assign]
