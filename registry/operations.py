"""Verbs of declaring: start (alone or helped), answer, finish, confirm, consent; scored once confirmed."""

import json
import secrets
from collections.abc import Mapping

from sqlalchemy import select

from accounts.operations import audit, code_fits, send_code
from accounts.rules import Actor, Role
from core import clock
from core.crypto import encrypt, keyed_hash
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_
from households.models import Household
from households.queries import household as household_by_id
from households.queries import (
    household_of_person,
    household_of_user,
    person_of_user,
    persons_by_phone,
    phones_of_household,
)
from places.queries import province_of, unit
from registry import queries
from registry.figures.operations import count_declared
from registry.models import CommuneConsent, Review, ReviewDeprivation, ReviewResult
from registry.queries import FIELD, SALES_WORDING
from registry.questions import BY_ID, QUESTIONS
from registry.rules import TRANSITIONS, Event, Result, State, check_answer, score
from registry.sales import operations as sales
from registry.standards.operations import use
from registry.standards.queries import standards
from registry.turns import moved

HELPING_ROLES = (Role.DIGITAL_TEAM, Role.VILLAGE_HEAD, Role.COMMUNE_OFFICER)
PURPOSE, HELP = "declare", "help to declare"


def advance(review: Review, event: Event) -> None:
    """Move a review along its table. Raises Conflict for a step that is not in it."""
    after = TRANSITIONS.get((State(review.state), event))
    if after is None or not moved(review, after):
        raise Conflict(N_("Bản kê khai này không còn ở bước đó."), remedy=N_("Mở lại trang để xem."))


def _open_review(household_id: int) -> Review | None:
    return db.session.execute(
        select(Review).where(
            Review.household_id == household_id, Review.state.in_((State.DRAFT, State.TO_CONFIRM))
        )
    ).scalar_one_or_none()


def start(actor: Actor) -> Review:
    """Begin the household's own declaration, or go on with the one that is open.

    Raises Invalid where the person belongs to no recorded household yet.
    """
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is None:
        raise Invalid(N_("Chưa có hộ của bạn trong sổ."), remedy=N_("Ghi hộ nhà mình trước, ở trang Tôi."))
    return _open_review(mine.id) or _new(actor, mine, helped=False)


def start_for(actor: Actor, household_id: int, *, asked: bool) -> Review:
    """Begin a declaration for a household; it will confirm it itself. Both names are recorded.

    asked: the household asked for this help, shown by a code from its own phone or because it was recorded just now;
    without it nobody takes up, or reads, what a household began.
    """
    actor.must_be(*HELPING_ROLES)
    theirs = household_by_id(household_id)
    if actor.unit_id is None or theirs.commune_id != actor.unit_id:
        raise NotFound(N_("Không tìm thấy hộ này trong xã."))
    if household_of_user(actor.user_id or 0) == theirs:
        raise NotAllowed(
            N_("Không tự kê khai cho hộ mình bằng vai cán bộ."), remedy=N_("Đổi sang vai người mua.")
        )
    begun = _open_review(household_id)
    if not asked and (begun is None or begun.helped_by_user_id != actor.user_id):
        raise NotAllowed(N_("Hộ chưa nhờ giúp."), remedy=N_("Gửi mã tới điện thoại của hộ."))
    if begun is None:
        return _new(actor, theirs, helped=True)
    if begun.state == State.DRAFT and begun.helped_by_user_id != actor.user_id:
        begun.helped_by_user_id = actor.user_id
        audit(actor, "help declaration", f"review:{begun.id}")
    return begun


def _household_by_phone(actor: Actor, phone: str) -> int | None:
    """The one household of the helper's commune in which somebody has this number."""
    homes = (household_of_person(one.id, clock.today()) for one in persons_by_phone(phone))
    ids = {home.id for home in homes if home is not None and home.commune_id == actor.unit_id}
    return ids.pop() if len(ids) == 1 else None


def offer_help(actor: Actor, phone: str) -> None:
    """Send the household a code to read aloud if it wants this person's help. Silent about who is recorded."""
    actor.must_be(*HELPING_ROLES)
    if _household_by_phone(actor, phone) is not None:
        send_code(phone, HELP)
        audit(actor, "offer help", "household", purpose="declare")


def begin_help(actor: Actor, phone: str, code: str) -> Review | None:
    """The household read its code aloud: its declaration begins or goes on. None if the code does not fit."""
    actor.must_be(*HELPING_ROLES)
    household_id = _household_by_phone(actor, phone)
    if not code_fits(phone, HELP, code) or household_id is None:
        return None
    return start_for(actor, household_id, asked=True)


