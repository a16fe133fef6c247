"""Reads of declarations. A household reads its own; an officer those of the commune; nobody else any."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from accounts.rules import Actor, Role
from core import clock
from core.crypto import decrypt
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.queries import head_names, household_of_user
from places.queries import province_of
from registry.models import CommuneConsent, Review, ReviewResult
from registry.rules import Answers, Area, Result, State, score
from registry.standards.queries import scored_under, standard_on, standards
from registry.standards.rules import Standard

FIELD = "review.answers"
NEXT_STANDARD = "vn-2027-2030"
SALES_WORDING = "2026-11"


def answers_of(review: Review) -> dict[str, str | int]:
    """The answers, decrypted."""
    if review.answers is None:
        return {}
    return dict(json.loads(decrypt(review.answers, field=FIELD, owner=f"review:{review.key}")))


def area_of(review: Review) -> Area:
    """Where the household lived when it declared."""
    return Area(review.region, review.urban)


def explain(review: Review, answers: Answers) -> list[Result]:
    """What each standard says of the answers now, with every point: pure scoring, nothing stored."""
    return [score(answers, standard, area_of(review)) for standard in standards_of(review)]


def standards_of(review: Review) -> list[Standard]:
    """The standards that a review carries results under: the country's, its province's own line, those to come."""
    held = standards()
    province = ""
    if any(one.province for one in held.values()):
        province = province_of(review.commune_id).code
    return scored_under(review.submitted_on or clock.today(), province, held)


def _missing() -> NotFound:
    return NotFound(N_("Không tìm thấy bản kê khai này."), remedy=N_("Mở lại từ trang Tôi."))


def may_write(actor: Actor, review: Review) -> bool:
    """The household itself, or whoever is helping it with this review."""
    if actor.user_id is None:
        return False
    mine = household_of_user(actor.user_id)
    return bool(mine and mine.id == review.household_id) or review.helped_by_user_id == actor.user_id


def is_own(actor: Actor, review: Review) -> bool:
    """Whether the actor lives in the household that declares."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    return bool(mine and mine.id == review.household_id)


def review_by_key(key: str) -> Review:
    """A declaration by its key, whoever asks: for verbs that audit first. Raises NotFound."""
    review = db.session.execute(select(Review).where(Review.key == key)).scalar_one_or_none()
    if review is None:
        raise _missing()
    return review


def own_review(actor: Actor, key: str) -> Review:
    """A review the actor may write or read as household or helper. Raises NotFound for everybody else's."""
    review = db.session.execute(select(Review).where(Review.key == key)).scalar_one_or_none()
    if review is None or not may_write(actor, review):
        raise _missing()
    return review


def in_reach(actor: Actor, review: Review) -> bool:
    """Whether an officer's place covers the review: the commune, and the village for a village head."""
    if actor.unit_id != review.commune_id:
        return False
    if actor.role is Role.VILLAGE_HEAD:
        return actor.village == review.village
    return actor.role is Role.COMMUNE_OFFICER


def review_for_officer(actor: Actor, key: str) -> Review:
    """A submitted review of the officer's commune, not of the officer's own household. Raises NotFound."""
    review = db.session.execute(select(Review).where(Review.key == key)).scalar_one_or_none()
    if (
        review is None
        or review.state != State.SUBMITTED
        or not in_reach(actor, review)
        or is_own(actor, review)
    ):
        raise _missing()
    return review


def reviews_of_household(household_id: int) -> list[Review]:
    """A household's declarations, newest first."""
    return list(
        db.session.execute(
            select(Review).where(Review.household_id == household_id).order_by(Review.id.desc())
        ).scalars()
    )


def helped_by(user_id: int) -> list[Review]:
    """Open declarations a person is helping with."""
    return list(
        db.session.execute(
            select(Review)
            .where(Review.helped_by_user_id == user_id, Review.state.in_((State.DRAFT, State.TO_CONFIRM)))
            .order_by(Review.id.desc())
        ).scalars()
    )


