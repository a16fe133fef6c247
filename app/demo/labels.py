"""Labels with serials, one of them spoiled and withdrawn, and a case with its label. Drawn by the worker; no money."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from catalog.models import Pack
from core.db import db
from traceability.labels.cases.operations import order_case_label
from traceability.labels.operations import order_labels, reprint, unfit
from traceability.labels.queries import content_of, lacking_of, serials_of
from traceability.labels.rules import LAYOUTS
from traceability.models import Lot, Stock
from traceability.numbers.operations import make_unit
from traceability.rules import LotState, Place

LABELS, CASE = 8, 6


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """The first two cooperatives print for their newest lot."""
    for stall in cast.stalls[:2]:
        yield end - timedelta(days=1, hours=2), Step(_print, stall)


def _print(stall: Stall) -> None:
    """Eight labels, one spoiled in the printer and printed again; a case of six packs."""
    shelves = db.session.execute(
        select(Lot, Pack).join(Stock, Stock.lot_id == Lot.id).join(Pack, Pack.id == Stock.pack_id)
        .where(Lot.cooperative_id == stall.cooperative_id, Lot.state == LotState.OPEN, Lot.kind == "real",
               Stock.place == Place.STORE, Stock.on_hand >= CASE, Pack.price_per_kg_vnd.is_(None))
        .order_by(Lot.id.desc(), Pack.id)
    ).all()  # fmt: skip
    for lot, pack in shelves:
        content = content_of(lot, pack, with_price=False)
        if lacking_of(lot, pack) or unfit(content, LAYOUTS["2x4"], serialised=True):
            continue
        sheet = order_labels(
            stall.manager, f"demo-labels-{lot.id}", lot.id, pack.id, LABELS, "2x4", serialised=True
        )
        spoiled = serials_of(sheet.id)[:1]
        reprint(stall.manager, f"demo-again-{lot.id}", sheet.id, 1, "Máy in kẹt giấy, nhoè một tem", spoiled)
        unit = make_unit(stall.manager, f"demo-case-{lot.id}", [(lot.id, pack.id, CASE)])
        order_case_label(stall.manager, f"demo-case-label-{lot.id}", unit.id, "roll-100x150", 1)
        return
