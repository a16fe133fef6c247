"""Starts a sandbox as a process of its own, and speaks to it for a test."""

import json
import subprocess
import sys
import urllib.request
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Sandbox:
    """A running sandbox: `with Sandbox("momo") as desk: …`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> "Sandbox":
        command = [sys.executable, "-m", f"tests.wallets.{self.name}"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def reset(self, now: datetime, **settings: str) -> "Sandbox":
        """As new, with a clock that stands at `now`."""
        self.order("reset")
        self.control(now, settings={"host": self.url, **settings})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def order(self, what: str, **told: Any) -> Any:
        """Tell the sandbox what the buyer, the weather or a thief does: see `Desk.order_…`."""
        ask = urllib.request.Request(f"{self.url}/_{what}", json.dumps(told).encode(), method="POST")
        with urllib.request.urlopen(ask, timeout=60) as answer:
            return json.loads(answer.read())

    def control(self, now: datetime | None = None, **told: Any) -> None:
        """Set clock, settings and faults."""
        self.order("control", **({"now": now.isoformat()} if now else {}), **told)

    def pay(self, ref: str, **told: Any) -> list[Any]:
        """The buyer pays (state=, code= for another end); what the merchant answered to the news."""
        found = self.order("pay", ref=ref, **told)
        sent: list[Any] = found["sent"]
        return sent

    def notify(self, ref: str, **told: Any) -> list[Any]:
        """News again, or forged: change={"forge": True, "amount_vnd": 1, "merchant": "X"}."""
        sent: list[Any] = self.order("notify", ref=ref, **told)
        return sent

    def look(self) -> Any:
        """All that happened there."""
        return self.order("look")

    def refs(self) -> list[str]:
        """The payments that exist there, oldest first."""
        return list(self.look()["payments"])
