"""Verbs of sales as evidence: keep a year, ask where it contradicts, hear the family first, look again."""

import secrets

from sqlalchemy import delete, select

from accounts.models import User
from accounts.operations import audit
from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.i18n import N_, _
from households.models import Household, HouseholdMember, Person
from messages.operations import send
from registry.fairness.ties import must_be_free
from registry.models import CommuneConsent
from registry.procedure import operations as procedure
from registry.procedure.daysoff import works
from registry.procedure.queries import case_of_household, has_open_case, latest_score, sealed
from registry.procedure.rules import Origin, after_working_days
from registry.queries import answers_of
from registry.sales import queries
from registry.sales.models import SalesYear
from registry.sales.rules import FIRST_DAYS, TEXT_MAX, Standing, band_per_head, contradicts, head_days
from registry.standards.queries import standards
from registry.turns import household_turn
from revenue.queries import sales_by_year

PURPOSE = "sales_bands"


def keep_year(household_id: int) -> SalesYear | None:
    """Keep the last closed year of a household that consents, once, and ask where it contradicts the declaration.

    None where it sold nothing. What is kept stays as it was made until the next year closes.
    """
    household_turn(household_id)
    year = clock.today().year - 1
    query = select(SalesYear).where(SalesYear.household_id == household_id, SalesYear.year == year)
    held = db.session.execute(query).scalar_one_or_none()
    if held is None:
        total = sales_by_year(household_id).get(year, 0)
        if total <= 0:
            return None
        held = _made(household_id, year, total)
    if held.state == Standing.QUIET:
        _compare(held)
    return held


def _made(household_id: int, year: int, total_vnd: int) -> SalesYear:
    stays = db.session.execute(
        select(HouseholdMember.from_on, HouseholdMember.to_on).where(
            HouseholdMember.household_id == household_id
        )
    )
    days = head_days([(start, end) for start, end in stays], year)
    low, high = band_per_head(total_vnd, days, _declared(household_id), year)
    made = SalesYear(
        key=secrets.token_urlsafe(12),
        household_id=household_id,
        commune_id=db.session.get_one(Household, household_id).commune_id,
        year=year,
        low_vnd=low,
        high_vnd=high,
        made_at=clock.now(),
        state=Standing.QUIET,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _declared(household_id: int) -> int:
    found = latest_score(household_id)
    people = answers_of(found[0]).get("people") if found else None
    return people if isinstance(people, int) else 0


def _compare(held: SalesYear) -> None:
    """A declaration sent after the year began that says poor or near-poor, beside sales above the line: a question."""
    found = latest_score(held.household_id)
    if found is None or found[0].submitted_on is None or found[0].submitted_on.year < held.year:
        return
    review, result = found
    line = standards()[result.standard_id].income_line_vnd["urban" if review.urban else "rural"]
    if not contradicts(result.outcome, held.low_vnd, line):
        return
    held.state = Standing.SHOWN
    held.first_until = after_working_days(clock.today(), FIRST_DAYS, works)
    db.session.flush()
    audit(SYSTEM, "ask about sales", f"household:{held.household_id}", ("sales_bands",), PURPOSE)
    phones = (
        select(User.phone)
        .join(Person, Person.user_id == User.id)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(HouseholdMember.household_id == held.household_id, HouseholdMember.to_on.is_(None))
        .distinct()
    )
    for place, phone in enumerate(db.session.execute(phones).scalars().all()):
        text = _("Chợ Phiên: có một điều nhà mình nên xem trước. Mở trang Kê khai.")
        send(phone, "sales", text, f"sales:{held.key}:{place}")


def keep_years(most: int = 200) -> int:
    """The worker keeps the closed year of whoever consents, and compares it with what was declared since; how many."""
    year = clock.today().year - 1
    settled = select(SalesYear.household_id).where(SalesYear.year == year, SalesYear.state != Standing.QUIET)
    query = (
        select(CommuneConsent.household_id)
        .where(CommuneConsent.withdrawn_at.is_(None), CommuneConsent.household_id.not_in(settled))
        .order_by(CommuneConsent.household_id)
    )
    ids = list(db.session.execute(query.distinct().limit(most)).scalars())
    return sum(keep_year(one) is not None for one in ids)


def forget(household_id: int) -> None:
    """The consent was taken back: what was kept under it goes."""
    db.session.execute(delete(SalesYear).where(SalesYear.household_id == household_id))


def say(actor: Actor, key: str, words: str) -> SalesYear:
    """The family has seen it and says what it likes, or nothing; from now on the commune sees it. Twice is Conflict."""
    found = queries.own(actor, key)
    if found.state != Standing.SHOWN:
        raise Conflict(N_("Điều này đã gửi xã rồi."), remedy=N_("Mở lại trang để xem."))
    if len(words) > TEXT_MAX:
        raise Invalid(N_("Viết không quá %(most)s chữ."), field="words", most=TEXT_MAX)
    found.state, found.words = Standing.SENT, sealed(words, queries.WORDS, found.key)
    db.session.flush()
    audit(actor, "answer about sales", f"household:{found.household_id}", ("words",), "own record")
    return found


def read(actor: Actor, key: str) -> SalesYear:
    """An officer opens one: the line in the audit chain first."""
    found = queries.for_officer(actor, key)
    audit(actor, "read about sales", f"household:{found.household_id}", ("sales_bands", "words"), "review")
    return found


def close(actor: Actor, key: str, words: str, *, review: bool) -> SalesYear:
    """The officer went there again: what was found, which the family reads; with a review of the class or without.

    Nothing changes class by itself. Raises NotAllowed for kin, Conflict where it is closed, Invalid without words.
    """
    actor.must_be(Role.COMMUNE_OFFICER)
    found = queries.for_officer(actor, key)
    must_be_free(actor, found.household_id)
    if found.state == Standing.CLOSED:
        raise Conflict(N_("Việc này đã xong."), remedy=N_("Mở lại trang để xem."))
    if not 5 <= len(words) <= TEXT_MAX:
        raise Invalid(N_("Viết đã hỏi gì, thấy gì. Hộ đọc được."), field="words")
    if review and not has_open_case(found.household_id):
        procedure.enrol(actor, [found.household_id], Origin.ROUND)
    case = case_of_household(found.household_id) if review else None
    found.state, found.answer = Standing.CLOSED, sealed(words, queries.ANSWER, found.key)
    found.closed_on, found.closed_by_user_id = clock.today(), actor.user_id
    found.case_id = case.id if case else None
    db.session.flush()
    audit(actor, "close about sales", f"household:{found.household_id}", ("answer",), "review")
    return found
