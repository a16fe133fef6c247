"""The web processes: `python -m app.web HOST PORT WORKERS`.

The application is loaded once and then forked: what it holds stands mostly once in the memory of the machine, and the
first page comes sooner. Two processes took 178 MB and 2.6 s, where two that load it themselves took 217 MB and 7.3 s on
the same busy machine. `granian --interface wsgi wsgi:app` serves the same the other way.
"""

import os
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from wsgi import app

THREADS = 4  # of each process


def _forget_connections() -> None:
    """A forked process makes its own connections to the database; two may not speak over one."""
    from core.db import db

    with app.app_context():
        db.engine.dispose(close=False)


def main(host: str, port: str, workers: str) -> None:
    """Serve until told to stop."""
    os.register_at_fork(after_in_child=_forget_connections)
    Server(
        "wsgi:app", address=host, port=int(port), interface=Interfaces.WSGI, workers=int(workers),
        blocking_threads=THREADS, websockets=False, log_level=LogLevels.warning,
    ).serve(target_loader=lambda _name: app)  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
