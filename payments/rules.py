"""Pure rules of payment: states and what moves them, what a transfer means, what may be given back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Conflict
from core.i18n import N_
from core.text import fold
from revenue import rules as ledger
from revenue.rules import AccountKind, Line

KIND = {  # what the entries of this part are called in the ledger
    "in": "money_in",
    "matched": "suspense_matched",
    "returned": "suspense_returned",
    "undone": "suspense_reopened",
    "refund": "prepayment_refund",
    "sent": "refund_sent",
    "remitted": "cod_remitted",
    "reduced": "cod_reduced",
    "claimed": "carrier_claimed",
    "settled": "claim_settled",
    "counter": "counter_cash",
    "counted": "cash_counted",
    "explained": "cash_explained",
}


class State(StrEnum):
    """Where the payment of one order stands."""

    AWAITING = "awaiting"
    PARTLY = "partly"
    PAID = "paid"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    VOID = "void"
    TO_COLLECT = "to_collect"
    COLLECTED = "collected"
    REMITTED = "remitted"


class Event(StrEnum):
    """What happens to a payment."""

    PART = "part"  # money came, not all of it
    FULL = "full"  # all the money is there
    VOID = "void"  # nothing is owed any more and nothing was paid
    OWE = "owe"  # some of it is owed back
    SENT = "sent"  # what was owed back has gone, a part stays
    SENT_ALL = "sent_all"  # everything has gone back
    COLLECT = "collect"  # the carrier took the cash
    REMIT = "remit"  # the carrier paid it over
    TAKE_PART = "take_part"  # money given to the wrong order is taken out again, some other stays
    TAKE_ALL = "take_all"  # the same, and nothing stays
    AT_DOOR = "at_door"  # the buyer pays the carrier instead; nothing has come
    BEFOREHAND = "beforehand"  # the buyer pays before the parcel leaves after all


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.AWAITING, Event.PART): State.PARTLY,
    (State.AWAITING, Event.FULL): State.PAID,
    (State.AWAITING, Event.VOID): State.VOID,
    (State.AWAITING, Event.AT_DOOR): State.TO_COLLECT,
    (State.TO_COLLECT, Event.BEFOREHAND): State.AWAITING,
    (State.PARTLY, Event.TAKE_PART): State.PARTLY,
    (State.PARTLY, Event.TAKE_ALL): State.AWAITING,
    (State.PAID, Event.TAKE_PART): State.PARTLY,
    (State.PAID, Event.TAKE_ALL): State.AWAITING,
    (State.PARTLY, Event.PART): State.PARTLY,
    (State.PARTLY, Event.FULL): State.PAID,
    (State.PARTLY, Event.OWE): State.REFUND_DUE,
    (State.PAID, Event.OWE): State.REFUND_DUE,
    (State.REFUND_DUE, Event.OWE): State.REFUND_DUE,
    (State.REFUND_DUE, Event.SENT): State.PAID,
    (State.REFUND_DUE, Event.SENT_ALL): State.REFUNDED,
    (State.REFUND_DUE, Event.REMIT): State.REFUND_DUE,
    (State.VOID, Event.FULL): State.PAID,  # late money, and the goods could be held again
    (State.TO_COLLECT, Event.COLLECT): State.COLLECTED,
    (State.TO_COLLECT, Event.VOID): State.VOID,
    (
        State.TO_COLLECT,
        Event.OWE,
    ): State.REFUND_DUE,  # delivered, and the carrier has not told of the cash yet
    (State.COLLECTED, Event.REMIT): State.REMITTED,
    (State.COLLECTED, Event.OWE): State.REFUND_DUE,
    (State.REMITTED, Event.OWE): State.REFUND_DUE,
    (State.PAID, Event.REMIT): State.PAID,  # cash on delivery, partly refunded before the carrier paid
    (State.REFUNDED, Event.REMIT): State.REFUNDED,
}


def next_state(state: State, event: Event) -> State:
    """The state after an event. Raises Conflict where the table has none."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Conflict(
            N_("Khoản tiền này không còn ở bước đó."), remedy=N_("Tải lại trang để thấy bước hiện giờ.")
        ) from None


class Outcome(StrEnum):
    """What a transfer that came turned out to be."""

    EXACT = "exact"
    SHORT = "short"
    OVER = "over"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    LATE = "late"


class TransferState(StrEnum):
    """Where the money of a transfer stands."""

    MATCHED = "matched"
    SUSPENSE = "suspense"
    RETURNED = "returned"
    REMITTED = "remitted"  # sent on by a collector, in the book as its remittance


TRANSFER_TRANSITIONS: dict[tuple[TransferState, str], TransferState] = {
    (TransferState.SUSPENSE, "match"): TransferState.MATCHED,
    (TransferState.SUSPENSE, "return"): TransferState.RETURNED,
    (TransferState.MATCHED, "undo"): TransferState.SUSPENSE,  # what a person decided, before it was used
    (TransferState.RETURNED, "undo"): TransferState.SUSPENSE,
}


