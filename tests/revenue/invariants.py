"""The fifteen invariants of a ledger, each as a check, and the mutants that it must catch.

A check works on an organisation's book that holds 1,000 đ in the bank; it raises AssertionError where its invariant
does not hold. A mutant changes the code (monkeypatch), or returns a meddler that changes rows while the check runs.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from core import clock
from core.db import db, transaction
from core.errors import Conflict, DomainError
from revenue import operations as verbs
from revenue.audit.queries import faults
from revenue.ledger import operations as ledger
from revenue.ledger import queries
from revenue.ledger.walks import accounts_of, chunks
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind, Line
from revenue.split import rules as split
from tests.conftest import NOW
from tests.factories.cooperatives import create_cooperative, manager_of

AT_ONCE, THERE = 6, 1_000
BANK, CAPITAL = AccountKind.BANK, AccountKind.CAPITAL
Meddler = Callable[[], None]
Mutant = Callable[[pytest.MonkeyPatch], Meddler | None]


@dataclass
class Book:
    """One organisation's book under examination."""

    coop: Any
    meddle: Meddler = field(default=lambda: None)

    @property
    def org(self) -> int:
        """Whose book it is."""
        return int(self.coop.organisation_id)

    @property
    def ledger_id(self) -> int:
        """The row of its head."""
        return queries.ledger_id(self.org) or 0

    def put(self, amount_vnd: int, key: str = "", **more: Any) -> Any:
        """Post one entry of two lines into the bank, in a transaction of its own."""
        lines = [Line(BANK, "", amount_vnd), Line(CAPITAL, "", -amount_vnd)]
        with transaction():
            return ledger.post(self.org, "exam", key or secrets.token_hex(6), lines, clock.today(), **more)

    def held(self) -> int:
        """What the bank account holds."""
        return queries.balance(self.org, BANK)

    def count(self) -> int:
        """How many entries there are."""
        asked = select(func.count(Entry.id)).where(Entry.ledger_id == self.ledger_id)
        return int(db.session.execute(asked).scalar_one())


def a_book() -> Book:
    """A book that holds 1,000 đ."""
    book = Book(create_cooperative())
    lines = [Line(BANK, "", THERE), Line(CAPITAL, "", -THERE)]
    with transaction():
        verbs.post(book.org, "opening", "opening", lines, clock.today())
    return book


def refused(
    deed: Callable[[], Any], kind: type[Exception] | tuple[type[Exception], ...] = DomainError
) -> Any:
    """Carry out what must be refused; the refusal."""
    try:
        deed()
    except kind as said:
        db.session.rollback()
        return said
    except DBAPIError as said:  # the database's own refusal, or a mutant that stumbled
        db.session.rollback()
        raise AssertionError(f"not refused but broken: {said}") from said
    raise AssertionError("it was not refused")


def race(deed: Callable[[int], Any]) -> list[Any]:
    """Carry out a deed over several connections at the same instant: what each got, an exception if that."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    start = Barrier(AT_ONCE)
    db.session.rollback()

    def run(number: int) -> Any:
        with app.app_context(), clock.use(NOW):
            start.wait(30)
            try:
                return deed(number)
            except (DomainError, DBAPIError) as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


# --- the checks


def balanced_per_entry(book: Book) -> None:
    """1. What does not add up to zero never enters."""
    for amounts in ((5, -4), (5,), (), (5, -5, 0)):
        lines = [Line((BANK, CAPITAL, AccountKind.CASH)[place], "", one) for place, one in enumerate(amounts)]

        def deed(lines: list[Line] = lines) -> None:
            with transaction():
                ledger.post(book.org, "exam", secrets.token_hex(6), lines, clock.today())

        refused(deed)
    sums = select(func.sum(Posting.amount_vnd)).group_by(Posting.entry_id)
    assert set(db.session.execute(sums).scalars()) == {0}


def append_only(book: Book) -> None:
    """2. The database itself refuses to change or remove a row."""
    book.meddle()
    statements = [
        "UPDATE posting SET amount_vnd = 1",
        "DELETE FROM posting",
        "UPDATE entry SET note = 'x'",
        "DELETE FROM entry",
    ]
    postgres = db.engine.dialect.name == "postgresql"
    statements += ["TRUNCATE posting", "TRUNCATE entry CASCADE"] if postgres else [
        "INSERT OR REPLACE INTO posting (id, entry_id, account_id, amount_vnd, component, rule, deal) "
        "SELECT id, entry_id, account_id, 7, '', '', '' FROM posting",
    ]  # fmt: skip
    for statement in statements:
        try:
            with transaction():
                db.session.execute(text(statement))
        except DBAPIError as said:
            assert "immutable" in str(said), said
            continue
        raise AssertionError(f"the database let through: {statement}")


def hash_chain(book: Book) -> None:
    """3. Each entry holds the hash of all before it: verify finds any change, and so does a second implementation."""
    for amount in (1, 2, 3):
        book.put(amount, f"k{amount}", note="ghi chú")
    book.meddle()
    db.session.expire_all()
    assert list(faults()) == []
    assert recomputed(book.ledger_id) == db.session.get_one(Ledger, book.ledger_id).head_hash


def recomputed(ledger_id: int) -> str:
    """The head, computed by hand as the guide describes it; nothing of the ledger's own code."""
    head = "0" * 64
    places = accounts_of(ledger_id)
    for entries in chunks(ledger_id):
        for one in entries:
            rows = [[*places[line.account_id], *line[2:8]] for line in one.lines]
            body = json.dumps(
                [one.kind, [one.order_id, one.slip_id, one.terms_id], one.note, sorted(rows, key=json.dumps)],
                ensure_ascii=False, separators=(",", ":"),
            )  # fmt: skip
            digest = hashlib.sha256(body.encode()).hexdigest()
            link = f"{head}\n{one.seq}\n{one.key}\n{one.at.isoformat()}\n{one.on.isoformat()}\n{digest}"
            head = hashlib.sha256(link.encode()).hexdigest()
    return head


