"""Reads: what we know of a lot or a product, by the keys that a mapping may name. Nothing closed unless asked for."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from catalog.models import Pack, Photo, Product
from catalog.queries import PICTURE, picture
from catalog.rules import CERTIFICATE_NAMES, CertificateKind, GtinKind, PhotoState, is_valid_on
from cooperatives.public import sellers
from core import clock
from core.clock import day_of
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from office.passports.rules import FieldSet, Record, Value, chosen, document, parse, record
from orders.models import Allocation, Order, OrderLine, Purchase
from places.models import Unit
from traceability.batches.queries import graph_behind
from traceability.labels.rules import net_text
from traceability.models import Lot, Movement, Slip
from traceability.numbers.queries import place_of
from traceability.papers.queries import papers_of_lot
from traceability.public import Origin, OriginStep
from traceability.queries import origin_of

DATA = Path(__file__).resolve().parent / "data"
PACKS_MOST = 50
STEPS = {"harvested": "thu hoạch", "made": "làm ra", "packed": "đóng gói", "recalled": "thu hồi"}


@cache
def field_sets() -> dict[str, FieldSet]:
    """Every mapping that is shipped, by id."""
    files = [path for path in sorted(DATA.glob("*.json")) if path.name != "schema.json"]
    return {one.id: one for one in (parse(json.loads(path.read_text("utf-8"))) for path in files)}


def field_set(name: str) -> FieldSet:
    """A mapping by id. Raises NotFound."""
    found = field_sets().get(name)
    if found is None:
        raise NotFound(N_("Không có bộ trường này."))
    return found


def lot_document(
    cooperative_id: int, lot_id: int, asked: FieldSet, *, closed: bool = False
) -> dict[str, Any]:
    """A lot of a cooperative, a record for each pack it was put into. Raises NotFound for another's, and unpacked."""
    lot = db.session.get(Lot, lot_id)
    if lot is None or lot.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có lô này."))
    packed = (
        select(Movement.pack_id).where(Movement.lot_id == lot.id, Movement.pack_id.is_not(None)).distinct()
    )
    packs = _packs(Pack.id.in_(packed))
    if not packs:
        raise NotFound(N_("Lô này chưa đóng gói."), remedy=N_("Đóng gói lô rồi mở lại trang này."))
    origin, shared = origin_of(lot.id), _of_product(cooperative_id, lot.product_id)
    fields = chosen(asked, lot=True, closed=closed)
    shared |= _of_lot(lot, origin) | {
        "papers.valid": _papers(papers_of_lot(lot.id, lot.product_id, cooperative_id))
    }
    if closed:
        shared |= {"closed.slips": _slips(lot.id), "closed.orders": _orders(lot.id)}
    rows = [record(f"lot:{lot.code}:{one.gtin}", fields, shared | _of_pack(one, lot.code)) for one in packs]
    return _document(asked, rows, closed=closed)


def product_document(cooperative_id: int, product_id: int, asked: FieldSet) -> dict[str, Any]:
    """A product of a cooperative, a record for each active pack. Raises NotFound for another's, and without packs."""
    product = db.session.get(Product, product_id)
    packs = _packs(Pack.product_id == product_id, Pack.active) if product else []
    if product is None or product.cooperative_id != cooperative_id or not packs:
        raise NotFound(N_("Không có món này."))
    shared = _of_product(cooperative_id, product_id) | _of_newest(product_id)
    shared["papers.valid"] = _papers(papers_of_lot(0, product_id, cooperative_id))
    fields = chosen(asked, lot=False, closed=False)
    return _document(asked, [record(f"product:{one.gtin}", fields, shared | _of_pack(one, "")) for one in packs],
                     closed=False)  # fmt: skip


def _document(asked: FieldSet, rows: list[Record], *, closed: bool) -> dict[str, Any]:
    return document(asked, rows, clock.now(), closed=closed, demo=bool(current_app.config["DEMO"]))


def _packs(*where: Any) -> list[Pack]:
    return list(
        db.session.execute(
            select(Pack).where(*where).order_by(Pack.position, Pack.id).limit(PACKS_MOST)
        ).scalars()
    )


def _of_pack(pack: Pack, lot_code: str) -> dict[str, Value]:
    path = f"/01/{pack.gtin}" + (
        f"/10/{lot_code}" if lot_code else ""
    )  # codes are 0-9 A-Z and -: nothing to escape
    return {
        "product.gtin": pack.gtin, "product.gtin_restricted": pack.gtin_kind == GtinKind.RESTRICTED,
        "product.net": net_text(pack.net_quantity, pack.net_unit),
        "trace.item": f"{current_app.config['BASE_URL']}{path}",
    }  # fmt: skip


def _of_product(cooperative_id: int, product_id: int) -> dict[str, Value]:
    product, seller = db.session.get_one(Product, product_id), sellers({cooperative_id})[cooperative_id]
    gln = place_of(cooperative_id)
    return {
        "product.name": product.name, "product.image": _image(product_id), "product.ingredients": product.ingredients,
        "product.warning": product.warning, "product.brand": seller.name, "producer.name": seller.name,
        "producer.address": seller.address, "producer.number": seller.registration_number, "producer.gln": gln,
    }  # fmt: skip


