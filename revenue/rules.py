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
    # mirrors a receivable of the cooperative; subject subsidy:<id>:cooperative:<id>, a collector's cooperative:<id>
    DUE_TO_COOPERATIVE = "due_to_cooperative"
    DUE_FROM_COLLECTOR = (
        "due_from_collector"  # paid over a collector's rail; subject collector:<organisation id>
    )
    REMITTANCE_COMING = (
        "remittance_coming"  # sent by the collector, not yet seen in the bank; remittance:<id>
    )
    RAIL_CLEARING = "rail_clearing"  # in the collector's book: what a provider holds for it; rail:<name>
    DISPUTE_HELD = "dispute_held"  # in the collector's book: taken back by a buyer's bank; dispute:<id>
    DISPUTE_COST = "dispute_cost"  # a dispute that was lost
    TAXES_WITHHELD = "taxes_withheld"  # kept back from households for the tax office; subject "vat" or "pit"
    PLATFORM_FEE_DUE = "platform_fee_due"  # owed to whoever runs the market, where the terms name a fee
    GOODS_BOUGHT = "goods_bought"  # harvest bought outright and not yet sold, at what was paid for it
    CARRIER_CLAIM = "carrier_claim"  # cash that a carrier took and is disputed with it; subject order:<id>
    CARRIER_LOSS = "carrier_loss"  # what a carrier took and never paid
    COST_OF_GOODS = "cost_of_goods"  # of goods bought outright: what the sold part had cost
    MARKET_RECEIVABLE = "market_receivable"  # a marketplace holds it until it settles; subject market:<site>
    MARKET_FEE = "market_fee"  # what a marketplace keeps of a sale; subject market:<site>
    CASH_DIFFERENCE = "cash_difference"  # counted too little (+), too much (−); subject stall:<outing id>


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
    PAYOUT_RETURNED = "payout_returned"  # the bank sent it back: it is owed again
    GUARANTEE = "guarantee"
    REVERSAL = "reversal"
    SUBSIDY_DEPOSIT = "subsidy_deposit"
    SUBSIDY_WITHDRAWN = "subsidy_withdrawn"
    SUBSIDY_HOLD = "subsidy_hold"
    SUBSIDY_RELEASE = "subsidy_release"
    SUBSIDY_SPENT = "subsidy_spent"
    SUBSIDY_BACK = "subsidy_back"  # refunded after delivery
    SUBSIDY_PAID = "subsidy_paid"
    PURCHASE = "purchase"  # harvest bought outright: its makers are owed its price when the batch closes
    COST = "cost"  # what is left of a bought lot's cost when the lot closes
    TAX_PAID = "tax_paid"  # what was withheld went to the tax office


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
    OUTRIGHT = "outright"  # what goods bought outright brought: all of it the cooperative's
    FEE = "fee"  # a cost that the terms take off first
    LABOUR = "labour"  # work paid by the hour or the kilo
    PLATFORM = "platform"  # the market's fee, none by default
    PURCHASE = "purchase"  # the price of harvest bought outright
    COST = "cost"  # that price again, as goods leave the store


class PayMethod(StrEnum):
    """How money reaches a producer."""

    CASH = "cash"
    BANK = "bank"


class Deal(StrEnum):
    """How goods were come by and from whom (domain.md: law 17/2023, circular 71/2024).

    Bought outright: the cooperative's own goods. Consigned: sold for the maker. Internal: supplied by an official
    member under a written agreement; everything else, all linked households among it, is external.
    """

    CONSIGNED_INTERNAL = "consigned-internal"
    CONSIGNED_EXTERNAL = "consigned-external"
    OUTRIGHT_INTERNAL = "outright-internal"
    OUTRIGHT_EXTERNAL = "outright-external"


