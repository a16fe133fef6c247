"""Reads against favouritism: re-checks within reach, questions to officers from counts alone, kin by commune."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import extract, func, select
from sqlalchemy.orm import aliased

from accounts.models import Grant, User
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.models import Household
from households.queries import head_names
from places.queries import communes_of, place_names
from registry.fairness.models import DrawSeed, KinDeclared, OfficerQuestion, QuestionAnswer, Recheck
from registry.fairness.rules import Near, Pattern, Question, RecheckState, alike, fast, heaped, overrides
from registry.fairness.ties import kin_of
from registry.models import Review, ReviewResult
from registry.procedure.models import CaseStep, ReviewCase
from registry.procedure.queries import covers, opened
from registry.procedure.rules import CERTIFIED, CaseState
from registry.rules import State
from registry.standards.queries import standard_on, standards

NOTE, WORDS, ANSWER = "recheck.note", "recheck.words", "question_answer.words"
Ids = Collection[int]


def _missing() -> NotFound:
    return NotFound(N_("Không có lần kiểm tra lại này."), remedy=N_("Mở lại từ danh sách."))


def household_here(actor: Actor, key: str) -> Household:
    """A household of the officer's place by its key. Raises NotFound."""
    found = db.session.execute(select(Household).where(Household.key == key)).scalar_one_or_none()
    if found is None or not covers(actor, found.commune_id, found.village):
        raise NotFound(N_("Không tìm thấy hộ này trong xã."))
    return found


def declared_by(user_id: int) -> list[str]:
    """Heads of the households that an officer declared as kin."""
    query = select(KinDeclared.household_id).where(KinDeclared.user_id == user_id).order_by(KinDeclared.id)
    ids = list(db.session.execute(query).scalars())
    heads = head_names(set(ids), clock.today())
    return [heads.get(one, "") for one in ids]


# ---- re-checks ----


def _by_key(key: str) -> Recheck:
    found = db.session.execute(select(Recheck).where(Recheck.key == key)).scalar_one_or_none()
    if found is None:
        raise _missing()
    return found


def recheck_for(actor: Actor, key: str) -> Recheck:
    """A re-check that was drawn for this officer. Raises NotFound for anybody else's."""
    found = _by_key(key)
    if actor.user_id is None or found.officer_user_id != actor.user_id:
        raise _missing()
    return found


def recheck_above(actor: Actor, key: str) -> Recheck:
    """A re-check of the officer's province, once it was done. Raises NotFound."""
    found = _by_key(key)
    if actor.role is not Role.PROVINCE_OFFICER or found.province_id != actor.unit_id or not found.found:
        raise _missing()
    return found


@dataclass(frozen=True)
class RecheckRow:
    """One line of a list of re-checks; head and village only for who may know them."""

    key: str
    state: str
    commune: str
    head: str
    village: str
    due_on: object
    late: bool


def mine_to_look(actor: Actor) -> list[RecheckRow]:
    """Re-checks drawn for an officer, the nearest day first."""
    where = (Recheck.officer_user_id == actor.user_id, Recheck.state == RecheckState.WAITING)
    return _rows(*where)


def _rows(*where: Any) -> list[RecheckRow]:
    query = select(Recheck, ReviewCase).join(ReviewCase, ReviewCase.id == Recheck.case_id).where(*where)
    rows = db.session.execute(query.order_by(Recheck.due_on, Recheck.id).limit(100)).all()
    today = clock.today()
    heads = head_names({case.household_id for _one, case in rows}, today)
    names = place_names({case.commune_id for _one, case in rows})
    return [
        RecheckRow(
            one.key, one.state, names[case.commune_id].commune, heads.get(case.household_id, ""), case.village,
            one.due_on, one.state == RecheckState.WAITING and one.due_on < today,
        )
        for one, case in rows
    ]  # fmt: skip


def case_of(one: Recheck) -> ReviewCase:
    """The case that is looked at again."""
    return db.session.get_one(ReviewCase, one.case_id)


def words_of(one: Recheck) -> tuple[str, str]:
    """(what the other officer saw, why the level above decided)."""
    return opened(one.note, NOTE, one.key), opened(one.words, WORDS, one.key)


def differences(province_id: int) -> list[RecheckRow]:
    """Differences that wait for the province, the oldest first."""
    return _rows(Recheck.province_id == province_id, Recheck.state == RecheckState.DIFFERS)


@dataclass(frozen=True)
class DrawView:
    """A round's draw: counts, the commitment, and the seed (hex) once the year is over."""

    year: int
    commitment: str
    rate_bp: int
    seed: str
    states: dict[str, int]
    nobody: int


