"""A large book, and three figures over it: verify from its beginning, the close of its month, a member's statement.

python -m benchmarks.books        targets: 1,000,000 postings verified ≤ 30 s; a month of 100,000 orders closed ≤ 60 s;
                                  the statement of a member with 10,000 slips ≤ 50 ms,
                                  with 10,000 shares and with 100,000

One delivered order of the demonstration world is copied, row by row with `sqlite3`, until there are 100,000 of it; each
is paid and shared by two entries, hashed as `post` hashes them. Everything lies in a temporary copy of the world.
Times are of the process's CPU clock (SQLite works inside it), since these machines are shared.
"""

import gc
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, UniqueConstraint, select

from accounts.rules import Actor, Role
from app import create_app
from config import load
from core import clock
from core.db import Base, db, transaction
from revenue.audit.queries import faults
from revenue.audit.rules import Tally
from revenue.closing.operations import close_month
from revenue.ledger import rules as ledger
from revenue.ledger.queries import lines_of
from revenue.models import Entry, Ledger
from revenue.queries import statement
from revenue.rules import AccountKind, EntryKind, Line, order, producer

ORDERS, SLIPS, POSTINGS = 100_000, 10_000, 1_000_000
SHARED = 10_000  # orders that the member with many slips has a share of when her statement is first measured
VERIFY_S, CLOSE_S, STATEMENT_MS = 30.0, 60.0, 50.0
USUAL = (6, 9)  # lines of the sale that is copied
WANTED = {AccountKind.PRODUCER_ADVANCE, AccountKind.PRODUCER_RECEIVABLE, AccountKind.PRODUCER_PAYABLE}


