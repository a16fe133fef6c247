"""Verbs of helping: offer, begin by a code read aloud, end, and the owner's confirmation."""

from sqlalchemy import select

from accounts.models import Grant
from accounts.operations import audit, code_fits, send_code
from accounts.queries import user_by_phone
from accounts.rules import Actor, Role
from catalog.helping import queries
from catalog.helping.models import ListingHelp
from catalog.helping.rules import last_day
from catalog.history.operations import note
from catalog.history.rules import Deed
from catalog.models import Product
from catalog.operations import own_cooperative, own_product
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_

PURPOSE = "help to list"


def _manager_here(actor: Actor, cooperative_id: int, phone: str) -> int | None:
    """The manager of a cooperative in the helper's commune who has this number, if that is so."""
    near = {row.id for row in queries.nearby(actor.unit_id)}
    person = user_by_phone(phone)
    cooperative = db.session.get(Cooperative, cooperative_id)
    if person is None or cooperative is None or cooperative_id not in near or person.id == actor.user_id:
        return None
    day = clock.today()
    held = db.session.execute(
        select(Grant).where(Grant.user_id == person.id, Grant.role == Role.MANAGER,
                            Grant.organisation_id == cooperative.organisation_id)
    ).scalars()  # fmt: skip
    return (
        person.id
        if any(one.from_on <= day and (one.to_on is None or day <= one.to_on) for one in held)
        else None
    )


def offer_help(actor: Actor, cooperative_id: int, phone: str) -> None:
    """Send the manager a code to read aloud if the cooperative wants this person's help. Silent about whose number
    it is."""
    actor.must_be(Role.DIGITAL_TEAM)
    if _manager_here(actor, cooperative_id, phone) is not None:
        send_code(phone, PURPOSE)
        audit(actor, "offer help", f"cooperative:{cooperative_id}", purpose="list goods")


def begin_help(actor: Actor, cooperative_id: int, phone: str, code: str) -> ListingHelp | None:
    """The manager read the code aloud: this person may fill in the cooperative's products for thirty days.

    None if the code does not fit. Commit whatever the answer: the try was made.
    """
    actor.must_be(Role.DIGITAL_TEAM)
    manager = _manager_here(actor, cooperative_id, phone)
    if not code_fits(phone, PURPOSE, code) or manager is None or actor.user_id is None:
        return None
    agreed = ListingHelp(
        cooperative_id=cooperative_id, helper_user_id=actor.user_id, agreed_by_user_id=manager,
        agreed_at=clock.now(), until_on=last_day(clock.today()),
    )  # fmt: skip
    db.session.add(agreed)
    db.session.flush()
    audit(actor, "begin help", f"listing_help:{agreed.id}", purpose="list goods")
    return agreed


def end_help(actor: Actor, help_id: int) -> None:
    """The manager ends a help today; ending it twice is harmless."""
    found = db.session.get(ListingHelp, help_id)
    if found is None:
        raise NotFound(N_("Không có lần nhờ giúp này."))
    own_cooperative(actor, found.cooperative_id)
    if found.ended_at is None:
        found.ended_at = clock.now()
        db.session.flush()
        audit(actor, "end help", f"listing_help:{found.id}")


def confirm(actor: Actor, product_id: int) -> Product:
    """The owner has read what a helper filled in, and takes it as their own. Confirming twice is harmless."""
    actor.must_be(Role.MANAGER)
    product = own_product(actor, product_id)
    if product.helper_user_id is None:
        return product
    helper, product.helper_user_id = product.helper_user_id, None
    db.session.flush()
    note(actor, product, Deed.CONFIRMED, {"helper_user_id": helper}, {"helper_user_id": None})
    audit(actor, "confirm help", f"product:{product.id}")
    return product


def start_as(actor: Actor, cooperative_id: int) -> Cooperative:
    """The cooperative whose products the actor fills in. Raises NotFound where its manager did not agree."""
    found = db.session.get(Cooperative, cooperative_id)
    if found is None or queries.owner_for(actor, cooperative_id) is None:
        raise NotFound(
            N_("Hợp tác xã này chưa nhờ bạn giúp."), remedy=N_("Gửi mã tới điện thoại của quản lý.")
        )
    return found
