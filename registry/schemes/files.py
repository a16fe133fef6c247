"""The schemes that are shipped, read once. What no source at hand holds is one marked example."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from registry.schemes.rules import Scheme, parse_scheme

DATA = Path(__file__).with_name("data")


@cache
def schemes() -> Mapping[str, Scheme]:
    """Every scheme by id, oldest first. Raises Unusable for a faulty file, LookupError for two of one id."""
    found = [parse_scheme(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.json"))]
    by_id = {one.id: one for one in sorted(found, key=lambda one: (one.valid_from, one.id))}
    if len(by_id) != len(found):
        raise LookupError("two schemes have one id")
    return by_id
