"""What events come to: who belonged where from which day, who may be one person written twice. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.text import fold


class Kind(StrEnum):
    """What happened to a person of the roster."""

    OPENED = "opened"  # stood in the record before its first event
    BIRTH = "birth"
    ARRIVAL = "arrival"  # from outside the commune, or from no household
    DEATH = "death"
    DEPARTURE = "departure"
    MOVE = "move"
    MARRIAGE = "marriage"
    RELATION = "relation"  # another place in the same household: a new head, and the one before
    SPLIT = "split"
    MERGE = "merge"
    SAME_PERSON = "same_person"
    PAPERS = "papers"
    UNDO = "undo"


STANDING_STILL = (Kind.PAPERS, Kind.UNDO)  # events that move nobody


@dataclass(frozen=True)
class Change:
    """From a day on a person belongs to a household in some place, or to none. order: of writing, within one day."""

    on: date
    order: int
    household_id: int | None
    relation: str


@dataclass(frozen=True)
class Span:
    """A stay: the first day counts, `to_on` does not."""

    household_id: int
    relation: str
    from_on: date
    to_on: date | None


def spans(changes: Iterable[Change]) -> list[Span]:
    """The stays that changes come to, oldest first; of two changes on one day the later written holds.

    >>> day = date(2026, 1, 1)
    >>> spans([Change(day, 1, 7, "child"), Change(day.replace(month=3), 2, None, "")])[0].to_on
    datetime.date(2026, 3, 1)
    """
    last = {one.on: one for one in sorted(changes, key=lambda one: (one.on, one.order))}
    found: list[Span] = []
    steps = list(last.values())
    for place, step in enumerate(steps):
        until = steps[place + 1].on if place + 1 < len(steps) else None
        if step.household_id is None:
            continue
        before = found[-1] if found else None
        if before and before.to_on == step.on and (before.household_id, before.relation) == (
            step.household_id, step.relation,
        ):  # fmt: skip
            found[-1] = Span(before.household_id, before.relation, before.from_on, until)
        else:
            found.append(Span(step.household_id, step.relation, step.on, until))
    return found


def span_on(stays: Iterable[Span], day: date) -> Span | None:
    """The stay that holds on a day."""
    return next((one for one in stays if one.from_on <= day and (one.to_on is None or day < one.to_on)), None)


def not_told(held: Sequence[Span], told: Sequence[Change]) -> list[Change]:
    """What the record holds and the events do not say, as changes to be written after them.

    >>> not_told([Span(7, "head", date(2026, 1, 1), None)], [])[0].household_id
    7
    """
    found: list[Change] = []
    after = max((one.order for one in told), default=0) + 1
    ends = {day for one in held for day in (one.from_on, one.to_on) if day is not None}
    for day in sorted(ends | {one.on for one in told}):
        here, there = span_on(held, day), span_on(spans([*told, *found]), day)
        stands = (here.household_id, here.relation) if here else (None, "")
        says = (there.household_id, there.relation) if there else (None, "")
        if stands != says:
            found.append(Change(day, after, *stands))
    return found


def block(name: str, birth_year: int | None, village: str) -> tuple[str, int, str] | None:
    """What two writings of one person have in common: folded name, year of birth, village. None without a year.

    >>> block("Lý Thị Mẫu", 1984, "Thôn Chè Cọ") == block("LY THI MAU", 1984, "thôn chè cọ")
    True
    """
    folded = " ".join(fold(name).split())
    if not folded or birth_year is None:
        return None
    return folded, birth_year, " ".join(fold(village).split())


def generations(people: Iterable[int], parents: Iterable[tuple[int, int]]) -> dict[int, int]:
    """person → generation, the oldest 1, by (child, parent) pairs; a pair that would close a circle is left out.

    >>> generations([1, 2, 3], [(2, 1), (3, 2)])
    {1: 1, 2: 2, 3: 3}
    """
    known = dict.fromkeys(people, 1)
    pairs = [(child, parent) for child, parent in parents if child in known and parent in known]
    for _round in range(len(known)):
        moved = False
        for child, parent in pairs:
            if known[child] <= known[parent] < len(known):
                known[child], moved = known[parent] + 1, True
        if not moved:
            break
    return known
