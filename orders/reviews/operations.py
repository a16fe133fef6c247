"""Verbs of reviews: write, take back, answer, report, and a person's look."""

from datetime import timedelta

from sqlalchemy import select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.operations import set_rating
from catalog.questions.rules import check_name, check_text, worth_a_look
from cooperatives.queries import cooperative
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.once import allow_attempt, one_at_a_time
from core.pages import touch
from core.text import clean
from orders.queries import order_by_token
from orders.reviews import queries
from orders.reviews.models import BuyerReview, ReviewReport
from orders.reviews.rules import ANSWER_MAX, TEXT_MAX, Reason, State
from places.queries import province_of

REPORTS_MOST = 10  # an hour from one address


def write_review(token: str, line_id: int, *, stars: int, text: str, name: str) -> BuyerReview:
    """The holder of a tracking link says how a line's goods were; saying it again replaces what was said.

    stars: 1 to 5. text: may be empty, at most 2,000 characters. Shown at once, unless its words are worth a look: then
    a person looks first. Not after the cooperative has answered, so that no answer stands under other words. Raises
    NotFound (not this order's line, or not delivered yet), Invalid, Conflict.
    """
    line = queries.line_to_review(token, line_id, clock.now())
    if stars not in range(1, 6):
        raise Invalid(N_("Chọn từ 1 đến 5 sao."), field="stars")
    words, name = clean(text, lines=True), check_name(name)
    words = check_text(words, TEXT_MAX) if words else ""
    product_id, cooperative_id = queries.product_of(line)
    province = province_of(order_by_token(token).purchase.commune_id).name
    found = db.session.execute(
        select(BuyerReview).where(BuyerReview.order_line_id == line.id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        found = BuyerReview(order_line_id=line.id, product_id=product_id, cooperative_id=cooperative_id)
    elif found.answered_at is not None or found.state == State.REMOVED:
        raise Conflict(N_("Nhận xét này không sửa được nữa."), remedy=N_("Cần nói thêm thì gọi hợp tác xã."))
    reasons = worth_a_look(f"{name}\n{words}")
    found.stars, found.text, found.name, found.written_at = stars, words, name, clock.now()
    found.province = province
    found.state, found.held_for = State.HELD if reasons else State.SHOWN, ", ".join(reasons)
    db.session.add(found)
    db.session.flush()
    _push(product_id)
    return found


def take_back(token: str, line_id: int) -> None:
    """Whoever wrote a review withdraws it; twice is harmless. Name and words are emptied, only the row stays."""
    order = order_by_token(token)
    found = queries.of_order(order.id).get(line_id)
    if found is None:
        raise NotFound(N_("Nhận xét này không còn."))
    found.state, found.text, found.name, found.answer, found.answered_at = State.WITHDRAWN, "", "", "", None
    db.session.flush()
    _push(found.product_id)


def answer(actor: Actor, review_id: int, words: str) -> BuyerReview:
    """The cooperative answers a review, once, under it. Raises NotFound for another's, Conflict the second time."""
    found = own_review(actor, review_id)
    if found.answered_at is not None or found.state != State.SHOWN:
        raise Conflict(N_("Nhận xét này đã trả lời rồi."), remedy=N_("Mở lại trang để xem."))
    found.answer = check_text(words, ANSWER_MAX, field="answer", least=1)
    found.answered_at, found.answered_by_user_id = clock.now(), actor.user_id
    db.session.flush()
    touch(f"product:{found.product_id}")
    audit(actor, "answer review", f"review:{review_id}", ("answer",))
    return found


def own_review(actor: Actor, review_id: int) -> BuyerReview:
    """A review of the actor's cooperative's goods, locked. Raises NotFound for another's."""
    actor.must_be(Role.MANAGER, Role.DIGITAL_TEAM)
    found = _locked(review_id)
    serves = cooperative(found.cooperative_id).organisation_id
    if actor.role is not Role.SYSTEM and serves != actor.organisation_id:
        raise NotFound(N_("Nhận xét này không còn."))
    return found


def report(key: str, review_id: int, reason: Reason, sender: str) -> None:
    """Anybody says that a review should not stand. It stays until a person has looked; the same key is one report."""
    queries.review(review_id)
    same = select(ReviewReport.id).where(ReviewReport.review_id == review_id, ReviewReport.key == key)
    if db.session.execute(same).first():
        return
    allow_attempt("review-report", sender, most=REPORTS_MOST, within=timedelta(hours=1))
    db.session.add(ReviewReport(review_id=review_id, key=key, reason=reason, reported_at=clock.now()))
    db.session.flush()


def decide(actor: Actor, review_id: int, *, good: bool) -> BuyerReview:
    """An administrator has looked at a held or reported review: it stands, or it goes. Reports are settled by it."""
    actor.must_be(Role.ADMINISTRATOR)
    found = _locked(review_id)
    if found.state in (State.HELD, State.SHOWN):
        found.state = State.SHOWN if good else State.REMOVED
    settled = update(ReviewReport).where(
        ReviewReport.review_id == review_id, ReviewReport.settled_at.is_(None)
    )
    db.session.execute(settled.values(settled_at=clock.now()))
    db.session.flush()
    audit(actor, "keep review" if good else "remove review", f"review:{review_id}", ("state",))
    _push(found.product_id)
    return found


def _locked(review_id: int) -> BuyerReview:
    found = db.session.get(BuyerReview, review_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(N_("Nhận xét này không còn."))
    return found


def _push(product_id: int) -> None:
    """Tell the catalogue the sum and number of the stars that stand now."""
    one_at_a_time("rating", str(product_id))
    set_rating(product_id, *queries.sums(product_id))
    touch("goods", f"product:{product_id}")
