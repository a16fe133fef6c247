"""Which spellings are worth trying, and in what order. Pure functions over words that the caller looked up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product

# Sounds that fall together in one region or another, and letters that fingers take for each other's sounds. Folded.
CONFUSED = (
    ("x", "s"), ("tr", "ch"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("gi", "v"), ("d", "v"), ("z", "d"), ("z", "gi"),
    ("j", "gi"), ("l", "n"), ("c", "k"), ("k", "q"), ("f", "ph"), ("w", "qu"), ("w", "u"), ("ng", "ngh"),
    ("g", "gh"), ("h", "kh"),
)  # fmt: skip
CONFUSED_ENDS = (
    ("n", "ng"),
    ("nh", "n"),
    ("t", "c"),
    ("ch", "t"),
    ("k", "c"),
    ("i", "y"),
    ("u", "o"),
    ("ao", "au"),
    ("iu", "uu"),
)
TRIED_MAX = 6
EACH_MAX = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """A word of the shop that may have been meant: folded, as shown, how often it stands there, how far it is off."""

    word: str
    shown: str
    count: int
    distance: float


def sounds_like(word: str) -> list[str]:
    """Words that sound alike somewhere in the country, and words with two letters swapped. Folded.

    >>> "tra" in sounds_like("cha"), "sa" in sounds_like("xa"), "mien" in sounds_like("mein")
    (True, True, True)
    """
    found: dict[str, None] = {}
    for one, other in CONFUSED:
        for start, meant in ((one, other), (other, one)):
            if word.startswith(start):
                found[meant + word[len(start) :]] = None
    for one, other in CONFUSED_ENDS:
        for end, meant in ((one, other), (other, one)):
            if word.endswith(end) and len(word) > len(end):
                found[word[: -len(end)] + meant] = None
    for place in range(len(word) - 1):
        found[word[:place] + word[place + 1] + word[place] + word[place + 2 :]] = None
    found.pop(word, None)
    return list(found)


def distance_allowed(word: str) -> int:
    """How many letters may be off: none of a number or a single letter, one of a short word, else two."""
    if len(word) < 2 or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) <= 4 else 2


def best(guesses: Iterable[Guess]) -> list[Guess]:
    """The nearest first, then the more frequent; each word once."""
    order = sorted(guesses, key=lambda one: (one.distance, -one.count, one.word))
    return list({one.word: one for one in reversed(order)}.values())[::-1][:EACH_MAX]


def combined(places: Sequence[Sequence[Guess]], pairs: Mapping[str, str]) -> list[str]:
    """Whole queries from guesses for each place, the likeliest first: few letters off, and words that stand together.

    pairs: "tinh dau" → "tinh dầu", for words that stand side by side in the shop.
    """

    def worth(line: Sequence[Guess]) -> float:
        together = sum(f"{a.word} {b.word}" in pairs for a, b in pairwise(line))
        return (
            sum(one.distance for one in line) - 1.2 * together - sum(min(one.count, 50) for one in line) / 500
        )

    lines = sorted(islice(product(*places), 400), key=worth)
    return list(dict.fromkeys(_shown(line, pairs) for line in lines))[:TRIED_MAX]


def _shown(line: Sequence[Guess], pairs: Mapping[str, str]) -> str:
    """The line with marks: as words stand together where they do, else each as it stands most."""
    out: list[str] = []
    place = 0
    while place < len(line):
        pair = f"{line[place].word} {line[place + 1].word}" if place + 1 < len(line) else ""
        if pair in pairs:
            out.append(pairs[pair])
            place += 2
        else:
            out.append(line[place].shown)
            place += 1
    return " ".join(out)
