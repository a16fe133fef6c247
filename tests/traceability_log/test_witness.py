"""The witness in one file: its Ed25519 agrees with a library's, it signs growth, and it refuses a fork."""

import json
import subprocess
import sys

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from core.db import db, transaction
from scripts import witness
from traceability.log import notes, rules
from traceability.log.keys import verifier
from traceability.log.operations import append, sign_checkpoint
from traceability.log.queries import latest_checkpoint, published

LOG = "http://localhost/log"


@settings(max_examples=20, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200), at=st.integers(0, 511))
def test_its_signatures_are_those_of_the_library(seed, message, at):
    theirs = Ed25519PrivateKey.from_private_bytes(seed)
    public = theirs.public_key().public_bytes_raw()
    assert witness.public_key(seed) == public
    signature = witness.sign(seed, message)
    assert signature == theirs.sign(message) and witness.verify(public, message, signature)
    bent = bytearray(signature)
    bent[at // 8] ^= 1 << at % 8
    assert not witness.verify(public, message, bytes(bent))
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public).verify(bytes(bent), message)


@given(old=st.integers(1, 40), more=st.integers(0, 40))
@settings(deadline=None)
def test_it_reads_growth_as_the_log_does(old, more):
    leaves = [bytes([one]) * 32 for one in range(old + more)]
    proof = rules.consistency_proof(leaves, old)
    heads = rules.root(leaves[:old]), rules.root(leaves)
    assert witness.only_grew(old, old + more, *heads, proof)
    assert not witness.only_grew(old, old + more, b"\xff" * 32, heads[1], proof)


def grow(app, count=1):
    with app.app_context(), transaction():
        for number in range(count):
            append(b"%d" % number, subject="test")
        sign_checkpoint()


@pytest.fixture
def watched(app, client, tmp_path):
    """(look once, log's vkey): a witness whose key the log knows, over the test client instead of a network."""
    mine = witness.make_key(str(tmp_path), "witness.example/w1")
    with app.app_context():
        log = verifier().vkey
    app.config["LOG_WITNESSES"], app.config["LOG_WITNESS_QUORUM"] = mine, 1

    def get(address, body=None):
        path = address.removeprefix("http://localhost")
        answer = client.get(path) if body is None else client.post(path, data=body)
        assert answer.status_code == 200, answer.text
        return answer.text

    yield lambda: witness.run(LOG, log, str(tmp_path), 1_790_000_000, get)
    app.config["LOG_WITNESSES"], app.config["LOG_WITNESS_QUORUM"] = "", 0


def test_it_signs_and_the_log_publishes_its_line(app, client, watched):
    grow(app, 3)
    assert watched() == "signed localhost/log at 3 leaves"
    grow(app, 300)
    assert "303" in watched() and "303" in watched()
    with app.app_context():
        from traceability.log.keys import witnesses

        note = notes.parse_note(published(latest_checkpoint()))
        assert len(note.signatures) == 2 and notes.signed_by(note.text, note.signatures[1], witnesses()[0])
    assert "1 trên 1 nhân chứng" in client.get("/log/").text


def rewrite(app):
    """The owner of the log writes another past, and signs it with the log's own key."""
    with app.app_context(), transaction():
        for (name,) in db.session.execute(
            db.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            db.session.execute(db.text(f"DROP TRIGGER {name}"))
        for table in ("log_cosignature", "log_checkpoint", "log_tile", "log_leaf", "log_head"):
            db.session.execute(db.text(f"DELETE FROM {table}"))


@pytest.mark.parametrize("leaves", [2, 3, 9])
def test_a_forked_log_is_refused_and_the_evidence_kept(app, watched, tmp_path, leaves):
    grow(app, 3)
    watched()
    rewrite(app)
    grow(app, leaves)
    with pytest.raises(witness.Forked):
        watched()
    with pytest.raises(witness.Forked):
        watched()
    assert [one.name for one in tmp_path.glob("FORK-*")] == [f"FORK-3-{leaves}.txt"]


def test_a_stranger_with_another_key_is_refused(app, watched, tmp_path, client):
    grow(app, 1)
    other = witness.vkey("localhost/log", 1, witness.public_key(bytes(32)))
    with pytest.raises(witness.Refused, match="not a checkpoint signed"):
        witness.run(LOG, other, str(tmp_path), 1, lambda path, body=None: client.get("/log/checkpoint").text)


def test_it_runs_alone_outside_the_project_as_the_log_hands_it_out(client, tmp_path):
    script = tmp_path / "witness.py"
    script.write_bytes(client.get("/log/witness.py").data)
    assert "/log/witness.py" in client.get("/log/").text
    made = subprocess.run([sys.executable, "-I", str(script), "key", "w.example", "--folder", str(tmp_path / "w")],
                          capture_output=True, text=True, check=True)  # fmt: skip
    who = notes.parse_vkey(made.stdout)
    assert (who.name, who.kind) == ("w.example", notes.COSIGNATURE)
    assert len(json.loads((tmp_path / "w" / "key.json").read_text())["seed"]) == 64
