"""The words of the ledger: accounts, kinds of entries, components of a sale. Debit is +, credit −, đồng are whole."""

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """What an account holds. The subject beside it says whose: "producer:12", "order:9", "slip:17" or ""."""

    BANK = "bank"
    CASH = "cash"
    SUSPENSE = "suspense"
    BUYER_PREPAYMENT = "buyer_prepayment"  # paid by a buyer, goods not yet delivered; subject order:<id>
    COD_RECEIVABLE = "cod_receivable"  # collected by a carrier, not yet remitted; subject order:<id>
    PRODUCER_PAYABLE = "producer_payable"  # owed to a producer; subject producer:<id>
    PRODUCER_ADVANCE = "producer_advance"  # paid at the weighing slip, not yet earned; subject slip:<id>
    PRODUCER_RECEIVABLE = (
        "producer_receivable"  # paid out, then refunded: netted from later shares; producer:<id>
    )
    COOPERATIVE_INCOME = "cooperative_income"
    FUND = "fund"
    SHIPPING_INCOME = "shipping_income"
    SHIPPING_COST = "shipping_cost"
    PROVIDER_FEE = "provider_fee"
    RECALL_COST = "recall_cost"
    REFUND_DUE = "refund_due"  # owed back to a buyer; subject order:<id>
    CAPITAL = "capital"
    SUBSIDY_RECEIVABLE = (
        "subsidy_receivable"  # a programme's part of what was delivered; subject subsidy:<id>
    )
    SUBSIDY_BUDGET = "subsidy_budget"  # in the programme's book: set aside, still free; subject subsidy:<id>
    SUBSIDY_HELD = "subsidy_held"  # promised to orders under way; subject subsidy:<id>
    DUE_TO_COOPERATIVE = "due_to_cooperative"  # mirrors the receivable; subject subsidy:<id>:cooperative:<id>


class EntryKind(StrEnum):
    """What happened. Parts above add their own words; these are the ones posted here."""

    OPENING = "opening"
    MOVE = "move"
    MONEY_IN = "money_in"
    SALE = "sale"
    REFUND = "refund"
    ADVANCE = "advance"
    ADVANCE_BACK = "advance_back"
    PAYOUT = "payout"
    GUARANTEE = "guarantee"
    REVERSAL = "reversal"
    SUBSIDY_DEPOSIT = "subsidy_deposit"
    SUBSIDY_WITHDRAWN = "subsidy_withdrawn"
    SUBSIDY_HOLD = "subsidy_hold"
    SUBSIDY_RELEASE = "subsidy_release"
    SUBSIDY_SPENT = "subsidy_spent"
    SUBSIDY_BACK = "subsidy_back"  # refunded after delivery
    SUBSIDY_PAID = "subsidy_paid"


class Component(StrEnum):
    """Which part of a sale a posting belongs to."""

    PRODUCERS = "producers"
    UNTRACED = (
        "untraced"  # the producers' part of a lot without slips: it stays with the cooperative and says so
    )
    PROCESSING = "processing"
    FUND = "fund"
    SHIPPING = "shipping"
    REFUND = "refund"
    RECALL = "recall"
    GUARANTEE = "guarantee"
    SUBSIDY = "subsidy"  # of a refund: the programme's part, given back to its budget


class PayMethod(StrEnum):
    """How money reaches a producer."""

    CASH = "cash"
    BANK = "bank"


SHARES = (Component.PRODUCERS, Component.UNTRACED, Component.PROCESSING, Component.FUND)
NO_OVERDRAFT = frozenset({AccountKind.BANK, AccountKind.CASH})
ASSETS = frozenset({
    AccountKind.BANK, AccountKind.CASH, AccountKind.COD_RECEIVABLE, AccountKind.PRODUCER_ADVANCE,
    AccountKind.PRODUCER_RECEIVABLE, AccountKind.SUBSIDY_RECEIVABLE,
})  # fmt: skip
LIABILITIES = frozenset({
    AccountKind.SUSPENSE, AccountKind.BUYER_PREPAYMENT, AccountKind.PRODUCER_PAYABLE, AccountKind.REFUND_DUE,
    AccountKind.SUBSIDY_BUDGET, AccountKind.SUBSIDY_HELD, AccountKind.DUE_TO_COOPERATIVE,
})  # fmt: skip
NO_OVERSPEND = frozenset(
    {AccountKind.SUBSIDY_BUDGET}
)  # money set aside: a credit balance that must not turn over
# A subsidy refunded after the programme paid it is netted from the next one: both mirrors may turn over meanwhile.
NEVER_NEGATIVE = ASSETS - {AccountKind.SUBSIDY_RECEIVABLE}  # a debit balance that went below zero is a fault
NEVER_POSITIVE = LIABILITIES - {
    AccountKind.DUE_TO_COOPERATIVE
}  # and a debt that turned into its opposite as well
REVERSIBLE = frozenset({EntryKind.OPENING, EntryKind.MOVE, EntryKind.PAYOUT})


@dataclass(frozen=True)
class Line:
    """One posting of an entry.

    amount_vnd: debit +, credit −, never 0. The rest are dimensions, for queries: which order line, lot, producer and
    household (of the slip's day) it concerns, and which component of the sale it is.
    """

    kind: AccountKind
    subject: str
    amount_vnd: int
    order_line_id: int | None = None
    lot_id: int | None = None
    producer_id: int | None = None
    household_id: int | None = None
    component: str = ""

    def body(self) -> list[object]:
        """The same as plain values in a fixed order, for hashing."""
        return [str(self.kind), self.subject, self.amount_vnd, self.order_line_id, self.lot_id, self.producer_id,
                self.household_id, str(self.component)]  # fmt: skip

    def mirrored(self) -> "Line":
        """The posting that undoes this one."""
        return Line(self.kind, self.subject, -self.amount_vnd, self.order_line_id, self.lot_id, self.producer_id,
                    self.household_id, self.component)  # fmt: skip


def producer(producer_id: int) -> str:
    """The subject of a producer's accounts."""
    return f"producer:{producer_id}"


def order(order_id: int) -> str:
    """The subject of an order's accounts."""
    return f"order:{order_id}"


def slip(slip_id: int) -> str:
    """The subject of a slip's advance."""
    return f"slip:{slip_id}"


def subsidy(subsidy_id: int, cooperative_id: int | None = None) -> str:
    """The subject of a subsidy's accounts; with a cooperative, of what it is owed."""
    return f"subsidy:{subsidy_id}" + (f":cooperative:{cooperative_id}" if cooperative_id else "")
