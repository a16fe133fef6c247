"""What is believed of each site: dated, sourced, unverified (data/*.json)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from channels.marketplaces.rules import SITE_NAME, Site, Status

FOLDER = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Facts:
    """One site. limits: name → (value, where it was read). statuses: folded word → ours.

    repeats: an order's sums stand on each of its rows, once; else every row has its own part. as_of: of the file.
    """

    site: Site
    name: str
    as_of: str
    verified: bool
    note: str
    sources: dict[str, str]
    limits: dict[str, tuple[int, str]]
    statuses: dict[str, Status]
    repeats: bool

    def limit(self, name: str) -> int | None:
        """A limit's value; None where nobody told of one."""
        found = self.limits.get(name)
        return found[0] if found else None


@cache
def facts(site: Site) -> Facts:
    """A site's facts. Raises KeyError for a file that lacks a part: a test reads them all."""
    said: dict[str, Any] = json.loads((FOLDER / f"{site}.json").read_text(encoding="utf-8"))
    words = {word: Status(status) for status, known in said["statuses"].items() for word in known}
    return Facts(
        site, SITE_NAME[site], said["as_of"], said["verified"], said["note"], said["sources"],
        {name: (int(value), source) for name, (value, source) in said["limits"].items()}, words,
        said["order_sums"] == "repeated",
    )  # fmt: skip
