"""Posting: the only door into the book. The head row is locked, so one entry of a ledger is written at a time."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import clock
from core.db import connection, db, run
from core.errors import Conflict, Invalid
from core.format import vnd
from core.i18n import N_
from core.prepared import execute, rows
from revenue.ledger import rules
from revenue.ledger.queries import Posted
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import NO_OVERDRAFT, NO_OVERSPEND, AccountKind, Line

# Statements are built once, over tables and not classes, and run by plan on the session's connection: an entry is six
# of them, and all else costs more than the database's own work (benchmarks/ledger.py).
_BOOK, _ENTRY_T, _POSTING, _ACC = (
    cast(Table, model.__table__) for model in (Ledger, Entry, Posting, Account)
)  # fmt: skip
_LOCK = select(_BOOK.c.id, _BOOK.c.seq, _BOOK.c.head_hash).where(_BOOK.c.organisation_id == bindparam("o"))
_LOCK = _LOCK.with_for_update()
_KNOWN = select(_ENTRY_T.c.id, _ENTRY_T.c.seq, _ENTRY_T.c.hash, _ENTRY_T.c.body_hash).where(
    _ENTRY_T.c.ledger_id == bindparam("l"), _ENTRY_T.c.key == bindparam("k")
)
_ACCOUNTS = select(_ACC.c.kind, _ACC.c.subject, _ACC.c.id).where(
    _ACC.c.ledger_id == bindparam("l"), _ACC.c.subject.in_(bindparam("subjects", expanding=True))
)
_ACCOUNT = insert(_ACC).returning(_ACC.c.id)
_BALANCE = select(func.coalesce(func.sum(_POSTING.c.amount_vnd), 0)).where(
    _POSTING.c.account_id == bindparam("a")
)
_ENTRY = insert(_ENTRY_T).returning(_ENTRY_T.c.id)
_POSTINGS = insert(_POSTING)
_HEAD = (
    update(_BOOK)
    .where(_BOOK.c.id == bindparam("l"))
    .values(seq=bindparam("new_seq"), head_hash=bindparam("new_hash"))
)


def open_ledger(organisation_id: int) -> None:
    """Make an organisation's ledger if it has none. Two at once make one."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    made = dialect.insert(Ledger).values(organisation_id=organisation_id, seq=0, head_hash=rules.GENESIS)
    db.session.execute(made.on_conflict_do_nothing(index_elements=["organisation_id"]))


def lock_book(organisation_id: int) -> Any:
    """Hold an organisation's ledger until the transaction ends, opening it when there is none; its head row.

    For verbs that look at a balance before they post: what they saw still holds when they write.
    """
    head = run(_LOCK, {"o": organisation_id}).one_or_none()
    if head is None:
        open_ledger(organisation_id)
        head = run(_LOCK, {"o": organisation_id}).one()
    return head


def _accounts(book: Connection, ledger_id: int, lines: Sequence[Line]) -> dict[tuple[str, str], int]:
    """The ids of the accounts that the lines name; missing ones are made, in the order named."""
    wanted = dict.fromkeys((str(line.kind), line.subject) for line in lines)
    subjects = list({subject for _kind, subject in wanted})
    there = rows(book, _ACCOUNTS, {"l": ledger_id, "subjects": subjects})
    ids = {(kind, subject): int(known) for kind, subject, known in there}
    for kind, subject in wanted:
        if (kind, subject) not in ids:
            made = {"ledger_id": ledger_id, "kind": kind, "subject": subject}
            ids[kind, subject] = int(execute(book, _ACCOUNT, made).scalar_one())
    return ids


OVERDRAWN = {
    AccountKind.BANK: N_("Tài khoản ngân hàng chỉ còn %(there)s, chưa đủ %(asked)s."),
    AccountKind.CASH: N_("Quỹ tiền mặt chỉ còn %(there)s, chưa đủ %(asked)s."),
    AccountKind.SUBSIDY_BUDGET: N_("Ngân sách trợ giá chỉ còn %(there)s, chưa đủ %(asked)s."),
}
SIGN = dict.fromkeys(NO_OVERDRAFT, 1) | dict.fromkeys(
    NO_OVERSPEND, -1
)  # on which side there must be something


