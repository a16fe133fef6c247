"""What somebody scans for. Pure."""

from enum import StrEnum


class Task(StrEnum):
    """Why a code is scanned."""

    RECEIVE = "receive"
    PACK = "pack"
    COUNT = "count"
