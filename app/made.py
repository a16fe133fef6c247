"""What every start makes anew from our own files, kept from one start to the next: compiled templates, read catalogues.

Each thing lies in a file of its own in the instance folder, `made/`, sealed with the application's secret key together
with all that it was made from: a file that somebody else wrote, or that was made from other files, other code or
another Python, is made again. The folder may be thrown away at any time; where it cannot be written everything is made
at each start, as before. Tests keep nothing.
"""

import hashlib
import hmac
import logging
import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import get_ident
from types import CodeType
from typing import Any

from flask import Flask, current_app, has_app_context
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from config import ROOT

SEAL_BYTES = 32
OF = ("app", "core", "static", "translations")  # folders whose content goes into what is made
MAKERS = ("jinja2", "babel", "flask", "markupsafe")
log = logging.getLogger("made")


@cache
def made_of() -> bytes:
    """A fingerprint of all files and libraries from which things are made; read once a process, 6 ms."""
    whole = hashlib.blake2b(f"{sys.version} {[version(one) for one in MAKERS]}".encode(), digest_size=32)
    for folder in OF:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                whole.update(f"\0{path.relative_to(ROOT)}\0".encode())
                whole.update(path.read_bytes())
    return whole.digest()


class Made:
    """The folder of an application: each name holds one value of plain kinds, or code."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.folder = folder
        self.key = hashlib.blake2b(b"made" + secret, digest_size=64).digest()

    def find(self, name: str, source: bytes = b"") -> Any:
        """What was kept under a name, made from this source; None where there is nothing, or something else."""
        try:
            data = self._path(name).read_bytes()
        except OSError:
            return None
        seal, body = data[:SEAL_BYTES], data[SEAL_BYTES:]
        return marshal.loads(body) if hmac.compare_digest(seal, self._seal(name, source, body)) else None

    def keep(self, name: str, value: Any, source: bytes = b"") -> None:
        """Keep a value; another process sees the whole of it or nothing. A folder that takes nothing is only told."""
        body, fresh = marshal.dumps(value), self._path(f"{name} of {os.getpid()} {get_ident()}")
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            fresh.write_bytes(self._seal(name, source, body) + body)
            fresh.replace(self._path(name))
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            log.warning("not kept for the next start", extra={"made": name, "why": error.strerror})

    def _path(self, name: str) -> Path:
        return self.folder / hashlib.blake2b(name.encode(), digest_size=16).hexdigest()

    def _seal(self, name: str, source: bytes, body: bytes) -> bytes:
        seal = hashlib.blake2b(key=self.key, digest_size=SEAL_BYTES)
        for part in (name.encode(), source, made_of(), body):
            seal.update(len(part).to_bytes(8, "big") + part)
        return seal.digest()


class Templates(BytecodeCache):
    """Compiled templates, those of each language by themselves."""

    def __init__(self, made: Made) -> None:
        self.made = made

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        """Jinja's place for the code of a template."""
        bucket = Bucket(environment, f"template {environment.language} {name}", source)
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put the kept code into its place."""
        found = self.made.find(bucket.key, bucket.checksum.encode())
        bucket.code = found if isinstance(found, CodeType) else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a place."""
        self.made.keep(bucket.key, bucket.code, bucket.checksum.encode())


def kept(name: str, make: Callable[[], Any]) -> Any:
    """A value of plain kinds as the last start made it from the same files; made now where there is none."""
    made: Made | None = current_app.extensions.get("made") if has_app_context() else None
    if made is None:
        return make()
    found = made.find(name)
    if found is None:
        made.keep(name, found := make())
    return found


def init(app: Flask) -> None:
    """Keep what this application makes, unless it is under test."""
    if app.testing:
        return
    made = Made(Path(app.instance_path) / "made", app.config["SECRET_KEY"].encode())
    app.extensions["made"] = made
    app.jinja_env.bytecode_cache = Templates(made)