def draw_of(province_id: int, year: int) -> DrawView | None:
    """The draw of a province's round; None before its first case."""
    from registry.fairness.draws import opened_seed

    where = (DrawSeed.province_id == province_id, DrawSeed.round_year == year)
    held = db.session.execute(select(DrawSeed).where(*where)).scalar_one_or_none()
    if held is None:
        return None
    here = (Recheck.province_id == province_id, Recheck.round_year == year)
    query = select(Recheck.state, func.count(), func.count().filter(Recheck.officer_user_id.is_(None)))
    rows = db.session.execute(query.where(*here).group_by(Recheck.state)).all()
    seed = opened_seed(held).hex() if clock.today().year > year else ""
    states = {state: count for state, count, _nobody in rows}
    return DrawView(year, held.commitment, held.rate_bp, seed, states, sum(row[2] for row in rows))


# ---- departures and kin, by commune ----


@dataclass(frozen=True)
class CommuneRow:
    """A commune's round: recognised, of which departed; certified (poor, near-poor), of which kin of an officer."""

    name: str
    recognised: int
    departed: int
    certified: int
    kin: int


def by_commune(province_id: int, year: int) -> list[CommuneRow]:
    """Each commune of a province with cases in a round. As many queries whatever their number."""
    units = {one.id: f"{one.kind.lower()} {one.name}" for one in communes_of(province_id)}
    query = select(
        ReviewCase.commune_id, ReviewCase.household_id, ReviewCase.chosen, ReviewCase.departs
    ).where(
        ReviewCase.commune_id.in_(units),
        ReviewCase.round_year == year,
        ReviewCase.state == CaseState.RECOGNISED,
    )
    rows = db.session.execute(query).all()
    related = _kin_by_commune(set(units))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        held = row.chosen in CERTIFIED
        counts[row.commune_id].update(
            recognised=1,
            departed=int(row.departs),
            certified=int(held),
            kin=int(held and row.household_id in related.get(row.commune_id, set())),
        )
    return [
        CommuneRow(units[one], said["recognised"], said["departed"], said["certified"], said["kin"])
        for one, said in sorted(counts.items(), key=lambda item: units[item[0]])
    ]


def on_demo(commune_ids: Ids, year: int) -> bool:
    """Whether anything that is counted of a round here stands on invented points: those of today, or of a case."""
    where = (ReviewCase.commune_id.in_(commune_ids), ReviewCase.round_year == year, ReviewCase.is_demo)
    kept = db.session.execute(select(ReviewCase.id).where(*where).limit(1)).first() is not None
    return kept or standard_on(clock.today()).is_demo


def _officers_of(commune_ids: Ids) -> dict[int, set[int]]:
    """Commune → accounts that hold an office there today."""
    today = clock.today()
    query = select(Grant.unit_id, Grant.user_id).where(
        Grant.unit_id.in_(commune_ids),
        Grant.role.in_((Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)),
        Grant.from_on <= today,
        Grant.to_on.is_(None) | (Grant.to_on >= today),
    )
    found: dict[int, set[int]] = defaultdict(set)
    for unit_id, user_id in db.session.execute(query):
        found[unit_id].add(user_id)
    return found


def _kin_by_commune(commune_ids: set[int]) -> dict[int, set[int]]:
    officers = _officers_of(commune_ids)
    kin = kin_of({one for some in officers.values() for one in some})
    return {unit_id: set().union(*(kin[one] for one in some)) for unit_id, some in officers.items()}


def kin_here(commune_id: int, household_id: int) -> list[str]:
    """Names of the commune's officers whose kin a household is: shown on its case, so that everybody sees it."""
    officers = _officers_of([commune_id]).get(commune_id, set())
    kin = kin_of(officers)
    tied = [one for one in officers if household_id in kin[one]]
    query = select(User.name).where(User.id.in_(tied)).order_by(User.name)
    return list(db.session.execute(query).scalars()) if tied else []


# ---- questions ----


@dataclass(frozen=True)
class Asked:
    """A question with the officer it is about and her newest answer to it."""

    user_id: int
    name: str
    question: Question
    answer: str
    answered_at: datetime | None


def _question(row: OfficerQuestion) -> Question:
    return Question(
        Pattern(row.kind), row.found_count, row.whole_count, row.beside_count, row.beside_whole_count
    )


def questions(province_id: int, year: int) -> list[Asked]:
    """Every question that a round's counts ask in a province, by officer. Questions, not verdicts."""
    query = (
        select(OfficerQuestion, User.name)
        .join(User, User.id == OfficerQuestion.user_id)
        .where(OfficerQuestion.province_id == province_id, OfficerQuestion.round_year == year)
        .order_by(User.name, OfficerQuestion.id)
    )
    rows = db.session.execute(query).all()
    answers = _answers({row[0].user_id for row in rows}, year)
    return [
        Asked(one.user_id, name, _question(one), *answers.get((one.user_id, one.kind), ("", None)))
        for one, name in rows
    ]


