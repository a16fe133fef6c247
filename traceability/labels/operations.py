"""Asking for labels, and making them."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Pack
from catalog.rules import ean13
from cooperatives.queries import cooperative
from core import clock, files
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.work import give_back, settle
from traceability.labels import queries
from traceability.labels.models import LabelSheet
from traceability.labels.rules import LAYOUTS, QUANTITY_MAX, State
from traceability.models import Lot
from traceability.rules import LotKind, LotState

UNREADABLE = N_("Tem in ra chưa đọc được bằng máy quét nên chưa đưa ra. Chọn khổ tem lớn hơn.")


def order_labels(actor: Actor, key: str, lot_id: int, pack_id: int, quantity: int, layout: str = "3x7", *,
                 with_price: bool = False) -> LabelSheet:  # fmt: skip
    """Ask for a sheet of labels; the worker makes it. The same key gives the same sheet.

    Raises NotFound for another cooperative's lot or a pack of another product, Conflict for a recalled or planned
    lot, Invalid for a number outside 1–1000.
    """
    actor.must_be(Role.MANAGER, Role.DIGITAL_TEAM)
    lot = _lot(actor, lot_id)
    pack = db.session.get(Pack, pack_id)
    if pack is None or pack.product_id != lot.product_id:
        raise NotFound(N_("Quy cách này không thuộc lô."), remedy=N_("Chọn quy cách của món hàng trong lô."))
    if not 1 <= quantity <= QUANTITY_MAX:
        raise Invalid(N_("Số tem từ 1 đến %(most)s."), remedy=N_("Cần nhiều hơn thì in thêm lần nữa."),
                      field="quantity", most=QUANTITY_MAX)  # fmt: skip
    if layout not in LAYOUTS:
        raise Invalid(N_("Chọn một khổ tem."), field="layout")
    known = db.session.query(LabelSheet).filter_by(key=key).one_or_none()
    if known is not None:
        return known
    sheet = LabelSheet(key=key, lot_id=lot.id, pack_id=pack.id, quantity=quantity, layout=layout,
                       with_price=with_price, made_by_id=actor.user_id, created_at=clock.now())  # fmt: skip
    db.session.add(sheet)
    db.session.flush()
    audit(actor, "order_labels", f"label_sheet:{sheet.id}", fields=("lot_id", "pack_id", "quantity"))
    return sheet


def _lot(actor: Actor, lot_id: int) -> Lot:
    lot = db.session.get(Lot, lot_id)
    owner = cooperative(lot.cooperative_id).organisation_id if lot else None
    if lot is None or owner is None or (actor.role is not Role.SYSTEM and actor.organisation_id != owner):
        raise NotFound(N_("Không có lô này."), remedy=N_("Xem lại danh sách lô."))
    if lot.state == LotState.RECALLED:
        raise Conflict(N_("Lô này đã thu hồi nên không in tem."), remedy=N_("Xem lý do ở trang của lô."))
    if lot.kind == LotKind.PLANNED:
        raise Conflict(N_("Lô này mới là dự kiến."), remedy=N_("Đóng gói xong rồi in tem."))
    return lot


def make_sheet(sheet_id: int) -> None:
    """Draw a claimed sheet, read every symbol back, and only then offer it. Drawing stands outside any transaction."""
    from traceability.labels.drawing import draw  # 40 MB that only the worker needs
    from traceability.labels.reading import Unreadable, check

    sheet = db.session.get_one(LabelSheet, sheet_id)
    lot, pack = db.session.get_one(Lot, sheet.lot_id), db.session.get_one(Pack, sheet.pack_id)
    content = queries.content_of(lot, pack, with_price=sheet.with_price)
    quantity, layout = sheet.quantity, LAYOUTS[sheet.layout]
    db.session.rollback()
    try:
        pdf = draw(content, quantity, layout)
        check(pdf, ean13=ean13(content.gtin), link=content.link, quantity=quantity, per_page=layout.per_page)
    except (Unreadable, ValueError) as error:  # ValueError: the address is too long for this size
        give_back(LabelSheet, sheet_id, error, dead=True, state=State.FAILED, problem=UNREADABLE)
        return
    name = files.put(pdf, ".pdf")
    with transaction():
        settle(LabelSheet, sheet_id, state=State.READY, file=name)
