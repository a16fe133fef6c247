"""Tables of payment. Amounts are whole đồng; the money itself is in the ledger, these rows say what it was for."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Big, Id, Instant, ref
from orders.rules import Method
from payments.attempts.models import (
    Attempt,
    AttemptShare,
    AttemptTaken,
    BookDifference,
    RailDispute,
    RailNews,
    RailRefund,
)
from payments.bank_statements.models import BankStatement, StatementLayout, StatementLine
from payments.carriers.models import CarrierClaim, CarrierLayout, RemittanceFile
from payments.elsewhere.models import MoneyElsewhere
from payments.feeds.models import BankFeed
from payments.payouts.models import ProducerAccount
from payments.payruns.models import Payrun, PayrunLine
from payments.rails.models import RailAccount
from payments.rules import Event, Outcome, RefundSource, RefundState, State, TransferState, next_state
from payments.transfers.models import TransferPart, TransferSighting

__all__ = [
    "Attempt",
    "AttemptShare",
    "AttemptTaken",
    "BankFeed",
    "BankStatement",
    "BookDifference",
    "CarrierClaim",
    "CarrierLayout",
    "CodRemittance",
    "CodRemittanceLine",
    "MoneyElsewhere",
    "Payment",
    "Payrun",
    "PayrunLine",
    "ProducerAccount",
    "RailAccount",
    "RailDispute",
    "RailNews",
    "RailRefund",
    "Refund",
    "RefundLine",
    "RemittanceFile",
    "StatementLayout",
    "StatementLine",
    "Transfer",
    "TransferPart",
    "TransferSighting",
]  # fmt: skip


def _one_of(column: str, values: type) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Payment(Base):
    """What the buyer owes for one order, and where that stands."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("order_id"),
        _one_of("method", Method),
        _one_of("state", State),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        CheckConstraint("method <> 'vietqr' OR bank_account_id IS NOT NULL", name="transfer_needs_account"),
    )
    id: Mapped[Id]
    order_id: Mapped[int] = ref("sale_order.id", index=False)
    method: Mapped[str]
    amount_vnd: Mapped[Big]
    state: Mapped[str] = mapped_column(index=True)
    bank_account_id: Mapped[int | None] = ref("bank_account.id")
    created_at: Mapped[Instant]
    collected_at: Mapped[Instant | None] = mapped_column(comment="when the carrier took the cash")

    def happen(self, event: Event) -> None:
        """Move by the table. Raises Conflict where it has no such step."""
        self.state = next_state(State(self.state), event).value


class Transfer(Base):
    """Money that arrived on a cooperative's bank account: told by a provider, or entered from the bank's book."""

    __tablename__ = "transfer"
    __table_args__ = (
        UniqueConstraint("bank_account_id", "provider", "provider_id"),
        Index(None, "bank_account_id", "amount_vnd"),  # the same money told by another door
        _one_of("outcome", Outcome),
        _one_of("state", TransferState),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        CheckConstraint("surplus_vnd >= 0 AND surplus_vnd <= amount_vnd", name="surplus_within"),
        CheckConstraint("state <> 'matched' OR order_id IS NOT NULL", name="matched_has_order"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    bank_account_id: Mapped[int] = ref("bank_account.id", index=False)
    provider: Mapped[str] = mapped_column(comment="sepay, or manual")
    provider_id: Mapped[str] = mapped_column(
        comment="the provider's own id; the form's key when entered by hand"
    )
    amount_vnd: Mapped[Big]
    content: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    at: Mapped[Instant] = mapped_column(comment="when the bank booked it")
    received_at: Mapped[Instant] = mapped_column(comment="when we learnt of it")
    outcome: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    order_id: Mapped[int | None] = ref("sale_order.id")
    surplus_vnd: Mapped[Big] = mapped_column(default=0, comment="more than the order asked for; owed back")
    settled_at: Mapped[Instant | None] = mapped_column(comment="when a person matched or returned it")
    reason: Mapped[str] = mapped_column(default="")
    undo_count: Mapped[int] = mapped_column(default=0, comment="how often a person's decision was taken back")


class Refund(Base):
    """Money owed back to a buyer, recorded as due, then marked sent with how it went."""

    __tablename__ = "refund"
    __table_args__ = (
        UniqueConstraint("key"),
        _one_of("state", RefundState),
        _one_of("source", RefundSource),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        CheckConstraint("goods_vnd >= 0 AND shipping_vnd >= 0", name="parts_not_negative"),
        CheckConstraint("order_id IS NOT NULL OR transfer_id IS NOT NULL", name="for_something"),
        CheckConstraint("state <> 'sent' OR sent_how IN ('bank', 'cash', 'rail')", name="sent_says_how"),
    )
    id: Mapped[Id]
    key: Mapped[str]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    order_id: Mapped[int | None] = ref("sale_order.id")
    transfer_id: Mapped[int | None] = ref("transfer.id")
    source: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    amount_vnd: Mapped[Big]
    goods_vnd: Mapped[Big] = mapped_column(default=0)
    shipping_vnd: Mapped[Big] = mapped_column(default=0)
    reason: Mapped[str]
    goods_back: Mapped[bool] = mapped_column(default=False, comment="the goods came back, into quarantine")
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    sent_how: Mapped[str | None] = mapped_column(comment="bank, cash, or back over the rail it came by")
    reference: Mapped[str] = mapped_column(default="")
    proof: Mapped[str | None] = mapped_column(
        comment="the bank's slip: private file, re-encoded, without metadata"
    )
    payee: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="encrypted: bank bin, account number, holder"
    )
    lines: Mapped[list["RefundLine"]] = relationship(order_by="RefundLine.id")


class RefundLine(Base):
    """The pieces of one order line that a refund gives back."""

    __tablename__ = "refund_line"
    __table_args__ = (
        UniqueConstraint("refund_id", "order_line_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount_vnd >= 0", name="amount_not_negative"),
    )
    id: Mapped[Id]
    refund_id: Mapped[int] = ref("refund.id", index=False)
    order_line_id: Mapped[int] = ref("order_line.id")
    quantity: Mapped[int]
    amount_vnd: Mapped[Big]


class CodRemittance(Base):
    """A carrier paid over the cash of several orders, less its fee."""

    __tablename__ = "cod_remittance"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("fee_vnd >= 0 AND shipping_vnd >= 0", name="costs_not_negative"),
        CheckConstraint("fee_vnd + shipping_vnd <= gross_vnd", name="costs_within"),
        CheckConstraint("gross_vnd > 0", name="gross_positive"),
    )
    id: Mapped[Id]
    key: Mapped[str]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    carrier: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    received_on: Mapped[date]
    gross_vnd: Mapped[Big]
    fee_vnd: Mapped[Big] = mapped_column(comment="for collecting cash")
    shipping_vnd: Mapped[Big] = mapped_column(default=0, comment="for carrying, held back from the cash")
    created_at: Mapped[Instant]
    lines: Mapped[list["CodRemittanceLine"]] = relationship(order_by="CodRemittanceLine.id")


class CodRemittanceLine(Base):
    """One order's cash in a remittance. An order is remitted once, whole."""

    __tablename__ = "cod_remittance_line"
    __table_args__ = (UniqueConstraint("order_id"), CheckConstraint("amount_vnd > 0", name="amount_positive"))
    id: Mapped[Id]
    remittance_id: Mapped[int] = ref("cod_remittance.id")
    order_id: Mapped[int] = ref("sale_order.id", index=False)
    amount_vnd: Mapped[Big]
