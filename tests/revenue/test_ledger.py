"""The book: balanced, chained, immutable, harmless to repeat, never overdrawn."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind, Line
from tests.conftest import NOW
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.revenue import opened

TODAY = NOW.date()


def lines(amount: int = 1_000, source: AccountKind = AccountKind.CAPITAL) -> list[Line]:
    return [Line(AccountKind.BANK, "", amount), Line(source, "", -amount)]


def test_an_entry_is_posted_once_however_often_it_arrives(ctx: Flask) -> None:
    org = create_cooperative().organisation_id or 0
    with transaction():
        first = operations.post(org, "opening", "k1", lines(), TODAY)
    with clock.use(NOW + timedelta(days=2)), transaction():
        again = operations.post(org, "opening", "k1", lines()[::-1], clock.today())
    assert (again.id, again.again, first.again) == (first.id, True, False)
    assert queries.balance(org, AccountKind.BANK) == 1_000


def test_the_same_key_with_another_body_is_a_conflict(ctx: Flask) -> None:
    org = create_cooperative().organisation_id or 0
    with transaction():
        operations.post(org, "opening", "k1", lines(), TODAY)
    with pytest.raises(Conflict), transaction():
        operations.post(org, "opening", "k1", lines(2_000), TODAY)


@pytest.mark.parametrize("wrong", [lines()[:1], [*lines(), Line(AccountKind.CASH, "", 1)],
                                   [*lines(), Line(AccountKind.CASH, "", 0)]])  # fmt: skip
def test_what_does_not_balance_is_refused(ctx: Flask, wrong: list[Line]) -> None:
    org = create_cooperative().organisation_id or 0
    with pytest.raises(Invalid), transaction():
        operations.post(org, "opening", "k1", wrong, TODAY)


@pytest.mark.parametrize("kind", [AccountKind.BANK, AccountKind.CASH])
def test_bank_and_cash_are_never_overdrawn(ctx: Flask, kind: AccountKind) -> None:
    coop = create_cooperative()
    opened(coop, bank_vnd=500, cash_vnd=500)
    org = coop.organisation_id or 0
    out = [Line(kind, "", -501), Line(AccountKind.CAPITAL, "", 501)]
    with pytest.raises(Invalid) as refused, transaction():
        operations.post(org, "x", "k", out, TODAY)
    assert "500" in str(refused.value)
    assert queries.balance(org, kind) == 500


def test_every_entry_holds_the_hash_of_the_one_before(ctx: Flask) -> None:
    org = create_cooperative().organisation_id or 0
    with transaction():
        made = [operations.post(org, "opening", f"k{n}", lines(n), TODAY) for n in range(1, 4)]
    rows = db.session.query(Entry).order_by(Entry.seq).all()
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert db.session.query(Ledger).one().head_hash == made[-1].hash


def test_ledgers_of_two_organisations_do_not_touch(ctx: Flask) -> None:
    one, two = (create_cooperative().organisation_id or 0 for _ in range(2))
    with transaction():
        operations.post(one, "opening", "k", lines(), TODAY)
        operations.post(two, "opening", "k", lines(7), TODAY)
    assert (queries.balance(one, AccountKind.BANK), queries.balance(two, AccountKind.BANK)) == (1_000, 7)


@pytest.mark.parametrize("model", [Entry, Posting, Account])
def test_the_database_itself_refuses_to_change_or_delete(ctx: Flask, model: type) -> None:
    opened(create_cooperative())
    column = "amount_vnd" if model is Posting else "kind"
    for change in (update(model).values({column: 1}), delete(model)):
        with pytest.raises(DatabaseError, match="immutable"), transaction():
            db.session.execute(change)


FORGERIES = {
    "lines": "UPDATE posting SET amount_vnd = amount_vnd * 2",
    "chain": "UPDATE entry SET hash = 'x' WHERE seq = 2",
    "one line": "UPDATE posting SET amount_vnd = amount_vnd + 1 WHERE id = 1",
    "a day": "UPDATE entry SET \"on\" = '2020-01-01' WHERE seq = 1",
    "head": "UPDATE ledger SET seq = 9",
    "a missing entry": "DELETE FROM posting WHERE entry_id = (SELECT id FROM entry WHERE seq = 2)",
}


@pytest.mark.parametrize("what", FORGERIES)
def test_verify_finds_what_was_changed_in_the_file(ctx: Flask, what: str) -> None:
    coop = create_cooperative()
    opened(coop)
    opened(coop, bank_vnd=3)
    assert list(faults()) == []
    with transaction():
        for table in ("posting", "entry"):
            for verb in ("update", "delete"):
                db.session.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        db.session.execute(text(FORGERIES[what]))
    db.session.expire_all()
    assert next(faults()).startswith("ledger")


def test_books_are_opened_and_money_moved_by_staff(ctx: Flask) -> None:
    coop = create_cooperative()
    manager = manager_of(coop)
    with transaction():
        operations.open_books(manager, 300, 200, key="a")
        operations.move_money(manager, operations.PayMethod.BANK, 100, key="b")
    held = queries.balances(coop.organisation_id or 0, (AccountKind.BANK, AccountKind.CASH))
    assert held == {AccountKind.BANK: 200, AccountKind.CASH: 300}
    with pytest.raises(Invalid), transaction():
        operations.move_money(manager, operations.PayMethod.BANK, 201, key="c")
    with pytest.raises(Invalid), transaction():
        operations.open_books(manager, 0, 0, key="d")


def test_a_mistake_is_undone_by_its_mirror_once(ctx: Flask) -> None:
    coop = create_cooperative()
    manager = manager_of(coop)
    with transaction():
        made = operations.open_books(manager, 300, key="a")
        first = operations.reverse(manager, made.id, "ghi nhầm số")
        again = operations.reverse(manager, made.id, "ghi nhầm số")
    assert first.id == again.id
    assert queries.balance(coop.organisation_id or 0, AccountKind.BANK) == 0
    with pytest.raises(Conflict), transaction():
        operations.reverse(manager, first.id, "ghi nhầm số")
    assert list(faults()) == []
