"""Durable ledger entries of four postings a second, beside the same rows written by raw sqlite3 in the same run.

python -m benchmarks.ledger        target: at least 40 % of raw (raw and ours alternate in rounds, medians compared)
"""

import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from config import load
from core import clock
from core.db import db, transaction
from revenue.ledger.operations import post
from revenue.rules import AccountKind, Line

ENTRIES, ROUNDS, TARGET = 60, 31, 0.40
DIGEST = "0" * 64  # raw writes rows of the same size; it neither hashes nor looks up keys and accounts
LINES = [
    Line(AccountKind.BUYER_PREPAYMENT, "order:1", 65_000), Line(AccountKind.PRODUCER_PAYABLE, "producer:1", -39_000),
    Line(AccountKind.COOPERATIVE_INCOME, "", -19_500), Line(AccountKind.FUND, "", -6_500),
]  # fmt: skip


def raw(path: Path) -> float:
    """Seconds for ENTRIES entries by sqlite3: one entry, four postings, the head; each its own durable transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    ledger, accounts = connection.execute("SELECT id FROM ledger").fetchone()[0], [
        row[0] for row in connection.execute("SELECT id FROM account ORDER BY id LIMIT 4")
    ]  # fmt: skip
    started = time.perf_counter()
    for _number in range(ENTRIES):
        connection.execute("BEGIN IMMEDIATE")
        seq = connection.execute("SELECT seq FROM ledger").fetchone()[0] + 1
        entry = connection.execute(
            'INSERT INTO entry (ledger_id, seq, kind, key, body_hash, at, "on", note, prev_hash, hash) '
            "VALUES (?, ?, 'raw', ?, ?, '2026-11-22 03:00:00.000000', '2026-11-22', '', ?, ?)",
            (ledger, seq, secrets.token_hex(8), DIGEST, DIGEST, DIGEST),
        ).lastrowid
        connection.executemany(
            "INSERT INTO posting (entry_id, account_id, amount_vnd, component, rule, deal) "
            "VALUES (?, ?, ?, '', '', '')",
            [(entry, account, line.amount_vnd) for account, line in zip(accounts, LINES, strict=True)],
        )
        connection.execute("UPDATE ledger SET seq = ?, head_hash = ?", (seq, DIGEST))
        connection.execute("COMMIT")
    took = time.perf_counter() - started
    connection.close()
    return took


def ours(organisation_id: int) -> float:
    """Seconds for ENTRIES entries by `post`, each in its own `transaction()`."""
    started = time.perf_counter()
    for _number in range(ENTRIES):
        with transaction():
            post(organisation_id, "bench", secrets.token_hex(8), LINES, clock.today())
    return time.perf_counter() - started


def main() -> int:
    """Print both rates and their ratio; 1 when below the target."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load({"APP_MODE": "test", "INSTANCE_DIR": folder}))
        with app.app_context():
            db.create_all()
            from accounts.operations import create_organisation

            with transaction():
                organisation_id = create_organisation("cooperative", "Bench").id
            ours(organisation_id)
            db.session.remove()
            pairs = [
                (raw(Path(folder) / "chophien.sqlite3"), ours(organisation_id)) for _round in range(ROUNDS)
            ]
            db.session.remove()
            db.engine.dispose()
    theirs, mine = (ENTRIES / statistics.median(times) for times in zip(*pairs, strict=True))
    passed = mine / theirs >= TARGET
    print(f"ledger entry of 4 postings, durable: raw {theirs:,.0f}/s, ours {mine:,.0f}/s, {mine / theirs:.0%} "
          f"(target ≥ {TARGET:.0%}) {'pass' if passed else 'FAIL'}")  # fmt: skip
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
