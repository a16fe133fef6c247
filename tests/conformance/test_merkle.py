"""The tree's hashes, proofs and refusals against the vectors of transparency-dev/merkle."""

import base64
import json

import pytest

from tests.conftest import SHARED
from traceability.log import rules

FOLDER = SHARED / "merkle"
HASHES = json.loads((FOLDER / "rfc6962_hashes.json").read_text(encoding="utf-8"))
TREE = HASHES["tree"]
LEAVES = [rules.leaf_hash(bytes.fromhex(leaf)) for leaf in TREE["leaves_hex"]]


def probes(kind: str) -> list:
    found = sorted((FOLDER / "probes" / kind).rglob("*.json"))
    return [
        pytest.param(json.loads(path.read_text(encoding="utf-8")), id=f"{path.parent.name}/{path.stem}")
        for path in found
    ]


def decoded(text: str) -> bytes:
    return base64.b64decode(text or "")


def test_the_empty_tree():
    assert rules.root([]).hex() == HASHES["empty_root"]


@pytest.mark.parametrize("vector", HASHES["leaf"])
def test_leaf_hashes(vector):
    data = bytes.fromhex(vector["data_hex"]) if "data_hex" in vector else vector["data_utf8"].encode()
    assert rules.leaf_hash(data).hex() == vector["hash"]


@pytest.mark.parametrize("vector", HASHES["node"])
def test_node_hashes(vector):
    assert (
        rules.node_hash(vector["left_utf8"].encode(), vector["right_utf8"].encode()).hex() == vector["hash"]
    )


@pytest.mark.parametrize(("size", "head"), list(enumerate(TREE["roots_by_size"])))
def test_roots_by_size(size, head):
    assert rules.root(LEAVES[:size]).hex() == head


@pytest.mark.parametrize("probe", probes("inclusion"))
def test_inclusion_probes(probe):
    proof = [decoded(node) for node in probe["proof"] or []]
    good = rules.proves_inclusion(
        decoded(probe["leafHash"]), probe["leafIdx"], probe["treeSize"], proof, decoded(probe["root"])
    )
    assert good is not probe["wantErr"]


@pytest.mark.parametrize("probe", probes("consistency"))
def test_consistency_probes(probe):
    proof = [decoded(node) for node in probe["proof"] or []]
    good = rules.proves_consistency(
        probe["size1"], probe["size2"], decoded(probe["root1"]), decoded(probe["root2"]), proof
    )
    assert good is not probe["wantErr"]


def test_every_own_proof_is_accepted_and_every_changed_one_refused():
    for size in range(1, 9):
        head = rules.root(LEAVES[:size])
        for index in range(size):
            proof = rules.inclusion_proof(LEAVES[:size], index)
            assert rules.proves_inclusion(LEAVES[index], index, size, proof, head)
            assert not rules.proves_inclusion(rules.leaf_hash(b"other"), index, size, proof, head)
            assert not rules.proves_inclusion(LEAVES[index], index, size, [*proof, head], head)
        for old in range(1, size + 1):
            proof = rules.consistency_proof(LEAVES[:size], old)
            assert rules.proves_consistency(old, size, rules.root(LEAVES[:old]), head, proof)
            assert old == size or not rules.proves_consistency(
                old, size, rules.root(LEAVES[:old]), bytes(32), proof
            )
