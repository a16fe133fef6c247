"""Reads of questions."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from catalog.models import Product
from catalog.questions.models import Question
from catalog.questions.public import QuestionView
from catalog.questions.rules import State
from cooperatives.models import Cooperative
from core.db import db, run


@cache
def _answered() -> Select[Any]:
    return (
        select(Question.name, Question.text, Question.asked_at, Question.answer, Question.answered_at)
        .where(Question.product_id == bindparam("product"), Question.state == State.ANSWERED)
        .order_by(Question.answered_at.desc(), Question.id.desc()).limit(bindparam("most"))
    )  # fmt: skip


def answered(product_id: int, most: int = 3) -> tuple[QuestionView, ...]:
    """The questions about a product that the cooperative has answered, newest answer first."""
    rows = run(_answered(), {"product": product_id, "most": most}).tuples()
    return tuple(QuestionView(*row) for row in rows)


def count_answered(product_id: int) -> int:
    """How many there are."""
    wanted = select(func.count()).where(Question.product_id == product_id, Question.state == State.ANSWERED)
    return int(db.session.execute(wanted).scalar_one())


def of_cooperative(cooperative_id: int, most: int = 60) -> Sequence[Row[Any]]:
    """A cooperative's questions for its manager: those that wait first, oldest first; then the newest answered."""
    waits = Question.state == State.OPEN
    return db.session.execute(
        select(Question.id, Question.name, Question.text, Question.asked_at, Question.answer, Question.answered_at,
               Question.state, Product.name.label("product"), Product.slug, (Question.phone != "").label("will_hear"))
        .join(Product, Product.id == Question.product_id)
        .where(Question.cooperative_id == cooperative_id, Question.state.in_([State.OPEN, State.ANSWERED]))
        .order_by(waits.desc(), Question.answered_at.desc(), Question.id).limit(most)
    ).all()  # fmt: skip


def count_waiting(cooperative_id: int) -> int:
    """How many questions wait for the cooperative's answer."""
    wanted = select(func.count()).where(
        Question.cooperative_id == cooperative_id, Question.state == State.OPEN
    )
    return int(db.session.execute(wanted).scalar_one())


def held() -> Sequence[Row[Any]]:
    """Questions that wait for a person's look, oldest first."""
    return db.session.execute(
        select(Question.id, Question.name, Question.text, Question.held_for, Question.asked_at,
               Product.name.label("product"), Cooperative.name.label("seller"))
        .join(Product, Product.id == Question.product_id)
        .join(Cooperative, Cooperative.id == Question.cooperative_id)
        .where(Question.state == State.HELD).order_by(Question.id)
    ).all()  # fmt: skip
