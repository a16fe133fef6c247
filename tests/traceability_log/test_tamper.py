"""The tamper drill: whoever edits the database file is found by anybody who holds yesterday's checkpoint."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Boolean

from accounts.rules import SYSTEM
from catalog.certificates.operations import add_certificate
from catalog.rules import CertificateKind
from core.db import db, transaction
from revenue.ledger.operations import post
from revenue.rules import AccountKind, Line
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.traceability import create_lot
from traceability.epcis.models import ClosedField
from traceability.log.operations import sign_checkpoint
from traceability.log.queries import latest_checkpoint, published
from traceability.log.sealed import SEALED
from traceability.log.seals import seal_rows
from traceability.log.verification import verify


@pytest.fixture
def yesterday(ctx):
    """A cooperative with a lot, money and a paper; everything sealed and signed. The checkpoint that somebody kept."""
    coop = create_cooperative()
    create_lot(coop, create_product(coop, "Miến dong").packs[0])
    with transaction():
        post(coop.organisation_id, "sale", "sale:1",
             [Line(AccountKind.BANK, "", 65_000), Line(AccountKind.COOPERATIVE_INCOME, "", -65_000)],
             date(2026, 11, 21))  # fmt: skip
        add_certificate(SYSTEM, coop.id, kind=CertificateKind.OCOP, number="OCOP-1", issuer="Tỉnh Mẫu",
                        valid_from=date(2026, 1, 1), valid_to=date(2029, 1, 1))  # fmt: skip
    assert seal_rows() > 0
    with transaction():
        sign_checkpoint()
    kept = published(latest_checkpoint())
    db.session.rollback()
    return kept


@pytest.fixture
def file(yesterday):
    """The database file in the hands of somebody who can write it: no trigger, no check stands in the way."""
    connection = sqlite3.connect(Path(str(db.engine.url.database)), isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints=ON")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.close()


def faults(*kept):
    db.session.rollback()
    found = [f"{one.place}: {one.why}" for one in verify(kept)]
    db.session.rollback()
    return found


def other(value):
    """The smallest change of a value: one more, or its last character another."""
    if value is None:
        return 1
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    return value[:-1] + ("1" if value[-1:] != "1" else "2")


def test_an_honest_log_has_no_fault(yesterday):
    assert faults(yesterday) == []


def test_each_value_of_each_sealed_row_that_is_altered_is_found(file, yesterday):
    tried = set()
    for noun, sealed in SEALED.items():
        for column in sealed.columns:
            if column in ("id", sealed.revision):
                continue  # a moved row is tried below, a raised revision is a lawful change and a leaf of its own
            for row_id, value in file.execute(f'SELECT id, "{column}" FROM {noun}').fetchall():
                covers = "SELECT 1 FROM log_seal WHERE noun = ? AND first_id <= ? AND last_id >= ?"
                if file.execute(covers, (noun, row_id, row_id)).fetchone() is None:
                    continue  # a row that is not final yet
                changed = other(value)
                if column.endswith(("_at", "at")) and isinstance(value, str):
                    changed = value.replace("2026", "2025", 1)
                if isinstance(sealed.table.c[column].type, Boolean):
                    changed = 1 - value
                if column.endswith("_on") or column in ("on", "valid_from", "valid_to"):
                    changed = "2025-01-01" if value != "2025-01-01" else "2025-01-02"
                if noun == "terms_grade" and column == "grade":
                    changed = f"{value}6"  # the next grade is there already
                file.execute(f'UPDATE {noun} SET "{column}" = ? WHERE id = ?', (changed, row_id))
                assert faults(yesterday), (noun, column, value, changed)
                file.execute(f'UPDATE {noun} SET "{column}" = ? WHERE id = ?', (value, row_id))
                tried.add((noun, column))
                break
    assert faults(yesterday) == []
    assert {("slip", "net_g"), ("slip", "weighed_on"), ("lot", "expires_on"), ("posting", "amount_vnd"),
            ("certificate", "valid_to"), ("batch_input", "weight_g"), ("movement", "on_hand_change"),
        } <= tried  # fmt: skip


def test_any_byte_of_any_event_is_found(file, yesterday):
    rows = file.execute("SELECT id, document FROM epcis_event").fetchall()
    assert len(rows) >= 3
    for row_id, document in rows:
        for at in range(0, len(document), 97):
            changed = document[:at] + ("x" if document[at] != "x" else "y") + document[at + 1 :]
            file.execute("UPDATE epcis_event SET document = ? WHERE id = ?", (changed, row_id))
            assert any("event" in one or "closed" in one for one in faults(yesterday)), (row_id, at)
        spaced = document + " "
        file.execute("UPDATE epcis_event SET document = ? WHERE id = ?", (spaced, row_id))
        assert faults(yesterday)
        file.execute("UPDATE epcis_event SET document = ? WHERE id = ?", (document, row_id))
    assert faults(yesterday) == []


@pytest.mark.parametrize(
    "edit",
    [
        "DELETE FROM slip WHERE id = (SELECT min(id) FROM slip)",
        "DELETE FROM epcis_event WHERE id = (SELECT max(id) FROM epcis_event)",
        "DELETE FROM posting WHERE id = (SELECT max(id) FROM posting)",
        "DELETE FROM certificate",
        "DELETE FROM log_leaf WHERE seq = 1",
        "DELETE FROM log_leaf WHERE seq = (SELECT max(seq) FROM log_leaf)",
        "UPDATE log_leaf SET salt = substr(salt, 1, 63) || '0' WHERE seq = 0 AND salt NOT LIKE '%0'",
        "UPDATE log_leaf SET commitment = NULL WHERE seq = 0",
        "UPDATE log_head SET edge = substr(edge, 2) || '0'",
        "UPDATE log_checkpoint SET root = substr(root, 2) || '0'",
        "UPDATE closed_field SET value = value || '0' WHERE name = 'net_g'",
        "DELETE FROM event_lot WHERE event_id = (SELECT max(event_id) FROM event_lot)",
        "INSERT INTO event_lot (event_id, lot_id) SELECT min(id), 1 FROM epcis_event",
        "UPDATE event_lot SET lot_id = 7777 WHERE event_id = (SELECT max(event_id) FROM event_lot)",
        "INSERT INTO event_lot (event_id, lot_id) VALUES (7777, 1)",
    ],
)
def test_what_is_taken_away_or_moved_in_the_log_is_found(file, yesterday, edit):
    if file.execute(edit).rowcount:
        assert faults(yesterday)


def test_a_thief_who_writes_the_whole_log_anew_is_found_by_yesterdays_checkpoint(file, yesterday):
    """Event, leaf, tiles, head and checkpoints are all made to agree again; only the paper that was kept disagrees."""
    from traceability.epcis.rules import canonical
    from traceability.log.rules import appended, commitment, leaf_hash

    row_id, document = file.execute(
        "SELECT leaf_id, document FROM epcis_event ORDER BY id LIMIT 1"
    ).fetchone()
    said = json.loads(document) | {"disposition": "recalled"}
    (salt,) = file.execute("SELECT salt FROM log_leaf WHERE id = ?", (row_id,)).fetchone()
    entry = commitment(bytes.fromhex(salt), canonical(said))
    file.execute("UPDATE epcis_event SET document = ? WHERE leaf_id = ?", (json.dumps(said), row_id))
    file.execute("UPDATE log_leaf SET commitment = ?, leaf_hash = ? WHERE id = ?",
                 (entry.hex(), leaf_hash(entry).hex(), row_id))  # fmt: skip
    edge = ()
    for size, (leaf,) in enumerate(file.execute("SELECT leaf_hash FROM log_leaf ORDER BY seq").fetchall()):
        edge = appended(edge, size, bytes.fromhex(leaf))
    file.execute("UPDATE log_head SET edge = ?", (" ".join(one.hex() for one in edge),))
    file.execute("DELETE FROM log_checkpoint")
    assert faults() == []
    with transaction():
        sign_checkpoint()
    assert faults() == []
    assert faults(yesterday) and "do not give its root" in faults(yesterday)[0]


def test_a_shorter_log_is_found(file, yesterday):
    later = yesterday
    file.execute("DELETE FROM log_checkpoint")
    (size,) = file.execute("SELECT leaf_count FROM log_head").fetchone()
    assert str(size) == later.splitlines()[1]
    file.execute("DELETE FROM log_seal WHERE leaf_id = (SELECT id FROM log_leaf WHERE seq = ?)", (size - 1,))
    file.execute("DELETE FROM log_leaf WHERE seq = ?", (size - 1,))
    assert any(f"it counts {size} leaves" in one for one in faults(yesterday))


def test_erasing_a_persons_salts_keeps_the_log_valid(yesterday):
    with transaction():
        assert db.session.query(ClosedField).delete() > 0
    assert faults(yesterday) == []


def test_a_paper_that_changes_by_its_verb_is_sealed_again_and_no_fault(yesterday):
    coop_id = db.session.execute(db.text("SELECT cooperative_id FROM certificate")).scalar_one()
    with transaction():
        add_certificate(SYSTEM, coop_id, kind=CertificateKind.OCOP, number="OCOP-1", issuer="Tỉnh Mẫu",
                        valid_from=date(2026, 1, 1), valid_to=date(2030, 1, 1))  # fmt: skip
    assert faults(yesterday) == []
    assert seal_rows() >= 1 and faults(yesterday) == []


def test_the_command_names_the_first_fault_and_ends_badly(file, yesterday, tmp_path, ctx):
    kept = tmp_path / "kept.txt"
    kept.write_text(yesterday, encoding="utf-8")
    good = ctx.test_cli_runner().invoke(args=["log", "verify", "--checkpoint", str(kept)])
    assert good.exit_code == 0 and "no faults" in good.output
    file.execute("UPDATE slip SET net_g = net_g + 1")
    db.session.rollback()
    bad = ctx.test_cli_runner().invoke(args=["log", "verify", "--checkpoint", str(kept)])
    assert bad.exit_code == 1 and bad.output.startswith("slip 1–")
