"""Which order money in suspense may be for, and why we think so. Pure functions; a person always decides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from core.clock import HANOI
from core.i18n import N_
from core.text import fold

MOST = 3
NEAR_IN_TIME = timedelta(days=2)  # a transfer follows its order within hours; later the day says nothing


class Reason(StrEnum):
    """What speaks for an order."""

    NAMED = "named"
    CODE = "code"
    AMOUNT = "amount"
    PHONE = "phone"
    NAME = "name"
    TIME = "time"


POINTS = {
    Reason.NAMED: 60,
    Reason.CODE: 50,
    Reason.AMOUNT: 40,
    Reason.PHONE: 40,
    Reason.NAME: 25,
    Reason.TIME: 5,
}
ENOUGH = 40  # an amount, a number or a code; a name or the hour alone are not
REASON_TEXT: dict[Reason, str] = {
    Reason.NAMED: N_("có mã đơn trong nội dung"),
    Reason.CODE: N_("nội dung gần giống mã đơn"),
    Reason.AMOUNT: N_("đúng số tiền còn thiếu"),
    Reason.PHONE: N_("có số điện thoại của khách"),
    Reason.NAME: N_("có tên khách"),
    Reason.TIME: N_("đặt ngay trước lúc chuyển"),
}


@dataclass(frozen=True)
class Candidate:
    """An order that still lacks money. phone: E.164."""

    order_id: int
    code: str
    name: str
    phone: str
    placed_at: datetime
    missing_vnd: int


@dataclass(frozen=True)
class Money:
    """What is known of a transfer. named: orders whose codes stand in it."""

    amount_vnd: int
    content: str
    at: datetime
    named: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Suggestion:
    """An order, and what speaks for it, strongest first."""

    order: Candidate
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """How much speaks for it."""
        return sum(POINTS[one] for one in self.reasons)


def suggest(money: Money, candidates: Sequence[Candidate]) -> tuple[Suggestion, ...]:
    """The orders that money may be for, the likeliest first, three at most; none where nothing speaks for one."""
    bare, tight, words = _readings(money.content)
    found = [Suggestion(one, _reasons(money, one, bare, tight, words)) for one in candidates]
    good = [one for one in found if one.points >= ENOUGH]
    return tuple(sorted(good, key=lambda one: (-one.points, one.order.placed_at, one.order.order_id))[:MOST])


def stands_out(found: Sequence[Suggestion]) -> bool:
    """Whether the first suggestion is better than the next, so that it may be offered as the answer."""
    return bool(found) and (len(found) == 1 or found[0].points > found[1].points)


def _readings(content: str) -> tuple[str, str, str]:
    """A content for codes (letters and digits), for numbers (separators of digits out), for names (folded words)."""
    folded = fold(content)
    return (
        re.sub(r"[^A-Z0-9]", "", folded.upper()),
        re.sub(r"(?<=\d)[ .\-](?=\d)", "", folded),
        f" {' '.join(re.findall('[a-z0-9]+', folded))} ",
    )


def _reasons(money: Money, one: Candidate, bare: str, tight: str, words: str) -> tuple[Reason, ...]:
    told = {
        Reason.NAMED: one.order_id in money.named,
        Reason.CODE: one.order_id not in money.named and nearly_holds(bare, one.code),
        Reason.AMOUNT: money.amount_vnd == one.missing_vnd,
        Reason.PHONE: _phone(one.phone) in tight,
        Reason.NAME: _named(one.name, words),
        Reason.TIME: timedelta(0) <= money.at - one.placed_at <= NEAR_IN_TIME,
    }
    return tuple(reason for reason, holds in told.items() if holds)


def same_text(one: str, other: str) -> bool:
    """Whether two tellings of a transfer's content are of one text: equal, or one inside the other, whatever the bank
    put around it; letters and digits alone count. A text of less than eight says nothing.

    >>> same_text("MBVCB.1.CP7K2M9X.CT tu 0011", "cp7k2m9x ct tu 0011"), same_text("ck", "ck")
    (True, False)
    """
    a, b = (re.sub(r"[^A-Z0-9]", "", fold(text).upper()) for text in (one, other))
    short, long = sorted((a, b), key=len)
    return len(short) >= 8 and short in long


MANUAL, STATEMENT = "manual", "statement"  # doors besides the services that watch an account
SLACK = timedelta(hours=3)  # between two doors' clocks
WINDOW = timedelta(hours=12) + SLACK  # a door that tells the day alone is noted at noon


@dataclass(frozen=True)
class News:
    """One transfer as somebody tells of it. provider: the door; provider_id: its own id, the same at every repetition.

    exact_time: whether `at` is the hour, or noon of a day. settles: whether it may be a transfer of which another door
    told, even where no reference says so (services and statements; what a person enters is known by its reference).
    """

    provider: str
    provider_id: str
    amount_vnd: int
    content: str
    reference: str
    at: datetime
    exact_time: bool = True
    settles: bool = True


class Told(Protocol):
    """A transfer as another door told of it."""

    @property
    def provider(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def content(self) -> str: ...
    @property
    def at(self) -> datetime: ...


Known = TypeVar("Known", bound=Told)


def pick(news: News, known: Sequence[Known]) -> Known | None:
    """Which transfer of that amount the news tells of again: the bank's own reference first, else the same text near in
    time; None for new money. A person's entry is known by its reference alone."""
    if same := [one for one in known if news.reference and one.reference == news.reference]:
        return same[0]
    if not news.settles:
        return None
    near = [
        one
        for one in known
        if one.provider != MANUAL and _near(news, one) and same_text(one.content, news.content)
    ]
    return min(near, key=lambda one: abs(one.at - news.at), default=None)


def _near(news: News, one: Told) -> bool:
    day_alone = not news.exact_time or (
        one.provider == STATEMENT and f"{one.at.astimezone(HANOI):%H%M%S}" == "120000"
    )
    return abs(one.at - news.at) <= (WINDOW if day_alone else SLACK)


def _phone(phone: str) -> str:
    """The digits that stand in every spelling of a number."""
    return phone.removeprefix("+84") if phone.startswith("+84") else phone.lstrip("+")


def _named(name: str, words: str) -> bool:
    """Whether the whole name stands in the words; a single word is too common to count."""
    folded = " ".join(re.findall("[a-z0-9]+", fold(name)))
    return " " in folded and f" {folded} " in words


def nearly_holds(bare: str, code: str) -> bool:
    """Whether a content (letters and digits alone) holds a code without its CP, or with one sign wrong, lost or added.

    >>> [nearly_holds(content, "CP7K2M9X") for content in ("CHUYENTIEN7K2M9XABC", "CP7K2MM9X", "CP7K")]
    [True, True, False]
    """
    if code[2:] in bare:
        return True
    half = len(code) // 2  # one fault leaves one half whole: look around that
    for offset, part in ((0, code[:half]), (half, code[half:])):
        at = bare.find(part)
        while at >= 0:
            start = at - offset
            if any(
                _one_apart(bare[max(0, start + shift) : max(0, start + shift) + size], code)
                for shift in (-1, 0, 1)
                for size in (len(code) - 1, len(code), len(code) + 1)
            ):
                return True
            at = bare.find(part, at + 1)
    return False


def _one_apart(one: str, other: str) -> bool:
    """Whether at most one sign was changed, lost or added."""
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    same = next((n for n, sign in enumerate(one) if sign != other[n]), len(one))
    if len(one) == len(other):
        return one[same + 1 :] == other[same + 1 :]
    return one[same:] == other[same + 1 :]
