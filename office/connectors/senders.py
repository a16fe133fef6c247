"""The two connectors: over HTTP, and into a folder. Both sign, both may be called again with the same key."""

import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from office.connectors.rules import KEY, SIGNATURE, Document, Down, Receipt, outcome, signature

TIMEOUT_S, ANSWER_MAX_BYTES = 5.0, 20_000


def _seconds() -> int:
    from core import clock

    return int(clock.now().timestamp())


@dataclass(frozen=True)
class HttpConnector:
    """POSTs a signed body to one address. No redirect is followed, no proxy of the environment taken."""

    address: str
    secret: str
    timeout_s: float = TIMEOUT_S
    now: Callable[[], int] = _seconds

    def send(self, document: Document) -> Receipt:
        """Send once. Raises Down where no answer came in time, Refused for a no."""
        import httpx  # here, not above: pages that send nothing do without it

        headers = {
            "Content-Type": "application/json; charset=utf-8", KEY: document.key,
            SIGNATURE: signature(self.secret, self.now(), document.key, document.body),
        }  # fmt: skip
        until, read = time.monotonic() + self.timeout_s, bytearray()
        try:
            with (
                httpx.Client(timeout=self.timeout_s, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", self.address, content=document.body, headers=headers) as answer,
            ):
                for piece in answer.iter_bytes():
                    read += piece
                    if len(read) > ANSWER_MAX_BYTES or time.monotonic() > until:
                        raise Down("too slow or too long")
                return outcome(answer.status_code, _number(bytes(read)))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Down(type(error).__name__) from error


def _number(body: bytes) -> str:
    """What the receiver called the delivery, where it says so in JSON; else nothing."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    told = found.get("receipt") if isinstance(found, dict) else None
    return told if isinstance(told, str) else ""


@dataclass(frozen=True)
class FileConnector:
    """Writes body and signature into a folder that somebody empties. The same key is the same file."""

    folder: Path
    secret: str
    now: Callable[[], int] = _seconds

    def send(self, document: Document) -> Receipt:
        """Write once. Raises Down where the folder cannot be written."""
        name = f"{document.key}.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / name).exists():
                mark = signature(self.secret, self.now(), document.key, document.body)
                self._write(f"{document.key}.sig", mark.encode())
                self._write(name, document.body)
        except OSError as error:
            raise Down(type(error).__name__) from error
        return Receipt(name, 201)

    def _write(self, name: str, data: bytes) -> None:
        """Whole or not at all, whenever the machine stops."""
        handle, draft = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(self.folder / name)