@dataclass(frozen=True)
class QueueRow:
    """One line of the commune's queue."""

    key: str
    head: str
    village: str
    submitted_on: date
    helped: bool
    today: str
    next: str
    is_demo: bool
    deprived: int
    waiting_days: int


def _outcomes(review_ids: list[int]) -> dict[int, dict[str, ReviewResult]]:
    found: dict[int, dict[str, ReviewResult]] = {}
    rows = db.session.execute(
        select(ReviewResult).where(ReviewResult.review_id.in_(review_ids)).order_by(ReviewResult.id)
    ).scalars()
    for row in rows:
        found.setdefault(row.review_id, {})[row.standard_id] = row
    return found


def queue(
    actor: Actor, *, village: str = "", outcome: str = "", page: int = 1, size: int = 30
) -> tuple[list[QueueRow], int]:
    """The commune's submitted declarations, oldest first, and how many there are. As many queries whatever the size."""
    where = [Review.state == State.SUBMITTED, Review.commune_id == actor.unit_id]
    if actor.role is Role.VILLAGE_HEAD:
        where.append(Review.village == actor.village)
    if village:
        where.append(Review.village == village)
    if outcome:
        where.append(
            Review.id.in_(
                select(ReviewResult.review_id).where(
                    ReviewResult.outcome == outcome,
                    ReviewResult.id.in_(
                        select(func.max(ReviewResult.id))
                        .where(ReviewResult.standard_id == standard_on(clock.today()).id)
                        .group_by(ReviewResult.review_id)
                    ),
                )
            )
        )
    total = db.session.execute(select(func.count()).select_from(Review).where(*where)).scalar_one()
    found = list(
        db.session.execute(
            select(Review)
            .where(*where)
            .order_by(Review.submitted_on, Review.id)
            .limit(size)
            .offset((page - 1) * size)
        ).scalars()
    )
    outcomes, heads = (
        _outcomes([r.id for r in found]),
        head_names({r.household_id for r in found}, clock.today()),
    )
    held = standards()
    return [
        _row(review, outcomes.get(review.id, {}), heads.get(review.household_id, ""), held)
        for review in found
    ], total


def _row(review: Review, results: dict[str, ReviewResult], head: str, held: dict[str, Standard]) -> QueueRow:
    on = review.submitted_on or clock.today()
    first = results.get(standard_on(on, held).id)
    later = results.get(NEXT_STANDARD)
    return QueueRow(
        key=review.key,
        head=head,
        village=review.village,
        submitted_on=on,
        helped=review.helped_by_user_id is not None,
        today=first.outcome if first else "unsaid",
        next=later.outcome if later else "unsaid",
        is_demo=bool(first and first.is_demo),
        deprived=first.b2_low_points // 10 if first else 0,
        waiting_days=(clock.today() - on).days,
    )


def scored_with_other_points(standard: Standard, most: int) -> list[Review]:
    """Sent declarations that carry results under a standard, but none made with its points of today."""
    this = ReviewResult.standard_id == standard.id
    scored = select(ReviewResult.review_id).where(this)
    fresh = scored.where(ReviewResult.standard_hash == standard.hash)
    held = (Review.state == State.SUBMITTED, Review.answers.is_not(None))
    where = (*held, Review.id.in_(scored), Review.id.not_in(fresh))
    return list(db.session.execute(select(Review).where(*where).order_by(Review.id).limit(most)).scalars())


def villages(commune_id: int) -> list[str]:
    """Villages with submitted declarations."""
    return list(
        db.session.execute(
            select(Review.village)
            .where(Review.commune_id == commune_id, Review.state == State.SUBMITTED)
            .distinct()
            .order_by(Review.village)
        ).scalars()
    )


def open_consent(household_id: int) -> CommuneConsent | None:
    """The household's consent to show bands of its sales, while it holds."""
    return db.session.execute(
        select(CommuneConsent).where(
            CommuneConsent.household_id == household_id,
            CommuneConsent.purpose == "sales_bands",
            CommuneConsent.withdrawn_at.is_(None),
        )
    ).scalar_one_or_none()
