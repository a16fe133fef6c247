"""Tables of the ledger. Entries and postings never change; no column holds a balance."""

from datetime import date
from importlib import import_module

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref
from revenue.rules import AccountKind, PayMethod
from traceability.log.sealed import seal


def _one_of(column: str, words: type[AccountKind] | type[PayMethod]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


def _where_set(table: str, *columns: str) -> Index:
    """An index over rows where the first column is set: most postings lack most dimensions."""
    there = text(f"{columns[0]} IS NOT NULL")
    return Index(f"ix_{table}_{'_'.join(columns)}", *columns, sqlite_where=there, postgresql_where=there)


class Ledger(Base):
    """One organisation's book. This row is the head of its chain and is locked while an entry is appended."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[Id]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    seq: Mapped[Big] = mapped_column(comment="number of the newest entry; 0 before the first")
    head_hash: Mapped[str]


@immutable
class Account(Base):
    """An account of a ledger, made when first posted to."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("ledger_id", "kind", "subject"),
        CheckConstraint(_one_of("kind", AccountKind), name="kind_known"),
    )
    id: Mapped[Id]
    ledger_id: Mapped[int] = ref("ledger.id", index=False)
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(comment='"producer:12", "order:9", "slip:17" or ""')


@immutable
class Entry(Base):
    """One event of money: its postings add up to zero. `hash` chains it to the entry before."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("ledger_id", "key"),
        UniqueConstraint("ledger_id", "seq"),
        CheckConstraint("seq > 0", name="seq_from_one"),
        _where_set("entry", "order_id"),
        _where_set("entry", "slip_id"),
    )
    id: Mapped[Id]
    ledger_id: Mapped[int] = ref("ledger.id", index=False)
    seq: Mapped[Big]
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(comment="what makes a second arrival harmless")
    body_hash: Mapped[str]
    at: Mapped[Instant]
    on: Mapped[date] = mapped_column(comment="the day it counts for")
    order_id: Mapped[int | None] = ref("sale_order.id", index=False)
    slip_id: Mapped[int | None] = ref("slip.id", index=False)
    terms_id: Mapped[int | None] = ref(
        "settlement_terms.id", index=False, comment="the terms a split was made under"
    )
    note: Mapped[str] = mapped_column(default="")
    prev_hash: Mapped[str]
    hash: Mapped[str]


@immutable
class Posting(Base):
    """One line of an entry: debit +, credit −. The dimensions are for queries; they never change a balance."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("amount_vnd <> 0", name="amount_not_zero"),
        Index("ix_posting_account_id_amount_vnd", "account_id", "amount_vnd"),
        _where_set("posting", "order_line_id"),
        _where_set("posting", "lot_id"),
        # a statement reads its newest entries first, and sums a hundred thousand shares from this index alone
        _where_set("posting", "producer_id", "entry_id", "component", "amount_vnd"),
        _where_set("posting", "household_id"),
    )
    id: Mapped[Id]
    entry_id: Mapped[int] = ref("entry.id")
    account_id: Mapped[int] = ref("account.id", index=False)
    amount_vnd: Mapped[Big]
    order_line_id: Mapped[int | None] = ref("order_line.id", index=False)
    lot_id: Mapped[int | None] = ref("lot.id", index=False)
    producer_id: Mapped[int | None] = ref("producer.id", index=False)
    household_id: Mapped[int | None] = ref(
        "household.id", index=False, comment="the household on the slip's day"
    )
    component: Mapped[str] = mapped_column(default="")
    rule: Mapped[str] = mapped_column(
        default="", comment="the clause of the entry's terms, or the tax rule, that made the amount"
    )
    deal: Mapped[str] = mapped_column(
        default="", comment="consigned or outright, internal or external; empty where no goods are behind it"
    )


@immutable
class Payout(Base):
    """Money handed or sent to a producer. A mistake is undone by a reversing entry, which names this one's entry."""

    __tablename__ = "payout"
    __table_args__ = (
        UniqueConstraint("ledger_id", "key"),
        UniqueConstraint("ledger_id", "number"),
        CheckConstraint("amount_vnd > 0", name="amount_positive"),
        CheckConstraint(_one_of("method", PayMethod), name="method_known"),
    )
    id: Mapped[Id]
    ledger_id: Mapped[int] = ref("ledger.id", index=False)
    key: Mapped[str]
    number: Mapped[str] = mapped_column(comment="TT-<year month>-<running number>")
    producer_id: Mapped[int] = ref("producer.id")
    amount_vnd: Mapped[Big]
    method: Mapped[str]
    reference: Mapped[str] = mapped_column(default="", comment="the bank's number of the transfer, if one")
    paid_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    approved_by_user_id: Mapped[int | None] = ref(
        "person_account.id", index=False, comment="the second person, where the sum needed one"
    )
    entry_id: Mapped[int] = ref("entry.id", unique=True, index=False)


import_module("revenue.closing.models")
import_module("revenue.collector.models")
import_module("revenue.terms.models")
import_module("revenue.payouts.models")  # the subpackages' tables belong to the same part
import_module("revenue.statements.models")
import_module("revenue.disputes.models")

for _model in (Account, Entry, Posting):  # a share altered in the file is found by whoever holds a checkpoint
    seal(_model)
