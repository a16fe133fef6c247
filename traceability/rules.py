"""Words and states of traceability, shared by its subpackages. Weights are whole grams, days are Việt Nam's."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from core.errors import Conflict

GRADES = ("1", "2", "3")
FEW_HOUSEHOLDS = 5  # below this a public page must not tell one family from another (domain.md, privacy)


class Confirmation(StrEnum):
    """How the producer agreed to a slip."""

    IN_PERSON = "in_person"
    MESSAGE = "message"
    PAPER = "paper"


class Buying(StrEnum):
    """How a harvest was taken: bought outright at the slip's price, or sold for its maker, who is paid by the split."""

    CONSIGNED = "consigned"
    OUTRIGHT = "outright"


class Purchase(StrEnum):
    """Whether what a closed batch bought outright stands in the book yet: `revenue` follows within the minute."""

    NOTHING = ""
    TO_POST = "to_post"
    POSTED = "posted"


class BatchState(StrEnum):
    """A batch takes inputs while open; once closed it never changes."""

    OPEN = "open"
    CLOSED = "closed"


class LotKind(StrEnum):
    """Real goods, or a promise that can be ordered before the harvest."""

    REAL = "real"
    PLANNED = "planned"


class LotState(StrEnum):
    """Open lots are packed and sold; recalled ones never again; closed ones are used up."""

    OPEN = "open"
    RECALLED = "recalled"
    CLOSED = "closed"


class LotEvent(StrEnum):
    """What may happen to a lot's state."""

    RECALL = "recall"
    CLOSE = "close"
    REOPEN = "reopen"


TRANSITIONS: dict[tuple[LotState, LotEvent], LotState] = {
    (LotState.OPEN, LotEvent.RECALL): LotState.RECALLED,
    (LotState.CLOSED, LotEvent.RECALL): LotState.RECALLED,
    (LotState.OPEN, LotEvent.CLOSE): LotState.CLOSED,
    (LotState.CLOSED, LotEvent.REOPEN): LotState.OPEN,
}


class Place(StrEnum):
    """Where packs are. Only the store sells online."""

    STORE = "store"
    QUARANTINE = "quarantine"
    STALL = "stall"


class MovementKind(StrEnum):
    """Why stock or bulk changed."""

    MADE = "made"  # bulk out of a batch
    USED = "used"  # bulk into a batch
    UNUSED = "unused"  # bulk back out of an open batch
    PACKED = "packed"  # bulk into packs
    PLANNED = "planned"  # packs promised on a planned lot
    RESERVED = "reserved"
    RELEASED = "released"
    SOLD = "sold"  # packed for an order, out of the store
    FULFILLED = "fulfilled"  # a promise kept from a real lot
    COUNTED = "counted"
    LOST = "lost"
    SAMPLE = "sample"
    SOLD_OUTSIDE = "sold_outside"
    MOVED = "moved"
    RETURNED = "returned"
    RESTOCKED = "restocked"
    DESTROYED = "destroyed"
    RECALLED = "recalled"


LOSSES = (MovementKind.LOST, MovementKind.SAMPLE, MovementKind.SOLD_OUTSIDE)


class OutOfStock(Conflict):
    """Fewer packs can be sold that day than were asked for. `params["left"]` says how many there are."""

    @property
    def left(self) -> int:
        """How many packs could be reserved instead."""
        return int(str(self.params["left"]))


class Reserved(NamedTuple):
    """A part of a line held on one lot."""

    lot_id: int
    quantity: int


class Output(NamedTuple):
    """What comes out of a batch: grams of a product, made on a day, good to another (None: it does not spoil)."""

    product_id: int
    weight_g: int
    made_on: date
    expires_on: date | None


@dataclass(frozen=True)
class Contribution:
    """What one slip gave to a lot, in grams of raw material; the grams of a lot's contributions add up."""

    slip_id: int
    producer_id: int
    household_id: int | None
    grams: int
    grade: str
    weighed_on: date = date.min
    price_vnd_per_kg: int = 0
    buying: str = "consigned"


def lot_after(state: LotState, event: LotEvent) -> LotState | None:
    """The state a lot goes to, None where the event is refused."""
    return TRANSITIONS.get((state, event))
