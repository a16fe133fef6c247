"""Verbs of questions: ask, answer, and a person's look at held words."""

from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Product
from catalog.questions import queries
from catalog.questions.models import Question
from catalog.questions.rules import ANSWER_MAX, QUESTION_MAX, State, check_name, check_text, worth_a_look
from catalog.rules import State as ProductState
from cooperatives.queries import cooperative
from core import clock
from core.db import db
from core.errors import Conflict, NotFound
from core.i18n import N_, _
from core.once import allow_attempt
from core.pages import touch
from messages.operations import send

ASKED_MOST = 6  # questions an hour from one address
TOLD = N_("Chợ Phiên: %(seller)s trả lời về %(product)s: %(answer)s %(link)s")


def ask(
    key: str,
    product_id: int,
    *,
    name: str,
    text: str,
    phone: str = "",
    language: str = "vi",
    sender: str = "",
) -> Question:
    """Somebody asks about a product on sale; the same key again is the same question.

    phone: E.164, to be told the answer by message; may be empty. sender: address of the connection, for the limit of
    six an hour. Words worth a look wait for a person first. Raises Invalid, NotFound, TooMany.
    """
    earlier = db.session.execute(select(Question).where(Question.key == key)).scalar_one_or_none()
    if earlier is not None:
        return earlier
    product = db.session.get(Product, product_id)
    if product is None or product.state != ProductState.PUBLISHED:
        raise NotFound(N_("Không có món này."))
    name, text = check_name(name), check_text(text, QUESTION_MAX)
    if sender:
        allow_attempt("question", sender, most=ASKED_MOST, within=timedelta(hours=1))
    reasons = worth_a_look(f"{name}\n{text}")
    made = Question(
        key=key, product_id=product.id, cooperative_id=product.cooperative_id, name=name, phone=phone, text=text,
        language=language, state=State.HELD if reasons else State.OPEN, held_for=", ".join(reasons),
        asked_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def answer(actor: Actor, question_id: int, words: str) -> Question:
    """The cooperative answers, once; question and answer are public from then on, and the asker is told.

    Raises NotFound for another cooperative's question, Conflict when it was answered or taken down already.
    """
    found = own_question(actor, question_id)
    seller = cooperative(found.cooperative_id)
    if found.state != State.OPEN:
        raise Conflict(N_("Câu này đã trả lời rồi."), remedy=N_("Mở lại trang để xem."))
    found.answer = check_text(words, ANSWER_MAX, field="answer", least=1)
    found.state, found.answered_at, found.answered_by_user_id = State.ANSWERED, clock.now(), actor.user_id
    db.session.flush()
    _count(found.product_id)
    audit(actor, "answer question", f"question:{question_id}", ("answer",))
    _tell(found, seller.name)
    return found


def own_question(actor: Actor, question_id: int) -> Question:
    """A question to the actor's cooperative, locked. Raises NotFound for another's."""
    actor.must_be(Role.MANAGER, Role.DIGITAL_TEAM)
    found = _locked(question_id)
    serves = cooperative(found.cooperative_id).organisation_id
    if actor.role is not Role.SYSTEM and serves != actor.organisation_id:
        raise NotFound(N_("Không tìm thấy câu hỏi này."))
    return found


def _tell(found: Question, seller: str) -> None:
    if found.phone:
        product = db.session.get_one(Product, found.product_id)
        more = "" if found.language == "vi" else f"?hl={found.language}"
        link = f"{current_app.config['BASE_URL']}/products/{product.slug}{more}#questions"
        with force_locale(found.language):
            text = _(TOLD, seller=seller, product=product.name, answer=found.answer, link=link)
        send(found.phone, "question", text, f"question:{found.id}:answer", party=f"question:{found.id}")


def decide(actor: Actor, question_id: int, *, good: bool) -> Question:
    """An administrator has looked at held words: on to the cooperative, or away."""
    actor.must_be(Role.ADMINISTRATOR)
    found = _locked(question_id)
    if found.state == State.HELD:
        found.state = State.OPEN if good else State.REMOVED
        db.session.flush()
        audit(
            actor,
            "let question through" if good else "remove question",
            f"question:{question_id}",
            ("state",),
        )
    return found


def take_down(actor: Actor, question_id: int) -> Question:
    """An administrator removes a question with its answer; the row stays for the record."""
    actor.must_be(Role.ADMINISTRATOR)
    found = _locked(question_id)
    found.state = State.REMOVED
    db.session.flush()
    _count(found.product_id)
    audit(actor, "remove question", f"question:{question_id}", ("state",))
    return found


def _locked(question_id: int) -> Question:
    found = db.session.get(Question, question_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(N_("Không tìm thấy câu hỏi này."))
    return found


def _count(product_id: int) -> None:
    """Write down how many are shown, so that a page without any asks for none."""
    lock = select(Product.id).where(Product.id == product_id).with_for_update(key_share=True)
    db.session.execute(lock)
    number = queries.count_answered(product_id)
    db.session.execute(update(Product).where(Product.id == product_id).values(question_count=number))
    touch(f"product:{product_id}")


def forget_phones() -> int:
    """Empty the phone numbers of questions answered more than a year ago; at most 500 at a time."""
    old = select(Question.id).where(
        Question.phone != "", Question.asked_at < clock.now() - timedelta(days=365)
    ).limit(500)  # fmt: skip
    ids = list(db.session.execute(old).scalars())
    db.session.execute(update(Question).where(Question.id.in_(ids)).values(phone=""))
    return len(ids)
