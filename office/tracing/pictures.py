"""The graph of a dossier as a phone draws it."""

from flask import url_for

from core.i18n import N_, _
from office.tracing.dossiers import Dossier
from office.tracing.rules import Drawing, Edge, Kind, Loop, Node, draw

MORE = {
    "slip": N_("%(count)s phiếu nữa"),
    "batch": N_("%(count)s mẻ nữa"),
    "lot": N_("%(count)s lô nữa"),
    "order": N_("%(count)s đơn nữa"),
    "material": N_("%(count)s món mua vào"),
}


def picture(found: Dossier) -> Drawing | None:
    """Slips, materials, batches, lots and orders in rows from field to buyer; None where the graph runs in a circle."""
    nodes = _nodes(found)
    known = {node.key for node in nodes}
    sold = {(f"lot:{one.lot_id}", f"order:{one.order_id}") for one in found.orders}
    edges = [*found.edges, *(Edge(lot, order) for lot, order in sorted(sold))]
    inside = [edge for edge in edges if edge.source in known and edge.target in known]
    inside += _from_afar(found, {edge.source for edge in inside}, known)
    try:
        return draw(nodes, inside, {kind: _(text, count="%(count)s") for kind, text in MORE.items()})
    except Loop:
        return None


def _from_afar(found: Dossier, drawn: set[str], known: set[str]) -> list[Edge]:
    """Forward from a lot or batch, what lies between a slip and it is not drawn: one line stands for the way."""
    if found.direction != "forward":
        return []
    first = f"batch:{found.start.id}"
    if found.start.kind is Kind.LOT:
        first = next((f"batch:{lot.batch_id}" for lot in found.lots if lot.id == found.start.id), "")
    slips = [f"slip:{one.slip.id}" for one in found.slips]
    return [Edge(slip, first) for slip in slips if slip not in drawn and first in known]


def _nodes(found: Dossier) -> list[Node]:
    nodes = [
        Node(f"slip:{one.slip.id}", "slip", one.slip.number, one.slip.producer_name,
             url_for("trace_slips.slip", slip_id=one.slip.id))
        for one in found.slips
    ]  # fmt: skip
    nodes += [Node(f"material:{name}", "material", name, _("mua vào")) for name, _grams in found.materials]
    batches = {lot.batch_id: lot.batch_code for lot in found.lots if lot.batch_id is not None}
    nodes += [
        Node(f"batch:{key}", "batch", code, _("mẻ"), url_for("trace_batches.batch", batch_id=key))
        for key, code in batches.items()
    ]
    nodes += [
        Node(f"lot:{lot.id}", "lot", lot.code, lot.product, f"/manage/lots/{lot.id}") for lot in found.lots
    ]
    orders = {one.order_id: one for one in found.orders}
    nodes += [
        Node(f"order:{key}", "order", one.code, one.place, url_for("orders.order", order_id=key))
        for key, one in orders.items()
    ]
    return nodes
