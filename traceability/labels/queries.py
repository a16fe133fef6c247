"""Reads of sheets, and what one of their labels says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, func, select

from catalog.models import Category, Pack, Product
from catalog.rules import GtinKind, Kind
from cooperatives.models import Cooperative
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_
from places.queries import place_name
from traceability.epcis.models import EpcisEvent, EventLot
from traceability.epcis.rules import OF_ONE_PARCEL
from traceability.gs1.links import printed_link
from traceability.labels.fields import Lacking, lacking
from traceability.labels.models import LabelSerial, LabelSheet
from traceability.labels.rules import Content, SerialState, net_text
from traceability.log.models import LogLeaf
from traceability.log.serials import history_root
from traceability.models import Lot, Stock
from traceability.stock.queries import PIECE

SHEETS_SHOWN = 20


@dataclass(frozen=True)
class SheetLine:
    """A sheet as the list shows it."""

    id: int
    pack_label: str
    quantity: int
    layout: str
    state: str
    problem: str | None
    created_at: datetime
    reprint_reason: str = ""
    void_reason: str = ""
    serialised: bool = False


def sheets_of(lot_id: int) -> list[SheetLine]:
    """The newest sheets of a lot."""
    rows = db.session.execute(
        select(LabelSheet.id, Pack.label, LabelSheet.quantity, LabelSheet.layout, LabelSheet.state, LabelSheet.problem,
               LabelSheet.created_at, LabelSheet.reprint_reason, LabelSheet.void_reason,
               LabelSheet.history.is_not(None))
        .join(Pack, Pack.id == LabelSheet.pack_id).where(LabelSheet.lot_id == lot_id)
        .order_by(LabelSheet.id.desc()).limit(SHEETS_SHOWN)
    ).all()  # fmt: skip
    return [SheetLine(*row) for row in rows]


@cache
def _sheets_and_void() -> Select[Any]:
    return select(func.count(), func.count(LabelSheet.voided_at)).where(
        LabelSheet.lot_id == bindparam("lot"), LabelSheet.pack_id == bindparam("pack"), LabelSheet.state == "ready"
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SerialFact:
    """A serial that was printed. printed_at: when it was made; leaf_count: how many of the lot's events it seals."""

    serial: str
    state: SerialState
    printed_at: datetime
    leaf_count: int
    counter: int
    salt: str
    history: str


@cache
def _serial() -> Select[Any]:
    return (
        select(LabelSerial.counter, LabelSerial.salt, LabelSerial.voided_at, LabelSheet.voided_at.label("sheet_void"),
               LabelSheet.created_at, LabelSheet.leaf_count, LabelSheet.history, LabelSheet.pack_id)
        .join(LabelSheet, LabelSheet.id == LabelSerial.sheet_id)
        .where(LabelSerial.serial == bindparam("serial"), LabelSerial.lot_id == bindparam("lot"))
    )  # fmt: skip


def serial_fact(lot_id: int, pack_id: int, serial: str) -> SerialFact | None:
    """What the book has of a serial on this lot and pack; None where nobody here printed it. One statement."""
    row = run(_serial(), {"serial": serial, "lot": lot_id}).one_or_none()
    if row is None or row.pack_id != pack_id:
        return None
    void = row.voided_at is not None or row.sheet_void is not None
    return SerialFact(serial, SerialState.VOID if void else SerialState.PRINTED, row.created_at, row.leaf_count,
                      row.counter, row.salt, row.history)  # fmt: skip


