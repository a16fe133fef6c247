"""Verbs of one's own record: ask to correct, to stop or to erase; answer; take one consent back; take a copy."""

import secrets

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from households import operations as households
from households.models import Household
from households.queries import household_of_user
from registry.models import CommuneConsent
from registry.needs.rules import working_day_after
from registry.operations import withdraw_sales_consent
from registry.record import queries
from registry.record.erasing import on_request
from registry.record.models import RecordRequest
from registry.record.rules import ANSWER_DAYS, TEXT_MAX, Ask, AskState, Part

READERS = (Role.COMMUNE_OFFICER,)


def my_household(actor: Actor) -> Household:
    """The household whose record the actor may open: her own. Raises Invalid where there is none."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is None:
        raise Invalid(N_("Chưa có hộ của bạn trong sổ."), remedy=N_("Ghi hộ nhà mình trước, ở trang Tôi."))
    return mine


def ask(actor: Actor, what: Ask, words: str, part: Part | None = None) -> RecordRequest:
    """Ask the commune to correct or to stop using something, or to erase; erasable things are erased at once.

    Raises Invalid where a correction or an objection has no words.
    """
    mine = my_household(actor)
    if what is not Ask.ERASE and len(words) < 5:
        raise Invalid(N_("Viết rõ chỗ nào, vì sao, để xã làm đúng."), field="words")
    if len(words) > TEXT_MAX:
        raise Invalid(N_("Viết không quá %(most)s chữ."), field="words", most=TEXT_MAX)
    key = secrets.token_urlsafe(12)
    made = RecordRequest(
        key=key,
        household_id=mine.id,
        commune_id=mine.commune_id,
        ask=what,
        part=part or "",
        words=encrypt(words, field=queries.WORDS, owner=f"record_request:{key}"),
        state=AskState.OPEN,
        asked_at=clock.now(),
        asked_by_user_id=actor.user_id or 0,
        due_on=working_day_after(clock.today(), ANSWER_DAYS),
        erased_count=on_request(mine.id) if what is Ask.ERASE else 0,
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, f"ask to {what}", f"record_request:{made.id}", (part,) if part else (), "own record")
    return made


def read_by_officer(actor: Actor, key: str, purpose: str) -> RecordRequest:
    """An officer opens a request. The line in the audit chain is written first, or nothing is shown."""
    actor.must_be(*READERS)
    found = queries.request_for_officer(actor, key)
    audit(actor, "read record request", f"record_request:{found.id}", ("words",), purpose)
    return found


def answer(actor: Actor, key: str, granted: bool, words: str) -> RecordRequest:
    """A commune officer answers a request, in words; never one of the own household.

    Raises Invalid without words, Conflict where it was answered.
    """
    actor.must_be(*READERS)
    found = queries.request_for_officer(actor, key, lock=True)
    if found.state != AskState.OPEN:
        raise Conflict(N_("Yêu cầu này đã được trả lời."), remedy=N_("Mở lại trang để xem."))
    if not 5 <= len(words) <= TEXT_MAX:
        raise Invalid(N_("Viết cho hộ: đã làm gì, hoặc vì sao không làm."), field="words")
    found.state = AskState.GRANTED if granted else AskState.REFUSED
    found.answered_at, found.answered_by_user_id = clock.now(), actor.user_id
    found.answer = encrypt(words, field=queries.ANSWER, owner=f"record_request:{found.key}")
    db.session.flush()
    audit(actor, "answer record request", f"record_request:{found.id}", ("answer",))
    return found


def withdraw_consent(actor: Actor, held: str, consent_id: int) -> None:
    """Take one consent back: of a cooperative ('cooperative') or of the commune ('commune'). Twice is once.

    Raises NotFound for another household's.
    """
    mine = my_household(actor)
    if held == "cooperative":
        households.withdraw_consent(actor, consent_id)
        return
    found = db.session.get(CommuneConsent, consent_id)
    if held != "commune" or found is None or found.household_id != mine.id:
        raise NotFound(N_("Không tìm thấy sự đồng ý này."))
    if found.withdrawn_at is None:
        withdraw_sales_consent(actor)


def take_copy(actor: Actor) -> Household:
    """The household takes its record away; the line is in the audit chain before the file is sent."""
    mine = my_household(actor)
    audit(actor, "export record", f"household:{mine.id}", purpose="own record")
    return mine
