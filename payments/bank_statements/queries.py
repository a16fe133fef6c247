"""Reads of statements: what is remembered of an account, the lists, one file with its lines, what a refund was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from cooperatives.models import BankAccount
from core.db import db
from orders.models import Order
from payments.bank_statements.models import BankStatement, StatementLayout, StatementLine
from payments.bank_statements.rules import Balanced, Line, Outcome, State, gaps
from payments.models import Refund, Transfer
from payments.queries import no_such, organisation_of
from payments.rules import RefundState
from payments.transfers.queries import told_between
from payments.transfers.rules import STATEMENT, News, pick

PAGE = 50
ACCEPTED = (State.APPLYING, State.DONE)


def layout_of(account_id: int) -> Mapping[str, str]:
    """What an account's headings mean, as remembered."""
    wanted = select(StatementLayout.layout).where(StatementLayout.bank_account_id == account_id)
    return db.session.execute(wanted).scalar_one_or_none() or {}


def statement_for(statement_id: int, organisation_id: int | None, *, lock: bool = False) -> BankStatement:
    """A statement of the cooperative that an organisation is. Another's is answered like none: NotFound."""
    found = db.session.get(BankStatement, statement_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or organisation_of(found.cooperative_id) != organisation_id:
        raise no_such()
    return found


def news_of(line: Line) -> News:
    """A line as money that is told of."""
    assert line.when, "a line with a fault is not booked"
    return News(
        STATEMENT, line.fingerprint, line.amount_vnd, line.content, line.reference, line.when.at,
        exact_time=line.when.hour is not None,
    )  # fmt: skip


def foretold(account_id: int, lines: Sequence[Line]) -> list[Outcome]:
    """What would become of each line if it were accepted now. Five statements however many lines there are."""
    good = [line for line in lines if line.when is not None]
    if not good:
        return [Outcome.FAULT for _line in lines]
    at = [line.when.at for line in good if line.when]
    used, others = told_between(account_id, STATEMENT, min(at), max(at))
    out = _accepted_out(account_id)
    by_amount: dict[int, list[Transfer]] = {}
    for one in others:
        by_amount.setdefault(one.amount_vnd, []).append(one)
    return [_outcome(line, used, out, by_amount) for line in lines]


def _outcome(line: Line, used: set[str], out: set[str], others: dict[int, list[Transfer]]) -> Outcome:
    if line.fault is not None:
        return Outcome.FAULT
    if line.amount_vnd < 0:
        return Outcome.KNOWN if line.fingerprint in out else Outcome.OUT
    if line.fingerprint in used:
        return Outcome.KNOWN
    known = others.get(line.amount_vnd, [])
    found = pick(news_of(line), known)
    if found is None:
        return Outcome.NEW
    known.remove(found)
    return Outcome.KNOWN


def _accepted_out(account_id: int) -> set[str]:
    """Fingerprints of money that went, of statements accepted before."""
    wanted = (
        select(StatementLine.fingerprint)
        .join(BankStatement, BankStatement.id == StatementLine.statement_id)
        .where(StatementLine.bank_account_id == account_id, StatementLine.amount_vnd < 0)
        .where(BankStatement.state.in_(ACCEPTED))
    )
    return set(db.session.execute(wanted).scalars())


@dataclass(frozen=True)
class Sum:
    """So many lines, so many đồng."""

    count: int = 0
    vnd: int = 0


def sums(statement_id: int) -> dict[str, Sum]:
    """Lines and đồng by outcome; every outcome is there."""
    wanted = (
        select(
            StatementLine.outcome,
            func.count(),
            func.coalesce(func.sum(func.abs(StatementLine.amount_vnd)), 0),
        )
        .where(StatementLine.statement_id == statement_id)
        .group_by(StatementLine.outcome)
    )
    told = {row[0]: Sum(row[1], int(row[2])) for row in db.session.execute(wanted)}
    return {str(outcome): told.get(outcome, Sum()) for outcome in Outcome}


@dataclass(frozen=True)
class LineRow:
    """One line on the page."""

    row_no: int
    at: datetime | None
    exact_time: bool
    amount_vnd: int
    content: str
    reference: str
    outcome: str
    fault: list[object] | None
    transfer_id: int | None
    transfer_state: str | None
    order_code: str | None
    refund_id: int | None


def lines(statement_id: int, page: int = 1, outcome: str = "") -> tuple[tuple[LineRow, ...], int, int]:
    """The lines of a page, faults first, then as in the file; the page's number and how many pages. Two statements."""
    mine = [StatementLine.statement_id == statement_id]
    if outcome in set(Outcome):
        mine.append(StatementLine.outcome == outcome)
    count = int(db.session.execute(select(func.count()).select_from(StatementLine).where(*mine)).scalar_one())
    pages = max(1, -(-count // PAGE))
    page = min(max(1, page), pages)
    first = case((StatementLine.outcome == Outcome.FAULT, 0), else_=1)
    rows = db.session.execute(
        select(StatementLine.row_no, StatementLine.at, StatementLine.exact_time, StatementLine.amount_vnd,
               StatementLine.content, StatementLine.reference, StatementLine.outcome, StatementLine.fault,
               StatementLine.transfer_id, Transfer.state, Order.code, StatementLine.refund_id)
        .outerjoin(Transfer, Transfer.id == StatementLine.transfer_id)
        .outerjoin(Order, Order.id == Transfer.order_id)
        .where(*mine).order_by(first, StatementLine.row_no).limit(PAGE).offset((page - 1) * PAGE)
    )  # fmt: skip
    return tuple(LineRow(*row) for row in rows), page, pages


@dataclass(frozen=True)
class StatementRow:
    """One statement of the list."""

    id: int
    bank_name: str
    account_number: str
    file_name: str
    state: str
    sent_at: datetime
    line_count: int


def statements(cooperative_id: int, most: int = 30) -> tuple[StatementRow, ...]:
    """The newest statements of a cooperative. One statement."""
    count = (
        select(func.count()).where(StatementLine.statement_id == BankStatement.id).correlate(BankStatement)
    ).scalar_subquery()
    rows = db.session.execute(
        select(BankStatement.id, BankAccount.bank_name, BankAccount.account_number, BankStatement.file_name,
               BankStatement.state, BankStatement.sent_at, count)
        .join(BankAccount, BankAccount.id == BankStatement.bank_account_id)
        .where(BankStatement.cooperative_id == cooperative_id).order_by(BankStatement.id.desc()).limit(most)
    )  # fmt: skip
    return tuple(StatementRow(*row) for row in rows)


@dataclass(frozen=True)
class SentRefund:
    """A refund that was sent by bank. words: what stands in a transfer that was it."""

    id: int
    amount_vnd: int
    sent_at: datetime
    reference: str
    words: tuple[str, ...]


def sent_refunds(cooperative_id: int, since: datetime, until: datetime) -> list[SentRefund]:
    """Refunds sent by bank between two instants for which no statement has shown the money yet."""
    shown = select(StatementLine.id).where(StatementLine.refund_id == Refund.id).exists()
    rows = db.session.execute(
        select(Refund.id, Refund.amount_vnd, Refund.sent_at, Refund.reference, Order.code)
        .outerjoin(Order, Order.id == Refund.order_id)
        .where(
            Refund.cooperative_id == cooperative_id,
            Refund.state == RefundState.SENT,
            Refund.sent_how == "bank",
        )
        .where(Refund.sent_at.between(since - timedelta(days=7), until + timedelta(days=7)), ~shown)
        .order_by(Refund.id)
    )
    return [
        SentRefund(row.id, row.amount_vnd, row.sent_at, row.reference, (row.code or f"HOANTIEN{row.id}",))
        for row in rows
    ]


def free_out_lines(cooperative_id: int, amount_vnd: int, since: datetime) -> list[StatementLine]:
    """Money of that amount that went by accepted statements and is nobody's yet."""
    wanted = (
        select(StatementLine)
        .join(BankStatement, BankStatement.id == StatementLine.statement_id)
        .where(BankStatement.cooperative_id == cooperative_id, BankStatement.state.in_(ACCEPTED))
        .where(StatementLine.outcome == Outcome.OUT, StatementLine.amount_vnd == -amount_vnd)
        .where(StatementLine.refund_id.is_(None), StatementLine.at >= since)
        .order_by(StatementLine.id)
    )
    return list(db.session.execute(wanted).scalars())


def line_of_refund(refund_id: int) -> StatementLine | None:
    """The line of a statement that shows a refund gone."""
    wanted = select(StatementLine).where(StatementLine.refund_id == refund_id).limit(1)
    return db.session.execute(wanted).scalar_one_or_none()


def gaps_of(statement_id: int) -> tuple[int, ...]:
    """Rows at which the balance does not follow. One statement."""
    rows = db.session.execute(
        select(StatementLine.row_no, StatementLine.amount_vnd, StatementLine.balance_vnd)
        .where(StatementLine.statement_id == statement_id, StatementLine.outcome != Outcome.FAULT)
        .order_by(StatementLine.row_no)
    )
    return gaps([Balanced(*row) for row in rows])


def applying() -> list[int]:
    """Statements that were accepted and are not booked to the end."""
    wanted = select(BankStatement.id).where(BankStatement.state == State.APPLYING).order_by(BankStatement.id)
    return list(db.session.execute(wanted).scalars())
