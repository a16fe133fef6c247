"""A live sale: how comments are taken out of a paste, what becomes of each, which words name goods. Pure functions."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.i18n import N_
from core.text import clean, fold

CODE = re.compile(r"[a-z]{1,6}\d{0,3}|\d{1,3}[a-z]{1,3}")
COMMENTS_MAX = 2_000
BODY_MAX_CHARS = 500
NAME_MAX_CHARS = 80
GOODS_MAX = 40


class Outcome(StrEnum):
    """What became of a comment."""

    PUT = "put"  # goods were put aside
    UNSURE = "unsure"  # may mean several things: a person chooses
    WHOSE = "whose"  # of which of several people of that name: a person says
    SOLD_OUT = "sold_out"  # read, and not enough is left
    ASKED = "asked"  # a question
    TAKEN_BACK = "taken_back"  # wants less: a person decides
    TALK = "talk"


OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.PUT: N_("Đã ghi"),
    Outcome.UNSURE: N_("Chưa rõ"),
    Outcome.WHOSE: N_("Chưa rõ của ai"),
    Outcome.SOLD_OUT: N_("Hết hàng"),
    Outcome.ASKED: N_("Khách hỏi"),
    Outcome.TAKEN_BACK: N_("Khách bớt hoặc huỷ"),
    Outcome.TALK: N_("Trò chuyện"),
}
WAITING = (
    Outcome.UNSURE,
    Outcome.WHOSE,
    Outcome.SOLD_OUT,
    Outcome.ASKED,
    Outcome.TAKEN_BACK,
)  # until a person has seen to it


@dataclass(frozen=True, slots=True)
class Said:
    """One comment. digest tells it apart within its sale: the same words of the same person a second time are another
    comment, the same paste again is not.
    """

    name: str
    body: str
    digest: str


def is_code(typed: str) -> bool:
    """Whether a word can name goods under a live sale: one to six letters and up to three digits, "m1", "mật".

    >>> is_code("M1"), is_code("mat"), is_code("12"), is_code("a b")
    (True, True, False, False)
    """
    return CODE.fullmatch(fold(typed)) is not None


def split_comments(text: str) -> list[Said]:
    """The comments of a paste or a file, "name: words" or "name<tab>words" a line; a line without a name belongs to the
    one before where that has no words yet, else it is nobody's.

    >>> [(one.name, one.body) for one in split_comments("Hoa: m1 x2\\nLan Anh\\t1 q1\\nTú\\nm1")]
    [('Hoa', 'm1 x2'), ('Lan Anh', '1 q1'), ('Tú', 'm1')]
    """
    pairs: list[tuple[str, str]] = []
    waiting = ""
    for line in text.splitlines():
        name, body = _parted(line)
        if not name and waiting and (words := clean(line)):
            pairs.append((waiting, words))
            waiting = ""
        elif name:
            pairs.append((name, body))
            waiting = ""
        else:
            waiting = clean(line)[:NAME_MAX_CHARS]
    return _numbered(pairs)


def _parted(line: str) -> tuple[str, str]:
    """Name and words of a line; twice empty where it has not both."""
    for sign in ("\t", ":"):
        name, found, body = (clean(part) for part in line.partition(sign))
        if name and body and len(name) <= NAME_MAX_CHARS and (found or sign in line):
            return name.strip(" @"), body
    return "", ""


def _numbered(pairs: Iterable[tuple[str, str]]) -> list[Said]:
    seen: Counter[tuple[str, str]] = Counter()
    made = []
    for name, body in pairs:
        body = body[:BODY_MAX_CHARS]
        seen[key_of(name), body] += 1
        raw = f"{key_of(name)}\x00{body}\x00{seen[key_of(name), body]}"
        made.append(Said(name[:NAME_MAX_CHARS], body, hashlib.sha256(raw.encode()).hexdigest()[:32]))
    return made


def key_of(name: str) -> str:
    """By what the comments of one buyer are brought together: the name as shown, folded."""
    return fold(name)[:NAME_MAX_CHARS]
