"""Writing form C, by whoever may judge the case, until it is decided."""

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Conflict, Invalid
from core.i18n import N_
from registry.procedure import queries
from registry.procedure.models import ReviewCase
from registry.procedure.operations import PURPOSE, must_judge
from registry.procedure.rules import ENDED, CaseState
from registry.traits.models import CaseTraits
from registry.traits.queries import FIELD
from registry.traits.rules import checked


def note(actor: Actor, key: str, causes: list[str], disability: str) -> ReviewCase:
    """Keep what form C says of a case's household; said again, it is changed. Raises Conflict once it is decided."""
    case = queries.case_for(actor, key)
    must_judge(actor, case)
    if case.state in (*ENDED, CaseState.PROPOSED):
        raise Conflict(
            N_("Hồ sơ này đã trình ký nên không sửa đặc điểm được."), remedy=N_("Mở lại trang để xem.")
        )
    try:
        traits = checked(causes, disability)
    except ValueError as error:
        raise Invalid(N_("Chọn trong danh sách."), field="causes") from error
    held = db.session.execute(select(CaseTraits).where(CaseTraits.case_id == case.id)).scalar_one_or_none()
    held = held or CaseTraits(case_id=case.id)
    held.said = encrypt(traits.written(), field=FIELD, owner=f"case:{case.id}")
    held.said_at, held.said_by_user_id = clock.now(), actor.user_id
    db.session.add(held)
    db.session.flush()
    audit(actor, "write traits", f"case:{case.id}", ("causes", "disability"), PURPOSE)
    return case