def main(orders: int = ORDERS, slips: int = SLIPS, world: Path | None = None) -> int:
    """Print the three figures; 1 when one misses its target."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(world or _world(), Path(folder) / "chophien.sqlite3")
        app = create_app(load({"APP_MODE": "demo", "INSTANCE_DIR": folder}))
        with app.app_context():
            started = time.perf_counter()
            book = Grown(Path(folder) / "chophien.sqlite3")
            book.grow(min(orders, SHARED), slips)
            passed = [_statement(book, slips, min(orders, SHARED))]
            book.grow(orders - min(orders, SHARED), 0)
            print(f"a book of {orders:,} orders made in {time.perf_counter() - started:.0f} s")
            passed += [_statement(book, slips, orders), _verify(), _close(book, orders)]
            db.session.remove()
            db.engine.dispose()
    return 0 if all(passed) else 1


def _world() -> Path:
    from benchmarks.demonstration import FOLDER, world

    app = world()
    with app.app_context():
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return FOLDER / "chophien.sqlite3"


def _said(what: str, value: float, unit: str, target: float) -> bool:
    passed = value <= target
    print(f"{what}: {value:,.1f} {unit} (target ≤ {target:,.0f} {unit}) {'pass' if passed else 'FAIL'}")
    return passed


def _verify() -> bool:
    gc.disable()  # as the command does
    tally, started, wall = Tally(), time.process_time(), time.perf_counter()
    found = next(faults(tally), None)
    took, wall = time.process_time() - started, time.perf_counter() - wall
    gc.enable()
    if found:
        print(f"FAULT {found}")
        return False
    scaled = took * POSTINGS / tally.postings
    what = f"verify, {tally} ({wall:.0f} s by the clock), CPU per {POSTINGS:,} postings"
    return _said(what, scaled, "s", VERIFY_S)


def _close(book: "Grown", orders: int) -> bool:
    started = time.process_time()
    with transaction():
        close_month(Actor(None, Role.TREASURER, book.organisation_id), book.month)
    took = time.process_time() - started
    return _said(f"month close of {orders:,} orders, CPU", took, "s", CLOSE_S * orders / ORDERS)


def _statement(book: "Grown", slips: int, shares: int) -> bool:
    times = []
    for _round in range(7):
        started = time.process_time()
        seen = statement(book.organisation_id, book.producer_id)
        times.append((time.process_time() - started) * 1_000)
        db.session.rollback()
    assert seen.delivered_g > 0
    what = f"statement of a member with {slips:,} slips and {shares:,} shares, CPU"
    return _said(what, statistics.median(times), "ms", STATEMENT_MS)


class Grown:
    """The copied world, grown: one delivered order and one slip of it, many times over."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._template()

    def grow(self, orders: int, slips: int) -> None:
        """So many orders and slips more."""
        db.session.remove()
        db.engine.dispose()
        with sqlite3.connect(self.path, isolation_level=None) as raw:
            raw.executescript("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; BEGIN")
            if orders:
                self._orders(raw, orders)
            if slips:
                self._slips(raw, slips)
            raw.execute("COMMIT")
            raw.execute("ANALYZE")
        raw.close()

    def _template(self) -> None:
        """An order of the demonstration world that was delivered, paid by transfer and never refunded."""
        refunded = select(Entry.order_id).where(Entry.kind == str(EntryKind.REFUND))
        for sale in db.session.execute(
            select(Entry)
            .where(Entry.kind == str(EntryKind.SALE), Entry.order_id.not_in(refunded))
            .order_by(Entry.id)
        ).scalars():
            lines = lines_of(sale.id)
            debits = {line.kind for line in lines if line.amount_vnd > 0}
            if debits == {AccountKind.BUYER_PREPAYMENT} and USUAL[0] <= len(lines) <= USUAL[1]:
                self.order_id, self.terms_id, self.lines = sale.order_id, sale.terms_id, lines
                self.ledger_id = sale.ledger_id
                break
        book = db.session.get_one(Ledger, self.ledger_id)
        self.organisation_id = book.organisation_id
        self.seq, self.head = book.seq, book.head_hash
        self.producer_id = next(line.producer_id for line in self.lines if line.producer_id)
        self.month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
        db.session.rollback()

    def _orders(self, raw: sqlite3.Connection, count: int) -> None:
        old = {"purchase": _ids(raw, "SELECT purchase_id FROM sale_order WHERE id = ?", self.order_id)[0],
               "sale_order": self.order_id}  # fmt: skip
        lines = _ids(raw, "SELECT id FROM order_line WHERE order_id = ? ORDER BY id", old["sale_order"])
        first = {
            name: raw.execute(f"SELECT max(id) FROM {name}").fetchone()[0] + 1
            for name in ("purchase", "sale_order", "order_line", "allocation", "account", "entry")
        }
        self._copy(raw, "purchase", [old["purchase"]], count, first["purchase"], lambda n: {})
        self._copy(raw, "sale_order", [old["sale_order"]], count, first["sale_order"],
                   lambda n: {"purchase_id": first["purchase"] + n})  # fmt: skip
        for place, line in enumerate(lines):
            self._copy(raw, "order_line", [line], count, first["order_line"] + place * count,
                       lambda n: {"order_id": first["sale_order"] + n})  # fmt: skip
        made = first["allocation"]
        for place, line in enumerate(lines):
            for held in _ids(raw, "SELECT id FROM allocation WHERE order_line_id = ?", line):
                of = first["order_line"] + place * count
                self._copy(raw, "allocation", [held], count, made, lambda n, of=of: {"order_line_id": of + n})
                made += count
        self._entries(raw, count, first, lines)

    def _copy(self, raw: sqlite3.Connection, name: str, ids: list[int], count: int, first: int,
              more: Callable[[int], dict[str, Any]]) -> None:  # fmt: skip
        """Copy a row `count` times under new ids; texts that must be unique get a number."""
        table = Base.metadata.tables[name]
        cursor = raw.execute(f"SELECT * FROM {name} WHERE id = ?", ids)
        row = dict(zip([one[0] for one in cursor.description], cursor.fetchone(), strict=True))
        texts = [one for one in _unique_columns(table) if isinstance(row[one], str)]
        marks = ", ".join("?" for _column in row)

        def rows() -> Iterable[list[Any]]:
            for number in range(count):
                changed = {one: f"{row[one]}-{first + number}" for one in texts}
                yield list((row | changed | {"id": first + number} | more(number)).values())

        names = ", ".join(f'"{one}"' for one in row)
        raw.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", rows())

    def _entries(self, raw: sqlite3.Connection, count: int, first: dict[str, int], lines: list[int]) -> None:
        """Two entries for each order, chained on: the money came, the sale was shared."""
        accounts = {(kind, subject): one for one, kind, subject in raw.execute(
            "SELECT id, kind, subject FROM account WHERE ledger_id = ?", (self.ledger_id,))}  # fmt: skip
        total = sum(line.amount_vnd for line in self.lines if line.amount_vnd > 0)
        self._next_account, self._next_entry = first["account"], first["entry"]
        entries: list[tuple[Any, ...]] = []
        postings: list[tuple[Any, ...]] = []
        for number in range(count):
            order_id = first["sale_order"] + number
            places = {line: first["order_line"] + place * count + number for place, line in enumerate(lines)}
            on = self.month + timedelta(days=number % 28)
            owed = Line(AccountKind.BUYER_PREPAYMENT, order(order_id), total)
            came = [Line(AccountKind.BANK, "", total), owed.mirrored()]
            shared = [owed, *(_again(line, places) for line in self.lines if line.amount_vnd < 0)]
            for kind, given, terms in (("money_in", came, None), ("sale", shared, self.terms_id)):
                entries.append(self._entry(kind, order_id, given, terms, on))
                postings += [self._posting(raw, accounts, line) for line in given]
            if len(postings) > 50_000 or number == count - 1:
                _insert(raw, "entry", _ENTRY, entries)
                _insert(raw, "posting", _POSTING, postings)
                entries, postings = [], []
        raw.execute(
            "UPDATE ledger SET seq = ?, head_hash = ? WHERE id = ?", (self.seq, self.head, self.ledger_id)
        )

    def _entry(
        self, kind: str, order_id: int, lines: list[Line], terms: int | None, on: date
    ) -> tuple[Any, ...]:
        at = datetime(on.year, on.month, on.day, 3, tzinfo=clock.now().tzinfo)
        body = ledger.body_hash(kind, (order_id, None, terms), "", lines)
        self.seq, before, key = self.seq + 1, self.head, f"bench:{kind}:{order_id}"
        self.head = ledger.entry_hash(before, self.seq, key, at, on, body)
        self._next_entry += 1
        return (self._next_entry - 1, self.ledger_id, self.seq, kind, key, body, f"{at:%Y-%m-%d %H:%M:%S.%f}",
                on.isoformat(), order_id, terms, "", before, self.head)  # fmt: skip

    def _posting(
        self, raw: sqlite3.Connection, accounts: dict[tuple[str, str], int], line: Line
    ) -> tuple[Any, ...]:
        place = str(line.kind), line.subject
        if place not in accounts:
            accounts[place] = self._next_account
            self._next_account += 1
            raw.execute("INSERT INTO account (id, ledger_id, kind, subject) VALUES (?, ?, ?, ?)",
                        (accounts[place], self.ledger_id, *place))  # fmt: skip
        return (self._next_entry - 1, accounts[place], line.amount_vnd, line.order_line_id, line.lot_id,
                line.producer_id, line.household_id, str(line.component), str(line.rule), str(line.deal))  # fmt: skip

    def _slips(self, raw: sqlite3.Connection, count: int) -> None:
        """More slips of one producer, each of its own number."""
        own = _ids(raw, "SELECT id FROM slip WHERE producer_id = ? ORDER BY id LIMIT 1", self.producer_id)
        first = raw.execute("SELECT max(id) FROM slip").fetchone()[0] + 1
        self._copy(raw, "slip", own, count, first, lambda n: {})


