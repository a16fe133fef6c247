"""What the index holds beside plain words: a word as one of the name, and a known phrase as one token.

So a search for words in the name, or for words side by side, walks a short list of its own; the index needs no
positions, is a fifth as large, and neither engine reads a text again to see where a word stands. Folded words only.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache

from catalog.search.synonyms import Phrase, phrases

NAMED, JOINED, JOINT = "qn", "qj", "0"
LAYOUT = 3  # raised when products are written into the index in another way


def form() -> str:
    """What an index of today is made like: one made in another form has to be built anew."""
    known = " ".join(sorted(" ".join(phrase) for phrase in phrases()))
    return f"{LAYOUT}:{hashlib.sha256(known.encode()).hexdigest()[:12]}"


def token_of(phrase: Phrase) -> str | None:
    """The token of a word or of a phrase that the index knows; None for any other phrase.

    >>> token_of(("que",)), token_of(("mien", "dong")), token_of(("que", "rung"))
    ('que', 'qjmien0dong', None)
    """
    if len(phrase) == 1:
        return phrase[0]
    return JOINED + JOINT.join(phrase) if phrase in phrases() else None


def in_name(token: str) -> str:
    """The token that says the same of the name alone."""
    return NAMED + token


def extra_tokens(name: str, *others: str) -> str:
    """What is indexed beside the words of a product's texts (folded words with one space between): one space between.

    >>> extra_tokens("mien dong", "bun tau ngon")
    'qnmien qndong qnqjmien0dong qjmien0dong qjbun0tau'
    """
    said = name.split()
    joined = list(_joined(said))
    found = [in_name(one) for one in (*said, *joined)] + joined
    found += [one for text in others for one in _joined(text.split())]
    return " ".join(dict.fromkeys(found))


def _joined(said: Sequence[str]) -> Iterator[str]:
    known, begins = phrases(), _begins()
    for place, word in enumerate(said):
        for length in begins.get(word, ()):
            phrase = tuple(said[place : place + length])
            if phrase in known:
                yield JOINED + JOINT.join(phrase)


@cache
def _begins() -> dict[str, list[int]]:
    """How long the known phrases are that begin with a word."""
    found: dict[str, set[int]] = {}
    for phrase in phrases():
        found.setdefault(phrase[0], set()).add(len(phrase))
    return {word: sorted(lengths) for word, lengths in found.items()}