class RefundState(StrEnum):
    """Whether money owed back has gone."""

    DUE = "due"
    SENT = "sent"


class RefundSource(StrEnum):
    """Which money is given back."""

    PREPAYMENT = "prepayment"  # the order was not delivered: the buyer's own money
    DELIVERED = "delivered"  # the sale was shared: each share gives back its part
    SURPLUS = "surplus"  # more came than was asked
    SUSPENSE = "suspense"  # money that belongs to no order


@dataclass(frozen=True)
class Judgement:
    """What to do with a transfer for a known order: how much the order takes, how much is too much."""

    outcome: Outcome
    to_order_vnd: int
    surplus_vnd: int = 0


def judge(
    amount_vnd: int, *, total_vnd: int, received_vnd: int, state: State, lapsed: bool = False
) -> Judgement:
    """Judge a transfer for an order of `total_vnd` for which `received_vnd` came before.

    awaiting or partly: exact, short or over. lapsed (the order expired or was cancelled): late, and nothing goes to
    the order unless the caller can hold the goods again. to_collect: unknown, since cash was agreed. Any other
    state: the order is paid already, so duplicate.
    """
    if lapsed or state is State.VOID:
        return Judgement(Outcome.LATE, 0)
    if state is State.TO_COLLECT:
        return Judgement(Outcome.UNKNOWN, 0)
    if state not in (State.AWAITING, State.PARTLY):
        return Judgement(Outcome.DUPLICATE, 0)
    missing = total_vnd - received_vnd
    if amount_vnd < missing:
        return Judgement(Outcome.SHORT, amount_vnd)
    outcome = Outcome.EXACT if amount_vnd == missing else Outcome.OVER
    return Judgement(outcome, missing, amount_vnd - missing)


def codes_in(
    content: str, looks_right: Callable[[str], bool], *, prefix: str = "CP", length: int = 8
) -> tuple[str, ...]:
    """Every order code that a transfer's content may hold, in order of appearance, without repeats.

    Banks upper-case the text, drop marks and signs, put their own words before, behind and against it, and cut it with
    spaces. So all but letters and digits is dropped, and each place where the prefix stands is tried;
    `looks_right` knows the code's check character and keeps the accidents out.
    """
    bare = re.sub(r"[^A-Z0-9]", "", fold(content).upper())
    starts = (match.start() for match in re.finditer(f"(?={re.escape(prefix)})", bare))
    found = (bare[start : start + length] for start in starts)
    return tuple(dict.fromkeys(code for code in found if len(code) == length and looks_right(code)))


@dataclass(frozen=True)
class LineLeft:
    """One order line, as far as it can still be given back."""

    line_id: int
    quantity: int
    refunded_quantity: int
    total_vnd: int


def line_amount(line: LineLeft, quantity: int) -> int:
    """What `quantity` more pieces of a line give back: the parts of all refunds add up to the line's total.

    A line of 3 at 100,000 đ (after a discount) gives 33,333, then 33,333, then 33,334.
    """
    before = line.total_vnd * line.refunded_quantity // line.quantity
    return line.total_vnd * (line.refunded_quantity + quantity) // line.quantity - before


def check_quantities(lines: Mapping[int, LineLeft], wanted: Mapping[int, int]) -> dict[int, int]:
    """The lines to refund with their amounts in đồng. Raises Conflict for a foreign line or more than is left."""
    amounts: dict[int, int] = {}
    for line_id, quantity in wanted.items():
        line = lines.get(line_id)
        if line is None or quantity < 1 or quantity > line.quantity - line.refunded_quantity:
            raise Conflict(
                N_("Số lượng hoàn vượt quá số còn lại của đơn."),
                remedy=N_("Tải lại trang để thấy số còn lại."),
            )
        amounts[line_id] = line_amount(line, quantity)
    return amounts


# --- postings: what each step writes into the cooperative's ledger (docs/guide/money.md shows the table)


def transfer(transfer_id: int) -> str:
    """The subject of money that belongs to no order yet."""
    return f"transfer:{transfer_id}"


def _lines(*parts: tuple[AccountKind, str, int]) -> list[Line]:
    return [Line(kind, subject, amount) for kind, subject, amount in parts if amount]


def post_to_order(source: tuple[AccountKind, str], order_id: int, judged: Judgement) -> list[Line]:
    """Money for an order, from the bank or out of suspense: prepayment up to its total, the surplus owed back."""
    subject = ledger.order(order_id)
    return _lines(
        (*source, judged.to_order_vnd + judged.surplus_vnd),
        (AccountKind.BUYER_PREPAYMENT, subject, -judged.to_order_vnd),
        (AccountKind.REFUND_DUE, subject, -judged.surplus_vnd),
    )


def post_to_orders(source: tuple[AccountKind, str], amounts: Mapping[int, int]) -> list[Line]:
    """One transfer for several orders {id: đồng}, from the bank or out of suspense."""
    return _lines(
        (*source, sum(amounts.values())),
        *(
            (AccountKind.BUYER_PREPAYMENT, ledger.order(order_id), -part)
            for order_id, part in amounts.items()
        ),
    )


