"""The draw: a seed for each province and round, kept sealed; a departing class is drawn when it is recognised.

Called by the procedure's verbs, so it knows cases and nothing of their steps.
"""

import base64
import secrets

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from accounts.models import Grant, User
from accounts.operations import audit
from accounts.rules import SYSTEM, Role
from core import clock
from core.crypto import decrypt, encrypt
from core.db import db
from places.queries import communes_of, province_of
from registry.fairness.models import DrawSeed, Recheck
from registry.fairness.rules import (
    DRAW_BP,
    RECHECK_DAYS,
    SEED_BYTES,
    RecheckState,
    commitment,
    drawn,
    placed,
)
from registry.fairness.ties import kin_of, works_with
from registry.procedure.daysoff import works
from registry.procedure.models import ReviewCase
from registry.procedure.rules import after_working_days

FIELD = "draw_seed.seed"
ELSEWHERE = "recheck"


def seed_of(province_id: int, round_year: int) -> DrawSeed:
    """The seed of a province's round, made when the round's first case is opened."""
    query = select(DrawSeed).where(DrawSeed.province_id == province_id, DrawSeed.round_year == round_year)
    found = db.session.execute(query).scalar_one_or_none()
    if found is not None:
        return found
    seed = secrets.token_bytes(SEED_BYTES)
    owner = f"draw_seed:{province_id}:{round_year}"
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    made = dialect.insert(DrawSeed).values(
        province_id=province_id,
        round_year=round_year,
        commitment=commitment(seed),
        seed=encrypt(base64.b64encode(seed).decode(), field=FIELD, owner=owner),
        rate_bp=DRAW_BP,
        made_at=clock.now(),
    )
    db.session.execute(made.on_conflict_do_nothing(index_elements=["province_id", "round_year"]))
    audit(SYSTEM, "commit to a draw", f"unit:{province_id}", ("commitment",), f"{round_year}")
    return db.session.execute(query).scalar_one()


def opened_seed(held: DrawSeed) -> bytes:
    """The seed itself."""
    owner = f"draw_seed:{held.province_id}:{held.round_year}"
    return base64.b64decode(decrypt(held.seed, field=FIELD, owner=owner))


def commit(commune_id: int, round_year: int) -> None:
    """Bind the draw of a round before any of its cases is decided."""
    seed_of(province_of(commune_id).id, round_year)


def draw(case: ReviewCase) -> Recheck | None:
    """Draw a recognised case whose class departs from the score; None where it is not drawn. Nobody has a choice."""
    if not case.departs:
        return None
    province = province_of(case.commune_id)
    held = seed_of(province.id, case.round_year)
    seed = opened_seed(held)
    if not drawn(seed, case.round_year, case.key, held.rate_bp):
        return None
    today = clock.today()
    made = Recheck(
        key=secrets.token_urlsafe(12),
        case_id=case.id,
        province_id=province.id,
        round_year=case.round_year,
        state=RecheckState.WAITING,
        officer_user_id=placed(seed, case.round_year, case.key, candidates(case, province.id)),
        drawn_at=clock.now(),
        due_on=after_working_days(today, RECHECK_DAYS, works),
    )
    db.session.add(made)
    db.session.flush()
    audit(SYSTEM, "draw re-check", f"case:{case.id}", ("officer",), ELSEWHERE)
    return made


def candidates(case: ReviewCase, province_id: int) -> list[int]:
    """Commune officers of other communes of the province who are not tied to the family, nor signed for it."""
    others = [one.id for one in communes_of(province_id) if one.id != case.commune_id]
    today = clock.today()
    valid = (Grant.role == Role.COMMUNE_OFFICER, Grant.from_on <= today,
             or_(Grant.to_on.is_(None), Grant.to_on >= today))  # fmt: skip
    here = select(Grant.user_id).where(*valid, Grant.unit_id == case.commune_id)
    query = (
        select(Grant.user_id)
        .join(User, User.id == Grant.user_id)
        .where(*valid, Grant.unit_id.in_(others), Grant.user_id.not_in(here), User.active)
        .distinct()
    )
    found = list(db.session.execute(query).scalars())
    kin = kin_of(found)
    free = [one for one in found if case.household_id not in kin[one]]
    return [one for one in free if not works_with(one, case.household_id)]


def place_again(limit: int = 50) -> int:
    """Find an officer for re-checks that have none, or whose officer no longer holds the office; how many changed."""
    query = select(Recheck, ReviewCase).join(ReviewCase, ReviewCase.id == Recheck.case_id)
    query = query.where(Recheck.state == RecheckState.WAITING).order_by(Recheck.id)
    changed = 0
    for one, case in db.session.execute(query.limit(limit)).all():
        able = candidates(case, one.province_id)
        if one.officer_user_id in able:
            continue
        seed = opened_seed(seed_of(one.province_id, one.round_year))
        found = placed(seed, one.round_year, case.key, able)
        if found != one.officer_user_id:
            one.officer_user_id = found
            audit(SYSTEM, "draw re-check", f"case:{case.id}", ("officer",), ELSEWHERE)
            changed += 1
    return changed
