"""Rules of the stall: where goods sold come from, and who gives way when the books have fewer than were handed over.

Goods already handed over win. What an outing carried is used first, then what was written off at its return, then what
lies free in the store. After that web orders give way: those not paid for before those paid for, the youngest first.
One that gives way gets another lot of the same pack where there is one, else an apology and its money back. What even
then is not in the books was there all the same: a finding.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import DomainError
from core.i18n import N_

NAME_MAX_CHARS = 80
LINES_MAX = 60
QUANTITY_MAX = 500
CODES_AT_ONCE = 60
CARRIER = "Quầy phiên chợ"
BUYER = "Khách ở quầy"


class SaleState(StrEnum):
    """What became of a sale that a phone sent."""

    DONE = "done"  # it is an order; a transfer may still be on its way
    HELD = "held"  # the books have too few: a person looks at what the rule proposes
    VOID = "void"  # taken back at the stall before it was sent


class Answer(StrEnum):
    """What a seller says of a transfer that has not come."""

    CASH = "cash"  # the buyer paid in cash after all
    RETURNED = "returned"  # not paid, and the goods are here
    LOST = "lost"  # not paid, and the goods are gone


NEVER_PAID = (Answer.RETURNED.value, Answer.LOST.value)
ANSWER_TEXT: dict[Answer, str] = {
    Answer.CASH: N_("Khách đã trả tiền mặt"),
    Answer.RETURNED: N_("Khách không trả, hàng còn đây"),
    Answer.LOST: N_("Khách không trả, hàng mất"),
}


class Step(StrEnum):
    """Where pieces of a sale come from, in the order of the rule."""

    STALL = "stall"
    LOSS = "loss"
    STORE = "store"
    SUBSTITUTE = "substitute"
    APOLOGY = "apology"
    FOUND = "found"


STEP_TEXT: dict[Step, str] = {
    Step.STALL: N_("Hàng mang theo quầy"),
    Step.LOSS: N_("Đã ghi thiếu lúc về, nay biết là đã bán"),
    Step.STORE: N_("Bán nhiều hơn số mang theo, lấy từ kho"),
    Step.SUBSTITUTE: N_("Đơn trên trang bán nhường, đổi sang lô khác"),
    Step.APOLOGY: N_("Đơn trên trang bán nhường, xin lỗi và trả tiền"),
    Step.FOUND: N_("Sổ không còn, hàng vẫn có: ghi thấy thêm"),
}
NAMED = (Step.LOSS, Step.STORE, Step.SUBSTITUTE, Step.APOLOGY, Step.FOUND)
ASKED = frozenset({Step.SUBSTITUTE, Step.APOLOGY, Step.FOUND})  # the manager says yes first


@dataclass(frozen=True)
class Holder:
    """A web order that holds pieces of the lot. on_lot: of it; quantity: of the whole line; paid: something came."""

    order_id: int
    line_id: int
    on_lot: int
    quantity: int
    paid: bool
    placed_at: datetime


@dataclass(frozen=True)
class Shelf:
    """What there is for one line of a sale. free: of this lot in the store; elsewhere: of other lots of the pack."""

    left: int
    lost: int
    free: int
    elsewhere: int
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True)
class Taken:
    """So many pieces by one step; of a web order, whose."""

    step: Step
    quantity: int
    order_id: int | None = None
    line_id: int | None = None


def gives_way(holders: Sequence[Holder]) -> list[Holder]:
    """Web orders in the order in which they give way: the youngest unpaid first, then the youngest paid."""
    return sorted(holders, key=lambda one: (one.paid, -one.placed_at.timestamp(), -one.order_id))


def plan(quantity: int, shelf: Shelf) -> list[Taken]:
    """Where so many pieces of a lot come from. Their sum is `quantity`, whatever the books have.

    >>> plan(3, Shelf(left=2, lost=0, free=5, elsewhere=0))
    [Taken(step=<Step.STALL: 'stall'>, quantity=2, order_id=None, line_id=None), \
Taken(step=<Step.STORE: 'store'>, quantity=1, order_id=None, line_id=None)]
    """
    steps, need = [], quantity
    for step, there in ((Step.STALL, shelf.left), (Step.LOSS, shelf.lost), (Step.STORE, shelf.free)):
        part = min(need, max(0, there))
        if part:
            steps.append(Taken(step, part))
            need -= part
    spare = shelf.elsewhere
    for one in gives_way(shelf.holders):
        if not need:
            break
        part = min(need, one.on_lot)
        spare += one.quantity - part
        need -= part
        kept = spare >= one.quantity
        spare -= one.quantity if kept else 0
        steps.append(Taken(Step.SUBSTITUTE if kept else Step.APOLOGY, part, one.order_id, one.line_id))
    if need:
        steps.append(Taken(Step.FOUND, need))
    return steps


def asks(steps: Sequence[Taken]) -> bool:
    """Whether a person must say yes before these steps are done."""
    return any(one.step in ASKED for one in steps)


def seal(plans: Sequence[tuple[int, Sequence[Taken]]]) -> str:
    """A short name of what was proposed {line id: steps}, so that what is confirmed is what was read."""
    said = [[line_id, [[one.step, one.quantity, one.line_id] for one in steps]] for line_id, steps in plans]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def refusal(error: DomainError) -> str:
    """A refusal kept so that it can be read in another language: [message id, remedy id, what stands in them]."""
    return json.dumps(
        [error.message, error.remedy, {name: str(value) for name, value in error.params.items()}]
    )


def tally(carried: int, found: int, sold: int, returned: int, lost: int) -> int:
    """Pieces that should lie on the stall."""
    return carried + found - sold - returned - lost
