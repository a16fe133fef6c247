"""Who may open the pages of moderation."""

import secrets
from datetime import date

from accounts.rules import SYSTEM, Role
from catalog.moderation import operations
from core import clock
from core.db import transaction
from tests.factories.catalog import create_product
from tests.routes.row import Row

ADMIN, MANAGER = frozenset({Role.ADMINISTRATOR}), frozenset({Role.MANAGER})
BOTH, POST = ("GET", "POST"), ("POST",)


def record(seller, *, down=False):
    """A request against a product of a seller, made for it: the world's own stay on sale."""
    product = create_product(seller, "Món có nhãn mờ")
    with transaction():
        made = operations.record(
            SYSTEM, secrets.token_urlsafe(8), product.slug, authority="Sở Mẫu", document_number=secrets.token_hex(3),
            document_on=date(2026, 11, 20), reason="Nhãn thiếu hạn dùng.", received_at=clock.now(),
        )  # fmt: skip
        if down:
            operations.take_down(SYSTEM, made.id)
    return {"takedown_id": made.id}


def _asked(w):
    return record(w.coop)


def _down(w):
    return record(w.coop, down=True)


def _notice(w):
    with transaction():
        made = operations.give_notice(
            SYSTEM, secrets.token_urlsafe(8), w.coop.id, "Chưa gửi giấy an toàn thực phẩm."
        )
    return {"cooperative_id": w.coop.id, "notice_id": made.id}


ROWS = [
    Row("moderation.takedowns", ADMIN),
    Row("moderation.new_takedown", ADMIN, methods=BOTH),
    Row("moderation.takedown", ADMIN, own=_asked),
    Row("moderation.take_down", ADMIN, own=_asked, post=lambda w: {}, page=False, methods=POST),
    Row("moderation.answer", ADMIN, own=_down, post=lambda w: {"verdict": "lift", "answer": "Nhãn đã sửa."},
        page=False, methods=POST),
    Row("moderation.suspension", ADMIN, own=lambda w: {"cooperative_id": w.coop.id}, methods=BOTH),
    Row("moderation.withdraw", ADMIN, own=_notice, post=lambda w: {}, page=False, methods=POST),
    Row("moderation.notices", MANAGER),
    Row("moderation.appeal", MANAGER, own=_down, foreign=lambda w: record(w.other_coop, down=True), methods=BOTH),
]  # fmt: skip
