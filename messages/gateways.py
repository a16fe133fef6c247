"""Where messages leave the house: a file, the console, or a list in memory for tests. SMS and Zalo come later."""

import json
import sys
from pathlib import Path
from typing import Protocol

from flask import current_app

from core import clock


class Gateway(Protocol):
    """Takes one message. The key is stable over retries, so that the receiver can count it once."""

    def send(self, key: str, to_address: str, body: str) -> None:
        """Hand the message over, or raise OSError to have it tried again."""


class FileGateway:
    """Appends to `instance/messages.jsonl`: the demonstration's telephone."""

    def send(self, key: str, to_address: str, body: str) -> None:
        """Append one line."""
        path = Path(current_app.config["INSTANCE_DIR"]) / "messages.jsonl"
        line = {"at": clock.now().isoformat(), "key": key, "to": to_address, "body": body}
        with path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


class ConsoleGateway:
    """Prints to standard output."""

    def send(self, key: str, to_address: str, body: str) -> None:
        """Print one line."""
        sys.stdout.write(f"→ {to_address}: {body}\n")


class MemoryGateway:
    """Keeps messages in the application's extensions, for tests."""

    def send(self, key: str, to_address: str, body: str) -> None:
        """Append a tuple."""
        current_app.extensions.setdefault("sent_messages", []).append((key, to_address, body))


GATEWAYS: dict[str, type[Gateway]] = {"file": FileGateway, "console": ConsoleGateway, "memory": MemoryGateway}


def gateway() -> Gateway:
    """The configured gateway."""
    return GATEWAYS[current_app.config["MESSAGE_GATEWAY"]]()
