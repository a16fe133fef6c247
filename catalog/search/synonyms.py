"""One thing, several words: ngô and bắp, miến and bún tàu. The groups are a data file for a person to read through."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog.search.leftovers import decode
from catalog.search.words import folded_words, words

FILE = Path(__file__).with_name("data") / "synonyms.json"
LONGEST = 3

Phrase = tuple[str, ...]  # folded words that must stand side by side
Term = tuple[Phrase, ...]  # one thing asked for, as typed first, then other words for it


@dataclass(frozen=True)
class Synonyms:
    """marked: phrase with marks → other words; folded: without marks; may_drop: phrases that narrow nothing."""

    marked: dict[Phrase, tuple[Phrase, ...]]
    folded: dict[Phrase, tuple[Phrase, ...]]
    may_drop: frozenset[Phrase]


@cache
def load() -> Synonyms:
    """The file, read once."""
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    marked: dict[Phrase, list[Phrase]] = {}
    folded: dict[Phrase, list[Phrase]] = {}
    for group in (*raw["regional"], *raw["peoples"], *raw["english"]):
        plain = [member.removeprefix("!") for member in group]
        for member, text in zip(group, plain, strict=True):
            others = [tuple(folded_words(other)) for other in plain if other != text]
            marked.setdefault(tuple(words(text)), []).extend(others)
            if not member.startswith("!"):
                folded.setdefault(tuple(folded_words(text)), []).extend(others)
    return Synonyms(
        {phrase: tuple(dict.fromkeys(found)) for phrase, found in marked.items()},
        {phrase: tuple(dict.fromkeys(found)) for phrase, found in folded.items()},
        frozenset(tuple(folded_words(text)) for text in raw["may_drop"]),
    )


@cache
def phrases() -> frozenset[Phrase]:
    """The phrases of two words and more that a query may be read as, folded: the index holds each as one token."""
    known = load()
    others = (one for found in (*known.marked.values(), *known.folded.values()) for one in found)
    marked = (tuple(word for one in phrase for word in folded_words(one)) for phrase in known.marked)
    return frozenset(one for one in (*others, *marked, *known.folded, *known.may_drop) if len(one) > 1)


def terms_of(exact: Sequence[str], typed: Sequence[str]) -> tuple[Term, ...]:
    """What is asked for, one term after another: the longest phrases that have other words, else single words.

    exact: the words with left-overs of typing decoded; typed: the same words as they came. A word whose decoding
    is a guess keeps both readings.
    """
    known, found, at = load(), list[Term](), 0
    while at < len(exact):
        for length in range(min(LONGEST, len(exact) - at), 0, -1):
            part = tuple(exact[at : at + length])
            plain = tuple(word for one in part for word in folded_words(one))
            raw = tuple(typed[at : at + length])
            others = known.marked.get(part, ()) if plain != part else known.folded.get(plain, ())
            others = others or known.folded.get(raw, ())
            whole = bool(others) or plain in known.may_drop
            if whole or length == 1:
                also = (raw,) if length == 1 and raw != part else ()
                found.append(tuple(dict.fromkeys((plain, *others, *also))))
                at += length
                break
    return tuple(found)


def read_words(text: str) -> tuple[list[str], list[str]]:
    """The words of a query decoded, and as typed."""
    typed, known = words(text), load().folded
    return [word if (word,) in known else decode(word) for word in typed], typed


def may_drop(term: Term) -> bool:
    """Whether a term narrows nothing ("mua", "ở đâu")."""
    return term[0] in load().may_drop
