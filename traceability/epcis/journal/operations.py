"""Saying something about an event afterwards: that it was wrong, what was measured, which paper covers it."""

from datetime import datetime
from urllib.parse import quote

from flask import current_app

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Certificate
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from traceability.epcis.exchange.operations import cooperative_of
from traceability.epcis.journal import queries
from traceability.epcis.journal.rules import check_open, check_reading, goods_again
from traceability.epcis.journal.words import REASONS
from traceability.epcis.models import EpcisEvent
from traceability.epcis.operations import declare_wrong, record
from traceability.epcis.rules import OF_ONE_FAMILY, Goods, Step, sensed


def correct(actor: Actor, event_id: int, reason: str, corrected_by: int | None = None) -> int:
    """Declare an event of one's cooperative an error; the row of the declaration.

    The event stays, and so does what it did to stock: what moved goods is put right by its own verb. reason: a word of
    CBV 2.0 section 7.5. corrected_by: the row of the event that says it right. Raises Conflict for one that was
    declared before, or that has a verb of its own (a slip is voided).
    """
    actor.must_be(Role.MANAGER)
    row = queries.event_of(cooperative_of(actor), event_id, lock=True)
    if reason not in REASONS:
        raise Invalid(N_("Chọn sai chỗ nào."), field="reason")
    if row.step in OF_ONE_FAMILY:
        raise Conflict(
            N_("Phiếu cân có cách đính chính riêng."), remedy=N_("Mở phiếu rồi huỷ phiếu, ghi lý do.")
        )
    if queries.declared_wrong(row):
        raise Conflict(N_("Việc này đã đính chính rồi."), remedy=N_("Mở lại trang để xem."))
    right = (
        [str(queries.event_of(row.cooperative_id, corrected_by).document["eventID"])] if corrected_by else []
    )
    if corrected_by == event_id:
        raise Invalid(N_("Việc đúng phải là việc khác."), field="corrected_by")
    made = declare_wrong(event_id, at=clock.now(), step=Step(row.step), reason=reason, corrected_by=right)
    audit(actor, "declare_event_wrong", f"event:{event_id}", fields=("reason", "corrected_by"))
    return made


def add_reading(actor: Actor, event_id: int, kind: str, value: int, at: datetime) -> int:
    """Lay a reading beside an event: a further event of the same goods, with its sensor element; its row.

    kind: a measurement type of GS1's vocabulary (`rules.GAUGES`). value: whole, in that gauge's unit. at: when it was
    read. Raises Invalid for a moment still to come, Conflict for an event of one family or one declared wrong.
    """
    actor.must_be(Role.MANAGER)
    row, goods = _open_event(actor, event_id)
    gauge = check_reading(kind, value)
    if at > clock.now():
        raise Invalid(N_("Giờ đo chưa tới."), remedy=N_("Ghi giờ đã đo."), field="at")
    made = record(
        Step.SENSED, cooperative_id=row.cooperative_id, at=at, goods=goods, subject=row.subject,
        sensors=[sensed(kind, value, gauge.unit, at)], about=str(row.document["eventID"]),
    )  # fmt: skip
    audit(actor, "add_reading", f"event:{event_id}", fields=("kind", "value"))
    return made


def add_paper(actor: Actor, event_id: int, certificate_id: int) -> int:
    """Lay a paper beside an event whose goods it covers, as certificationInfo of a further event; its row.

    Raises NotFound for a paper of another cooperative, or one that did not hold on the event's day.
    """
    actor.must_be(Role.MANAGER)
    row, goods = _open_event(actor, event_id)
    lots = [lot_id for lot_id, _code in queries.lots_of(row.id)]
    fitting = dict(queries.papers_for(row.cooperative_id, lots, clock.day_of(row.at)))
    if certificate_id not in fitting:
        raise NotFound(N_("Giấy này không còn hạn ngày ấy, hoặc không phải của món này."))
    paper = db.session.get_one(Certificate, certificate_id)
    name = f"{current_app.config['BASE_URL']}/id/certificate/{paper.kind}/{quote(paper.number, safe='')}"
    made = record(
        Step.CERTIFIED, cooperative_id=row.cooperative_id, at=clock.now(), goods=goods, subject=row.subject,
        certificates=[name], about=str(row.document["eventID"]),
    )  # fmt: skip
    audit(actor, "add_paper_to_event", f"event:{event_id}", fields=("certificate_id",))
    return made


def _open_event(actor: Actor, event_id: int) -> tuple[EpcisEvent, list[Goods]]:
    row = queries.event_of(cooperative_of(actor), event_id)
    check_open(row.step)
    if queries.declared_wrong(row):
        raise Conflict(N_("Việc này đã đính chính rồi."), remedy=N_("Gắn vào việc ghi đúng."))
    lots = {code: lot_id for lot_id, code in queries.lots_of(row.id)}
    return row, goods_again(row.document, current_app.config["BASE_URL"], lots)