OUTRIGHT_DEALS = frozenset({Deal.OUTRIGHT_INTERNAL, Deal.OUTRIGHT_EXTERNAL})
SHARES = (
    Component.PRODUCERS, Component.UNTRACED, Component.PROCESSING, Component.FUND, Component.OUTRIGHT, Component.FEE,
    Component.LABOUR, Component.PLATFORM,
)  # fmt: skip
EARNED = (
    Component.PRODUCERS, Component.GUARANTEE, Component.LABOUR, Component.PURCHASE,
)  # what a posting with a producer's name was earned by  # fmt: skip
NO_OVERDRAFT = frozenset({AccountKind.BANK, AccountKind.CASH})
ASSETS = frozenset({
    AccountKind.BANK, AccountKind.CASH, AccountKind.COD_RECEIVABLE, AccountKind.PRODUCER_ADVANCE,
    AccountKind.PRODUCER_RECEIVABLE, AccountKind.SUBSIDY_RECEIVABLE, AccountKind.GOODS_BOUGHT,
    AccountKind.DUE_FROM_COLLECTOR, AccountKind.REMITTANCE_COMING, AccountKind.RAIL_CLEARING, AccountKind.DISPUTE_HELD,
    AccountKind.CARRIER_CLAIM, AccountKind.MARKET_RECEIVABLE,
})  # fmt: skip
LIABILITIES = frozenset({
    AccountKind.SUSPENSE, AccountKind.BUYER_PREPAYMENT, AccountKind.PRODUCER_PAYABLE, AccountKind.REFUND_DUE,
    AccountKind.SUBSIDY_BUDGET, AccountKind.SUBSIDY_HELD, AccountKind.DUE_TO_COOPERATIVE,
    AccountKind.TAXES_WITHHELD, AccountKind.PLATFORM_FEE_DUE,
})  # fmt: skip
NO_OVERSPEND = frozenset(
    {AccountKind.SUBSIDY_BUDGET}
)  # money set aside: a credit balance that must not turn over
# A subsidy refunded after the programme paid it is netted from the next one: both mirrors may turn over meanwhile.
# So is a collector's: refunded after it remitted, and what its provider holds follows. A marketplace's the same.
NEVER_NEGATIVE = ASSETS - {  # a debit balance that went below zero is a fault
    AccountKind.SUBSIDY_RECEIVABLE, AccountKind.DUE_FROM_COLLECTOR, AccountKind.RAIL_CLEARING,
    AccountKind.MARKET_RECEIVABLE,
}  # fmt: skip
NEVER_POSITIVE = LIABILITIES - {
    # netted from the next payment, when goods are refunded after it went out
    AccountKind.DUE_TO_COOPERATIVE, AccountKind.TAXES_WITHHELD, AccountKind.PLATFORM_FEE_DUE,
}  # and a debt that turned into its opposite as well  # fmt: skip
REVERSIBLE = frozenset({EntryKind.OPENING, EntryKind.MOVE, EntryKind.PAYOUT})


@dataclass(frozen=True)
class Line:
    """One posting of an entry.

    amount_vnd: debit +, credit −, never 0. The rest are dimensions, for queries: which order line, lot, producer and
    household (of the slip's day) it concerns, and which component of the sale it is. rule: the clause of the terms
    ("producers", "fee:2") or the tax rule that made the amount; deal: a `Deal`, or "" where no goods are behind it.
    """

    kind: AccountKind
    subject: str
    amount_vnd: int
    order_line_id: int | None = None
    lot_id: int | None = None
    producer_id: int | None = None
    household_id: int | None = None
    component: str = ""
    rule: str = ""
    deal: str = ""

    def body(self) -> list[object]:
        """The same as plain values in a fixed order, for hashing. Entries older than rule and deal hash as they did."""
        said = [str(self.kind), self.subject, self.amount_vnd, self.order_line_id, self.lot_id, self.producer_id,
                self.household_id, str(self.component)]  # fmt: skip
        return [*said, self.rule, str(self.deal)] if self.rule or self.deal else [*said]

    def mirrored(self) -> "Line":
        """The posting that undoes this one."""
        return Line(self.kind, self.subject, -self.amount_vnd, self.order_line_id, self.lot_id, self.producer_id,
                    self.household_id, self.component, self.rule, self.deal)  # fmt: skip


def producer(producer_id: int) -> str:
    """The subject of a producer's accounts."""
    return f"producer:{producer_id}"


def order(order_id: int) -> str:
    """The subject of an order's accounts."""
    return f"order:{order_id}"


def stall(outing_id: int) -> str:
    """The subject of what a stall's cash box had too little or too much."""
    return f"stall:{outing_id}"


def slip(slip_id: int) -> str:
    """The subject of a slip's advance."""
    return f"slip:{slip_id}"


def subsidy(subsidy_id: int, cooperative_id: int | None = None) -> str:
    """The subject of a subsidy's accounts; with a cooperative, of what it is owed."""
    return f"subsidy:{subsidy_id}" + (f":cooperative:{cooperative_id}" if cooperative_id else "")