def printed_serials(pairs: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Of these lots' serials, those that were printed here."""
    asked = set(pairs)
    rows = db.session.execute(
        select(LabelSerial.lot_id, LabelSerial.serial).where(
            LabelSerial.serial.in_(sorted({serial for _lot, serial in asked}))
        )
    )
    return {(row[0], row[1]) for row in rows} & asked


def history_of(lot_id: int) -> tuple[int, bytes]:
    """A lot's events so far but those of buyers' parcels, in the log's order: how many, and the root over their leaves.

    Later events only come after these, so whoever has the events can make the same root again from the first so many.
    """
    leaves = db.session.execute(
        select(LogLeaf.leaf_hash).join(EpcisEvent, EpcisEvent.leaf_id == LogLeaf.id)
        .join(EventLot, EventLot.event_id == EpcisEvent.id)
        .where(EventLot.lot_id == lot_id, EpcisEvent.step.not_in(OF_ONE_PARCEL)).order_by(LogLeaf.seq)
    ).scalars().all()  # fmt: skip
    return len(leaves), history_root([bytes.fromhex(one) for one in leaves])


def serials_of(sheet_id: int) -> list[str]:
    """The serials on a sheet, in the order of its labels."""
    rows = select(LabelSerial.serial).where(LabelSerial.sheet_id == sheet_id).order_by(LabelSerial.counter)
    return list(db.session.execute(rows).scalars())


def void_serials_of(sheet_id: int) -> list[tuple[str, str]]:
    """Labels of a sheet that were withdrawn one by one: serial and reason."""
    rows = db.session.execute(
        select(LabelSerial.serial, LabelSerial.void_reason)
        .where(LabelSerial.sheet_id == sheet_id, LabelSerial.voided_at.is_not(None))
        .order_by(LabelSerial.counter)
    )
    return [(row[0], row[1]) for row in rows]


def all_void(lot_id: int, pack_id: int) -> bool:
    """Whether labels of this lot and pack were printed and every sheet of them was withdrawn since."""
    made, void = run(_sheets_and_void(), {"lot": lot_id, "pack": pack_id}).one()
    return bool(made) and made == void


def packs_of(lot: Lot) -> list[tuple[int, str, int]]:
    """The packs of a lot's product as (id, label, pieces of this lot on hand), those with pieces first.

    Of goods weighed at packing: as many as the grams are enough for, the heaviest of the band for each.
    """
    held = func.coalesce(func.sum(Stock.on_hand // PIECE), 0)
    rows = db.session.execute(
        select(Pack.id, Pack.label, held)
        .outerjoin(Stock, (Stock.pack_id == Pack.id) & (Stock.lot_id == lot.id))
        .where(Pack.product_id == lot.product_id, Pack.active)
        .group_by(Pack.id, Pack.label, Pack.position).order_by((held > 0).desc(), Pack.position, Pack.id)
    ).all()  # fmt: skip
    return [(row[0], row[1], int(row[2])) for row in rows]


def sheet_of(cooperative_id: int, sheet_id: int) -> LabelSheet:
    """A sheet of this cooperative. Raises NotFound for another's as well."""
    found = db.session.execute(
        select(LabelSheet).join(Lot, Lot.id == LabelSheet.lot_id)
        .where(LabelSheet.id == sheet_id, Lot.cooperative_id == cooperative_id)
    ).scalar_one_or_none()  # fmt: skip
    if found is None:
        raise NotFound(N_("Không có tờ tem này."), remedy=N_("Mở lại trang In tem của lô."))
    return found


def content_of(lot: Lot, pack: Pack, *, with_price: bool) -> Content:
    """What a label of a pack of a lot says."""
    product = db.session.get_one(Product, lot.product_id)
    seller = db.session.get_one(Cooperative, lot.cooperative_id)
    place = place_name(seller.commune_id).full
    config = current_app.config
    return Content(
        name=product.name, pack=pack.label.lower(), net=_net_of(pack), gtin=pack.gtin,
        restricted=pack.gtin_kind == GtinKind.RESTRICTED, link=printed_link(config["BASE_URL"], pack.gtin, lot.code),
        lot=lot.code, made_on=lot.made_on, expires_on=lot.expires_on, cooperative=seller.name,
        address=", ".join(part for part in (seller.address_line, place) if part),
        ingredients=product.ingredients, storage=product.storage, usage=product.usage, warning=product.warning,
        notification=product.notification_number,
        price=_price_of(pack) if with_price else "",
        demo=bool(config["DEMO"]) or seller.is_demo,
    )  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """What the labels of a pack will say, and what they lack."""

    content: Content
    lacking: list[Lacking]


def preview(lot: Lot, pack_id: str | None) -> Preview | None:
    """The words of the labels of the chosen pack; None where no pack of this product is chosen."""
    pack = db.session.get(Pack, int(pack_id)) if pack_id and pack_id.isdecimal() else None
    if pack is None or pack.product_id != lot.product_id:
        return None
    return Preview(content_of(lot, pack, with_price=True), lacking_of(lot, pack))


def lacking_of(lot: Lot, pack: Pack) -> list[Lacking]:
    """What the law asks of this pack's label and nobody has filled in."""
    kind = db.session.execute(
        select(Category.kind)
        .join(Product, Product.category_id == Category.id)
        .where(Product.id == lot.product_id)
    ).scalar_one_or_none()
    return lacking(content_of(lot, pack, with_price=False), Kind(kind) if kind else Kind.FOOD)


def _net_of(pack: Pack) -> str:
    """The net quantity; of goods weighed at packing, room to write what the scale said, since no two are alike."""
    if pack.price_per_kg_vnd is None:
        return net_text(pack.net_quantity, pack.net_unit)
    return "............ kg (cân khi gói)"


def _price_of(pack: Pack) -> str:
    per_kg = pack.price_per_kg_vnd
    return f"{per_kg or pack.price_vnd:,} đ".replace(",", ".") + ("/kg" if per_kg else "")
