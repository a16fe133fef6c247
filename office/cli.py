"""Commands across parts: `flask records report`."""

from office.records.cli import COMMANDS

__all__ = ["COMMANDS"]
