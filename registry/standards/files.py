"""The standards that are shipped, read once. No database is needed here."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from registry.standards.rules import Standard, parse_standard

DATA = Path(__file__).with_name("data")


def read_folder(folder: Path) -> dict[str, Standard]:
    """Every standard of a folder by id, oldest first. Raises Unusable for a faulty file."""
    found = [parse_standard(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return {one.id: one for one in sorted(found, key=lambda one: (one.valid_from, one.id))}


@cache
def shipped() -> Mapping[str, Standard]:
    """The standards that come with the program; their points are DEMO."""
    return read_folder(DATA)


@cache
def text_of(standard_id: str) -> str:
    """A shipped standard's file as it is."""
    return (DATA / f"{standard_id}.json").read_text(encoding="utf-8")
