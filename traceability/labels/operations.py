"""Asking for labels, and making them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Pack
from cooperatives.queries import cooperative
from core import clock, files
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_, _
from core.text import clean
from core.work import give_back, settle
from traceability.labels import queries
from traceability.labels.composing import Unfit
from traceability.labels.composition import label
from traceability.labels.models import LabelSerial, LabelSheet
from traceability.labels.rules import LAYOUTS, QUANTITY_MAX, SAMPLE_SERIAL, Content, Layout, State
from traceability.log.rules import SALT_BYTES
from traceability.log.serials import serial
from traceability.models import Lot
from traceability.rules import LotKind, LotState

UNREADABLE = N_("Tem in ra chưa đọc được bằng máy quét nên chưa đưa ra. Chọn khổ tem lớn hơn.")
REASON_MAX_CHARS = 200
TOO_LONG: dict[str, str] = {
    "name": N_("Tên hàng dài quá khổ tem này. Rút ngắn tên, hoặc chọn khổ lớn hơn."),
    "net": N_("Lượng tịnh dài quá khổ tem này. Chọn khổ lớn hơn."),
    "lot": N_("Số lô và ngày dài quá khổ tem này. Chọn khổ lớn hơn."),
    "address": N_("Địa chỉ dài quá khổ tem này. Rút ngắn địa chỉ ở trang Hợp tác xã, hoặc chọn khổ lớn hơn."),
    "ingredients": N_("Thành phần dài quá khổ tem này. Rút ngắn ở trang Hàng, hoặc chọn khổ lớn hơn."),
    "storage": N_("Cách giữ hàng dài quá khổ tem này. Rút ngắn ở trang Hàng, hoặc chọn khổ lớn hơn."),
    "usage": N_("Cách dùng dài quá khổ tem này. Rút ngắn ở trang Hàng, hoặc chọn khổ lớn hơn."),
    "warning": N_("Lưu ý dài quá khổ tem này. Rút ngắn ở trang Hàng, hoặc chọn khổ lớn hơn."),
    "notification": N_("Số công bố dài quá khổ tem này. Chọn khổ lớn hơn."),
    "price": N_("Giá dài quá khổ tem này. In không kèm giá, hoặc chọn khổ lớn hơn."),
    "serial": N_("Số riêng dài quá khổ tem này. Chọn khổ lớn hơn."),
    "link": N_("Địa chỉ của chợ dài quá nên mã QR in ra quá mịn. Chọn khổ lớn hơn."),
}  # a law's words are never cut: the sheet is refused and the field named


@dataclass(frozen=True, slots=True)
class Again:
    """That the same labels are printed once more, and why: for which sheet's loss or damage."""

    sheet_id: int
    reason: str


