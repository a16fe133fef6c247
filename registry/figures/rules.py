"""What of a household is counted, and the tree it is counted in: a parent is the sum of its children. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.i18n import N_
from registry.reports.rules import Node
from registry.rules import HouseholdClass
from registry.traits.rules import CAUSES, DISABILITY, UNKNOWN

Path = tuple[str, ...]
CLASSES = tuple(str(one) for one in HouseholdClass)
SUFFERING = frozenset({str(HouseholdClass.POOR), str(HouseholdClass.NEAR_POOR)})
KINH_CODE, UNSAID_CODES = "01", frozenset({"99", "55"})  # of gso-121-1979: not known, foreign national
AGES = ((0, 29, "under30"), (30, 44, "30to44"), (45, 59, "45to59"), (60, 200, "60plus"))
ABSENT = "absent"
DEMO = "demo/yes"


__all__ = ["CAUSES", "UNKNOWN"]  # of form C, counted here


class Basis(StrEnum):
    """What a class in figures rests on: what families declared, or what two people recognised."""

    DECLARED = "declared"
    RECOGNISED = "recognised"


BASES = tuple(str(one) for one in Basis)


class Movement(StrEnum):
    """What became of a household between rounds. NONE: nothing of these."""

    NEW = "new"
    RELAPSED = "relapsed"
    ESCAPED = "escaped"
    NONE = "none"


MOVEMENT_NAMES = {
    Movement.NEW: N_("Mới rơi vào mức nghèo"),
    Movement.RELAPSED: N_("Trở lại mức nghèo"),
    Movement.ESCAPED: N_("Ra khỏi mức nghèo"),
}
DIMENSIONS: dict[str, tuple[str, ...]] = {
    "sex": ("female", "male", UNKNOWN),
    "ethnic": ("kinh", "minority", UNKNOWN),
    "age": (*(name for _low, _high, name in AGES), UNKNOWN),
}
SPLITS = DIMENSIONS | {"disability": DISABILITY}  # officers read more than is published
GROUP_NAMES = {
    "female": N_("Chủ hộ là nữ"),
    "male": N_("Chủ hộ là nam"),
    "kinh": N_("Kinh"),
    "minority": N_("Dân tộc thiểu số"),
    "under30": N_("Chủ hộ dưới 30 tuổi"),
    "30to44": N_("Chủ hộ 30–44 tuổi"),
    "45to59": N_("Chủ hộ 45–59 tuổi"),
    "60plus": N_("Chủ hộ từ 60 tuổi"),
    "disabled": N_("Có người khuyết tật"),
    "able": N_("Không có người khuyết tật"),
    UNKNOWN: N_("Chưa ghi"),
}


def movement(history: Iterable[str | None], now: str) -> Movement:
    """What a class means after those of earlier rounds, oldest first; None or 'unsaid' where a round said nothing.

    Escaped: poor when last known, not poor now. New: poor now, never known as poor before. Relapsed: poor now, known
    as poor once, and known as not poor since.

    >>> [str(movement(h, n)) for h, n in ((["poor"], "none"), (["none"], "poor"), (["poor", "none"], "poor"))]
    ['escaped', 'new', 'relapsed']
    """
    known = [one for one in history if one is not None and one != HouseholdClass.UNSAID]
    if now == HouseholdClass.UNSAID or not known:
        return Movement.NONE
    if now != HouseholdClass.POOR:
        return Movement.ESCAPED if known[-1] == HouseholdClass.POOR else Movement.NONE
    if known[-1] == HouseholdClass.POOR:
        return Movement.NONE
    return Movement.RELAPSED if HouseholdClass.POOR in known else Movement.NEW


def ethnic_group(code: str | None) -> str:
    """'kinh', 'minority', or 'unknown' where nothing was said."""
    if code is None or code in UNSAID_CODES:
        return UNKNOWN
    return "kinh" if code == KINH_CODE else "minority"


def age_group(birth_year: int | None, round_year: int) -> str:
    """The band of an age, counted in calendar years."""
    if birth_year is None:
        return UNKNOWN
    age = max(0, round_year - birth_year)
    return next(name for low, high, name in AGES if low <= age <= high)


@dataclass(frozen=True)
class Home:
    """One household as it is counted. lacks: indicator → lacking, not, or None where it could not be judged.

    departs: whether the class that was recognised is another than the score's; 'unknown' where nothing was recognised.
    before: its class in the round before, ABSENT where it did not declare. people: the ethnic group's own name.
    """

    path: Path
    outcome: str
    lacks: Mapping[str, bool | None] = field(default_factory=dict)
    sex: str = UNKNOWN
    ethnic: str = UNKNOWN
    age: str = UNKNOWN
    people: str = ""
    disability: str = UNKNOWN
    causes: tuple[str, ...] = ()
    departs: str = UNKNOWN
    before: str = ABSENT
    moved: Movement = Movement.NONE
    is_demo: bool = False


def words_of(home: Home) -> list[str]:
    """The cells that a household counts in, each once. Counts are kept by these words: a release that changes them must
    count what is stored anew.
    """
    said = {True: "yes", False: "no", None: UNKNOWN}
    words = [f"class/{home.outcome}", f"people/{home.people}/{home.outcome}"]
    words += [f"{name}/{getattr(home, name)}/{home.outcome}" for name in SPLITS]
    words += [f"cause/{one}/{home.outcome}" for one in home.causes]
    words += [f"lack/{code}/{said[lacking]}" for code, lacking in home.lacks.items()]
    words.append(f"departs/{home.departs}")
    words.append(f"move/{home.before}/{home.outcome}")
    if home.moved is not Movement.NONE:
        words.append(f"change/{home.moved}")
    return [*words, DEMO] if home.is_demo else words


def tree(name: str, homes: Iterable[Home]) -> Node:
    """Everybody counted at every place of their path, from `name` at the top."""
    top = Node(name)
    for home in homes:
        top.add(home.path, words_of(home))
    return top


@dataclass(frozen=True)
class Line:
    """One line of a table by class. households: the denominator of every number in it."""

    name: str
    households: int
    counts: tuple[int, ...]


def by_class(node: Node, word: str, name: str) -> Line:
    """The classes of one group ('class', 'sex/female', …) at a place."""
    counts = tuple(node.counts[f"{word}/{one}"] for one in CLASSES)
    return Line(name, sum(counts), counts)
