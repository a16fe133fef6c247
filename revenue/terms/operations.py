"""The hours that a batch took, while it is open."""

from sqlalchemy import delete, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from revenue.terms.models import WorkHours
from traceability.batches import queries as batches
from traceability.rules import BatchState
from traceability.slips.operations import serve

MINUTES_MAX = 60_000


def write_hours(actor: Actor, batch_id: int, producer_id: int, minutes: int) -> None:
    """Say how long a producer worked on an open batch; 0 takes it back. The same again changes nothing.

    Raises Conflict once the batch is closed (its sales are shared by these hours), NotFound for another cooperative's.
    """
    actor.must_be(Role.MANAGER)
    batch = batches.locked(batch_id)
    serve(actor, batch.cooperative_id)
    if batch.state != BatchState.OPEN:
        raise Conflict(
            N_("Mẻ %(code)s đã đóng, giờ công không đổi được nữa."),
            remedy=N_("Ghi giờ công trước khi đóng mẻ."), code=batch.code,
        )  # fmt: skip
    who = cooperatives.producer(producer_id)
    if who.cooperative_id != batch.cooperative_id:
        raise NotFound(N_("Không có người này trong sổ."), remedy=N_("Chọn lại trong danh sách."))
    if not 0 <= minutes <= MINUTES_MAX:
        raise Invalid(N_("Giờ công của một mẻ nhiều nhất 1.000 giờ."), field="hours")
    mine = (WorkHours.batch_id == batch_id, WorkHours.producer_id == producer_id)
    row = db.session.execute(select(WorkHours).where(*mine)).scalar_one_or_none()
    if not minutes:
        db.session.execute(delete(WorkHours).where(*mine))
    elif row is not None:
        row.minutes, row.written_at, row.by_user_id = minutes, clock.now(), actor.user_id
    else:
        home = cooperatives.household_of_producer(producer_id, batch.made_on)
        db.session.add(WorkHours(batch_id=batch_id, producer_id=producer_id, household_id=home, minutes=minutes,
                                 written_at=clock.now(), by_user_id=actor.user_id))  # fmt: skip
    db.session.flush()
    audit(actor, "write_hours", f"batch:{batch_id}", fields=("minutes",))
