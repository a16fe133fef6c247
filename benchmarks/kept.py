"""Databases that a bench makes once and keeps under build/: a file of SQLite, a database of the bench's PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from benchmarks.search.worlds import postgres
from config import ROOT


def tables() -> str:
    """Which tables the code knows: the name of its last migration."""
    return max(one.stem for one in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


@contextmanager
def kept_database(name: str, engine: str, size: int) -> Iterator[tuple[str, Path]]:
    """The address of a bench's database of a size, and the file that says that it is whole; without it, it is empty.

    One made before the tables changed counts as not there.
    """
    folder = ROOT / "build" / f"{name}-{engine}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / f"whole-{tables()}"
    if engine == "sqlite":
        path = folder / "chophien.sqlite3"
        if not done.exists():
            path.unlink(missing_ok=True)
        yield f"sqlite:///{path}", done
        return
    server = sa.make_url("postgresql+psycopg://" + postgres().split("://", 1)[1])
    held = f"{name}_{size}"
    with sa.create_engine(server, isolation_level="AUTOCOMMIT").connect() as base:
        known = base.execute(sa.text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": held}).first()
        if known is None or not done.exists():
            done.unlink(missing_ok=True)
            base.execute(sa.text(f'DROP DATABASE IF EXISTS "{held}" WITH (FORCE)'))
            base.execute(sa.text(f'CREATE DATABASE "{held}"'))
    yield server.set(database=held).render_as_string(hide_password=False), done