def post_to_suspense(transfer_id: int, amount_vnd: int) -> list[Line]:
    """Money that nobody could place."""
    return _lines(
        (AccountKind.BANK, "", amount_vnd), (AccountKind.SUSPENSE, transfer(transfer_id), -amount_vnd)
    )


def post_return(transfer_id: int, amount_vnd: int) -> list[Line]:
    """Money in suspense is owed back to whoever sent it."""
    subject = transfer(transfer_id)
    return _lines((AccountKind.SUSPENSE, subject, amount_vnd), (AccountKind.REFUND_DUE, subject, -amount_vnd))


def post_prepayment_back(order_id: int, amount_vnd: int) -> list[Line]:
    """An order that was not delivered gives its prepayment back."""
    subject = ledger.order(order_id)
    return _lines(
        (AccountKind.BUYER_PREPAYMENT, subject, amount_vnd), (AccountKind.REFUND_DUE, subject, -amount_vnd)
    )


def post_sent(subject: str, amount_vnd: int, how: str) -> list[Line]:
    """What was owed back has gone, by bank or in cash."""
    account = AccountKind.CASH if how == "cash" else AccountKind.BANK
    return _lines((AccountKind.REFUND_DUE, subject, amount_vnd), (account, "", -amount_vnd))


def post_remittance(amounts: Mapping[int, int], fee_vnd: int, shipping_vnd: int) -> list[Line]:
    """A carrier pays over the cash of orders {id: đồng}, less its fee and the price of carrying that it kept."""
    return _lines(
        (AccountKind.BANK, "", sum(amounts.values()) - fee_vnd - shipping_vnd),
        (AccountKind.PROVIDER_FEE, "", fee_vnd),
        (AccountKind.SHIPPING_COST, "", shipping_vnd),
        *(
            (AccountKind.COD_RECEIVABLE, ledger.order(order_id), -amount)
            for order_id, amount in amounts.items()
        ),
    )


def post_reduced(order_id: int, amount_vnd: int) -> list[Line]:
    """Pieces that the buyer did not take at the door: what was owed back for them is simply not collected."""
    subject = ledger.order(order_id)
    return _lines(
        (AccountKind.REFUND_DUE, subject, amount_vnd), (AccountKind.COD_RECEIVABLE, subject, -amount_vnd)
    )


def post_claimed(order_id: int, amount_vnd: int) -> list[Line]:
    """Cash that a carrier took and does not pay over is disputed with it."""
    subject = ledger.order(order_id)
    return _lines(
        (AccountKind.CARRIER_CLAIM, subject, amount_vnd), (AccountKind.COD_RECEIVABLE, subject, -amount_vnd)
    )


def post_settled(order_id: int, claimed_vnd: int, paid_vnd: int) -> list[Line]:
    """What the carrier pays of it, and what is lost."""
    return _lines(
        (AccountKind.BANK, "", paid_vnd),
        (AccountKind.CARRIER_LOSS, ledger.order(order_id), claimed_vnd - paid_vnd),
        (AccountKind.CARRIER_CLAIM, ledger.order(order_id), -claimed_vnd),
    )


# --- words for people

OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.EXACT: N_("Đúng số tiền"),
    Outcome.SHORT: N_("Thiếu"),
    Outcome.OVER: N_("Thừa"),
    Outcome.DUPLICATE: N_("Trả hai lần"),
    Outcome.UNKNOWN: N_("Chưa rõ đơn nào"),
    Outcome.LATE: N_("Tới muộn"),
}
TRANSFER_STATE_TEXT: dict[TransferState, str] = {
    TransferState.MATCHED: N_("Đã vào đơn"),
    TransferState.SUSPENSE: N_("Chờ xử lý"),
    TransferState.RETURNED: N_("Trả lại"),
    TransferState.REMITTED: N_("Bên thu hộ chuyển"),
}
PAYMENT_TEXT: dict[State, str] = {
    State.AWAITING: N_("Chờ tiền"),
    State.PARTLY: N_("Mới trả một phần"),
    State.PAID: N_("Đã trả đủ"),
    State.REFUND_DUE: N_("Còn phải trả lại khách"),
    State.REFUNDED: N_("Đã trả lại khách"),
    State.VOID: N_("Không còn phải trả"),
    State.TO_COLLECT: N_("Thu khi giao"),
    State.COLLECTED: N_("Bên giao đang giữ tiền"),
    State.REMITTED: N_("Bên giao đã nộp tiền"),
}
SOURCE_TEXT: dict[RefundSource, str] = {
    RefundSource.PREPAYMENT: N_("Đơn chưa giao"),
    RefundSource.DELIVERED: N_("Đơn đã giao"),
    RefundSource.SURPLUS: N_("Khách chuyển thừa"),
    RefundSource.SUSPENSE: N_("Tiền không rõ của đơn nào"),
}
