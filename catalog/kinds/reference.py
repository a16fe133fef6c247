"""The templates of categories, read once from `templates.json`: one entry a category slug."""

import json
from functools import cache
from pathlib import Path

from catalog.kinds.rules import ASKED, Template
from catalog.reference import CATEGORIES
from catalog.rules import Kind

_FILE = Path(__file__).with_name("templates.json")


@cache
def templates() -> dict[str, Template]:
    """By category slug."""
    kinds = {slug: kind for slug, _name, _english, kind, _picture in CATEGORIES}
    written = json.loads(_FILE.read_text(encoding="utf-8"))
    return {slug: _template(kinds[slug], facts) for slug, facts in written.items()}


def _template(kind: Kind, facts: dict[str, str | int | list[str] | None]) -> Template:
    rest = {name: value for name, value in facts.items() if name != "units"}
    return Template(kind=kind, asks=ASKED[kind], units=tuple(facts["units"]), **rest)  # type: ignore[arg-type]


def template(slug: str | None) -> Template | None:
    """A category's template; None for a category without one, and for none."""
    return templates().get(slug or "")
