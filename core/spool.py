"""What public pages note without writing to the database: a bounded file that each web process appends to.

A public GET (a click on a short link, a scan) `append`s one line. Every few seconds the same host's worker `drain`s: it
renames each file, hands its entries to a verb inside one transaction that also records the file's name, and removes
the file. Killed at any moment it loses nothing and stores nothing twice: a name already recorded is only removed. Lines
are not synced to disk, so a power failure may cost the last seconds of counts, which is accepted for counts.
"""

import fcntl
import json
import logging
import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, Big, Instant, db, transaction

log = logging.getLogger(__name__)
FILE_BYTES_MAX, LINE_BYTES_MAX = 1_000_000, 1_000
KEPT = timedelta(days=7)
Entry = dict[str, Any]


class SpooledFile(Base):
    """A spool file whose entries are stored; kept for a week, so that a file met again is known."""

    __tablename__ = "spooled_file"
    name: Mapped[str] = mapped_column(primary_key=True)
    entry_count: Mapped[Big]
    at: Mapped[Instant] = mapped_column(index=True)


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_DIR"]) / "spool"


def append(kind: str, entry: Entry) -> bool:
    """Note one entry; False when it was dropped because the file is full or the disk refuses. Never raises for those:
    the reader's page matters more than its count. kind: a-z only, it names the file.
    """
    line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    if len(line) > LINE_BYTES_MAX:
        raise ValueError(f"a spool line holds at most {LINE_BYTES_MAX} bytes")
    path = _folder() / f"{kind}.{os.getpid()}.open"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _write(path, line)
    except OSError as error:
        log.warning("spool refused", extra={"kind": kind, "error": type(error).__name__})
        return False


def _write(path: Path, line: bytes) -> bool:
    """Append under a shared lock; when the worker took the file away in between, begin a new one."""
    while True:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            state = os.fstat(handle)
            if state.st_nlink == 0:
                continue
            if state.st_size + len(line) > FILE_BYTES_MAX:
                log.warning("spool full", extra={"file": path.name})
                return False
            os.write(handle, line)
            return True
        finally:
            os.close(handle)


def drain(kind: str, store: Callable[[list[Entry]], None]) -> int:
    """Store what was noted, each file exactly once; how many entries. `store` runs inside the transaction."""
    folder = _folder()
    for path in sorted(folder.glob(f"{kind}.*.open")):
        path.rename(path.with_name(f"{path.name.removesuffix('.open')}.{secrets.token_hex(8)}.taken"))
    return sum(_store(path, store) for path in sorted(folder.glob(f"{kind}.*.taken")))


def _store(path: Path, store: Callable[[list[Entry]], None]) -> int:
    with path.open("rb") as lines:
        fcntl.flock(
            lines, fcntl.LOCK_EX
        )  # whoever still writes into it finishes first; later writers see it gone
        entries = [entry for line in lines if (entry := _read(line)) is not None]
        with transaction():
            known = db.session.execute(select(SpooledFile.name).where(SpooledFile.name == path.name)).first()
            if known is None:
                db.session.add(SpooledFile(name=path.name, entry_count=len(entries), at=clock.now()))
                db.session.execute(delete(SpooledFile).where(SpooledFile.at < clock.now() - KEPT))
                store(entries)
        path.unlink()
    return 0 if known else len(entries)


def _read(line: bytes) -> Entry | None:
    """One entry; None for the half line of a killed process."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
