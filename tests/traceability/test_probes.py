"""`flask log probe`: proofs a line each."""

import base64
import json

import pytest

from core.lines import Refused
from traceability.log import rules
from traceability.log.probes import probe_line, proves

LEAVES = [rules.leaf_hash(bytes([n])) for n in range(11)]


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def inclusion(index: int, size: int) -> dict:
    proof = rules.inclusion_proof(LEAVES[:size], index)
    leaf, head = text(LEAVES[index]), text(rules.root(LEAVES[:size]))
    nodes = [text(node) for node in proof] or None
    return {"leafIdx": index, "treeSize": size, "leafHash": leaf, "root": head, "proof": nodes}


def consistency(old: int, size: int) -> dict:
    proof = rules.consistency_proof(LEAVES[:size], old)
    heads = {"root1": text(rules.root(LEAVES[:old])), "root2": text(rules.root(LEAVES[:size]))}
    return {"size1": old, "size2": size, "proof": [text(node) for node in proof] or None} | heads


def test_good_proofs_of_every_size_verify_and_a_moved_leaf_or_size_does_not():
    for size in range(1, 12):
        for index in range(size):
            good = inclusion(index, size)
            assert proves(good)
            assert not proves(good | {"treeSize": size + 1, "leafIdx": index + size})
        for old in range(1, size + 1):
            assert proves(consistency(old, size))
            assert old == size or not proves(consistency(old, size) | {"root1": text(LEAVES[0][::-1])})


def test_what_the_probe_wishes_for_changes_nothing():
    assert proves(inclusion(2, 5) | {"wantErr": True})


@pytest.mark.parametrize(
    "spoiled",
    [{"leafIdx": -1}, {"leafIdx": 2**64}, {"leafIdx": "2"}, {"leafIdx": True}, {"leafHash": "no base64!"},
     {"leafHash": None}, {"leafHash": text(b"short")}, {"proof": "text"}, {"proof": [1]}, {"root": 5},
     {"treeSize": None}],
)  # fmt: skip
def test_malformed_is_false(spoiled):
    assert proves(inclusion(2, 5) | spoiled) is False


def test_sizes_up_to_two_to_the_sixty_four_are_numbers():
    assert (
        proves(
            {
                "leafIdx": 2**64 - 2,
                "treeSize": 2**64 - 1,
                "leafHash": text(LEAVES[0]),
                "root": "",
                "proof": None,
            }
        )
        is False
    )


def test_of_an_empty_tree_nothing_is_shown():
    assert not proves(consistency(1, 1) | {"size1": 0, "size2": 1})


@pytest.mark.parametrize("line", [b"", b"  \n", b"nothing", b"[]", b"7", b"\xff"])
def test_a_line_that_is_no_probe_is_refused(line):
    with pytest.raises(Refused):
        probe_line(line)


def test_the_command_answers_every_line(app):
    lines = "\n".join([json.dumps(inclusion(0, 3)), "", "{}", json.dumps(consistency(3, 7))]) + "\n"
    done = app.test_cli_runner().invoke(args=["log", "probe"], input=lines)
    assert done.exit_code == 0
    assert [json.loads(line)["ok"] for line in done.output.splitlines()] == [True, False, False, True]
