"""Who may open complaints: whoever has the link, the cooperative it is about, the market."""

import secrets

from accounts.rules import Role
from core.db import db, transaction
from orders.complaints import operations
from orders.complaints.models import Complaint
from orders.complaints.operations import Said
from tests.routes.row import ANYBODY, Row

ADMIN, MANAGER = frozenset({Role.ADMINISTRATOR}), frozenset({Role.MANAGER})
BOTH, POST = ("GET", "POST"), ("POST",)


def complain(order, kind="goods"):
    """A complaint of this kind about an order; one is enough, and nobody may write many a day."""
    known = db.session.query(Complaint).filter_by(order_id=order.id, kind=kind).first()
    if known is not None:
        return known
    with transaction():
        said = Said(
            kind, "Hai gói bị ẩm.", "Gửi bù một gói.", "Đỗ Minh Mẫu", order.purchase.buyer_phone, order.code
        )
        return operations.receive(secrets.token_urlsafe(12), said)


def _token(w):
    return {"token": complain(w.order).token}


def _guess(_w):
    return {"token": "a-guessed-token-of-somebody"}


def _id(w):
    return {"complaint_id": complain(w.order).id}


def _foreign(w):
    return {"complaint_id": complain(w.other_order).id}


def _market(w):
    return {"complaint_id": complain(w.order, "privacy").id}


ROWS = [
    Row("complaints.new", ANYBODY, methods=BOTH),
    Row("complaints.follow", ANYBODY, own=_token, foreign=_guess),
    Row("complaints.accept", ANYBODY, own=_token, foreign=_guess, page=False, methods=POST),
    Row("complaints.escalate", ANYBODY, own=_token, foreign=_guess, post=lambda w: {"text": "Chưa được."}, page=False,
        methods=POST),
    Row("complaints.mine", MANAGER),
    Row("complaints.answer", MANAGER, own=_id, foreign=_foreign, methods=BOTH),
    Row("complaints.photo", MANAGER, own=_id, foreign=_foreign, page=False),
    Row("complaints.queue", ADMIN),
    Row("complaints.decide", ADMIN, own=_market, methods=BOTH),
    Row("complaints.forward", ADMIN, own=_market, post=lambda w: {"cooperative_id": w.coop.id, "text": ""}, page=False,
        methods=POST),
]  # fmt: skip
