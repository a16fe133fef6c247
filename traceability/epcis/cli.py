"""`flask epcis …`: hash, capture and query events in the standard."""

import json
import sys
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from cooperatives.models import Cooperative
from core.db import db, transaction
from core.lines import JsonGroup, Refused, serve
from traceability.epcis.checking import Fault, check_document
from traceability.epcis.exchange import operations, queries
from traceability.epcis.exchange.rules import PER_PAGE_MAX, BadQuery, Writer, read_json, wanted
from traceability.epcis.hashing import Unhashable, event_hash, events_of, prehash
from traceability.epcis.tasks import index_events

epcis = JsonGroup("epcis", help="Events in GS1's EPCIS 2.0.")


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


def _writer(slug: str) -> Writer:
    known = slug.encode(errors="replace").decode()
    found = db.session.execute(select(Cooperative.id).where(Cooperative.slug == known)).scalar_one_or_none()
    if found is None:
        sys.stdout.write(json.dumps({"ok": False, "error": f"there is no cooperative {slug!r}"}) + "\n")
        sys.exit(0)
    return Writer(found)


def _said(faults: list[Fault]) -> str:
    return "; ".join(f"{fault.at or '/'}: {fault.why}" for fault in faults[:5])


def _captured(data: bytes, writer: Writer, behaviour: str) -> dict[str, Any]:
    try:
        document = read_json(data)
        events = events_of(document)
    except Unhashable as error:
        raise Refused(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON") from error
    faults = [fault for fault in check_document(document) if "/eventList/" not in fault.at]
    if faults:
        raise Refused(_said(faults))
    with transaction():
        job = operations.capture(writer, events, document.get("@context"), behaviour=behaviour)
        return {"ok": job.success, "captureID": job.capture_id, "errors": job.errors}


@epcis.command("capture")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option("--cooperative", "slug", required=True, help="For whom: its name in the address of its page.")
@click.option("--proceed", is_flag=True, help="Keep the good events of a document with bad ones.")
@with_appcontext
def capture_files(files: tuple[str, ...], slug: str, proceed: bool) -> None:
    """Keep the events of EPCIS documents apart from our own: a JSON line a FILE."""
    writer = _writer(slug)
    for name in files:
        answer: dict[str, Any] = {"file": name}
        try:
            with click.open_file(name, "rb") as file:
                answer |= _captured(file.read(), writer, "proceed" if proceed else "rollback")
        except Refused as refused:
            answer |= {"ok": False, "error": str(refused)}
        except OSError as error:
            answer |= {"ok": False, "error": error.strerror or "cannot be read"}
        sys.stdout.write(json.dumps(answer) + "\n")


@epcis.command("query")
@click.argument("parameters", nargs=-1)
@click.option("--cooperative", "slug", help="Also what this cooperative captured; without it what is public.")
@with_appcontext
def query_events(parameters: tuple[str, ...], slug: str | None) -> None:
    """Events that match NAME=VALUE parameters of the standard, a JSON line each: EQ_bizStep=packing|shipping."""
    try:
        named = dict(one.split("=", 1) for one in parameters)
        want = wanted(named)
    except ValueError as error:
        why = str(error) if isinstance(error, BadQuery) else "parameters are NAME=VALUE"
        sys.stdout.write(json.dumps({"ok": False, "error": why}) + "\n")
        return
    while index_events():  # what the worker has not taken up yet is found all the same
        pass
    writer, after, left = _writer(slug) if slug else None, None, want.limit
    while left is None or left > 0:
        try:
            found = queries.events(want, writer, min(PER_PAGE_MAX, left or PER_PAGE_MAX), after)
        except queries.TooMany:
            sys.stdout.write(json.dumps({"ok": False, "error": "more events than maxEventCount"}) + "\n")
            return
        for document in found.documents:
            sys.stdout.write(json.dumps(document) + "\n")
        after, left = found.following, None if left is None else left - len(found.documents)
        if after is None:
            return
