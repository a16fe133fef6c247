"""The fifteen invariants hold, and each check fails on its mutants: a check that cannot fail proves nothing."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from core.db import db, transaction
from core.money import share_bp
from revenue import operations as verbs
from revenue.ledger import operations as ledger
from revenue.ledger import queries, rules
from revenue.models import Ledger
from revenue.rules import AccountKind, Line
from revenue.split import rules as split
from tests.revenue import invariants as checks
from tests.revenue.invariants import INVARIANTS, RACES, Meddler, Mutant, a_book

Patch = pytest.MonkeyPatch
REAL_POST, REAL_ENTRY_HASH = ledger.post, rules.entry_hash


def unlock() -> None:
    """Take away what makes rows immutable."""
    postgres = db.engine.dialect.name == "postgresql"
    for table in ("posting", "entry"):
        names = ("change", "truncate") if postgres else ("update", "delete")
        for name in names:
            on = f" ON {table}" if postgres else ""
            db.session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{name}{on}"))


def rows_changed(*statements: str) -> Mutant:
    """Somebody edits the database file."""

    def meddle() -> None:
        with transaction():
            unlock()
            for statement in statements:
                db.session.execute(text(statement))

    return lambda _patch: meddle


def own_key_each_time(patch: Patch) -> None:
    """A ledger that does not know its keys."""

    def post(org: int, kind: str, key: str, *args: Any, **more: Any) -> Any:
        return REAL_POST(org, kind, key + secrets.token_hex(4), *args, **more)

    patch.setattr(ledger, "post", post)


def stale_head(patch: Patch) -> None:
    """A head that is read once and remembered, as a process without the lock would."""
    heads: dict[int, Any] = {}
    real = ledger.rows

    def rows(book: Any, statement: Any, values: dict[str, Any]) -> Any:
        found = real(book, statement, values)
        return heads.setdefault(values["o"], found) if statement is ledger._LOCK else found

    patch.setattr(ledger, "rows", rows)


def without_the_lock(patch: Patch) -> None:
    """Look, then write: nothing in between holds the book."""
    from sqlalchemy import bindparam

    from revenue.ledger.operations import _BOOK

    asked = select(_BOOK.c.id, _BOOK.c.seq, _BOOK.c.head_hash).where(
        _BOOK.c.organisation_id == bindparam("o")
    )
    patch.setattr(ledger, "_LOCK", asked)


def conflict_is_swallowed(patch: Patch) -> None:
    """A ledger that takes any body under a known key for the first one."""
    patch.setattr(rules, "body_hash", lambda *_args: "x" * 64)


def refusal_is_remembered(patch: Patch) -> None:
    """A ledger that notes the key before it knows whether the entry may be posted, and then says "again"."""
    seen: dict[str, queries.Posted] = {}

    def post(org: int, kind: str, key: str, *args: Any, **more: Any) -> Any:
        if key in seen:
            return seen[key]
        seen[key] = queries.Posted(0, 0, 0, "", True)
        seen[key] = REAL_POST(org, kind, key, *args, **more)
        return seen[key]

    patch.setattr(ledger, "post", post)


def amounts_in_tens(patch: Patch) -> None:
    """Amounts are rounded on their way into the table."""
    real = ledger._postings

    def postings(*args: Any) -> list[dict[str, Any]]:
        return [row | {"amount_vnd": row["amount_vnd"] // 10 * 10} for row in real(*args)]  # type: ignore[operator]

    patch.setattr(ledger, "_postings", postings)


def stored_balance(patch: Patch) -> None:
    """A balance that is kept beside the postings, and goes stale."""
    real, kept = queries.balance, {}  # type: ignore[var-annotated]
    patch.setattr(queries, "balance", lambda *asked: kept.setdefault(asked, real(*asked)))


def shares_rounded_apart(patch: Patch) -> None:
    """Each member's share by its own rate, rounded for itself: 33 + 33 + 33."""
    patch.setattr(
        split, "divide", lambda total, who: {one: share_bp(total, 10_000 // len(who)) for one in who}
    )


def checks_ignored(_patch: Patch) -> Meddler:
    """A table without its CHECKs."""
    return lambda: db.session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = ON") and None


def half_a_mirror(patch: Patch) -> None:
    """A reversal that is not the mirror: bank and capital are changed by half."""
    patch.setattr(Line, "mirrored", lambda line: Line(line.kind, line.subject, -line.amount_vnd // 2))


def reversal_by_deletion(patch: Patch) -> None:
    """The entry to be undone is removed."""

    def reverse(_actor: Any, entry_id: int, _reason: str) -> Any:
        unlock()
        row = db.session.execute(text(f"SELECT ledger_id, seq FROM entry WHERE id = {entry_id}")).one()
        db.session.execute(text(f"DELETE FROM posting WHERE entry_id = {entry_id}"))
        db.session.execute(text(f"DELETE FROM entry WHERE id = {entry_id}"))
        return queries.Posted(entry_id, row.ledger_id, row.seq, "")

    patch.setattr(verbs, "reverse", reverse)


def chance_in_the_hash(patch: Patch) -> None:
    """A hash that nobody can compute again."""
    patch.setattr(
        rules, "entry_hash", lambda *args: REAL_ENTRY_HASH(*args[:3], *args[3:-1], secrets.token_hex(8))
    )


def a_link_without_the_one_before(patch: Patch) -> None:
    """A chain that is none: a hash of the entry alone."""
    patch.setattr(rules, "entry_hash", lambda _prev, *rest: REAL_ENTRY_HASH("", *rest))


def nothing_is_wrong(patch: Patch) -> None:
    patch.setattr(rules, "fault", lambda _lines: "")


def no_limit(patch: Patch) -> None:
    patch.setattr(ledger, "_refuse_overdraft", lambda *_args: None)


MUTANTS: dict[Callable[..., None], dict[str, Mutant]] = {
    checks.balanced_per_entry: {"anything goes": nothing_is_wrong},
    checks.append_only: {"no triggers": rows_changed()},
    checks.hash_chain: {
        "an amount": rows_changed("UPDATE posting SET amount_vnd = amount_vnd * 2 WHERE entry_id = 2"),
        "an account": rows_changed("UPDATE posting SET account_id = 3 - account_id WHERE entry_id = 2"),
        "a day": rows_changed("UPDATE entry SET \"on\" = '2020-01-01' WHERE seq = 2"),
        "an instant": rows_changed("UPDATE entry SET at = '2020-01-01 00:00:00.000000' WHERE seq = 3"),
        "a note": rows_changed("UPDATE entry SET note = 'khác' WHERE seq = 2"),
        "a key": rows_changed("UPDATE entry SET key = 'khác' WHERE seq = 2"),
        "an entry in the middle gone": rows_changed(
            "DELETE FROM posting WHERE entry_id = 2", "DELETE FROM entry WHERE id = 2"
        ),
        "the last entry gone": rows_changed(
            "DELETE FROM posting WHERE entry_id = 4", "DELETE FROM entry WHERE id = 4"
        ),
        "two entries in each other's place": rows_changed(
            "UPDATE entry SET seq = 99 WHERE seq = 2", "UPDATE entry SET seq = 2 WHERE seq = 3",
            "UPDATE entry SET seq = 3 WHERE seq = 99",
        ),
        "a line more": rows_changed(
            "INSERT INTO posting (entry_id, account_id, amount_vnd, component, rule, deal) VALUES (2, 1, 5, '', '', '')"
        ),
        "links that hold nothing": a_link_without_the_one_before,
    },
    checks.duplicate_is_a_no_op: {"keys forgotten": own_key_each_time},
    checks.concurrent_duplicates_collapse: {"keys forgotten": own_key_each_time, "no lock": without_the_lock},
    checks.no_lost_update: {"a remembered head": stale_head, "no lock": without_the_lock},
    checks.conservation: {"rounded on the way": amounts_in_tens},
    checks.balance_is_projection: {"a stored balance": stored_balance},
    checks.no_overdraft: {"no limit": no_limit},
    checks.no_drift: {"shares rounded apart": shares_rounded_apart},
    checks.one_currency_an_entry: {"no checks in the table": checks_ignored},
    checks.reversal_by_compensation: {"half a mirror": half_a_mirror, "deletion": reversal_by_deletion},
    checks.rebuild: {"chance in the hash": chance_in_the_hash},
    checks.order_per_account: {
        "two entries in each other's place": rows_changed(
            "UPDATE entry SET seq = 99 WHERE seq = 2", "UPDATE entry SET seq = 2 WHERE seq = 3",
            "UPDATE entry SET seq = 3 WHERE seq = 99",
        ),
    },
    checks.a_refused_duplicate_is_not_reported_as_applied: {
        "the conflict swallowed": conflict_is_swallowed, "the refusal remembered": refusal_is_remembered,
    },
}  # fmt: skip
NEEDS_POSTGRES = {"no lock"}  # SQLite has one writer, so a lock that is missing is not missed
PAIRS = [(check, name) for check, mutants in MUTANTS.items() for name in mutants]


def named(value: Any) -> str:
    return value.__name__ if callable(value) else str(value)


def caught(check: Callable[..., None], name: str, patch: Patch) -> None:
    """The check fails on the mutant."""
    book = a_book()
    meddler = MUTANTS[check][name](patch)
    if meddler:
        book.meddle = meddler
    with pytest.raises(AssertionError):
        check(book)
    db.session.rollback()


def test_there_are_fifteen_and_each_has_a_mutant() -> None:
    assert len(INVARIANTS) == 15
    assert set(MUTANTS) == set(INVARIANTS)


@pytest.mark.parametrize("check", INVARIANTS, ids=named)
def test_the_ledger_holds(ctx: Flask, check: Callable[..., None]) -> None:
    check(a_book())


@pytest.mark.parametrize(("check", "name"), [one for one in PAIRS if one[1] not in NEEDS_POSTGRES], ids=named)
def test_the_check_catches_its_mutant(
    ctx: Flask, monkeypatch: Patch, check: Callable[..., None], name: str
) -> None:
    caught(check, name, monkeypatch)


@pytest.mark.postgres
@pytest.mark.parametrize("check", RACES, ids=named)
def test_the_ledger_holds_on_postgresql_among_many_writers(pg_app: Flask, check: Callable[..., None]) -> None:
    with pg_app.app_context():
        check(a_book())


@pytest.mark.postgres
@pytest.mark.parametrize(("check", "name"), [one for one in PAIRS if one[0] in RACES], ids=named)
def test_the_check_catches_its_mutant_on_postgresql(
    pg_app: Flask, monkeypatch: Patch, check: Callable[..., None], name: str
) -> None:
    with pg_app.app_context():
        caught(check, name, monkeypatch)


def test_a_tail_rewritten_whole_is_seen_by_whoever_noted_an_older_head(ctx: Flask) -> None:
    """Who can write the file can hash again from the change on; only a head that lies elsewhere shows it."""
    book = a_book()
    book.put(70, "k")
    noted = db.session.get_one(Ledger, book.ledger_id).head_hash
    other = a_book()
    other.put(71, "k")
    assert db.session.get_one(Ledger, other.ledger_id).head_hash != noted
    assert queries.balance(book.org, AccountKind.BANK) == 1_070
