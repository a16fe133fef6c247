"""Other spellings of a query that found nothing."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from catalog.search.rules import Query
from catalog.search.spelling import store
from catalog.search.spelling.rules import Guess, best, combined, distance_allowed, sounds_like
from catalog.search.words import folded_words

WORDS_MAX = 6


def corrections(query: Query) -> list[str]:
    """Spellings worth trying, the likeliest first, made of words that the shop has; at most six, often none."""
    index = store.opened()
    if index is None or not 0 < len(query.folded) <= WORDS_MAX:
        return []
    with index.searcher() as searcher:
        places = [_guesses(searcher, word) for word in query.folded]
        if not all(places):
            return []
        if all(
            guesses[0].distance == 0 for guesses in places
        ):  # every word is one of ours: one of them is not meant
            places = [_with_neighbours(searcher, guesses) for guesses in places]
        lines = combined(places, _pairs(searcher, places))
    return [text for text in lines if tuple(folded_words(text)) != query.folded]


def _one(searcher: Any, word: str, distance: float) -> Guess | None:
    found = searcher.document(word=word)
    return Guess(word, found["shown"], found["count"], distance) if found else None


def _guesses(searcher: Any, word: str) -> list[Guess]:
    """The word itself where the shop has it, or it is a number; else the nearest words."""
    itself = _one(searcher, word, 0)
    if itself is not None:
        return [itself]
    if any(letter.isdigit() for letter in word):
        return [Guess(word, word, 0, 0)]
    return _near(searcher, word)


def _near(searcher: Any, word: str) -> list[Guess]:
    alike = [_one(searcher, other, 0.7) for other in sounds_like(word)]
    found = [one for one in alike if one is not None]
    for distance in range(1, distance_allowed(word) + 1):
        within = list(searcher.reader().terms_within("word", word, distance))
        found += [
            one for other in within if other != word and (one := _one(searcher, other, distance)) is not None
        ]
        if found:
            break
    return best(found)


def _with_neighbours(searcher: Any, guesses: Sequence[Guess]) -> list[Guess]:
    return [guesses[0], *_near(searcher, guesses[0].word)] if guesses[0].count else list(guesses)


def _pairs(searcher: Any, places: Sequence[Sequence[Guess]]) -> dict[str, str]:
    """Which of the guesses stand side by side in the shop, and how they are written there."""
    found = {}
    for left, right in pairwise(places):
        for one in left:
            for other in right:
                pair = f"{one.word} {other.word}"
                if document := searcher.document(pair=pair):
                    found[pair] = document["shown"]
    return found
