"""Verbs of claims: ask for a code, and take what was bought with that phone into the account."""

from datetime import timedelta

from sqlalchemy import exists, insert, select

from accounts.operations import audit, code_fits, send_code
from accounts.rules import Actor, normalise_phone
from core import clock
from core.db import db
from core.errors import NotAllowed
from core.i18n import N_
from core.once import allow_attempt, one_at_a_time
from orders.claims.models import PurchaseClaim
from orders.models import Purchase

CODES_MOST = 10


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed(N_("Đăng nhập rồi mới lấy đơn về được."), remedy=N_("Đăng nhập, rồi làm lại."))
    return actor.user_id


def send_claim_code(actor: Actor, phone: str) -> None:
    """Send six digits to a phone. Says nothing of whether anything was ever bought with it.

    Ten an hour for an account, besides the five an hour for a number. Raises TooMany.
    """
    user_id = _person(actor)
    allow_attempt("claim-codes", f"{user_id}", most=CODES_MOST, within=timedelta(hours=1))
    send_code(phone, f"claim:{user_id}")


def claim_by_code(actor: Actor, phone: str, code: str) -> int | None:
    """Take every purchase of a phone that nobody has claimed; how many. None if the code does not fit.

    The try is counted: commit whatever the answer. What another account claimed stays there: numbers change hands.
    """
    user_id, number = _person(actor), normalise_phone(phone)
    if not code_fits(number, f"claim:{user_id}", code):
        return None
    one_at_a_time("claim", number)
    taken = exists().where(PurchaseClaim.purchase_id == Purchase.id)
    wanted = select(Purchase.id).where(Purchase.buyer_phone == number, Purchase.erased_at.is_(None), ~taken)
    found = list(db.session.execute(wanted.order_by(Purchase.id)).scalars())
    if found:
        rows = [{"purchase_id": purchase_id, "user_id": user_id, "at": clock.now()} for purchase_id in found]
        db.session.execute(insert(PurchaseClaim), rows)
    audit(actor, "claim purchases", f"user:{user_id}", purpose=f"{len(found)} purchases")
    return len(found)
