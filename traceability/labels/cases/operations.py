"""Asking for a case label, and making it."""

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.queries import cooperative
from core import clock, files
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from core.work import give_back, settle
from traceability.labels.cases import queries
from traceability.labels.cases.models import CaseLabel
from traceability.labels.cases.rules import COPIES_MAX, LAYOUTS, Case, CaseLayout, address, label, symbols
from traceability.labels.composing import Unfit
from traceability.labels.rules import State
from traceability.numbers.models import LogisticUnit

UNREADABLE = N_("Nhãn in ra chưa đọc được bằng máy quét nên chưa đưa ra. Báo cho chợ.")
TOO_LONG: dict[str, str] = {
    "seller": N_("Tên hoặc địa chỉ hợp tác xã dài quá nhãn kiện. Rút ngắn ở trang Hợp tác xã."),
    "contents": N_("Trong kiện nhiều thứ hoặc tên dài quá nhãn. Chọn khổ A4, hoặc chia làm hai kiện."),
    "number": N_("Mã kiện dài quá nhãn. Chọn khổ A4."),
}


def unfit(case: Case, layout: CaseLayout) -> str | None:
    """What does not fit on a label of this size, as a message id; None where all fits."""
    try:
        label(case, layout)
    except Unfit as error:
        return TOO_LONG.get(error.args[0], TOO_LONG["contents"])
    except ValueError:
        return TOO_LONG["number"]
    return None


def order_case_label(
    actor: Actor, key: str, unit_id: int, layout: str, copies: int, reason: str = ""
) -> CaseLabel:
    """Ask for a unit's label; the worker makes it. The same key prints once; printing again needs a reason, kept.

    Raises NotFound for another cooperative's unit, Invalid, and Conflict where the words do not fit.
    """
    actor.must_be(Role.MANAGER, Role.DIGITAL_TEAM)
    unit = db.session.get(LogisticUnit, unit_id)
    owner = cooperative(unit.cooperative_id).organisation_id if unit else None
    if unit is None or owner is None or (actor.role is not Role.SYSTEM and actor.organisation_id != owner):
        raise NotFound(N_("Không có kiện này."), remedy=N_("Xem lại danh sách kiện."))
    known = db.session.execute(select(CaseLabel).where(CaseLabel.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    if unit.voided_at is not None:
        raise Conflict(N_("Kiện này đã huỷ nên không in nhãn."), remedy=N_("Đóng kiện mới, mã mới."))
    if not 1 <= copies <= COPIES_MAX:
        raise Invalid(N_("In từ 1 đến %(most)s nhãn."), field="copies", most=COPIES_MAX)
    if layout not in LAYOUTS:
        raise Invalid(N_("Chọn một khổ nhãn."), field="layout")
    printed = db.session.execute(select(CaseLabel.id).where(CaseLabel.unit_id == unit_id).limit(1)).first()
    if printed and not clean(reason):
        raise Invalid(N_("Kiện này đã in nhãn. Viết vì sao in lại, ví dụ: nhãn rách."), field="reason")
    if problem := unfit(queries.case_of(unit), LAYOUTS[layout]):
        raise Conflict(problem, field="layout")
    made = CaseLabel(key=key, unit_id=unit_id, layout=layout, copies=copies, created_at=clock.now(),
                     reprint_reason=clean(reason)[:200] if printed else "", made_by_id=actor.user_id)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "order_case_label", f"unit:{unit_id}", fields=("layout", "copies"))
    return made


def make_case_label(label_id: int) -> None:
    """Draw a claimed label, read every symbol back, and only then offer it. Drawing stands outside any transaction."""
    from traceability.labels.drawing import Paper, print_labels  # 40 MB that only the worker needs
    from traceability.labels.reading import GS1_128, QR, Unreadable, check

    asked = db.session.get_one(CaseLabel, label_id)
    case, layout = queries.case_of(db.session.get_one(LogisticUnit, asked.unit_id)), LAYOUTS[asked.layout]
    copies = asked.copies
    db.session.rollback()
    try:
        marks = label(case, layout)
        pdf = print_labels([marks] * copies, Paper(layout.page_mm, 1, layout.rows), case.number, case.made_on)
        wanted = [(QR, address(case)), *((GS1_128, data[1:]) for data, _text in symbols(case, layout))]
        check(pdf, [wanted] * copies, layout.rows)
    except (Unfit, Unreadable, ValueError) as error:
        text = TOO_LONG.get(error.args[0], UNREADABLE) if isinstance(error, Unfit) else UNREADABLE
        give_back(CaseLabel, label_id, error, dead=True, state=State.FAILED, problem=text)
        return
    name = files.put(pdf, ".pdf")
    with transaction():
        settle(CaseLabel, label_id, state=State.READY, file=name)
