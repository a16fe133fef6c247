"""States of a dossier, its criteria as dated data, and what an answer is worth. Pure.

The official set of criteria was not at hand: the one that is shipped is an example and says so on every page and paper
(ADR 38). An official one is a file of the same shape with `verified` true and its source.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core.errors import Conflict, Invalid
from core.i18n import N_

STARS = (
    3,
    4,
    5,
)  # the province gives 3 and 4, the centre 5; the commune looks first (domain facts, second hand)
NOTE_MAX, PLACE_MAX, NUMBER_MAX = 1_000, 160, 60


class State(StrEnum):
    """Where a product's dossier stands; a product without one has not started."""

    GATHERING = "gathering"
    SENT = "sent"
    AWARDED = "awarded"
    DECLINED = "declined"


class Event(StrEnum):
    """What happens to a dossier."""

    OPENED = "opened"
    SENT = "sent"
    RETURNED = "returned"
    AWARDED = "awarded"
    DECLINED = "declined"


MOVES: dict[tuple[State, Event], State] = {
    (State.GATHERING, Event.SENT): State.SENT,
    (State.SENT, Event.RETURNED): State.GATHERING,
    (State.SENT, Event.AWARDED): State.AWARDED,
    (State.SENT, Event.DECLINED): State.DECLINED,
}
STATE_WORDS = {
    "": N_("Chưa bắt đầu"),
    State.GATHERING: N_("Đang gom"),
    State.SENT: N_("Đã gửi"),
    State.AWARDED: N_("Đã có sao"),
    State.DECLINED: N_("Không đạt lần này"),
}
EVENT_WORDS = {
    Event.OPENED: N_("Bắt đầu gom"),
    Event.SENT: N_("Gửi hồ sơ"),
    Event.RETURNED: N_("Trả về để bổ sung"),
    Event.AWARDED: N_("Công nhận"),
    Event.DECLINED: N_("Không đạt"),
}


def after(state: State, event: Event) -> State:
    """The next state. Raises Conflict for a step that does not follow."""
    found = MOVES.get((state, event))
    if found is None:
        raise Conflict(
            N_("Hồ sơ đang ở bước khác."),
            remedy=N_("Mở lại trang hồ sơ để thấy bước hiện tại."),
            field="event",
        )
    return found


class Answer(StrEnum):
    """How far our records answer a criterion."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence that our records say: a message id with its values."""

    text: str
    params: Mapping[str, object]

    @property
    def vietnamese(self) -> str:
        """The sentence as papers print it."""
        return self.text % self.params if self.params else self.text


@dataclass(frozen=True, slots=True)
class Finding:
    """What our records say to one piece of evidence. lacking: what is missing (a message id, or empty); fill: the path
    of the page that fills it."""

    key: str
    name: str
    facts: tuple[Fact, ...]
    lacking: str = ""
    fill: str = ""

    @property
    def there(self) -> bool:
        """Whether it is answered."""
        return not self.lacking


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the set. evidence: keys of `office.ocop.evidence`."""

    code: str
    name: str
    name_en: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the set with its points; points of single criteria are not known and so not kept."""

    code: str
    name: str
    name_en: str
    points: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """A set of criteria between days, with its source and whether it was checked against the official text."""

    id: str
    title: str
    title_en: str
    from_on: date
    to_on: date | None
    verified: bool
    source: str
    source_en: str
    groups: tuple[Group, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every criterion's code, in order."""
        return tuple(one.code for group in self.groups for one in group.criteria)


def parse(data: Mapping[str, Any], known: Iterable[str]) -> Criteria:
    """A set from its file. known: keys of evidence. Raises ValueError naming what is wrong."""
    groups = tuple(
        Group(one["code"], one["name"], one["name_en"], int(one["points"]),
              tuple(Criterion(c["code"], c["name"], c["name_en"], tuple(c["evidence"])) for c in one["criteria"]))
        for one in data["groups"]
    )  # fmt: skip
    found = Criteria(
        data["id"], data["title"], data["title_en"], date.fromisoformat(data["from_on"]),
        date.fromisoformat(data["to_on"]) if data["to_on"] else None, bool(data["verified"]), data["source"],
        data["source_en"], groups,
    )  # fmt: skip
    strange = {key for group in groups for one in group.criteria for key in one.evidence} - set(known)
    if strange:
        raise ValueError(f"{found.id}: unknown evidence {', '.join(sorted(strange))}")
    if len(set(found.codes)) != len(found.codes):
        raise ValueError(f"{found.id}: a code stands twice")
    if found.verified and not found.source:
        raise ValueError(f"{found.id}: verified without a source")
    return found


def answer(findings: Iterable[Finding], own_pieces: int) -> Answer:
    """How far a criterion is answered: wholly when every piece of evidence is there, or somebody added their own.

    >>> answer([], 0)
    <Answer.NONE: 'none'>
    """
    seen = list(findings)
    there = sum(one.there for one in seen)
    if own_pieces or (seen and there == len(seen)):
        return Answer.WHOLE
    return Answer.PART if there else Answer.NONE


def check_award(stars: int | None, number: str, valid_from: date | None, valid_to: date | None) -> None:
    """A result says stars, decision number and validity. Raises Invalid at the field that lacks."""
    if stars not in STARS:
        raise Invalid(N_("Chọn số sao: 3, 4 hoặc 5."), field="stars")
    if not number:
        raise Invalid(N_("Ghi số quyết định như trên giấy."), field="number")
    if valid_from is None or valid_to is None:
        raise Invalid(N_("Ghi ngày cấp và ngày hết hạn."), field="valid_to")
    if valid_to < valid_from:
        raise Invalid(N_("Ngày hết hạn phải sau ngày cấp."), field="valid_to")
