"""Statements that were sent, their lines, and what each account's columns mean."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref
from payments.bank_statements.rules import Outcome, State


def _one_of(column: str, values: type[State] | type[Outcome]) -> CheckConstraint:
    return CheckConstraint(
        f"{column} IN ({', '.join(repr(value.value) for value in values)})", name=f"{column}_known"
    )


class StatementLayout(Base):
    """What the headings of an account's statements mean, as a person said or agreed to; used for the next file."""

    __tablename__ = "statement_layout"
    id: Mapped[Id]
    bank_account_id: Mapped[int] = ref("bank_account.id", unique=True, index=False)
    layout: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="folded heading: column, '' for one not read"
    )
    changed_at: Mapped[Instant]


class BankStatement(Base):
    """One file of one account. Its money is booked when a person accepts it."""

    __tablename__ = "bank_statement"
    __table_args__ = (_one_of("state", State), UniqueConstraint("key"))
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(comment="of the form: a second tap is the same statement")
    cooperative_id: Mapped[int] = ref("cooperative.id")
    bank_account_id: Mapped[int] = ref("bank_account.id")
    file: Mapped[str] = mapped_column(comment="the file as sent, private")
    file_name: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    headings: Mapped[list[Any]] = mapped_column(JSON, comment="[text, column] of each column, in order")
    heading_no: Mapped[int] = mapped_column(default=0, comment="the row of the headings, from 1")
    names_account: Mapped[bool] = mapped_column(
        default=True, comment="the account's number stands in the file"
    )
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    sent_at: Mapped[Instant]
    done_at: Mapped[Instant | None]


class StatementLine(Base):
    """One line. Lines of several files that tell of the same money have one fingerprint; one of them is booked."""

    __tablename__ = "statement_line"
    __table_args__ = (
        UniqueConstraint("statement_id", "row_no"),
        _one_of("outcome", Outcome),
        CheckConstraint(
            "outcome = 'fault' OR (on_day IS NOT NULL AND fingerprint <> '')", name="read_or_fault"
        ),
        CheckConstraint("outcome <> 'booked' OR transfer_id IS NOT NULL", name="booked_has_transfer"),
    )
    id: Mapped[Id]
    statement_id: Mapped[int] = ref("bank_statement.id", index=False)
    bank_account_id: Mapped[int] = ref("bank_account.id", index=False)
    row_no: Mapped[int]
    on_day: Mapped[date | None]
    at: Mapped[Instant | None] = mapped_column(comment="noon where the file tells the day alone")
    exact_time: Mapped[bool] = mapped_column(default=False)
    amount_vnd: Mapped[Big] = mapped_column(comment="+ came, - went")
    content: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    balance_vnd: Mapped[Big | None]
    fingerprint: Mapped[str] = mapped_column(default="", index=True)
    outcome: Mapped[str] = mapped_column(index=True)
    fault: Mapped[list[Any] | None] = mapped_column(JSON, comment="[cell, message, params]")
    transfer_id: Mapped[int | None] = ref("transfer.id")
    refund_id: Mapped[int | None] = ref("refund.id", comment="the refund that this money that went was")
