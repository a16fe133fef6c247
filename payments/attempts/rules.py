"""States of an attempt, of a refund over a rail and of a dispute, and when the provider is asked again. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from payments.providers.protocol import DisputeStanding, RefundStanding, Standing


class State(StrEnum):
    """Where an attempt stands. ASKED: written by us, the provider has not answered."""

    ASKED = "asked"
    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


# Money is final: nothing leads out of PAID, and everything leads into it, however late or shuffled the news.
_NEWS: dict[Standing, State] = {
    Standing.OPEN: State.OPEN,
    Standing.PENDING: State.PENDING,
    Standing.PAID: State.PAID,
    Standing.FAILED: State.FAILED,
    Standing.EXPIRED: State.EXPIRED,
    Standing.CANCELLED: State.CANCELLED,
}
UNFINISHED = frozenset({State.ASKED, State.OPEN, State.PENDING})
ENDED = frozenset(State) - UNFINISHED
TRANSITIONS: dict[tuple[State, Standing], State] = (
    {(state, standing): after for state in UNFINISHED for standing, after in _NEWS.items()}
    | {(state, Standing.PAID): State.PAID for state in ENDED}
    | {(state, Standing.PENDING): State.PENDING for state in (State.FAILED, State.EXPIRED, State.CANCELLED)}
    | {(State.ASKED, Standing.MISSING): State.ASKED}
)


def after(state: State, standing: Standing) -> State:
    """The state after news. What the table does not have changes nothing: old news of an ended attempt.

    >>> after(State.PAID, Standing.EXPIRED)
    <State.PAID: 'paid'>
    """
    return TRANSITIONS.get((state, standing), state)


class RefundState(StrEnum):
    """Where a refund over a rail stands. FAILED: the money is still owed, and goes another way."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


REFUND_TRANSITIONS: dict[tuple[RefundState, RefundStanding], RefundState] = {
    (RefundState.PENDING, RefundStanding.PENDING): RefundState.PENDING,
    (RefundState.PENDING, RefundStanding.DONE): RefundState.DONE,
    (RefundState.PENDING, RefundStanding.FAILED): RefundState.FAILED,
    (RefundState.FAILED, RefundStanding.DONE): RefundState.FAILED,  # sent by hand meanwhile: a person looks
}


def refund_after(state: RefundState, standing: RefundStanding) -> RefundState:
    """The state of a refund after news; what the table does not have changes nothing."""
    return REFUND_TRANSITIONS.get((state, standing), state)


class DisputeState(StrEnum):
    """Where a dispute stands."""

    OPENED = "opened"
    WON = "won"
    LOST = "lost"


DISPUTE_TRANSITIONS: dict[tuple[DisputeState, DisputeStanding], DisputeState] = {
    (DisputeState.OPENED, DisputeStanding.OPENED): DisputeState.OPENED,
    (DisputeState.OPENED, DisputeStanding.WON): DisputeState.WON,
    (DisputeState.OPENED, DisputeStanding.LOST): DisputeState.LOST,
}


def dispute_after(state: DisputeState, standing: DisputeStanding) -> DisputeState:
    """The state of a dispute after news; an ended one stays."""
    return DISPUTE_TRANSITIONS.get((state, standing), state)


FIRST_LOOK = timedelta(seconds=20)
LOOK_MOST = timedelta(minutes=10)
GRACE = timedelta(minutes=30)  # after its end an attempt is asked about before its orders are let go
CREATE_WITHIN = timedelta(minutes=20)  # a payment that could not be opened by then is given up


def next_look(asked_at: datetime, now: datetime) -> datetime:
    """When to ask the provider again: every 20 s for five minutes, then after a quarter of its age, at most 10 min."""
    age = now - asked_at
    pause = FIRST_LOOK if age < timedelta(minutes=5) else min(age / 4, LOOK_MOST)
    return now + pause


def description(codes: list[str]) -> str:
    """What the buyer's statement and the provider's pages show: ASCII, at most 60, no name.

    >>> description(["CP222222", "CP333333"])
    'Cho Phien CP222222 CP333333'
    """
    text = "Cho Phien " + " ".join(codes)
    return text if len(text) <= 60 else f"{text[:49]} +{len(codes)} don"
