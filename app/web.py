"""The web processes: `python -m app.web HOST PORT WORKERS`.

The application is loaded once, draws the pages that most readers ask for once, and is then forked: what it holds stands
mostly once in the memory of the machine, and the first reader waits for nothing to be compiled. `granian --interface
wsgi wsgi:app` serves the same the other way.
"""

import gc
import os
import re
import sys

gc.disable()  # as in wsgi.py

from granian.constants import Interfaces  # noqa: E402
from granian.log import LogLevels  # noqa: E402
from granian.server import Server  # noqa: E402

from app import create_app  # noqa: E402
from app.logs import ACCESS  # noqa: E402
from app.settled import settle  # noqa: E402
from config import load  # noqa: E402

app = create_app(load().for_web())
settle()

THREADS = 4  # of each process
STOP_S = 8  # a process told to stop while it starts may not hear it: it is ended after so long
PAGES = ("/", "/products", "/products?q=mien+dong", "/products?q=mein+dogn", "/cart", "/sign-in")
DEEPER = (
    r'href="(/products/[a-z0-9-]+)"',
    r'href="(/cooperatives/[a-z0-9-]+)"',
)  # what the first of them leads to


def _forget_connections() -> None:
    """A forked process makes its own connections to the database; two may not speak over one."""
    from core.db import db

    with app.app_context():
        db.engine.dispose(close=False)


def _warm() -> None:
    """Draw pages of both languages: templates, catalogues and statements are compiled before the fork, and shared."""
    from core.db import db

    reader = app.test_client()
    ACCESS.disabled = True  # nobody asked

    def draw(path: str) -> str:
        return reader.get(path, base_url=app.config["BASE_URL"], headers={"Accept-Encoding": "identity"}).text

    for language in ("", "hl=en"):
        pages = [draw(f"{path}{'&' if '?' in path else '?'}{language}") for path in PAGES]
        for link in DEEPER:
            found = next((found for page in pages if (found := re.search(link, page))), None)
            pages += [draw(f"{found[1]}?{language}")] if found else []
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # no forked process may speak over its parent's connection
    ACCESS.disabled = False
    gc.collect()
    gc.freeze()  # nor look through what it inherited, which would copy it


def main(host: str, port: str, workers: str) -> None:
    """Serve until told to stop."""
    _warm()
    os.register_at_fork(after_in_child=_forget_connections)
    Server(
        "wsgi:app", address=host, port=int(port), interface=Interfaces.WSGI, workers=int(workers),
        blocking_threads=THREADS, websockets=False, log_level=LogLevels.warning, workers_kill_timeout=STOP_S,
    ).serve(target_loader=lambda _name: app)  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
