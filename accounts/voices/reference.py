"""The catalogue of prompts: `prompts.json`, an entry a step, in Vietnamese and English, in the order of the work."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accounts.voices.rules import PLACES
from core.i18n import language

_FILE = Path(__file__).with_name("prompts.json")


@dataclass(frozen=True)
class Prompt:
    """What is said beside one step. place: the page it stands on, in Vietnamese."""

    id: str
    place: str
    vi: str
    en: str

    @property
    def text(self) -> str:
        """In the reader's interface language."""
        return self.en if language() == "en" else self.vi


@cache
def prompts() -> dict[str, Prompt]:
    """Every prompt by id. Raises ValueError for an id that is there twice or an entry that lacks a text."""
    found: dict[str, Prompt] = {}
    for entry in json.loads(_FILE.read_text(encoding="utf-8")):
        one = Prompt(**entry)
        if one.id in found or one.place not in PLACES or not all((one.vi, one.en)):
            raise ValueError(f"prompt {one.id} is there twice, lacks a text, or stands on no known page")
        found[one.id] = one
    return found