def _new(actor: Actor, theirs: Household, *, helped: bool) -> Review:
    commune = unit(theirs.commune_id)
    if actor.user_id is None:
        raise NotAllowed(N_("Kê khai cần một người đứng ra."))
    made = Review(
        key=secrets.token_urlsafe(12),
        household_id=theirs.id,
        commune_id=theirs.commune_id,
        village=theirs.village,
        region=province_of(theirs.commune_id).region or "mien_nui_phia_bac",
        urban=bool(commune.urban),
        urban_source=commune.urban_source,
        state=State.DRAFT,
        started_at=clock.now(),
        started_by_user_id=actor.user_id,
        helped_by_user_id=actor.user_id if helped else None,
    )
    db.session.add(made)
    db.session.flush()
    _write_answers(made, {})
    audit(actor, "start declaration", f"review:{made.id}")
    return made


def _write_answers(review: Review, answers: dict[str, str | int]) -> None:
    text = json.dumps(answers, sort_keys=True, ensure_ascii=False)
    review.answers = encrypt(text, field=FIELD, owner=f"review:{review.key}")
    review.answers_hash = keyed_hash(text, purpose="review")
    db.session.flush()


def answer(actor: Actor, key: str, question_id: str, given: str) -> Review:
    """Keep one answer of a draft. Raises Invalid, with what to do, for what the question does not allow."""
    review = queries.own_review(actor, key)
    if question_id not in BY_ID:
        raise NotFound(N_("Không có câu hỏi này."))
    if review.state != State.DRAFT:
        raise Conflict(
            N_("Bản này đã gửi nên không sửa được."), remedy=N_("Mở lại để sửa trước khi xác nhận.")
        )
    question = BY_ID[question_id]
    try:
        kept = check_answer(question_id, given)
    except ValueError as error:
        if question.kind == "number":
            raise Invalid(
                N_("Viết một số từ %(low)s đến %(high)s, hoặc chọn không biết."),
                field="answer",
                low=question.low,
                high=question.high,
            ) from error
        raise Invalid(N_("Chọn một câu trả lời, hoặc chọn không biết."), field="answer") from error
    _write_answers(review, queries.answers_of(review) | {question_id: kept})
    return review


def answer_all(actor: Actor, review: Review, given: Mapping[str, str]) -> Review:
    """Put a whole set of answers in a draft's place: what a phone brought. Raises Invalid, naming the question."""
    if review.state != State.DRAFT:
        raise Conflict(
            N_("Bản này đã gửi nên không sửa được."), remedy=N_("Mở lại để sửa trước khi xác nhận.")
        )
    kept: dict[str, str | int] = {}
    for question_id, text in given.items():
        try:
            kept[question_id] = check_answer(question_id, text)
        except (KeyError, ValueError) as error:
            raise Invalid(
                N_("Có câu trả lời không đọc được."), remedy=N_("Mở câu đó ra, chọn lại."), field=question_id
            ) from error
    _write_answers(review, kept)
    audit(actor, "answer declaration", f"review:{review.id}", ("answers",), PURPOSE)
    return review


def unanswered(review: Review) -> list[str]:
    """Questions without any answer yet ('không biết' is an answer)."""
    answers = queries.answers_of(review)
    return [question.id for question in QUESTIONS if question.id not in answers]


def finish(actor: Actor, key: str) -> Review:
    """Send a declaration: at once by the household itself, else it waits for the household's confirmation."""
    review = queries.own_review(actor, key)
    if left := unanswered(review):
        raise Invalid(
            N_("Còn %(count)s câu chưa trả lời."),
            remedy=N_("Trả lời, hoặc chọn không biết."),
            count=len(left),
        )
    alone = review.helped_by_user_id is None or queries.is_own(actor, review)
    advance(review, Event.FINISH_ALONE if alone else Event.FINISH_HELPED)
    if alone:
        _submit(review, "self")
    audit(actor, "finish declaration", f"review:{review.id}")
    db.session.flush()
    return review


def household_phones(household_id: int) -> list[str]:
    """E.164 numbers of the household's people."""
    return phones_of_household(household_id, clock.today())


def ask_to_confirm(actor: Actor, key: str, phone: str) -> None:
    """Send the household a code, to read to its helper as its yes."""
    review = queries.own_review(actor, key)
    if phone not in household_phones(review.household_id):
        raise Invalid(N_("Số này không phải của hộ."), field="phone")
    send_code(phone, f"{PURPOSE}:{review.id}")
    audit(actor, "ask to confirm", f"review:{review.id}")


def confirm_by_code(actor: Actor, key: str, phone: str, code: str) -> bool:
    """The household's yes by a code sent to its own phone; False if the code does not fit (the try is counted)."""
    review = queries.own_review(actor, key)
    if phone not in household_phones(review.household_id) or not code_fits(
        phone, f"{PURPOSE}:{review.id}", code
    ):
        return False
    confirm_as(actor, review, "code")
    return True


