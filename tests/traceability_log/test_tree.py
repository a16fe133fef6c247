"""The tree in the database: tiles, proofs at any size, checkpoints that never tell two stories, witnesses' lines."""

import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from tests.conftest import SHARED
from traceability.log import keys, notes, queries, rules
from traceability.log.models import LogKey, LogLeaf, LogTile
from traceability.log.operations import add_cosignatures, append, fill_tiles, sign_checkpoint
from traceability.log.serials import commits, history_root, serial
from traceability.log.tiles import index_path, parse_index, width_at


def grow(count):
    with transaction():
        for number in range(count):
            append(b"%d" % number, subject=f"test:{number}")


def sign():
    with transaction():
        found = sign_checkpoint()
        return found.id if found else None


def leaves():
    return [bytes.fromhex(one.leaf_hash) for one in db.session.query(LogLeaf).order_by(LogLeaf.seq)]


def test_proofs_from_tiles_equal_proofs_from_all_leaves(ctx):
    grow(700)
    assert sign() is not None
    found = leaves()
    assert db.session.query(LogTile).count() == 2 and queries.root_at(700) == rules.root(found)
    for size in (1, 2, 255, 256, 257, 512, 513, 699, 700):
        for index in {0, 1, 255, 256, size // 2, size - 1} & set(range(size)):
            assert queries.inclusion(index, size) == rules.inclusion_proof(found[:size], index)
            assert queries.consistency(index, size) == rules.consistency_proof(found[:size], index)


def test_before_any_tile_is_stored_proofs_are_the_same(ctx):
    grow(600)
    found = leaves()
    assert queries.inclusion(3, 600) == rules.inclusion_proof(found, 3)
    with transaction():
        assert fill_tiles(600) == 2 and fill_tiles(600) == 0


def test_a_tree_of_two_levels_of_tiles_proves_its_first_and_last_leaf(ctx):
    from benchmarks.log import plant

    with transaction():
        found = plant(65_800)
    with transaction():
        assert fill_tiles(65_800) == 257 + 1
    head = rules.root(found)
    assert queries.root_at(65_800) == head
    for index in (0, 65_535, 65_536, 65_799):
        assert rules.proves_inclusion(found[index], index, 65_800, queries.inclusion(index, 65_800), head)
    old = rules.root(found[:65_000])
    assert rules.proves_consistency(65_000, 65_800, old, head, queries.consistency(65_000, 65_800))


def test_a_checkpoint_is_signed_when_the_log_has_grown_and_only_then(ctx):
    assert sign() is None
    grow(2)
    assert sign() is not None and sign() is None
    grow(1)
    assert sign() is not None
    newest = queries.latest_checkpoint()
    note, signers = notes.verified(queries.published(newest), [keys.verifier()])
    said = notes.parse_checkpoint(note.text)
    assert (said.origin, said.size, said.root) == ("localhost/log", 3, rules.root(leaves()))
    assert signers == (keys.verifier(),)


def test_a_new_key_takes_over_and_the_old_one_stays_known(ctx):
    grow(1)
    sign()
    before = keys.verifier()
    ctx.config["LOG_KEY"] = notes._text(os.urandom(32))
    try:
        assert sign() is not None and keys.verifier() != before
        old, new = queries.known_keys()
        assert (old.vkey, new.vkey) == (before.vkey, keys.verifier().vkey)
        assert old.until_at is not None and new.until_at is None
    finally:
        ctx.config["LOG_KEY"] = ""


def test_production_signs_nothing_without_its_own_key(ctx):
    grow(1)
    ctx.config["DEMO"] = False
    try:
        with pytest.raises(Invalid, match="LOG_KEY"):
            sign()
    finally:
        ctx.config["DEMO"] = True
    assert db.session.query(LogKey).count() == 0


def test_a_log_that_was_rewritten_is_not_signed_again(ctx):
    grow(3)
    sign()
    with transaction():
        db.session.execute(text("DROP TRIGGER log_leaf_no_update"))
        db.session.execute(text(f"UPDATE log_leaf SET leaf_hash = '{'0' * 64}' WHERE seq = 1"))
    grow(1)
    with pytest.raises(Conflict, match="không còn khớp"):
        sign()


def test_a_witness_line_is_kept_once_and_published(ctx):
    grow(2)
    sign()
    witness = Ed25519PrivateKey.generate()
    who = notes.Verifier("witness.example/w1", notes.COSIGNATURE, witness.public_key().public_bytes_raw())
    signed = queries.latest_checkpoint().note
    body = notes.parse_note(signed).text
    raw = signed + notes.cosign(body, who.name, witness, 1_790_000_000) + "\n"
    with pytest.raises(Invalid, match="no known key"), transaction():
        add_cosignatures(raw)
    ctx.config["LOG_WITNESSES"] = who.vkey
    try:
        with transaction():
            assert add_cosignatures(raw) == 1 and add_cosignatures(raw) == 0
        assert queries.published(queries.latest_checkpoint()) == raw
        fork = notes.checkpoint_text("localhost/log", 2, bytes(32))
        with pytest.raises(NotFound), transaction():
            add_cosignatures(f"{fork}\n{notes.cosign(fork, who.name, witness, 1)}\n")
        with pytest.raises(Invalid, match="wrong"), transaction():
            add_cosignatures(f"{fork}\n{raw.splitlines()[-1]}\n")
    finally:
        ctx.config["LOG_WITNESSES"] = ""


def test_the_specifications_own_note_verifies():
    vector = SHARED / "tlog" / "signed_note_vector.json"
    if not vector.exists():
        pytest.skip("no conformance material here")
    given = json.loads(vector.read_text())
    who = notes.parse_vkey(given["vkey"])
    assert who.vkey == given["vkey"]
    assert notes.verified(given["note"], [who])[1] == (who,)
    with pytest.raises(notes.BadNote):
        notes.verified(given["note"].replace("example message", "exemple message"), [who])


def test_paths_of_tiles_are_read_in_one_spelling_only():
    assert parse_index("x001/x234/067") == (1_234_067, 256) and index_path(1_234_067) == "x001/x234/067"
    assert parse_index("000.p/1") == (0, 1) and parse_index("x001/000.p/255") == (1000, 255)
    for wrong in (
        "0",
        "x000/067",
        "000.p/0",
        "000.p/256",
        "000.p/01",
        "000/",
        "x001",
        "067/x001",
        "-01",
        "x001/67",
    ):
        assert parse_index(wrong) is None, wrong
    assert [
        width_at(0, 273, 70_000),
        width_at(1, 1, 70_000),
        width_at(2, 0, 70_000),
        width_at(1, 0, 256),
    ] == [112, 17, 1, 1]


def test_a_serial_commits_to_history_salt_and_counter():
    history, salt = history_root([bytes(32), bytes([1]) * 32]), bytes(range(32))
    printed = serial(history, salt, 7)
    assert len(printed) == 16 and printed.isalnum() and printed == serial(history, salt, 7)
    assert commits(printed.lower(), history, salt, 7)
    assert not commits(printed, history, salt, 8) and not commits(printed, history_root([bytes(32)]), salt, 7)
    assert len({serial(history, salt, counter) for counter in range(500)}) == 500
    for wrong in ((b"", salt, 0), (history, b"x", 0), (history, salt, -1), (history, salt, 2**64)):
        with pytest.raises(ValueError):
            serial(*wrong)
