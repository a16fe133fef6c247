"""Counting what changes between two standards over the same answers. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from registry.rules import Answers, Area, HouseholdClass, known, number, score
from registry.standards.rules import Standard, asked_by

SIZE_MOST = 9
_UNSAID = HouseholdClass.UNSAID
Change = tuple[HouseholdClass, HouseholdClass]


@dataclass(frozen=True)
class Home:
    """One household as it is counted: its answers, where it lives, and what it is grouped by."""

    answers: Answers
    area: Area
    commune_id: int
    ethnic_group: str

    @property
    def size(self) -> str:
        """How many persons, '' where that is not known, '9+' for nine and more."""
        people = number(self.answers, "people")
        return "" if people is None else f"{SIZE_MOST}+" if people >= SIZE_MOST else str(people)


@dataclass
class Group:
    """One line of a table. changed: both standards say a class, and another one. unsaid: the one tried says none."""

    households: int = 0
    changed: int = 0
    unsaid: int = 0
    lacking_before: int = 0
    lacking_after: int = 0


@dataclass
class Tally:
    """Everything counted. Each table's households add up to the total."""

    total: Group = field(default_factory=Group)
    changes: Counter[Change] = field(default_factory=Counter)
    by_commune: dict[int, Group] = field(default_factory=dict)
    by_group: dict[str, Group] = field(default_factory=dict)
    by_size: dict[str, Group] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)
    left_out: int = 0


def tally(homes: Iterable[Home], before: Standard, after: Standard) -> Tally:
    """Score every home under both standards and count.

    A home lacks enough where the lacks that are sure reach the standard's own line (30 points: three of twelve).
    """
    counted, asked = Tally(), asked_by(after)
    for home in homes:
        now, then = score(home.answers, before, home.area), score(home.answers, after, home.area)
        counted.changes[now.outcome, then.outcome] += 1
        for group in (
            counted.total,
            counted.by_commune.setdefault(home.commune_id, Group()),
            counted.by_group.setdefault(home.ethnic_group, Group()),
            counted.by_size.setdefault(home.size, Group()),
        ):
            group.households += 1
            group.changed += now.outcome is not then.outcome and _UNSAID not in (now.outcome, then.outcome)
            group.unsaid += then.outcome is _UNSAID
            group.lacking_before += now.b2[0] >= before.poor_from_b2
            group.lacking_after += then.b2[0] >= after.poor_from_b2
        counted.missing.update(name for name in asked if known(home.answers, name) is None)
    return counted