def asked_of(actor: Actor) -> list[Question]:
    """What is asked of an officer this year: the very rows that the province reads."""
    where = (OfficerQuestion.user_id == actor.user_id, OfficerQuestion.round_year == clock.today().year)
    query = select(OfficerQuestion).where(*where).order_by(OfficerQuestion.id)
    return [_question(one) for one in db.session.execute(query).scalars()]


def own_answers(actor: Actor) -> dict[str, tuple[str, datetime | None]]:
    """The officer's newest answer to each kind of question this year."""
    user_id = actor.user_id or 0
    found = _answers([user_id], clock.today().year)
    return {kind: said for (_user, kind), said in found.items()}


def _answers(user_ids: Ids, year: int) -> dict[tuple[int, str], tuple[str, datetime | None]]:
    query = select(QuestionAnswer).where(
        QuestionAnswer.user_id.in_(user_ids), QuestionAnswer.round_year == year
    )
    rows = db.session.execute(query.order_by(QuestionAnswer.id)).scalars()
    return {(one.user_id, one.kind): (opened(one.words, ANSWER, one.key), one.at) for one in rows}


def counted(commune_ids: Ids, year: int) -> dict[int, list[Question]]:
    """Officer → what is asked of her, counted anew over a province: the worker's, no page runs it."""
    found: dict[int, list[Question]] = defaultdict(list)
    proposed, visits = _visited(commune_ids, year)
    whole, departed = len(proposed), sum(gone for _user, gone in proposed)
    for user_id in {user for user, _gone in proposed}:
        own = [gone for user, gone in proposed if user == user_id]
        rest, rest_of = departed - sum(own), whole - len(own)
        for one in (overrides(sum(own), len(own), rest, rest_of), fast(visits[user_id])):
            found[user_id] += [one] if one else []
    vectors, points = _helped(commune_ids, year)
    for user_id in vectors:
        for one in (alike(vectors[user_id]), heaped(points[user_id])):
            found[user_id] += [one] if one else []
    return {user_id: asked for user_id, asked in found.items() if asked}


def _visited(commune_ids: Ids, year: int) -> tuple[list[tuple[int, bool]], dict[int, list[datetime]]]:
    """((visitor, whether she proposed a class other than the score) of each visit, visitor → when)."""
    scored = aliased(CaseStep)
    score = (
        select(scored.chosen)
        .where(scored.case_id == CaseStep.case_id, scored.event == "score", scored.id < CaseStep.id)
        .order_by(scored.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(CaseStep.user_id, CaseStep.chosen, CaseStep.at, score)
        .join(ReviewCase, ReviewCase.id == CaseStep.case_id)
        .where(
            ReviewCase.commune_id.in_(commune_ids),
            ReviewCase.round_year == year,
            CaseStep.event == "visit",
            CaseStep.user_id.is_not(None),
        )
    )
    proposed, at = [], defaultdict[int, list[datetime]](list)
    for user_id, chosen, when, was in db.session.execute(query):
        proposed.append((user_id, chosen != was))
        at[user_id].append(when)
    return proposed, at


def _helped(commune_ids: Ids, year: int) -> tuple[dict[int, list[str]], dict[int, list[Near]]]:
    """Of each helper: the keyed hashes of the answers she wrote down, and how they stand beside the lines.

    The hash tells whether two declarations are alike and nothing else; no answer is opened.
    """
    today = standard_on(clock.today())
    newest = (
        select(func.max(ReviewResult.id))
        .where(ReviewResult.standard_id == today.id)
        .group_by(ReviewResult.review_id)
    )
    query = (
        select(Review.helped_by_user_id, Review.answers_hash, Review.urban, ReviewResult)
        .join(ReviewResult, ReviewResult.review_id == Review.id)
        .where(
            Review.commune_id.in_(commune_ids),
            Review.state == State.SUBMITTED,
            Review.helped_by_user_id.is_not(None),
            extract("year", Review.submitted_on) == year,
            ReviewResult.id.in_(newest),
        )
    )
    limits = {code: one.b1_limit for code, one in standards().items()}
    vectors, points = defaultdict[int, list[str]](list), defaultdict[int, list[Near]](list)
    for user_id, answers_hash, urban, result in db.session.execute(query):
        vectors[user_id].append(answers_hash)
        limit = limits[result.standard_id]
        exact = (
            result.b1_low_points == result.b1_high_points and result.b2_low_points == result.b2_high_points
        )
        if limit is not None and exact and result.b1_low_points is not None:
            near = Near(result.b1_low_points, limit["urban" if urban else "rural"], result.b2_low_points,
                        today.poor_from_b2, today.points_per_indicator)  # fmt: skip
            points[user_id].append(near)
    return vectors, points
