"""Which column of a bank's or carrier's table means what, by its heading (`core.headings`); foreign money by sight."""

import re

from core.headings import (
    HEADING_ROWS,
    Column,
    Headings,
    find_headings,
    first_row_of_words,
    heading_key,
    letter,
    named,
    pieces,
)

__all__ = [
    "FOREIGN",
    "HEADING_ROWS",
    "Column",
    "Headings",
    "find_headings",
    "first_row_of_words",
    "heading_key",
    "letter",
    "named",
    "pieces",
]
FOREIGN = re.compile(
    r"\b(usd|eur|jpy|gbp|cny|rmb|krw|thb|sgd|aud|cad|chf|hkd|twd|lak|khr)\b|[$€£¥]", re.IGNORECASE
)