def order_labels(
    actor: Actor, key: str, lot_id: int, pack_id: int, quantity: int, layout: str = "3x7", *,
    with_price: bool = False, serialised: bool = False, again: Again | None = None,
) -> LabelSheet:  # fmt: skip
    """Ask for a sheet of labels; the worker makes it. The same key gives the same sheet.

    serialised: each label gets a serial of its own, which commits to the lot's history as it stands now.

    Raises NotFound for another cooperative's lot or a pack of another product, Conflict for a recalled or planned
    lot and where the label lacks what the law asks of its goods, Invalid for a number outside 1–1000.
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
    if lacks := queries.lacking_of(lot, pack):
        raise Conflict(
            N_("Chưa in được: nhãn còn thiếu %(names)s."), remedy=N_("Điền cho đủ rồi in, luật đòi có trên nhãn."),
            names=", ".join(_(one.text).lower() for one in lacks),
        )  # fmt: skip
    content = queries.content_of(lot, pack, with_price=with_price)
    if problem := unfit(content, LAYOUTS[layout], serialised=serialised):
        raise Conflict(problem, field="layout")
    sheet = LabelSheet(key=key, lot_id=lot.id, pack_id=pack.id, quantity=quantity, layout=layout,
                       with_price=with_price, made_by_id=actor.user_id, created_at=clock.now(),
                       reprint_of_id=again.sheet_id if again else None,
                       reprint_reason=again.reason if again else "")  # fmt: skip
    db.session.add(sheet)
    db.session.flush()
    if serialised:
        _give_serials(sheet)
    audit(actor, "order_labels", f"label_sheet:{sheet.id}", fields=("lot_id", "pack_id", "quantity"))
    return sheet


def unfit(content: Content, layout: Layout, *, serialised: bool) -> str | None:
    """What does not fit on a label of this size, and what to do, as a message id; None where all fits."""
    try:
        label(content, layout, SAMPLE_SERIAL if serialised else "")
    except Unfit as error:
        return TOO_LONG.get(error.args[0], TOO_LONG["name"])
    except ValueError:
        return TOO_LONG["link"]
    return None


def _give_serials(sheet: LabelSheet) -> None:
    """A serial for each label of a sheet, counted on within the lot, whose row is held so that none comes twice."""
    db.session.execute(select(Lot.id).where(Lot.id == sheet.lot_id).with_for_update())
    leaves, history = queries.history_of(sheet.lot_id)
    if not leaves:
        raise Conflict(N_("Sổ chưa ghi việc nào của lô này nên chưa có gì để số riêng chốt vào."),
                       remedy=N_("Đóng gói lô trước, hoặc in tem chung một mã."))  # fmt: skip
    sheet.history, sheet.leaf_count = history.hex(), leaves
    last = db.session.execute(
        select(func.max(LabelSerial.counter)).where(LabelSerial.lot_id == sheet.lot_id)
    ).scalar()
    first = 0 if last is None else last + 1
    for counter in range(first, first + sheet.quantity):
        salt = secrets.token_bytes(SALT_BYTES)
        db.session.add(LabelSerial(sheet_id=sheet.id, lot_id=sheet.lot_id, serial=serial(history, salt, counter),
                                   salt=salt.hex(), counter=counter))  # fmt: skip
    db.session.flush()


def reprint(
    actor: Actor, key: str, sheet_id: int, quantity: int, reason: str, spoiled: Sequence[str] = ()
) -> LabelSheet:
    """Print labels of a sheet again, for a reason that is kept: spoiled in the printer, torn, lost.

    Labels with serials get new ones; `spoiled` are those that they replace, withdrawn for the same reason.
    Raises as `order_labels` and `void_serials`, Invalid without a reason, NotFound for another cooperative's sheet.
    """
    found = _sheet(actor, sheet_id)
    again = Again(found.id, _reason(reason))
    known = db.session.query(LabelSheet).filter_by(key=key).one_or_none()
    if spoiled and known is None:
        void_serials(actor, sheet_id, spoiled, reason)
    return order_labels(actor, key, found.lot_id, found.pack_id, quantity, found.layout, with_price=found.with_price,
                        serialised=found.serialised, again=again)  # fmt: skip


def void_serials(actor: Actor, sheet_id: int, serials: Sequence[str], reason: str) -> int:
    """Withdraw some labels of a sheet by their serials; how many were not withdrawn before. Who scans one is told so.

    Raises Invalid without a reason and for a serial that does not stand on this sheet, NotFound as `reprint`.
    """
    found, why = _sheet(actor, sheet_id), _reason(reason)
    rows = {
        one.serial: one
        for one in db.session.execute(
            select(LabelSerial).where(LabelSerial.sheet_id == found.id, LabelSerial.serial.in_(serials))
        ).scalars()
    }
    if strange := [one for one in serials if one not in rows]:
        raise Invalid(N_("Tờ tem này không có số %(serial)s."), remedy=N_("Chép đủ 16 chữ dưới mã QR, hoặc quét lại."),
                      field="serials", serial=strange[0][:40])  # fmt: skip
    fresh = [one for one in rows.values() if one.voided_at is None]
    for one in fresh:
        one.void_reason, one.voided_at, one.voided_by_id = why, clock.now(), actor.user_id
    db.session.flush()
    if fresh:
        audit(actor, "void_serials", f"label_sheet:{found.id}", fields=("void_reason",))
    return len(fresh)


def void_sheet(actor: Actor, sheet_id: int, reason: str) -> LabelSheet:
    """Withdraw a sheet: its labels count no more; once every sheet of a lot and pack is withdrawn, whoever scans one is
    told so. A second time changes nothing. Raises Invalid without a reason.
    """
    found = _sheet(actor, sheet_id)
    if found.voided_at is None:
        found.void_reason, found.voided_at, found.voided_by_id = _reason(reason), clock.now(), actor.user_id
        db.session.flush()
        audit(actor, "void_labels", f"label_sheet:{found.id}", fields=("void_reason",))
    return found


def _sheet(actor: Actor, sheet_id: int) -> LabelSheet:
    actor.must_be(Role.MANAGER, Role.DIGITAL_TEAM)
    found = db.session.get(LabelSheet, sheet_id)
    lot = db.session.get(Lot, found.lot_id) if found else None
    owner = cooperative(lot.cooperative_id).organisation_id if lot else None
    if found is None or owner is None or (actor.role is not Role.SYSTEM and actor.organisation_id != owner):
        raise NotFound(N_("Không có tờ tem này."), remedy=N_("Mở lại trang In tem của lô."))
    return found


def _reason(text: str) -> str:
    """Why, in a few words. Raises Invalid."""
    reason = clean(text)[:REASON_MAX_CHARS]
    if not reason:
        raise Invalid(N_("Viết lý do, ví dụ: máy in kẹt giấy, hỏng 6 tem."), field="reason")
    return reason


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
    from traceability.labels.reading import Unreadable, check, expected

    sheet = db.session.get_one(LabelSheet, sheet_id)
    lot, pack = db.session.get_one(Lot, sheet.lot_id), db.session.get_one(Pack, sheet.pack_id)
    content = queries.content_of(lot, pack, with_price=sheet.with_price)
    quantity, layout = sheet.quantity, LAYOUTS[sheet.layout]
    serials = queries.serials_of(sheet_id) if sheet.serialised else []
    db.session.rollback()
    try:
        pdf = draw(content, quantity, layout, serials)
        check(pdf, [expected(content, layout, one) for one in serials or [""] * quantity], layout.per_page)
    except Unfit as error:
        text = TOO_LONG.get(error.args[0], TOO_LONG["name"])
        give_back(LabelSheet, sheet_id, error, dead=True, state=State.FAILED, problem=text)
        return
    except (Unreadable, ValueError) as error:  # ValueError: the address is too long for this size
        give_back(LabelSheet, sheet_id, error, dead=True, state=State.FAILED, problem=UNREADABLE)
        return
    name = files.put(pdf, ".pdf")
    with transaction():
        settle(LabelSheet, sheet_id, state=State.READY, file=name)
