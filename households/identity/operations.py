"""Verbs: note what a person wants noted, look at it, take it away. Each leaves an audit line; no line holds a digit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Invalid, NotAllowed, NotFound
from core.i18n import N_
from households.identity import queries
from households.identity.models import PersonPaper
from households.identity.queries import HEALTH, NUMBER, Noted, index_of
from households.identity.rules import Health, Why, normal_number
from households.models import HouseholdMember
from households.queries import household_of_user
from households.roster.queries import last_household_id, within_reach

READERS = (Role.COMMUNE_OFFICER,)
SUBJECTS = ("number", "health")


@dataclass(frozen=True)
class Said:
    """What a person lets be noted. number: as written, '' for none. agreed: she said yes to this purpose herself."""

    why: Why
    number: str = ""
    health: Sequence[Health] = ()
    agreed: bool = False


def note_paper(actor: Actor, person_id: int, said: Said) -> PersonPaper:
    """Note a person's number or health flags, in place of what was noted before. Raises Invalid, NotFound."""
    _reached(actor, person_id)
    if not said.agreed:
        raise Invalid(
            N_("Người này phải tự đồng ý cho ghi."), remedy=N_("Không đồng ý thì để trống."), field="agreed"
        )
    if not said.number.strip() and not said.health:
        raise Invalid(N_("Chưa có gì để ghi."), remedy=N_("Không muốn ghi thì quay lại."), field="number")
    owner, held = f"person:{person_id}", queries.paper_of(person_id) or PersonPaper(person_id=person_id)
    held.number = held.number_index = held.health = None
    if said.number.strip():
        try:
            digits = normal_number(said.number)
        except ValueError as error:
            raise Invalid(
                N_("Số định danh có 12 chữ số, số chứng minh cũ có 9."),
                remedy=N_("Xem lại trên thẻ."),
                field="number",
            ) from error
        held.number, held.number_index = encrypt(digits, field=NUMBER, owner=owner), index_of(digits)
    if said.health:
        held.health = encrypt(json.dumps(sorted(said.health)), field=HEALTH, owner=owner)
    held.why, held.noted_at, held.noted_by_user_id = said.why, clock.now(), actor.user_id or 0
    db.session.add(held)
    db.session.flush()
    audit(actor, "note identity", f"person:{person_id}", SUBJECTS, said.why)
    return held


def look(actor: Actor, person_id: int) -> Noted | None:
    """An officer looks at what is noted: three digits and flags. The line is in the audit chain first."""
    _reached(actor, person_id)
    audit(actor, "read identity", f"person:{person_id}", SUBJECTS, "roster")
    return queries.noted(person_id)


def forget_paper(actor: Actor, person_id: int) -> None:
    """Take away what is noted of a person. Twice is once."""
    _reached(actor, person_id)
    _forget([person_id])
    audit(actor, "erase identity", f"person:{person_id}", SUBJECTS, "roster")


def forget_of_household(household_id: int) -> int:
    """Take away what is noted of everybody who ever belonged to a household; how many. The caller audits."""
    people = select(HouseholdMember.person_id).where(HouseholdMember.household_id == household_id)
    return _forget(list(db.session.execute(people).scalars()))


def _forget(person_ids: list[int]) -> int:
    gone = db.session.execute(delete(PersonPaper).where(PersonPaper.person_id.in_(person_ids)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _reached(actor: Actor, person_id: int) -> None:
    """Refuse everybody but an officer of the person's commune who is not of her household."""
    actor.must_be(*READERS)
    household_id = last_household_id(person_id)
    if household_id is None:
        raise NotFound(N_("Không tìm thấy người này."))
    home = within_reach(actor, household_id)
    own = household_of_user(actor.user_id) if actor.user_id else None
    if own is not None and own.id == home.id:
        raise NotAllowed(
            N_("Không tự ghi giấy tờ cho hộ mình."), remedy=N_("Nhờ cán bộ khác của xã ghi giúp.")
        )
