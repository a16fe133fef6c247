"""Checking a saved proof pack without server or database: what its own script does, and witnesses too. Pure."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from traceability.epcis.rules import PREFIX, goods_said
from traceability.log import notes
from traceability.log.rules import first_leaf, proves_inclusion, salted_leaf
from traceability.log.serials import commits, history_root

_DATA = re.compile(r'<script type="application/json" id="evidence">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Checked:
    """What a pack proves. events, papers: how many. witnesses: names that countersigned. key: the vkey that signed.
    serial: of the label that was checked along; empty without one. steps: what the proved events say, a line each: the
    file's own words around the evidence are covered by nothing."""

    lot: str
    size: int
    events: int
    papers: int
    witnesses: tuple[str, ...]
    quorum: int
    key: str
    serial: str = ""
    steps: tuple[str, ...] = ()


class BadPack(ValueError):
    """A pack that proves nothing; the text says why, in English for the operator."""


def check_pack(text: str, trusted: Sequence[str] = ()) -> Checked:
    """Check a pack's HTML. Raises BadPack.

    trusted: verifier keys known from elsewhere; without them the pack's own are used, which shows only that it agrees
    with itself.
    """
    found = _DATA.search(text)
    if found is None:
        raise BadPack("there is no evidence in this file")
    try:
        return _check(json.loads(found[1]), trusted)
    except notes.BadNote as error:
        raise BadPack(str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, BadPack):
            raise
        raise BadPack(f"the evidence is malformed: {type(error).__name__}") from error


def _speaks_of(document: str, lot: str) -> bool:
    """Whether a document names the lot: packed (AI 10) or in bulk."""
    code = quote(lot, safe="")
    return any(f'{form}{code}"' in document for form in ("/10/", "/id/lot/"))


def _check(said: dict[str, Any], trusted: Sequence[str]) -> Checked:
    known = [notes.parse_vkey(one) for one in trusted or said["keys"]]
    note, signers = notes.verified(said["checkpoint"], known)
    head = notes.parse_checkpoint(note.text)
    if head.origin != said["origin"]:
        raise BadPack("the checkpoint is of another log")
    if not any(_speaks_of(one["document"], said["lot"]) for one in said["events"]):
        raise BadPack("no event of this lot is proved")
    leaves = []
    for number, one in enumerate([*said["events"], *said["papers"]]):
        salt, document = bytes.fromhex(one["salt"]), one["document"].encode()
        leaf = first_leaf(salt, document) if one["first"] else salted_leaf(salt, document)
        path = [bytes.fromhex(node) for node in one["path"]]
        if not proves_inclusion(leaf, one["index"], head.size, path, head.root):
            raise BadPack(f"entry {number} is not in the log under this checkpoint")
        leaves.append(leaf)
    witnesses = [notes.parse_vkey(one) for one in said["witnesses"]]
    label = said.get("label")
    if label is not None:
        _check_serial(label, leaves)
    names = tuple(
        who.name for who in witnesses if any(notes.signed_by(note.text, one, who) for one in note.signatures)
    )
    if len(names) < said["quorum"]:
        raise BadPack(f"{len(names)} witnesses signed, {said['quorum']} are needed")
    return Checked(
        said["lot"],
        head.size,
        len(said["events"]),
        len(said["papers"]),
        names,
        said["quorum"],
        signers[0].vkey,
        label["serial"] if label else "",
        tuple(_said(json.loads(one["document"])) for one in said["events"]),
    )


def _said(document: dict[str, Any]) -> str:
    """One event in a line: its day or month, the step, and the goods with their amounts."""
    when = str(document["eventTime"])[: 7 if document.get(f"{PREFIX}:timePrecision") else 10]
    goods = [
        " ".join(str(one[name]) for name in ("quantity", "uom") if name in one)
        + f" of {unquote(urlsplit(str(one['epcClass'])).path)}"
        for one in goods_said(document)
    ]
    wrong = " (declared wrong)" if "errorDeclaration" in document else ""
    step = document.get(f"{PREFIX}:step") or document.get("bizStep", "")
    return f"{when} {step}{wrong}: {', '.join(one.strip() for one in goods)}"


def _check_serial(label: dict[str, Any], leaves: Sequence[bytes]) -> None:
    """Whether the serial on the label commits to the first of the lot's events. Raises BadPack."""
    first = leaves[: label["leaf_count"]]
    if not first or len(first) != label["leaf_count"]:
        raise BadPack("the serial speaks of events that are not here")
    history = history_root(first)
    if history.hex() != label["history"]:
        raise BadPack("the events are not those that the serial was made from")
    if not commits(label["serial"], history, bytes.fromhex(label["salt"]), label["counter"]):
        raise BadPack("the serial does not fit the lot's history")
