"""The test database's file, and the databases kept beside it of which it becomes a copy."""

import shutil
from pathlib import Path
from typing import Any

from flask import Flask, has_app_context

from core.db import db

Seen = tuple[int, int, int]


def no_waiting(connection: Any, _record: Any) -> None:
    """No commit of a test waits for the disk: nothing of it has to outlive the process."""
    connection.execute("PRAGMA synchronous=OFF")


class Databases:
    """Databases by name, each made once a process. Copying one, opening it and reading its tables takes 10 ms: a test
    that wrote nothing leaves it to the next as it is, connections and all.
    """

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder, self.path = app, folder, folder / "test.sqlite3"
        self.made: dict[str, Any] = {}  # what else is known of a kept database, by its name
        self._untouched: tuple[str, Seen] | None = None

    def become(self, name: str) -> None:
        """Let the test database hold what is kept under this name."""
        if self._untouched == (name, self._seen()):
            return
        self.close()
        for leftover in self.folder.glob(f"{self.path.name}*"):
            leftover.unlink()
        shutil.copy(self.folder / f"{name}.sqlite3", self.path)
        self._untouched = name, self._seen()

    def keep(self, name: str, made: Any = None) -> None:
        """Keep what the test database holds now under this name."""
        self.close()
        shutil.copy(self.path, self.folder / f"{name}.sqlite3")
        self._untouched = name, self._seen()
        self.made[name] = made

    def leave(self) -> None:
        """After a test: nothing stays open of what it wrote."""
        with self.app.app_context():
            db.session.remove()
        if self._untouched is None or self._untouched[1] != self._seen():
            self.close()

    def close(self) -> None:
        """Close every connection; what waits in the log beside the file goes into it."""
        if has_app_context():
            db.session.remove()  # a session belongs to its context: a test's own, first
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _seen(self) -> Seen:
        """What changes when something is written: the file itself, or the log beside it."""
        log = Path(f"{self.path}-wal")
        if not self.path.exists():
            return 0, 0, 0
        file = self.path.stat()
        return file.st_ino, file.st_mtime_ns, log.stat().st_size if log.exists() else 0
