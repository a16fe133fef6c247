"""Verbs: declare kin, look again, settle a difference, answer a question, read what is asked of officers."""

import secrets

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.i18n import N_
from places.queries import communes_of
from registry.fairness import queries
from registry.fairness.models import DrawSeed, KinDeclared, OfficerQuestion, QuestionAnswer, Recheck
from registry.fairness.rules import Pattern, Question, RecheckState, Verdict
from registry.fairness.ties import must_be_free
from registry.procedure import operations as procedure
from registry.procedure.models import ReviewCase
from registry.procedure.queries import sealed
from registry.procedure.rules import CHOSEN

OFFICERS = (Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
PURPOSE = "recheck"
WORDS_LEAST, WORDS_MOST = 5, 2000


def declare_kin(actor: Actor, household_key: str) -> KinDeclared:
    """An officer says that a household of her place is her kin; from now on she judges nothing of it. Twice is once.

    It cannot be taken back: who judges must not be a matter of the day.
    """
    actor.must_be(*OFFICERS)
    home = queries.household_here(actor, household_key)
    where = (KinDeclared.user_id == actor.user_id, KinDeclared.household_id == home.id)
    held = db.session.execute(select(KinDeclared).where(*where)).scalar_one_or_none()
    if held is not None:
        return held
    made = KinDeclared(user_id=actor.user_id, household_id=home.id, declared_at=clock.now())
    db.session.add(made)
    db.session.flush()
    audit(actor, "declare kin", f"household:{home.id}", (), procedure.PURPOSE)
    return made


def read_recheck(actor: Actor, key: str) -> Recheck:
    """The drawn officer opens a re-check: the line in the audit chain first, or nothing is shown."""
    actor.must_be(Role.COMMUNE_OFFICER)
    found = queries.recheck_for(actor, key)
    audit(actor, "read case", f"case:{found.case_id}", ("head", "village"), PURPOSE)
    return found


def find(actor: Actor, key: str, chosen: str, note: str) -> Recheck:
    """What the drawn officer finds, once. A class other than the recognised one goes to the level above."""
    actor.must_be(Role.COMMUNE_OFFICER)
    found = queries.recheck_for(actor, key)
    case = db.session.get_one(ReviewCase, found.case_id)
    must_be_free(actor, case.household_id)
    if found.state != RecheckState.WAITING:
        raise Conflict(N_("Lần kiểm tra này đã ghi rồi."), remedy=N_("Mở lại trang để xem."))
    if chosen not in CHOSEN:
        raise Invalid(N_("Chọn một mức."), field="chosen")
    if len(note) < WORDS_LEAST:
        raise Invalid(N_("Viết điều đã thấy ở nhà hộ."), field="note")
    found.state = RecheckState.SAME if chosen == case.chosen else RecheckState.DIFFERS
    found.found, found.note = chosen, sealed(note, queries.NOTE, found.key)
    found.found_at, found.found_by_user_id = clock.now(), actor.user_id
    db.session.flush()
    audit(actor, "re-check", f"case:{case.id}", ("found", "note"), PURPOSE)
    return found


def read_difference(actor: Actor, key: str) -> Recheck:
    """A province officer opens a re-check that was done; the reading is in the audit chain first."""
    actor.must_be(Role.PROVINCE_OFFICER)
    found = queries.recheck_above(actor, key)
    audit(actor, "read case", f"case:{found.case_id}", ("head", "steps", "found", "note"), PURPOSE)
    return found


def settle(actor: Actor, key: str, verdict: Verdict, words: str) -> Recheck:
    """The level above decides on a difference: keep what was recognised, or have the commune begin anew."""
    actor.must_be(Role.PROVINCE_OFFICER)
    found = queries.recheck_above(actor, key)
    case = db.session.get_one(ReviewCase, found.case_id)
    must_be_free(actor, case.household_id)
    if found.state != RecheckState.DIFFERS:
        raise Conflict(N_("Chỗ khác nhau này đã xem xong."), remedy=N_("Mở lại trang để xem."))
    if len(words) < WORDS_LEAST:
        raise Invalid(N_("Viết vì sao quyết định như vậy."), field="words")
    if verdict is Verdict.AGAIN:
        procedure.open_again(actor, case.household_id)
    found.state, found.verdict = RecheckState.SETTLED, verdict
    found.words = sealed(words, queries.WORDS, found.key)
    found.settled_at, found.settled_by_user_id = clock.now(), actor.user_id
    db.session.flush()
    audit(actor, "settle re-check", f"case:{case.id}", ("verdict", "words"), PURPOSE)
    return found


def answer(actor: Actor, kind: Pattern, words: str) -> QuestionAnswer:
    """An officer answers a question that is asked of her now. Raises Conflict where nothing is asked."""
    actor.must_be(*OFFICERS)
    asked = next((one for one in queries.asked_of(actor) if one.kind is kind), None)
    if asked is None:
        raise Conflict(N_("Không có câu hỏi này nữa."), remedy=N_("Mở lại trang để xem."))
    if not WORDS_LEAST <= len(words) <= WORDS_MOST:
        raise Invalid(N_("Viết câu trả lời, ít nhất vài chữ."), field="words")
    key = secrets.token_urlsafe(12)
    made = QuestionAnswer(
        key=key,
        user_id=actor.user_id,
        round_year=clock.today().year,
        kind=kind,
        asked=f"{asked.count}/{asked.of} {asked.beside}/{asked.beside_of}",
        words=sealed(words, queries.ANSWER, key),
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, "answer question", f"person_account:{actor.user_id}", (kind,))
    return made


def read_questions(actor: Actor) -> None:
    """A province officer reads what is asked of officers: the line first."""
    actor.must_be(Role.PROVINCE_OFFICER)
    audit(actor, "read questions", f"unit:{actor.unit_id}", ("counts", "answers"), "review")


def ask_anew() -> int:
    """The worker counts this round's questions again in every province that has one; how many changed."""
    year, changed = clock.today().year, 0
    provinces = select(DrawSeed.province_id).where(DrawSeed.round_year == year).order_by(DrawSeed.province_id)
    for province_id in list(db.session.execute(provinces).scalars()):
        communes = [one.id for one in communes_of(province_id)]
        where = (OfficerQuestion.province_id == province_id, OfficerQuestion.round_year == year)
        held = {
            (one.user_id, one.kind): one
            for one in db.session.execute(select(OfficerQuestion).where(*where)).scalars()
        }
        for user_id, asked in queries.counted(communes, year).items():
            for one in asked:
                changed += _keep_question(held.pop((user_id, one.kind), None), user_id, province_id, one)
        for gone in held.values():
            db.session.delete(gone)
            changed += 1
        db.session.flush()
    return changed


def _keep_question(held: OfficerQuestion | None, user_id: int, province_id: int, one: Question) -> bool:
    """Write a question where it is new or its numbers changed."""
    numbers = (one.count, one.of, one.beside, one.beside_of)
    row = held or OfficerQuestion(
        user_id=user_id, province_id=province_id, round_year=clock.today().year, kind=one.kind
    )
    if held and numbers == (held.found_count, held.whole_count, held.beside_count, held.beside_whole_count):
        return False
    row.found_count, row.whole_count, row.beside_count, row.beside_whole_count = numbers
    row.counted_at = clock.now()
    db.session.add(row)
    return True
