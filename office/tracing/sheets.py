"""A dossier as JSON, as a table and as an EPCIS document. No buyer's name stands in any of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from core import clock
from core.db import db
from office.records.sheets import sheet
from office.tracing.dossiers import Dossier
from office.tracing.queries import chunks
from traceability.epcis.models import EpcisEvent, EventLot
from traceability.epcis.rules import CONTEXT

HEADS = ("what", "id", "code", "of", "name", "place", "state", "quantity", "unit", "day")


def rows(found: Dossier) -> Iterable[tuple[object, ...]]:
    """One row for each thing found, in the columns `HEADS`."""
    for made in found.lots:
        yield ("lot", f"lot:{made.id}", made.code, made.batch_code, made.product, "", made.state, made.output_g, "g",
               made.made_on)  # fmt: skip
    for held in found.packs:
        unit = "g" if held.weighed else "pcs"
        yield ("pack", held.gtin, held.lot_code, f"lot:{held.lot_id}", f"{held.product}, {held.pack}", held.place,
               "", held.quantity, unit, "")  # fmt: skip
    for one in found.orders:
        yield ("order", f"order:{one.order_id}", one.code, f"lot:{one.lot_id}", f"{one.product}, {one.pack}",
               one.place, one.state, one.quantity - one.returned, "pcs", one.placed_at)  # fmt: skip
    for whose in found.slips:
        home = f"household:{whose.household_id}" if whose.household_id else ""
        yield ("slip", f"slip:{whose.slip.id}", whose.slip.number, home, whose.slip.crop, whose.slip.village,
               "void" if whose.slip.void else "", whose.slip.net_g, "g", whose.slip.weighed_on)  # fmt: skip
    for plot_id, name in found.plots:
        yield ("plot", f"plot:{plot_id}", name, "", "", "", "assumed", "", "", "")
    for name, grams in found.materials:
        yield ("material", f"material:{name}", name, "", "", "", "", grams, "g", "")
    for kind, packs, grams in found.away:
        yield ("away", kind, "", "", "", "", "", packs or grams, "pcs" if packs else "g", "")


def table(found: Dossier) -> bytes:
    """The dossier as CSV."""
    return sheet(HEADS, rows(found))


def document(found: Dossier) -> dict[str, Any]:
    """The dossier as one JSON object: counts, then every row by its column's name, then the edges."""
    return {
        "ok": True,
        "of": found.start.text,
        "direction": found.direction,
        "counts": {
            "lots": len(found.lots),
            "packs_here": found.here,
            "orders": len(found.order_ids),
            "packs_away": found.gone,
            "slips": len(found.slips),
            "households": len(found.household_ids),
        },
        "found": [
            {head: _plain(value) for head, value in zip(HEADS, row, strict=True)} for row in rows(found)
        ],
        "edges": [{"from": edge.source, "to": edge.target, "amount": edge.amount} for edge in found.edges],
    }


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def events(found: Dossier) -> dict[str, Any]:
    """Every event of the dossier's lots and slips as an EPCIS 2.0 document; closed fields stay closed."""
    rows_of: dict[int, dict[str, object]] = {}
    for some in chunks({made.id for made in found.lots}):
        for row in db.session.execute(
            select(EpcisEvent.id, EpcisEvent.document).join(EventLot, EventLot.event_id == EpcisEvent.id)
            .where(EventLot.lot_id.in_(some))
        ):  # fmt: skip
            rows_of[row[0]] = row[1]
    subjects = [f"slip:{whose.slip.id}" for whose in found.slips]
    for at in range(0, len(subjects), 5_000):
        wanted = select(EpcisEvent.id, EpcisEvent.document).where(
            EpcisEvent.subject.in_(subjects[at : at + 5_000])
        )
        rows_of |= {row[0]: row[1] for row in db.session.execute(wanted)}
    return envelope([rows_of[key] for key in sorted(rows_of)])


def envelope(listed: list[dict[str, object]]) -> dict[str, Any]:
    """Events as they were written, in the standard's envelope; the contexts they name stand once, at the top."""
    contexts: list[object] = [CONTEXT]
    bare = []
    for one in listed:
        own = one.get("@context", [])
        contexts += [name for name in (own if isinstance(own, list) else [own]) if name not in contexts]
        bare.append({key: value for key, value in one.items() if key != "@context"})
    return {
        "@context": contexts, "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": clock.now().isoformat(timespec="seconds"), "epcisBody": {"eventList": bare},
    }  # fmt: skip
