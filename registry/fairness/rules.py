"""The draw of re-checks and the four questions that figures may ask of an officer. All pure.

A case is drawn when HMAC-SHA256(seed, "draw|<round>|<key>") falls under the rate; the same seed places it with an
officer elsewhere. The seed's SHA-256 stands before the first case of a round is decided, the seed itself is shown
once the year is over: nobody can choose a case, and everybody can check afterwards that nobody did.

A question is never a verdict: it is asked only from stated numbers on, says them, and the officer answers it.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from core.i18n import N_

DRAW_BP = 2_000  # one departing case in five; this market's promise, not law
RECHECK_DAYS = 10  # working days; this market's promise, not law
SEED_BYTES = 32
WHOLE_BP = 10_000


def commitment(seed: bytes) -> str:
    """What is said of a seed before it is used: its SHA-256, 64 hex digits."""
    return hashlib.sha256(seed).hexdigest()


def _number(seed: bytes, what: str, round_year: int, key: str) -> int:
    digest = hmac.new(seed, f"{what}|{round_year}|{key}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")


def drawn(seed: bytes, round_year: int, key: str, rate_bp: int = DRAW_BP) -> bool:
    """Whether a case of a round is checked again. Depends on nothing but the seed, the round and the case's key.

    >>> [drawn(b"s" * 32, 2026, key) for key in ("a", "b", "c", "d")]
    [True, True, True, False]
    >>> drawn(b"s" * 32, 2026, "d", 10_000), drawn(b"s" * 32, 2026, "a", 0)
    (True, False)
    """
    return _number(seed, "draw", round_year, key) * WHOLE_BP < rate_bp << 64


def placed(seed: bytes, round_year: int, key: str, officers: Sequence[int]) -> int | None:
    """Which officer checks a case again, of those who may; None where there is nobody.

    >>> placed(b"s" * 32, 2026, "a", []), placed(b"s" * 32, 2026, "a", [7])
    (None, 7)
    """
    ordered = sorted(officers)
    return ordered[_number(seed, "officer", round_year, key) % len(ordered)] if ordered else None


class RecheckState(StrEnum):
    """Where a re-check stands."""

    WAITING = "waiting"
    SAME = "same"
    DIFFERS = "differs"
    SETTLED = "settled"


class Verdict(StrEnum):
    """What the level above does with a difference. Nothing changes a class by itself."""

    KEEP = "keep"
    AGAIN = "again"


STATE_WORDS: dict[str, str] = {
    RecheckState.WAITING: N_("Chờ kiểm tra lại"),
    RecheckState.SAME: N_("Kiểm tra lại: giống"),
    RecheckState.DIFFERS: N_("Kiểm tra lại: khác, chờ tỉnh"),
    RecheckState.SETTLED: N_("Tỉnh đã xem xong"),
}
VERDICT_WORDS: dict[str, str] = {
    Verdict.KEEP: N_("Giữ mức xã đã công nhận"),
    Verdict.AGAIN: N_("Xã xét lại hộ này từ đầu"),
}


class Pattern(StrEnum):
    """What figures may ask about an officer."""

    OVERRIDES = "overrides"
    ALIKE = "alike"
    FAST = "fast"
    HEAPED = "heaped"


@dataclass(frozen=True)
class Question:
    """One question: count of those that stand out, of how many, beside the peers' where there are peers.

    For FAST, `beside` is the median gap in whole minutes and `beside_of` how many visits there were.
    """

    kind: Pattern
    count: int
    of: int
    beside: int = 0
    beside_of: int = 0


OVERRIDES_LEAST, PEERS_LEAST, OVERRIDES_COUNT, OVERRIDES_TIMES = 10, 20, 3, 2
ALIKE_LEAST, ALIKE_COUNT = 5, 3
FAST_LEAST, FAST_MINUTES = 5, 10
HEAP_LEAST, HEAP_WIDTH, HEAP_BP = 10, 5, 8_000


def overrides(own: int, own_of: int, peers: int, peers_of: int) -> Question | None:
    """Classes that depart from the score, beside the peers' share: asked from twice that share on.

    >>> overrides(5, 10, 4, 40)
    Question(kind=<Pattern.OVERRIDES: 'overrides'>, count=5, of=10, beside=4, beside_of=40)
    >>> overrides(4, 9, 0, 40), overrides(2, 10, 0, 40), overrides(5, 10, 11, 40), overrides(5, 10, 0, 19)
    (None, None, None, None)
    """
    if own_of < OVERRIDES_LEAST or peers_of < PEERS_LEAST or own < OVERRIDES_COUNT:
        return None
    if own * peers_of < OVERRIDES_TIMES * peers * own_of:
        return None
    return Question(Pattern.OVERRIDES, own, own_of, peers, peers_of)


def alike(vectors: Sequence[str]) -> Question | None:
    """Declarations whose answers are the same to the last one: asked from three, and half of all, on.

    >>> alike(["x", "x", "x", "y", "z"])
    Question(kind=<Pattern.ALIKE: 'alike'>, count=3, of=5, beside=0, beside_of=0)
    >>> alike(["x", "x", "x", "y"]), alike(["x", "x", "y", "y", "z"])
    (None, None)
    """
    if len(vectors) < ALIKE_LEAST:
        return None
    most = Counter(vectors).most_common(1)[0][1]
    return (
        Question(Pattern.ALIKE, most, len(vectors))
        if most >= ALIKE_COUNT and 2 * most >= len(vectors)
        else None
    )


def fast(visits: Sequence[datetime]) -> Question | None:
    """Visits written down within ten minutes of the one before: asked when that is so of half of the pairs.

    They may have been written down together in the evening, which is why it is a question.
    """
    if len(visits) < FAST_LEAST:
        return None
    ordered = sorted(visits)
    gaps = [after - before for before, after in pairwise(ordered)]
    close = sum(gap < timedelta(minutes=FAST_MINUTES) for gap in gaps)
    if 2 * close < len(gaps):
        return None
    return Question(
        Pattern.FAST, close, len(gaps), int(median(gap.total_seconds() for gap in gaps) // 60), len(visits)
    )


@dataclass(frozen=True)
class Near:
    """A declaration's points beside what decides: B1 and its limit, B2 and the points from which one is poor."""

    b1: int
    limit: int
    b2: int
    poor_from: int
    step: int


def heaped(points: Sequence[Near]) -> Question | None:
    """Declarations just inside a line against those just outside: asked when four in five are inside.

    Near B1's limit: within five points, at or under it is inside. Near B2's: exactly enough is inside, one indicator
    too few is outside, counted where B1 is inside already. Without an influence both sides would be about as many.

    >>> inside, outside = Near(140, 140, 30, 30, 10), Near(141, 140, 0, 30, 10)
    >>> heaped([inside] * 8 + [outside] * 2)
    Question(kind=<Pattern.HEAPED: 'heaped'>, count=8, of=10, beside=0, beside_of=0)
    >>> heaped([inside] * 7 + [outside] * 3), heaped([inside] * 9)
    (None, None)
    """
    just = near = 0
    for one in points:
        by_b1 = -HEAP_WIDTH < one.b1 - one.limit <= HEAP_WIDTH
        by_b2 = one.b1 <= one.limit and one.b2 in (one.poor_from, one.poor_from - one.step)
        near += by_b1 or by_b2
        just += (by_b1 or by_b2) and one.b1 <= one.limit and (not by_b2 or one.b2 == one.poor_from)
    if near < HEAP_LEAST or just * WHOLE_BP < HEAP_BP * near:
        return None
    return Question(Pattern.HEAPED, just, near)
