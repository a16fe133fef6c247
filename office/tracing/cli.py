"""Commands: `flask trace forward|backward ID`, `flask trace recall LOT --rehearse`, `flask trace reach ID`,
`flask trace keep`, `flask trace balance`.

For operators, who already read the database: codes, places and counts, no buyer's name.
"""

import json
import sys
import time

import click
from sqlalchemy import select

from cooperatives.models import Cooperative
from core.db import db
from core.errors import DomainError
from core.lines import JsonGroup
from office.tracing import dossiers, sheets
from office.tracing.balance import imbalances
from office.tracing.closures.operations import keep
from office.tracing.closures.queries import path
from office.tracing.queries import find, guess, reach


@click.group("trace", cls=JsonGroup)
def trace() -> None:
    """Walk from field to buyer and back."""


def _cooperative(slug: str | None) -> int | None:
    if slug is None:
        return None
    found = db.session.execute(
        select(Cooperative.id).where(Cooperative.slug == typed(slug))
    ).scalar_one_or_none()
    if found is None:
        _refuse(f"no cooperative {slug!r}")
    return found


def _refuse(why: str) -> None:
    """Say why on standard output, as one JSON object, and end well: what reads us reads lines."""
    click.echo(json.dumps({"ok": False, "error": why}, ensure_ascii=False))
    sys.exit(0)


def typed(text: str) -> str:
    """What was typed, with what is no UTF-8 in it as question marks: no database looks for that."""
    return text.encode(errors="replace").decode()


def _walk(direction: str, text: str, slug: str | None, as_csv: bool) -> None:
    owner = _cooperative(slug)
    try:
        start = guess(typed(text), owner)
    except DomainError as error:
        _refuse(str(error))
        return
    found = dossiers.forward(start) if direction == "forward" else dossiers.backward(start)
    if as_csv:
        click.echo(sheets.table(found).decode("utf-8-sig"), nl=False)
    else:
        click.echo(json.dumps(sheets.document(found), ensure_ascii=False))


OF = click.option("--cooperative", "slug", help="Its slug; needed where two cooperatives use one code.")
CSV = click.option("--csv", "as_csv", is_flag=True, help="As a table for a spreadsheet.")


@trace.command("forward")
@click.argument("of")
@OF
@CSV
def forward_command(of: str, slug: str | None, as_csv: bool) -> None:
    """Everything made of OF: lots, packs, orders. OF is slip:12, lot:KMNP-2611-01, batch:7 …, or a code."""
    _walk("forward", of, slug, as_csv)


@trace.command("backward")
@click.argument("of")
@OF
@CSV
def backward_command(of: str, slug: str | None, as_csv: bool) -> None:
    """Everything that is in OF: lots, slips, households, bought materials. OF is order:CP…, lot:… or batch:…"""
    _walk("backward", of, slug, as_csv)


@trace.command("reach")
@click.argument("of")
@OF
def reach_command(of: str, slug: str | None) -> None:
    """How many lots and orders hold something of OF, however many they are: a second for ten million edges."""
    began = time.perf_counter()
    owner = _cooperative(slug)
    try:
        start = guess(typed(of), owner)
    except DomainError as error:
        _refuse(str(error))
        return
    found = reach(start)
    took_ms = round((time.perf_counter() - began) * 1000, 1)
    counts = {"lots": len(found.lots), "orders": len(found.orders)}
    click.echo(
        json.dumps({"ok": True, "of": start.text, "counts": counts, "took_ms": took_ms}, ensure_ascii=False)
    )


@trace.command("keep")
def keep_command() -> None:
    """Make the file of the kept graph now, as the worker does; one JSON line says what is in it."""
    began = time.perf_counter()
    graph = keep()
    took_ms = round((time.perf_counter() - began) * 1000, 1)
    counts = {"mixings": len(graph.into), "sales": len(graph.sold), "pending": len(graph.pending)}
    click.echo(
        json.dumps(
            {"ok": True, "file": str(path()), "counts": counts, "took_ms": took_ms}, ensure_ascii=False
        )
    )


@trace.command("recall")
@click.argument("lot")
@click.option(
    "--rehearse", is_flag=True, help="Only say whom it reaches, and how long that took. Nothing changes."
)
@OF
def recall_command(lot: str, rehearse: bool, slug: str | None) -> None:
    """Rehearse the recall of LOT (a code, or any id). A real one is a manager's, in the shop."""
    if not rehearse:
        _refuse("a recall is begun by a manager, at /manage/trace; here it is rehearsed: --rehearse")
    began = time.perf_counter()
    owner = _cooperative(slug)
    try:
        start = find(typed(lot if ":" in lot else f"lot:{lot}"), owner)
    except DomainError as error:
        _refuse(str(error))
        return
    found = dossiers.forward(start)
    said = sheets.document(found)
    click.echo(json.dumps({
        "ok": True, "of": said["of"], "rehearsal": True, "counts": said["counts"], "value_vnd": found.value_vnd,
        "lots": [made.code for made in found.lots], "orders": sorted({one.code for one in found.orders}),
        "took_ms": round((time.perf_counter() - began) * 1000, 1),
    }, ensure_ascii=False))  # fmt: skip


@trace.command("balance")
@OF
def balance_command(slug: str | None) -> None:
    """Each imbalance of slips, batches, lots and orders as one JSON line; then one line with their number."""
    owner = _cooperative(slug)
    found = imbalances(owner)
    for one in found:
        click.echo(json.dumps({"what": one.what, "of": one.of, "said": one.said, "found": one.found, "unit": one.unit,
                               "suspicion": one.suspicion}, ensure_ascii=False))  # fmt: skip
    click.echo(json.dumps({"ok": not any(not one.suspicion for one in found), "imbalances": len(found)}))


COMMANDS = [trace]