def confirm_own(actor: Actor, key: str) -> Review:
    """The household's yes in its own session."""
    review = queries.own_review(actor, key)
    if not queries.is_own(actor, review):
        raise NotAllowed(N_("Chỉ người trong hộ xác nhận được."), remedy=N_("Gửi mã tới điện thoại của hộ."))
    confirm_as(actor, review, "self")
    return review


def confirm_as(actor: Actor, review: Review, how: str) -> None:
    """Write the household's yes and send the declaration. how: self, code, pin, mark; the caller proved it."""
    advance(review, Event.CONFIRM)
    _submit(review, how)
    audit(actor, "confirm declaration", f"review:{review.id}", purpose=how)


def reopen(actor: Actor, key: str) -> Review:
    """Back to a draft, before the household confirmed it."""
    review = queries.own_review(actor, key)
    advance(review, Event.REOPEN)
    db.session.flush()
    return review


def withdraw(actor: Actor, key: str) -> Review:
    """The household takes its declaration back."""
    review = queries.own_review(actor, key)
    if not queries.is_own(actor, review):
        raise NotAllowed(N_("Chỉ người trong hộ rút được."))
    advance(review, Event.WITHDRAW)
    count_declared(review)
    audit(actor, "withdraw declaration", f"review:{review.id}")
    db.session.flush()
    return review


def _submit(review: Review, how: str) -> None:
    review.confirmed_how, review.confirmed_at, review.submitted_on = how, clock.now(), clock.today()
    answers = queries.answers_of(review)
    for standard in queries.standards_of(review):
        use(standard)
        store_result(review, score(answers, standard, queries.area_of(review)))
    count_declared(review)
    db.session.flush()


def store_result(review: Review, result: Result) -> ReviewResult:
    """Keep what a standard said: class, points, deprivations as columns; reasons are recomputed from the answers."""
    b1 = result.b1 or (None, None)
    made = ReviewResult(
        review_id=review.id,
        standard_id=result.standard_id,
        standard_hash=result.standard_hash,
        outcome=result.outcome,
        is_demo=result.is_demo,
        b1_low_points=b1[0],
        b1_high_points=b1[1],
        b2_low_points=result.b2[0],
        b2_high_points=result.b2[1],
        scored_at=clock.now(),
    )
    made.deprivations = [
        ReviewDeprivation(indicator=line.code, deprived=line.deprived) for line in result.indicators
    ]
    db.session.add(made)
    return made


def score_again(most: int) -> int:
    """Add a result where official points were approved after a declaration was scored; how many were added.

    The earlier result stays as it was, with its own hash and its DEMO mark.
    """
    added = 0
    for standard in standards().values():
        if standard.is_demo:
            continue
        for review in queries.scored_with_other_points(standard, most - added):
            use(standard)
            store_result(review, score(queries.answers_of(review), standard, queries.area_of(review)))
            count_declared(review)
            added += 1
    db.session.flush()
    return added


def give_sales_consent(actor: Actor, *, helped_by_user_id: int | None = None) -> CommuneConsent:
    """The household lets the commune see bands of its sales. Twice is one consent."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is None or actor.user_id is None:
        raise Invalid(N_("Chưa có hộ của bạn trong sổ."), remedy=N_("Ghi hộ nhà mình trước, ở trang Tôi."))
    held = queries.open_consent(mine.id)
    if held is not None:
        return held
    who = person_of_user(actor.user_id)
    given = CommuneConsent(
        household_id=mine.id,
        person_id=who.id if who else None,
        purpose="sales_bands",
        wording_version=SALES_WORDING,
        given_at=clock.now(),
        helped_by_user_id=helped_by_user_id,
    )
    db.session.add(given)
    db.session.flush()
    audit(actor, "give consent", f"commune_consent:{given.id}", purpose="sales_bands")
    sales.keep_year(mine.id)
    return given


def withdraw_sales_consent(actor: Actor) -> None:
    """Take the consent back; from now on the commune sees nothing of the sales, and what was kept of them goes."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    held = queries.open_consent(mine.id) if mine else None
    if held is not None:
        held.withdrawn_at = clock.now()
        db.session.flush()
        audit(actor, "withdraw consent", f"commune_consent:{held.id}", purpose="sales_bands")
        sales.forget(held.household_id)


def read_by_officer(actor: Actor, key: str, purpose: str) -> Review:
    """An officer opens a household's declaration. The line in the audit chain is written first, or nothing is shown."""
    actor.must_be(Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
    review = queries.review_for_officer(actor, key)
    audit(actor, "read declaration", f"review:{review.id}", ("answers", "results", "sales_bands"), purpose)
    return review
