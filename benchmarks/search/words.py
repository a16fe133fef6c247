"""Texts as a shop of these goods writes them, by a fixed seed: its own words, as unevenly used as words are.

The words come from the shop itself: the stories of the demonstration world, what the pages say, names of places. How
often each is used follows Zipf's law in the order of how often the shop uses it; most words follow one that they follow
there too, so that phrases come back as in real texts.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from random import Random

from catalog.search.words import words
from config import ROOT

TEXTS = (
    *(ROOT / "translations" / "en" / f"{part}.po" for part in ("catalog", "storefront", "cooperatives")),
    ROOT / "app" / "demo" / "data" / "world.json",
)
SENTENCES, LENGTH = (4, 10), (6, 16)  # of a story; of a sentence, in words
FOLLOWING = 0.7  # of the words, those that follow one they follow in the shop's own texts
DRAWN = 4_096  # words drawn at once: a draw by weight costs ten times a look into a list


def _texts() -> Iterator[str]:
    """Every sentence of the shop's own."""
    for path in TEXTS:
        raw = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            yield from _strings(json.loads(raw))
        else:
            yield from re.findall(r'^msgid "(.+)"$', raw, re.MULTILINE)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in _strings(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in _strings(one))


class Writer:
    """Writes stories. places: names whose words are the rare ones."""

    def __init__(self, random: Random, places: Sequence[str]) -> None:
        self.random = random
        counted: Counter[str] = Counter()
        self.after: dict[str, list[str]] = {}
        for text in _texts():
            said = [word for word in words(re.sub(r"%\(\w+\)s", " ", text)) if not word.isdigit()]
            counted.update(said)
            for word, follower in pairwise(said):
                self.after.setdefault(word, []).append(follower)
        rare = Counter(word for name in places for word in words(name) if word not in counted)
        self.known = [word for word, _count in (*counted.most_common(), *rare.most_common())]
        self.weights = list(
            accumulate(1 / (rank + 2.7) for rank in range(len(self.known)))
        )  # Mandelbrot's form
        self.drawn: list[str] = []

    def word(self) -> str:
        """A word, as often as Zipf's law has it."""
        if not self.drawn:
            self.drawn = self.random.choices(self.known, cum_weights=self.weights, k=DRAWN)
        return self.drawn.pop()

    def sentence(self) -> str:
        """Some words, capital letter and full stop included."""
        said = [self.word()]
        for _place in range(self.random.randint(*LENGTH) - 1):
            followers = self.after.get(said[-1])
            follows = followers and self.random.random() < FOLLOWING
            said.append(self.random.choice(followers) if follows and followers else self.word())
        return " ".join(said).capitalize() + "."

    def story(self) -> str:
        """Some sentences."""
        return " ".join([self.sentence() for _number in range(self.random.randint(*SENTENCES))])


def zipf(random: Random, values: Sequence[str], power: float = 0.8) -> str:
    """One of the values, the first the likeliest."""
    return random.choices(values, [1 / (rank + 1) ** power for rank in range(len(values))])[0]
