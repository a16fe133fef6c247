"""What a phone may hold and for how long, and whether what it brings may be taken as it is. Pure."""

import re
from datetime import timedelta
from enum import StrEnum

LIST_LIVES = timedelta(hours=24)
LIST_MOST = 40  # households: a day's walk, and no more than a lost phone should hold
UNKNOWN = "?"  # a phone that had not asked what stands here


class Kind(StrEnum):
    """Whose form: the household's own answers; a helper's for a family that asked (help); an officer's form A (screen),
    B (answers), C (traits), visit, village meeting with its votes; and one vote that could not be taken with it.
    """

    OWN = "own"
    HELP = "help"
    ANSWERS = "answers"
    SCREEN = "screen"
    TRAITS = "traits"
    VISIT = "visit"
    MEETING = "meeting"
    VOTE = "vote"


BROUGHT = tuple(
    one for one in Kind if one is not Kind.VOTE
)  # what phones send; a vote comes with its meeting


class EntryState(StrEnum):
    """What became of it. DIFFERS: it and what stands here are shown side by side until a person chooses."""

    TAKEN = "taken"
    DIFFERS = "differs"
    USED = "used"
    LAID_ASIDE = "laid_aside"


class Verdict(StrEnum):
    """TAKE: nothing changed here since the phone looked. SAME: it says what stands here. DIFFERS: a person decides."""

    TAKE = "take"
    SAME = "same"
    DIFFERS = "differs"


def judge(base: str, here: str, *, same: bool) -> Verdict:
    """Whether what a phone brings may be taken. base: what stood here when it looked; here: now; same: equal words.

    >>> judge("a1", "a1", same=False), judge("a1", "b2", same=True), judge("a1", "b2", same=False)
    (<Verdict.TAKE: 'take'>, <Verdict.SAME: 'same'>, <Verdict.DIFFERS: 'differs'>)
    >>> judge("?", "", same=False), judge("?", "b2", same=False)
    (<Verdict.TAKE: 'take'>, <Verdict.DIFFERS: 'differs'>)
    """
    if base == here or (base == UNKNOWN and not here):
        return Verdict.TAKE
    return Verdict.SAME if same else Verdict.DIFFERS


_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def is_key(key: str) -> bool:
    """A UUID as phones make them."""
    return bool(_KEY.fullmatch(key))
