"""Events of packs that were taken out of the store for an order: sent, arrived, sold, or lost on the road."""

from collections.abc import Sequence

from sqlalchemy import bindparam, case, func, or_, select

from catalog.models import Pack
from core import clock
from core.db import run
from traceability.epcis.operations import record
from traceability.epcis.rules import Goods, Step, packs
from traceability.models import Lot, Movement
from traceability.rules import MovementKind
from traceability.stock.operations import lock_pack
from traceability.stock.queries import WEIGHED

AT_BUYERS = frozenset({Step.RECEIVED, Step.SOLD})  # no place is told: it is somebody's home
_OUT = (
    select(Movement.lot_id, Pack.gtin, Lot.code, func.sum(-Movement.on_hand_change).label("out"),
           func.max(case((WEIGHED, "g"), else_="pcs")).label("unit"))
    .join(Pack, Pack.id == Movement.pack_id).join(Lot, Lot.id == Movement.lot_id)
    .where(Movement.ref.in_(bindparam("refs", expanding=True)),
           or_(Movement.kind == MovementKind.SOLD, Movement.kind == MovementKind.RETURNED))
    .group_by(Movement.lot_id, Pack.gtin, Lot.code).order_by(Movement.lot_id, Pack.gtin)
)  # fmt: skip


def out_of_store(refs: Sequence[str]) -> list[Goods]:
    """What was packed under these references and did not come back, by lot and barcode. One query."""
    rows = run(_OUT, {"refs": list(refs)}).all() if refs else []
    return [packs(row.lot_id, row.gtin, row.code, int(row.out), row.unit) for row in rows if row.out > 0]


def tell_parcel(
    steps: Sequence[Step], cooperative_id: int, order_code: str, refs: Sequence[str], subject: str
) -> list[int]:
    """Write what happened to the packs of an order, one event a step; the rows' ids, none where nothing is out.

    refs: how stock movements name its lines. Of the order only a keyed hash of its code is told, of the buyer nothing.
    The last thing that a verb does: the log is held from here until the transaction ends.
    """
    goods, now = out_of_store(refs), clock.now()
    if not goods:
        return []
    return [
        record(step, cooperative_id=cooperative_id, at=now, goods=goods, subject=subject, order_code=order_code,
               at_buyers=step in AT_BUYERS)
        for step in steps
    ]  # fmt: skip


def hold_packs(pack_ids: Sequence[int]) -> None:
    """Hold all stock of several packs, ascending, before the first of them is told to the log.

    Else one who holds the log waits for a pack whose holder waits for the log (PostgreSQL would end one of them).
    """
    for pack_id in sorted(set(pack_ids)):
        lock_pack(pack_id)