def _refuse_overdraft(ids: dict[tuple[str, str], int], lines: Sequence[Line]) -> None:
    changes: dict[tuple[str, str], int] = {}
    for line in lines:
        if sign := SIGN.get(line.kind, 0):
            place = line.kind, line.subject
            changes[place] = changes.get(place, 0) + sign * line.amount_vnd
    for (kind, subject), change in changes.items():
        if change >= 0:
            continue
        balance = int(run(_BALANCE, {"a": ids[str(kind), subject]}).scalar_one())
        there = SIGN[AccountKind(kind)] * balance
        if there + change < 0:
            raise Invalid(
                OVERDRAWN[AccountKind(kind)], field="amount_vnd", there=vnd(there), asked=vnd(-change),
                remedy=N_("Ghi tiền vào trước, hoặc chọn cách trả khác."),
            )  # fmt: skip


FAULTS = {
    "few": N_("Bút toán cần ít nhất hai dòng."),
    "zero": N_("Bút toán có dòng 0 đ."),
    "unbalanced": N_("Bút toán chưa cân: tổng các dòng phải bằng 0."),
}


def post(
    organisation_id: int, kind: str, key: str, lines: Sequence[Line], on: date, *, order_id: int | None = None,
    slip_id: int | None = None, terms_id: int | None = None, note: str = "",
) -> Posted:  # fmt: skip
    """Append one balanced entry to an organisation's ledger, inside the caller's transaction.

    kind: an `EntryKind`, or a word of the caller's own. key: names the event; posting it again with the same body
    returns the first entry (`again=True`), with another body raises Conflict (409). lines: amounts in đồng, debit +,
    that add up to 0. on: the day it counts for; order, slip and terms ids are kept beside it.
    Raises Invalid when it does not balance, or when bank, cash or a subsidy's budget would go below zero.
    """
    if wrong := rules.fault(lines):
        raise Invalid(FAULTS[wrong])
    book = connection()
    found = rows(book, _LOCK, {"o": organisation_id}) or [lock_book(organisation_id)]
    ledger_id, last, prev_hash = found[0]
    body = rules.body_hash(kind, (order_id, slip_id, terms_id), note, lines)
    for known_id, known_seq, known_hash, known_body in rows(book, _KNOWN, {"l": ledger_id, "k": key}):
        if known_body != body:
            raise Conflict(
                N_("Bút toán này đã ghi với nội dung khác."), remedy=N_("Mở lại trang rồi làm lại từ đầu.")
            )
        return Posted(known_id, ledger_id, known_seq, known_hash, True)
    ids = _accounts(book, ledger_id, lines)
    _refuse_overdraft(ids, lines)
    at, seq = clock.now(), last + 1
    digest = rules.entry_hash(prev_hash, seq, key, at, on, body)
    made = rows(book, _ENTRY, {
        "ledger_id": ledger_id, "seq": seq, "kind": str(kind), "key": key, "body_hash": body, "at": at, "on": on,
        "order_id": order_id, "slip_id": slip_id, "terms_id": terms_id, "note": note,
        "prev_hash": prev_hash, "hash": digest,
    })  # fmt: skip
    entry_id = int(made[0][0])
    execute(book, _POSTINGS, _postings(entry_id, ids, lines))
    execute(book, _HEAD, {"l": ledger_id, "new_seq": seq, "new_hash": digest})
    return Posted(entry_id, ledger_id, seq, digest)


def _postings(
    entry_id: int, ids: dict[tuple[str, str], int], lines: Sequence[Line]
) -> list[dict[str, object]]:
    return [
        {"entry_id": entry_id, "account_id": ids[str(line.kind), line.subject], "amount_vnd": line.amount_vnd,
         "order_line_id": line.order_line_id, "lot_id": line.lot_id, "producer_id": line.producer_id,
         "household_id": line.household_id, "component": str(line.component), "rule": line.rule, "deal": str(line.deal)}
        for line in lines
    ]  # fmt: skip
