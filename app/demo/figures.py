"""A round of last year as it was published: invented households of five provinces, counted and hidden by the real rule.

The demonstration's own declarations are too few to show anything: the rule hides them all.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from accounts.rules import Role
from app.demo.cast import Cast
from app.demo.harvest import Step, Story
from places.queries import communes_of, provinces
from registry.figures.rules import AGES, CLASSES, Home, Path, tree
from registry.published.operations import Draft, publish
from registry.published.rules import published
from registry.standards.queries import standard_on

PROVINCES, COMMUNES = 5, 5
SIZES = (25, 120, 180, 240)


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """The round before the demonstration's, published in the winter."""
    yield end - timedelta(days=300), Step(_publish, cast, end.year - 1)


def _publish(cast: Cast, year: int) -> None:
    random, standard = Random(year), standard_on(date(year, 12, 31))
    codes = tuple(one.code for one in standard.indicators)
    homes: list[Home] = []
    names: dict[Path, str] = {}
    for province in provinces()[:PROVINCES]:
        names[province.code,] = province.name
        hardship = random.choice((0.08, 0.2, 0.35))
        for commune in communes_of(province.id)[:COMMUNES]:
            path = (province.code, commune.code)
            names[path] = f"{commune.kind.lower()} {commune.name}"
            homes += [_home(random, path, hardship, codes) for _ in range(random.choice(SIZES))]
    rows = published(tree("", homes), codes, moves=False)
    made = Draft(year, standard.id, standard.is_demo, codes, tuple(rows), names)
    publish(cast.roles[Role.ADMINISTRATOR], made)


def _home(random: Random, path: Path, hardship: float, codes: tuple[str, ...]) -> Home:
    lacking = {
        code: random.random() < hardship * (0.3 + 0.2 * (place % 6)) for place, code in enumerate(codes)
    }
    return Home(
        path,
        random.choices(CLASSES, (hardship, hardship / 2, 1, 0.05))[0],
        lacking,
        sex=random.choices(("female", "male"), (2, 5))[0],
        ethnic=random.choices(("kinh", "minority"), (2, 3))[0],
        age=random.choice([name for _low, _high, name in AGES]),
    )