def duplicate_is_a_no_op(book: Book) -> None:
    """4. The same key with the same body is the first entry again, two days later too."""
    first = book.put(70, "twice")
    before = book.count()
    with clock.use(NOW + timedelta(days=2)):
        again = book.put(70, "twice")
    assert (again.id, again.seq, again.again, first.again) == (first.id, first.seq, True, False)
    assert (book.count(), book.held()) == (before, THERE + 70)


def concurrent_duplicates_collapse(book: Book) -> None:
    """5. The same news over several connections at once is one entry, and everybody is told of that one."""
    before, org = book.count(), book.org
    results = race(lambda _n: at(org, 70, "same"))
    assert all(isinstance(one, queries.Posted) for one in results), results
    assert len({one.id for one in results}) == 1
    assert [one.again for one in results].count(False) == 1
    assert (book.count(), book.held()) == (before + 1, THERE + 70)


def at(org: int, amount_vnd: int, key: str) -> Any:
    """One deposit or withdrawal in a thread of its own."""
    lines = [Line(BANK, "", amount_vnd), Line(CAPITAL, "", -amount_vnd)]
    with transaction():
        return ledger.post(org, "exam", key, lines, clock.today())


def no_lost_update(book: Book) -> None:
    """6. Many at once: every one of them is in the book."""
    before, org = book.count(), book.org
    results = race(lambda number: at(org, 1, f"own-{number}"))
    assert all(isinstance(one, queries.Posted) for one in results), results
    assert (book.count(), book.held()) == (before + AT_ONCE, THERE + AT_ONCE)
    assert list(faults()) == []


def conservation(book: Book) -> None:
    """7. Money moves and is never made: all postings add up to zero, and what is moved arrives."""
    for amount in (333, 27, 11):
        lines = [Line(AccountKind.CASH, "", amount), Line(BANK, "", -amount)]
        with transaction():
            ledger.post(book.org, "exam", f"m{amount}", lines, clock.today())
    cash = queries.balance(book.org, AccountKind.CASH)
    assert (cash, book.held() + cash) == (371, THERE)
    assert int(db.session.execute(select(func.sum(Posting.amount_vnd))).scalar_one()) == 0


def balance_is_projection(book: Book) -> None:
    """8. What a balance says is what the postings add up to, at every moment."""
    for amount in (5, 500, -1_200):
        book.put(amount)
        folded: dict[tuple[str, str], int] = {}
        places = accounts_of(book.ledger_id)
        for entries in chunks(book.ledger_id):
            for line in (line for entry in entries for line in entry.lines):
                folded[places[line.account_id]] = folded.get(places[line.account_id], 0) + line.amount_vnd
        said = {
            (kind, subject): queries.balance(book.org, AccountKind(kind), subject) for kind, subject in folded
        }
        assert said == folded


def no_overdraft(book: Book) -> None:
    """9. The bank never holds less than nothing, however many take from it at once."""
    org = book.org
    results = race(lambda number: at(org, -300, f"out-{number}"))
    assert [isinstance(one, queries.Posted) for one in results].count(True) == 3, results
    assert all(isinstance(one, DomainError | queries.Posted) for one in results), results
    assert book.held() == 100


