"""An invented country of two rounds."""

from dataclasses import replace
from random import Random

from accounts.rules import Role
from core.db import transaction
from registry.figures.rules import CLASSES, Home, tree
from registry.published.models import FigureRelease
from registry.published.operations import Draft, publish
from registry.published.rules import published
from tests.factories.accounts import actor_for

INDICATORS = ("water", "toilet")


def homes_of(seed: int) -> tuple[list[Home], list[tuple[int, Home]]]:
    """(the first round, the second with the place in the first of each): three provinces, few and many homes."""
    random = Random(seed)
    first: list[Home] = []
    for province in "abc":
        for commune in range(random.randint(1, 4)):
            for _ in range(random.choice((7, 60, 300, 400))):
                first.append(
                    _home(random, (province, f"{province}{commune}"), random.choice((0.0, 0.2, 0.5)))
                )
    second = []
    for place, home in enumerate(first):
        if random.random() < 0.9:
            again = _home(random, home.path, 0.3)
            second.append((place, replace(again, sex=home.sex, ethnic=home.ethnic, age=home.age)))
    return first, second


def invented_draft(year: int = 2025) -> Draft:
    """An invented round of three provinces, some of it hidden."""
    first, _second = homes_of(3)
    rows = published(tree("", first), INDICATORS, moves=False)
    names = {row.path: f"Nơi {'-'.join(row.path)}" for row in rows}
    return Draft(year, "vn-2022-2025", True, INDICATORS, tuple(rows), names)


def released(year: int = 2025) -> FigureRelease:
    """That round, published."""
    keeper = actor_for(Role.ADMINISTRATOR)
    with transaction():
        return publish(keeper, invented_draft(year))


def _home(random: Random, path: tuple[str, ...], hardship: float) -> Home:
    shares = (hardship, hardship / 2, 1.0, random.choice((0.0, 0.08)))
    return Home(
        path,
        random.choices(CLASSES, shares)[0],
        {code: random.choices((True, False, None), (hardship, 1, 0.02))[0] for code in INDICATORS},
        sex=random.choices(("female", "male", "unknown"), (2, 5, 0.3))[0],
        ethnic=random.choices(("kinh", "minority", "unknown"), (1, 4, 0.3))[0],
        departs=random.choices(("yes", "no", "unknown"), (0.1, 1, 0.1))[0],
        age=random.choices(("under30", "30to44", "45to59", "60plus", "unknown"), (1, 3, 3, 2, 0.2))[0],
    )
