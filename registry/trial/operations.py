"""The verb of trying a standard: who may, and the line in the audit chain before anything is counted."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from core.errors import NotAllowed
from core.i18n import N_
from registry.standards.queries import standard


def begin_trial(actor: Actor, standard_id: str, province_id: int | None) -> None:
    """Say that stored answers will be read to count them. Raises NotFound, NotAllowed for another province's officer.

    province_id: None, for the operator alone, is the whole country.
    """
    actor.must_be(Role.PROVINCE_OFFICER)
    standard(standard_id)
    if actor.role is Role.PROVINCE_OFFICER and (province_id is None or province_id != actor.unit_id):
        raise NotAllowed(N_("Chỉ xem được số của tỉnh mình."))
    place = f"unit:{province_id}" if province_id is not None else "country"
    audit(actor, "try standard", place, ("answers",), f"counts under {standard_id}")
