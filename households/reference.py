"""Lists that come as files: ethnic groups of one official list, and the wordings of consents by version."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.i18n import N_
from households.rules import EthnicGroup, Purpose

DATA = Path(__file__).parent / "data"
ETHNIC_LIST = "gso-121-1979"
KINH = "01"
UNKNOWN = "99"


@dataclass(frozen=True)
class Wording:
    """The words of one consent, in one version; `%(organisation)s` stands for the one who is allowed."""

    purpose: Purpose
    version: str
    title: str
    text: str
    title_en: str
    text_en: str


@cache
def _read(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return body


@cache
def ethnic_groups() -> tuple[EthnicGroup, ...]:
    """The 54 groups of the list, then foreigners and "not known"."""
    body = _read("ethnic_groups.json")
    rows = [*body["groups"], body["foreign"], body["unknown"]]
    return tuple(EthnicGroup(body["list"], row["code"], row["name"]) for row in rows)


def ethnic_group(code: str) -> EthnicGroup:
    """A group of our list by its code. Raises Invalid for a code that the list has not."""
    for group in ethnic_groups():
        if group.code == code:
            return group
    raise Invalid(
        N_("Không có dân tộc này trong danh sách."),
        remedy=N_("Chọn một mục trong danh sách."),
        field="ethnic_code",
    )


@cache
def wordings() -> dict[tuple[Purpose, str], Wording]:
    """Every wording that was ever in force, by purpose and version."""
    rows = [
        Wording(**(row | {"purpose": Purpose(row["purpose"])})) for row in _read("consents.json")["wordings"]
    ]
    return {(row.purpose, row.version): row for row in rows}


def current_wording(purpose: Purpose) -> Wording:
    """The wording that is read out today."""
    return wordings()[purpose, _read("consents.json")["current"][purpose]]