_ENTRY = 'id, ledger_id, seq, kind, key, body_hash, at, "on", order_id, terms_id, note, prev_hash, hash'
_POSTING = "entry_id, account_id, amount_vnd, order_line_id, lot_id, producer_id, household_id, component, rule, deal"


def _insert(raw: sqlite3.Connection, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" for _column in columns.split(","))
    raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _ids(raw: sqlite3.Connection, asked: str, value: int | None) -> list[int]:
    return [row[0] for row in raw.execute(asked, (value,))]


def _unique_columns(table: Table) -> set[str]:
    found = {one.name for one in table.columns if one.unique}
    for rule in (*table.constraints, *table.indexes):
        if isinstance(rule, UniqueConstraint) or getattr(rule, "unique", False):
            found |= {one.name for one in rule.columns}
    return found


def _again(line: Line, places: dict[int, int]) -> Line:
    """The template's credit for another order; what had settled advances becomes payable."""
    kind, subject = line.kind, line.subject
    if kind in WANTED and line.producer_id:
        kind, subject = AccountKind.PRODUCER_PAYABLE, producer(line.producer_id)
    return Line(kind, subject, line.amount_vnd, places.get(line.order_line_id or 0), line.lot_id, line.producer_id,
                line.household_id, line.component, line.rule, line.deal)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
