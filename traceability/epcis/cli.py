"""`flask epcis …`: hash, capture and query events in the standard."""

import json
import sys
from typing import Any

import click
from flask.cli import AppGroup

from core.lines import Refused, serve
from traceability.epcis.hashing import Unhashable, event_hash, events_of, prehash

epcis = AppGroup("epcis", help="Events in GS1's EPCIS 2.0.")


def parsed(data: bytes) -> Any:
    """A JSON document. Raises Refused for what is none."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON") from error


def hashes_of(data: bytes, *, texts: bool = False) -> dict[str, Any]:
    """{"ok", "hashes"} of a document's events, with their canonical texts if asked. Raises Refused."""
    document = parsed(data)
    context = document.get("@context") if isinstance(document, dict) else None
    try:
        events = events_of(document)
        found: dict[str, Any] = {"ok": True, "hashes": [event_hash(one, context) for one in events]}
        if texts:
            found["prehashes"] = [prehash(one, context) for one in events]
    except Unhashable as error:
        raise Refused(str(error)) from error
    return found


def _line(line: bytes) -> dict[str, Any]:
    if not line.strip():
        raise Refused("the line is blank")
    return hashes_of(line)


@epcis.command("hash")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--prehash", "texts", is_flag=True, help="Also the canonical text that was hashed.")
def hash_files(files: tuple[str, ...], texts: bool) -> None:
    """The CBV 2.0 hash of each event: a JSON line a FILE. Without FILE, of each line of standard input."""
    if not files:
        serve(_line)
        return
    for name in files:
        answer: dict[str, Any] = {"file": name}
        try:
            with click.open_file(name, "rb") as file:
                answer |= hashes_of(file.read(), texts=texts)
        except Refused as refused:
            answer |= {"ok": False, "error": str(refused)}
        except OSError as error:
            answer |= {"ok": False, "error": error.strerror or "cannot be read"}
        sys.stdout.write(json.dumps(answer) + "\n")
