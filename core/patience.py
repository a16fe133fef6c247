"""How long a person waits for the database: no page hangs because a line, a server or another writer stands still.

A request waits `DATABASE_WAIT_S` for one statement, then is answered that nothing is lost and sending again is safe.
The worker and commands wait as long as their work takes; of a peer that died they hear from the kernel (`LINE`).
Afterwards requests are refused at once for a moment, so that pages stay quick while the database is away.

On PostgreSQL the limit is held at both ends: by our clock, since a line that stands still brings no word of a server's;
and by the server, so that a statement nobody waits for lets go of its locks (it also looks whether we are there).
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app, has_request_context
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError, TimeoutError

from core.errors import DomainError
from core.i18n import N_

CONNECT_S = 3
LINE = {"keepalives": 1, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
        "tcp_user_timeout": 30_000}  # fmt: skip
SERVER_LOOKS = "-c client_connection_check_interval=2s"
FENCED_AS = "-c app.purpose=shop"  # core.fences: what a connection serves until a transaction says otherwise
PAUSE_S = 2.0  # after silence nobody in a request tries again for so long
DEFAULT_S = 20.0
_until = 0.0  # requests do not ask for a new connection before this instant


class Busy(DomainError):
    """The database did not answer within the time that a person waits. What was sent may have been written: the same
    form again, under its key, counts once.
    """

    status = 503

    def __init__(self) -> None:
        super().__init__(
            N_("Máy chủ đang bận, chưa trả lời kịp."),
            remedy=N_("Không mất gì. Thử lại sau ít phút: gửi hai lần vẫn chỉ tính một lần."),
        )


def limit_s() -> float | None:
    """How long a statement may take here: the setting in a request, None in the worker and in commands."""
    if not has_request_context():
        return None
    return float(current_app.config.get("DATABASE_WAIT_S", DEFAULT_S))


def is_silence(error: Exception) -> bool:
    """Whether an error of the database says that it is away or busy, rather than that we are wrong."""
    if isinstance(error, TimeoutError):  # every connection of the pool is waiting
        return True
    if not isinstance(error, OperationalError):
        return False
    if error.connection_invalidated:
        return True
    said = str(error.orig).lower()
    state = str(getattr(error.orig, "sqlstate", "") or "")
    is_away = state[:2] in ("08", "40", "57") or state in (
        "53300",
        "55P03",
    )  # 40: rolled back, to be tried again
    words = ("locked", "connection", "timeout", "silent", "server closed")
    return is_away or (not state and any(word in said for word in words))


def _pause() -> None:
    global _until
    _until = time.monotonic() + PAUSE_S


def _patient() -> type[Any]:
    """A connection of PostgreSQL's driver that a request does not wait for without end."""
    import psycopg
    from psycopg import generators

    class Patient(psycopg.Connection[Any]):
        """Gives up after the request's limit, and hangs up: what came later would answer another question.

        It keeps its prepared statements when a transaction is rolled back, as every page that only reads ends: planning
        them anew would cost more than running them. The driver forgets them, lest what they name was made in that
        transaction; here only a rebuilt search index makes tables, and the server plans anew by name then.
        """

        def rollback(self) -> None:
            """As the driver's own. Raises OperationalError where the line is dead or silent."""
            if self.pgconn.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
                return super().rollback()
            self.pgconn.send_query(b"ROLLBACK")
            for result in self.wait(generators.execute(self.pgconn)):
                if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
                    raise psycopg.errors.error_from_result(result)
            return None

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            """As the driver's own, within the limit. Raises OperationalError after it."""
            limit = limit_s() if timeout is None else timeout
            try:
                return super().wait(gen, interval=interval, timeout=limit)
            except psycopg.OperationalError:
                if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                    self.pgconn.finish()
                    _pause()
                raise

    return Patient


def be_patient(engine: Engine) -> None:
    """Let an engine of PostgreSQL make such connections."""
    patient = _patient()

    @event.listens_for(engine, "do_connect")
    def _(_dialect: Any, _record: Any, args: Any, words: dict[str, Any]) -> Any:
        import psycopg

        limit, options = limit_s(), [str(words.pop("options", "") or ""), SERVER_LOOKS, FENCED_AS]
        if limit is not None:
            if time.monotonic() < _until:
                raise psycopg.OperationalError("the database was silent a moment ago")
            options.append(f"-c statement_timeout={int(limit * 1000)}")
        try:
            return patient.connect(
                *args,
                **LINE | {"connect_timeout": max(CONNECT_S, int((limit or 0) / 2))} | words,
                options=" ".join(options).strip(),
            )
        except psycopg.OperationalError:
            if limit is not None:
                _pause()
            raise


@contextmanager
def turn(path: str) -> Iterator[None]:
    """On SQLite, wait in line to write. Its own waiting is sleep and try again, so that of a hundred writers some never
    get through within the busy timeout; the kernel's file lock wakes them one by one, and a killed holder lets go.

    Raises Busy in a request whose time is over.
    """
    line = os.open(f"{path}-turn", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    kept = True
    try:
        try:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            kept = _within(line, limit_s())
            if not kept:
                raise Busy from None
        yield
    finally:
        if kept:
            os.close(line)  # lets go


def _within(line: int, limit: float | None) -> bool:
    """Wait for the lock; False when time is over. The kernel knows no time limit here: a thread waits in our place, and
    what it gets too late it gives back.
    """
    if limit is None:
        fcntl.flock(line, fcntl.LOCK_EX)
        return True
    guard, got = threading.Lock(), threading.Event()
    late: list[bool] = []

    def stand() -> None:
        fcntl.flock(line, fcntl.LOCK_EX)
        with guard:
            got.set()
            if late:
                os.close(line)

    threading.Thread(target=stand, name="turn", daemon=True).start()
    if got.wait(limit):
        return True
    with guard:
        if got.is_set():
            return True
        late.append(True)
        return False