def no_drift(book: Book) -> None:
    """10. A hundred đồng over three members, many times: not a đồng appears or is lost."""
    who = {"a": 1, "b": 1, "c": 1}
    for number in range(40):
        parts = split.divide(100, who)
        lines = [
            Line(AccountKind.PRODUCER_PAYABLE, f"producer:{ord(one)}", -part) for one, part in parts.items()
        ]
        with transaction():
            try:
                ledger.post(book.org, "exam", f"d{number}", [Line(BANK, "", 100), *lines], clock.today())
            except DomainError as said:
                raise AssertionError(f"the parts do not add up: {parts}") from said
    assert queries.balance(book.org, AccountKind.PRODUCER_PAYABLE) == -4_000


def one_currency_an_entry(book: Book) -> None:
    """11. Whole đồng and nothing else: the table has no other currency and takes no other kind of number."""
    book.meddle()
    assert not [one for one in (*Entry.__table__.c, *Posting.__table__.c) if "currency" in one.name]
    entry = db.session.execute(select(Entry.id).where(Entry.ledger_id == book.ledger_id)).scalar_one()
    account = db.session.execute(
        select(Account.id).where(Account.ledger_id == book.ledger_id).limit(1)
    ).scalar_one()
    for amount in (10.5, "10 USD", "mười"):
        values = {"entry": entry, "account": account, "amount": amount}
        try:
            with transaction():
                db.session.execute(
                    text("INSERT INTO posting (entry_id, account_id, amount_vnd, component, rule, deal) "
                         "VALUES (:entry, :account, :amount, '', '', '')"), values
                )  # fmt: skip
        except DBAPIError as said:
            assert "amount_vnd" in str(said), said
            continue
        raise AssertionError(f"the database took {amount!r}")


def reversal_by_compensation(book: Book) -> None:
    """12. A mistake is undone by its mirror; what was written stays written."""
    manager = manager_of(book.coop)
    with transaction():
        wrong = verbs.open_books(manager, 300, key="wrong")
        written = queries.lines_of(wrong.id)
    before = book.count()
    with transaction():
        made = verbs.reverse(manager, wrong.id, "ghi nhầm số")
    assert queries.lines_of(wrong.id) == written
    assert (book.count(), book.held()) == (before + 1, THERE)
    assert sorted(line.amount_vnd for line in queries.lines_of(made.id)) == [-300, 300]


def rebuild(book: Book) -> None:
    """13. The entries posted again into an empty book give the same balances and the same last hash."""
    for amount in (40, 2, -41):
        book.put(amount, f"k{amount}", note=f"số {amount}")
    again = Book(create_cooperative())
    places = accounts_of(book.ledger_id)
    for one in [one for entries in chunks(book.ledger_id) for one in entries]:
        lines = [
            Line(AccountKind(places[line.account_id][0]), places[line.account_id][1], *line[2:])
            for line in one.lines
        ]
        with clock.use(one.at), transaction():
            ledger.post(again.org, one.kind, one.key, lines, one.on, order_id=one.order_id, slip_id=one.slip_id,
                        terms_id=one.terms_id, note=one.note)  # fmt: skip
    heads = {db.session.get_one(Ledger, one.ledger_id).head_hash for one in (book, again)}
    assert len(heads) == 1
    assert queries.balances(book.org) == queries.balances(again.org)


def order_per_account(book: Book) -> None:
    """14. An account's postings are read in the order in which they were acknowledged."""
    amounts = [100, -1_100, 50, -50, 7]
    for amount in amounts:
        book.put(amount)
    book.meddle()
    places = accounts_of(book.ledger_id)
    read = [line.amount_vnd for entries in chunks(book.ledger_id) for entry in entries for line in entry.lines
            if places[line.account_id][0] == BANK]  # fmt: skip
    assert read == [THERE, *amounts]


def a_refused_duplicate_is_not_reported_as_applied(book: Book) -> None:
    """15. The same key with another body is a conflict; what was refused once is not known later."""
    first = book.put(70, "key")
    said = refused(lambda: book.put(71, "key"))
    assert isinstance(said, Conflict) and said.status == 409
    assert (book.held(), queries.posted(book.org, "key").id) == (THERE + 70, first.id)  # type: ignore[union-attr]
    refused(lambda: book.put(-5_000, "late"))
    assert queries.posted(book.org, "late") is None
    book.put(9_000)
    assert book.put(-5_000, "late").again is False


INVARIANTS: list[Callable[[Book], None]] = [
    balanced_per_entry, append_only, hash_chain, duplicate_is_a_no_op, concurrent_duplicates_collapse, no_lost_update,
    conservation, balance_is_projection, no_overdraft, no_drift, one_currency_an_entry, reversal_by_compensation,
    rebuild, order_per_account, a_refused_duplicate_is_not_reported_as_applied,
]  # fmt: skip
RACES = (append_only, concurrent_duplicates_collapse, no_lost_update, no_overdraft)
