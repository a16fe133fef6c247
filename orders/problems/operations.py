"""Verbs of reports: the buyer says what is wrong, the cooperative answers."""

import secrets

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import SYSTEM, Actor
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from orders import queries
from orders.models import Problem
from orders.notices.operations import ANSWER, tell
from orders.operations import PACKERS, note_step, order_of
from orders.queries import may_report


def report_problem(
    token: str, text: str, photo: str | None = None, *, kind: str = "other", key: str | None = None
) -> Problem:
    """The buyer says what is wrong. photo: name of a private file, already re-encoded. key: the form's own.

    Possible from packing until 14 days after delivery; before packing, cancelling is the way.
    """
    order = queries.order_by_token(token)
    key = key or secrets.token_urlsafe(12)
    earlier = db.session.execute(
        select(Problem).where(Problem.order_id == order.id, Problem.key == key)
    ).scalar_one_or_none()
    if earlier is not None:
        return earlier
    if not may_report(order):
        raise Conflict(
            N_("Đơn này không báo ở đây được nữa."), remedy=N_("Gọi thẳng hợp tác xã theo số ở trang đơn.")
        )
    words = clean(text, lines=True)[:2000]
    if not words:
        raise Invalid(
            N_("Viết vài chữ về chuyện đã xảy ra."),
            remedy=N_("Ví dụ: một chai bị vỡ, chảy ra hộp."),
            field="text",
        )
    made = Problem(order_id=order.id, key=key, kind=kind, text=words, photo=photo, reported_at=clock.now())
    db.session.add(made)
    note_step(order, "report", order.state, order.state, SYSTEM, kind)
    db.session.flush()
    return made


def close_problem(actor: Actor, problem_id: int, answer: str) -> Problem:
    """Answer a report; the buyer is told the answer."""
    actor.must_be(*PACKERS)
    found = db.session.get(Problem, problem_id, with_for_update=True)
    if found is None:
        raise NotFound(N_("Không tìm thấy chuyện này."))
    order = order_of(actor, found.order_id)
    if found.closed_at is not None:
        return found
    words = clean(answer)[:300]
    if not words:
        raise Invalid(
            N_("Viết cho khách biết đã xử lý thế nào."),
            remedy=N_("Ví dụ: đã gửi bù một chai hôm nay."),
            field="answer",
        )
    found.closed_at, found.answer = clock.now(), words
    db.session.flush()
    note_step(order, "answer", order.state, order.state, actor, "")
    tell(order, ANSWER, f"order:{order.id}:answer:{found.id}", answer=words)
    audit(actor, "answer problem", f"problem:{problem_id}", ("answer",))
    return found
