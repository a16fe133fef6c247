"""Starts the server as a process of its own, and speaks to it for a test."""

import json
import subprocess
import sys
import urllib.request
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ORDER_WAIT_S = 30.0  # one act of the server's own takes milliseconds
STORM_WAIT_S = (
    900.0  # thousands of letters in one order; each of them has its own 30 s, and no answer is status 0
)


class StripeServer:
    """A running server: `with StripeServer() as bank: …`."""

    def __enter__(self) -> "StripeServer":
        command = [sys.executable, "-m", "tests.stripe_server"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def order(self, what: str, **told: Any) -> Any:
        """Tell the server what the buyer, the bank or the weather does."""
        ask = urllib.request.Request(f"{self.url}/_control/{what}", json.dumps(told).encode(), method="POST")
        with urllib.request.urlopen(
            ask, timeout=STORM_WAIT_S if what == "deliver" else ORDER_WAIT_S
        ) as answer:
            return json.loads(answer.read())

    def fresh(self, now: datetime) -> "StripeServer":
        """As new, at an instant."""
        self.order("fresh", now=int(now.timestamp()))
        return self

    def at(self, now: datetime) -> None:
        """Let its clock stand at an instant."""
        self.order("now", now=int(now.timestamp()))

    def look(self) -> Any:
        """All that happened."""
        return self.order("look")

    def rows(self, kind: str) -> list[Any]:
        """Its objects of a kind, oldest first."""
        return [row for row in self.look()["rows"].values() if row["object"] == kind]

    def calls(self, path: str, method: str = "POST") -> list[Any]:
        """The calls that were made to an address."""
        return [one for one in self.look()["calls"] if one["path"] == path and one["method"] == method]
