"""Groups of people as they declared themselves; whoever said nothing is counted apart, never guessed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from programme.rules import MEDIAN_STEP_VND, Split, hidden, may_print_total, median, round_to, split

MEMBER, LINKED = "member", "linked"
WOMEN, MEN, UNKNOWN = "women", "men", "unknown"
KINH, MINORITY = "kinh", "minority"
STANDINGS, SEXES, GROUPS = (MEMBER, LINKED), (WOMEN, MEN, UNKNOWN), (KINH, MINORITY, UNKNOWN)
KINH_CODE, UNSAID_CODES = "01", ("99", "55")  # of gso-121-1979: not known, foreign national


def sex_group(sex: str | None) -> str:
    """Women, men, or not said."""
    return {"female": WOMEN, "male": MEN}.get(sex or "", UNKNOWN)


def ethnic_group(code: str | None) -> str:
    """Kinh is the majority; any other declared group of Việt Nam is a minority; not said is not said."""
    if code is None or code in UNSAID_CODES:
        return UNKNOWN
    return KINH if code == KINH_CODE else MINORITY


def counted(groups: Iterable[str], names: Iterable[str]) -> Split:
    """How many are in each named group, safe to print."""
    found = Counter(groups)
    return split([(name, found[name]) for name in names])


@dataclass(frozen=True)
class Cohort:
    """Households that joined in one year. households and medians: None when hidden; a median is đồng, rounded.

    medians: for each calendar year, the median over all its households, those without a sale counted as 0 đồng; None
    also for years before it joined.
    """

    joined: int
    households: int | None
    medians: tuple[int | None, ...]


@dataclass(frozen=True)
class Cohorts:
    """All cohorts, oldest first. total: None when it must be hidden too."""

    years: tuple[int, ...]
    rows: tuple[Cohort, ...]
    total: int | None

    @property
    def hides(self) -> bool:
        """Whether a cohort is hidden."""
        return any(row.households is None for row in self.rows)


def cohorts(
    joined: Mapping[int, int], sums: Mapping[tuple[int, int], int], years: tuple[int, ...]
) -> Cohorts:
    """Medians by joining year. joined: household → year; sums: (household, calendar year) → đồng."""
    homes: dict[int, list[int]] = {}
    for household_id, year in joined.items():
        homes.setdefault(year, []).append(household_id)
    order = sorted(homes)
    counts = [len(homes[year]) for year in order]
    gone = hidden(counts)
    rows = tuple(
        Cohort(year, None, (None,) * len(years)) if place in gone
        else Cohort(year, counts[place], tuple(_median(homes[year], year, of, sums) for of in years))
        for place, year in enumerate(order)
    )  # fmt: skip
    return Cohorts(years, rows, sum(counts) if may_print_total(counts) else None)


def _median(homes: list[int], joined: int, year: int, sums: Mapping[tuple[int, int], int]) -> int | None:
    if year < joined:
        return None
    return round_to(median([max(0, sums.get((home, year), 0)) for home in homes]), MEDIAN_STEP_VND)
