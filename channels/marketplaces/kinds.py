"""The kinds of goods that a template itself lists, so that a code typed by a person is checked where that can be. Pure.

Sites put their list of kinds on another sheet of the template: "100629 - Thực phẩm" in one cell, or the code and the
name side by side. A template without one proves nothing, and the page says so.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from channels.marketplaces.workbooks import Row, Sheet
from core.text import fold

KINDS_MAX = 20_000
_CODE = re.compile(r"\d{3,12}")
_BOTH = re.compile(r"(\d{3,12})\s*[-–—:|]\s*(\S.*)", re.DOTALL)


class Verdict(StrEnum):
    """What a template says of a code that a person typed."""

    LISTED = "listed"
    MISSING = "missing"  # the template has a list, and this is not on it
    UNKNOWN = "unknown"  # the template has no list


def kinds_in(sheets: Sequence[Sheet], filled: Sheet) -> dict[str, str]:
    """{code: name} of every kind on the sheets that are not filled; empty where the template lists none."""
    found: dict[str, str] = {}
    for sheet in sheets:
        if sheet.path == filled.path:
            continue
        for number in sorted(sheet.rows):
            if len(found) >= KINDS_MAX:
                return found
            found |= _of_row(sheet.rows[number])
    return found


def _of_row(row: Row) -> dict[str, str]:
    texts = [" ".join(row.cells[place].text.split()) for place in sorted(row.cells)]
    found = {match[1]: match[2][:200] for text in texts if (match := _BOTH.fullmatch(text))}
    if found:
        return found
    codes = [text for text in texts if _CODE.fullmatch(text)]
    names = [text for text in texts if re.search(r"[^\W\d_]", text)]
    return {codes[0]: " > ".join(names)[:200]} if len(codes) == 1 and names else {}


def judged(code: str, kinds: Mapping[str, str]) -> tuple[Verdict, str]:
    """Whether a template lists what a person typed, as a code or by its name; with the list's name of it.

    >>> judged("100629", {"100629": "Thực phẩm"}), judged("7", {"100629": "Thực phẩm"})[0], judged("7", {})[0]
    ((<Verdict.LISTED: 'listed'>, 'Thực phẩm'), <Verdict.MISSING: 'missing'>, <Verdict.UNKNOWN: 'unknown'>)
    """
    if not kinds:
        return Verdict.UNKNOWN, ""
    bare = " ".join(code.split())
    both = _BOTH.fullmatch(bare)
    if (name := kinds.get(both[1] if both else bare)) is not None:
        return Verdict.LISTED, name
    wanted = fold(bare)
    named = next((name for name in kinds.values() if fold(name) == wanted), None)
    return (Verdict.LISTED, named) if named is not None else (Verdict.MISSING, "")
