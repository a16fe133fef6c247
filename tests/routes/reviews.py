"""Who may open the pages of reviews: buyers by their own link, anybody to read and report, staff to answer and look."""

from typing import Any

from accounts.rules import Role
from core.db import db, transaction
from orders import queries
from orders.reviews.models import BuyerReview
from orders.reviews.operations import write_review
from tests.routes.row import ANYBODY, Row

ANSWERERS, ADMIN = frozenset({Role.MANAGER, Role.DIGITAL_TEAM}), frozenset({Role.ADMINISTRATOR})
BOTH, POST = ("GET", "POST"), ("POST",)


def _line(world: Any) -> dict[str, Any]:
    order = world.delivered_order
    return {"token": order.token, "line_id": queries.lines(order.id)[0].id}


def _guess(world: Any) -> dict[str, Any]:
    return _line(world) | {"token": "a-guessed-token-of-somebody"}


def _written(world: Any) -> dict[str, Any]:
    found = db.session.query(BuyerReview).first()
    if found is None:
        with transaction():
            found = write_review(**_line(world), stars=4, text="Ngon, gói kỹ.", name="Chị Lan")
    return {"review_id": found.id}


def _nobodys(_world: Any) -> dict[str, Any]:
    return {"review_id": 999_999}


ROWS = [
    Row("opinions.review", ANYBODY, own=_line, foreign=_guess, methods=BOTH),
    Row("opinions.take_back", ANYBODY, own=_line, foreign=_guess, post=lambda w: {}, page=False, methods=POST),
    Row("opinions.report", ANYBODY, own=_written, foreign=_nobodys, methods=BOTH),
    Row("opinions.all_reviews", ANYBODY, own=lambda w: {"slug": w.other_product.slug}),
    Row("reviews.manage", ANSWERERS),
    Row("reviews.answer", ANSWERERS, own=_written, foreign=_nobodys, post=lambda w: {"answer": "Cảm ơn bạn."},
        page=False, methods=POST),
    Row("reviews.look", ADMIN),
    Row("reviews.decide", ADMIN, own=_written, foreign=_nobodys, post=lambda w: {"do": "keep"}, page=False,
        methods=POST),
]  # fmt: skip
