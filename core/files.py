"""Files named by their content hash. Today a folder; the same calls serve an object store later.

Public files (`p/…`) are what the worker made: re-encoded, without metadata, safe to serve for ever. Private ones
(`x/…`: originals, documents, problem photos) are only read by views that check who asks.
"""

import hashlib
import os
from pathlib import Path

from flask import current_app

PUBLIC, PRIVATE = "p", "x"


def _root() -> Path:
    return Path(current_app.config["STORAGE_DIR"])


def put(data: bytes, suffix: str, *, public: bool = False) -> str:
    """Store bytes and return their name, e.g. 'p/ab/abcd….webp'. Storing the same bytes twice gives the same name.

    Written to a temporary file, synced and renamed: a name never points to half a file.
    """
    digest = hashlib.sha256(data).hexdigest()[:40]
    name = f"{PUBLIC if public else PRIVATE}/{digest[:2]}/{digest}{suffix}"
    target = _root() / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}")
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
    return name


def path(name: str) -> Path:
    """Where a stored file lies. Raises FileNotFoundError for a name that leaves the store or is not there."""
    root = _root().resolve()
    found = (root / name).resolve()
    if root not in found.parents or not found.is_file():
        raise FileNotFoundError(name)
    return found


def read(name: str) -> bytes:
    """The bytes of a stored file."""
    return path(name).read_bytes()


def remove(name: str) -> None:
    """Remove a private file that nothing names any more; one that is not there is no error. Public ones stay."""
    if not name.startswith(f"{PRIVATE}/"):
        raise ValueError("only private files are removed")
    (_root() / name).unlink(missing_ok=True)


def writable() -> bool:
    """Whether the store takes a file now; for /readyz."""
    probe = _root() / f".probe-{os.getpid()}"
    try:
        _root().mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError:
        return False
    return True