def _image(product_id: int) -> str | None:
    """The address of the cover; None for a drawing, which shows no product."""
    row = db.session.execute(
        select(*PICTURE).where(Photo.product_id == product_id, Photo.state == PhotoState.READY,
                               Photo.illustration.is_(None))
        .order_by(Photo.cover.desc(), Photo.position, Photo.id).limit(1)
    ).one_or_none()  # fmt: skip
    shown = picture(row) if row else None
    return f"{current_app.config['BASE_URL']}{shown.jpeg}" if shown and shown.jpeg else None


def _of_lot(lot: Lot, origin: Origin) -> dict[str, Value]:
    return {
        "lot.code": lot.code, "lot.made_on": lot.made_on.isoformat(),
        "lot.expires_on": lot.expires_on.isoformat() if lot.expires_on else None, **_of_origin(origin),
        "trace.forward": _forward(lot.id),
        "trace.steps": [_step(one) for one in origin.steps],
    }  # fmt: skip


def _step(one: OriginStep) -> dict[str, str]:
    """A step with its days; with its months alone where a day would point at one family."""
    length = 7 if one.month_only else 10
    return {"step": STEPS.get(one.kind, one.kind), "from": one.from_on.isoformat()[:length],
            "to": one.to_on.isoformat()[:length]}  # fmt: skip


def _of_origin(origin: Origin) -> dict[str, Value]:
    """What the scan page says of where a lot comes from, and no more: see `origin_of`."""
    homes = "dưới 5 hộ" if origin.households is None else f"{origin.households} hộ"
    back = f"{homes}: {', '.join(origin.crops)}; {'; '.join(origin.places)}" if origin.has_slips else None
    return {"trace.back": back, "trace.places": list(origin.places)}


def _of_newest(product_id: int) -> dict[str, Value]:
    newest = (
        select(Lot.id)
        .where(Lot.product_id == product_id, Lot.kind == "real")
        .order_by(Lot.id.desc())
        .limit(1)
    )
    lot_id = db.session.execute(newest).scalar_one_or_none()
    if lot_id is None:
        return {}
    return _of_origin(origin_of(lot_id)) | {"trace.forward": _forward(lot_id)}


def _forward(lot_id: int) -> str | None:
    """That it left in parcels of single buyers, if it did. How many, and where to, is closed."""
    left = (
        select(Order.id).join(OrderLine, OrderLine.order_id == Order.id)
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .where(Allocation.lot_id == lot_id, Allocation.packed, Order.shipped_at.is_not(None)).limit(1)
    )  # fmt: skip
    gone = db.session.execute(left).first() is not None
    return "Bán từng kiện cho người mua trên chợ; mã từng đơn giữ trong sổ của người bán" if gone else None


def _papers(rows: list[Row[Any]]) -> list[dict[str, Any]]:
    """Papers that hold today; those that ended are not handed on as valid."""
    today = clock.today()
    return [
        {"name": CERTIFICATE_NAMES[CertificateKind(one.kind)], "number": one.number, "issuer": one.issuer,
         "from": one.valid_from.isoformat(), "to": one.valid_to.isoformat() if one.valid_to else None}
        for one in rows if is_valid_on(one.valid_from, one.valid_to, today)
    ]  # fmt: skip


def _slips(lot_id: int) -> list[dict[str, Any]]:
    """Closed: number, day and grams of each slip behind the lot; no name and no household."""
    behind = {
        one.slip_id
        for made in graph_behind(lot_id).values()
        for one in made.inputs
        if one.slip_id is not None
    }
    rows = (
        select(Slip.number, Slip.weighed_on, Slip.net_g).where(Slip.id.in_(sorted(behind))).order_by(Slip.id)
    )
    return [{"number": row.number, "on": row.weighed_on.isoformat(), "net_g": row.net_g}
            for row in db.session.execute(rows)]  # fmt: skip


def _orders(lot_id: int) -> list[dict[str, Any]]:
    """Closed: code, day of leaving, pieces and province of each order that holds the lot; no buyer."""
    commune, province = aliased(Unit), aliased(Unit)
    rows = db.session.execute(
        select(Order.code, Order.shipped_at, func.sum(Allocation.quantity).label("pieces"), province.name)
        .select_from(Allocation).join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .join(Order, Order.id == OrderLine.order_id).join(Purchase, Purchase.id == Order.purchase_id)
        .join(commune, commune.id == Purchase.commune_id).outerjoin(province, province.id == commune.parent_id)
        .where(Allocation.lot_id == lot_id, Allocation.packed, Order.shipped_at.is_not(None))
        .group_by(Order.id, Order.code, Order.shipped_at, province.name).order_by(Order.id)
    )  # fmt: skip
    return [{"order": row.code, "on": day_of(row.shipped_at).isoformat(), "pieces": int(row.pieces),
             "province": row.name} for row in rows]  # fmt: skip
