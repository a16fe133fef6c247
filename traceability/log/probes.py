"""Merkle probes a line each: is this proof a proof? For operators, and for runs against other implementations."""

import base64
import binascii
import json
from typing import Any

from core.lines import Refused
from traceability.log import rules

SIZE_MAX = 2**64 - 1


def _size(probe: dict[str, Any], name: str) -> int:
    value = probe.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= SIZE_MAX:
        raise ValueError(name)
    return value


def _bytes(value: object) -> bytes:
    """Standard base64; nothing at all is no bytes."""
    if value is None:
        return b""
    if not isinstance(value, str):
        raise ValueError("not base64")
    return base64.b64decode(value, validate=True)


def _proof(probe: dict[str, Any]) -> list[bytes]:
    nodes = probe.get("proof")
    if nodes is None:
        return []
    if not isinstance(nodes, list):
        raise ValueError("proof")
    return [_bytes(node) for node in nodes]


def proves(probe: dict[str, Any]) -> bool:
    """Whether a probe's proof verifies: `leafIdx` means inclusion, `size1` consistency. Malformed is False."""
    try:
        proof = _proof(probe)
        if "leafIdx" in probe:
            return rules.proves_inclusion(
                _bytes(probe.get("leafHash")), _size(probe, "leafIdx"), _size(probe, "treeSize"), proof,
                _bytes(probe.get("root")),
            )  # fmt: skip
        if "size1" in probe:
            return rules.proves_consistency(
                _size(probe, "size1"), _size(probe, "size2"), _bytes(probe.get("root1")),
                _bytes(probe.get("root2")), proof,
            )  # fmt: skip
    except (ValueError, binascii.Error):
        return False
    return False


def probe_line(line: bytes) -> dict[str, Any]:
    """The answer to one line: {"ok": …}. Raises Refused for a line that is blank or no JSON object."""
    if not line.strip():
        raise Refused("the line is blank")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refused("the line is not JSON") from error
    if not isinstance(found, dict):
        raise Refused("the line is not a JSON object")
    return {"ok": proves(found)}
