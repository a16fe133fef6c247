"""Verbs of needs: say (alone, or for a household that then confirms), take, close, ask again, withdraw."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.operations import audit, code_fits, send_code
from accounts.rules import Actor, Role
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_
from households.models import Household
from households.queries import household_of_user, phones_of_household
from registry import operations as declaring
from registry import queries as declarations
from registry.needs import queries
from registry.needs.kinds import NeedKind, Urgency
from registry.needs.models import Need, NeedStep
from registry.needs.rules import (
    DUE_DAYS,
    NOTE_MAX,
    OPEN_STATES,
    TRANSITIONS,
    NeedEvent,
    NeedState,
    Outcome,
    working_day_after,
)
from registry.schemes.files import schemes

PURPOSE = "need"


@dataclass(frozen=True)
class Said:
    """What a household asks for. copayment_vnd: what it can pay itself each month, for telecom; else None."""

    kind: NeedKind
    urgency: Urgency
    note: str = ""
    copayment_vnd: int | None = None


def say(actor: Actor, said: Said) -> Need:
    """The household says a need itself; it goes to the commune at once. Raises Conflict where one of a kind is open."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is None:
        raise Invalid(N_("Chưa có hộ của bạn trong sổ."), remedy=N_("Ghi hộ nhà mình trước, ở trang Tôi."))
    made = _new(actor, mine, said, helped=False)
    _confirm(actor, made, "self")
    return made


def say_for(actor: Actor, review_key: str, said: Said) -> Need:
    """A helper writes a need of the household whose declaration she helps with; the household confirms it itself.

    Raises NotFound for a declaration that the actor is not helping with: that help was agreed by the household's code.
    """
    actor.must_be(*declaring.HELPING_ROLES)
    review = declarations.own_review(actor, review_key)
    if review.helped_by_user_id != actor.user_id or declarations.is_own(actor, review):
        raise NotFound(N_("Không tìm thấy bản kê khai này."), remedy=N_("Mở lại từ trang Tôi."))
    home = db.session.get_one(Household, review.household_id)
    if home.commune_id != actor.unit_id:
        raise NotFound(N_("Không tìm thấy hộ này trong xã."))
    return _new(actor, home, said, helped=True)


def _new(actor: Actor, home: Household, said: Said, *, helped: bool) -> Need:
    if actor.user_id is None:
        raise NotAllowed(N_("Cần một người đứng ra nói."))
    if len(said.note) > NOTE_MAX:
        raise Invalid(N_("Viết không quá %(most)s chữ."), field="note", most=NOTE_MAX)
    if said.copayment_vnd is not None and (said.kind is not NeedKind.TELECOM or said.copayment_vnd < 0):
        raise Invalid(N_("Chỉ điện thoại, mạng mới hỏi số tiền nhà mình trả được."), field="copayment_vnd")
    taken = Conflict(
        N_("Nhà mình đang có một nhu cầu loại này."), remedy=N_("Mở nhu cầu đó để xem xã lo tới đâu.")
    )
    where = (Need.household_id == home.id, Need.kind == said.kind, Need.state.in_(OPEN_STATES))
    if db.session.execute(select(Need.id).where(*where)).first():
        raise taken
    key = secrets.token_urlsafe(12)
    made = Need(
        key=key,
        household_id=home.id,
        commune_id=home.commune_id,
        village=home.village,
        kind=said.kind,
        urgency=said.urgency,
        state=NeedState.TO_CONFIRM,
        note=encrypt(said.note, field=queries.FIELD, owner=f"need:{key}") if said.note else None,
        copayment_vnd=said.copayment_vnd,
        said_at=clock.now(),
        said_by_user_id=actor.user_id,
        helped_by_user_id=actor.user_id if helped else None,
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise taken from error
    _step(actor, made, "say")
    audit(actor, "say need", f"need:{made.id}", ("kind", "urgency", "note"), PURPOSE)
    return made


def _step(actor: Actor, need: Need, event: str, answer: str = "") -> None:
    sealed = encrypt(answer, field=queries.ANSWER_FIELD, owner=f"need:{need.key}") if answer else None
    db.session.add(
        NeedStep(
            need_id=need.id,
            event=event,
            at=clock.now(),
            by_user_id=actor.user_id,
            outcome=need.outcome,
            scheme_id=need.scheme_id,
            answer=sealed,
            due_on=need.due_on,
        )
    )
    db.session.flush()


def _advance(need: Need, event: NeedEvent) -> None:
    after = TRANSITIONS.get((NeedState(need.state), event))
    if after is None:
        raise Conflict(N_("Nhu cầu này không còn ở bước đó."), remedy=N_("Mở lại trang để xem."))
    need.state = after


def _confirm(actor: Actor, need: Need, how: str) -> None:
    _advance(need, NeedEvent.CONFIRM)
    need.confirmed_how, need.confirmed_at = how, clock.now()
    need.due_on = working_day_after(clock.today(), DUE_DAYS[Urgency(need.urgency)])
    _step(actor, need, NeedEvent.CONFIRM)
    audit(actor, "confirm need", f"need:{need.id}", purpose=how)


def confirm_own(actor: Actor, key: str) -> Need:
    """The household's yes in its own session."""
    need = queries.own_need(actor, key, lock=True)
    if not queries.is_own(actor, need):
        raise NotAllowed(N_("Chỉ người trong hộ xác nhận được."), remedy=N_("Gửi mã tới điện thoại của hộ."))
    _confirm(actor, need, "self")
    return need


def ask_to_confirm(actor: Actor, key: str) -> None:
    """Send the household a code, to read to its helper as its yes. It goes to the first number of the household."""
    need = queries.own_need(actor, key)
    phones = phones_of_household(need.household_id, clock.today())
    if need.state != NeedState.TO_CONFIRM or not phones:
        raise Conflict(N_("Nhu cầu này không còn ở bước đó."), remedy=N_("Mở lại trang để xem."))
    send_code(phones[0], f"{PURPOSE}:{need.id}")
    audit(actor, "ask to confirm need", f"need:{need.id}")


def confirm_by_code(actor: Actor, key: str, code: str) -> bool:
    """The household's yes by the code sent to its own phone; False if the code does not fit (the try is counted)."""
    need = queries.own_need(actor, key, lock=True)
    phones = phones_of_household(need.household_id, clock.today())
    if not phones or not code_fits(phones[0], f"{PURPOSE}:{need.id}", code):
        return False
    _confirm(actor, need, "code")
    return True


def confirm_present(actor: Actor, key: str) -> Need:
    """A household without a phone says yes in person, before the helper who wrote it down. Recorded as such."""
    need = queries.own_need(actor, key, lock=True)
    if phones_of_household(need.household_id, clock.today()):
        raise NotAllowed(N_("Hộ này có điện thoại."), remedy=N_("Gửi mã tới số đó để hộ xác nhận."))
    _confirm(actor, need, "present")
    return need


def withdraw(actor: Actor, key: str) -> Need:
    """The household no longer asks; a helper may take back what was never confirmed."""
    need = queries.own_need(actor, key, lock=True)
    if need.state != NeedState.TO_CONFIRM and not queries.is_own(actor, need):
        raise NotAllowed(N_("Chỉ người trong hộ rút được."))
    _advance(need, NeedEvent.WITHDRAW)
    _step(actor, need, NeedEvent.WITHDRAW)
    audit(actor, "withdraw need", f"need:{need.id}")
    return need


def reopen(actor: Actor, key: str) -> Need:
    """The household says it still needs this; the clock starts anew. Its officer keeps it in sight."""
    need = queries.own_need(actor, key, lock=True)
    if not queries.is_own(actor, need):
        raise NotAllowed(N_("Chỉ người trong hộ hỏi lại được."))
    where = (Need.household_id == need.household_id, Need.kind == need.kind, Need.state.in_(OPEN_STATES))
    if db.session.execute(select(Need.id).where(*where)).first():
        raise Conflict(N_("Nhà mình đang có một nhu cầu loại này."))
    _advance(need, NeedEvent.REOPEN)
    need.outcome = need.scheme_id = None
    need.due_on = working_day_after(clock.today(), DUE_DAYS[Urgency(need.urgency)])
    _step(actor, need, NeedEvent.REOPEN)
    audit(actor, "reopen need", f"need:{need.id}")
    return need


def read_by_officer(actor: Actor, key: str, purpose: str) -> Need:
    """An officer opens a need. The line in the audit chain is written first, or nothing is shown."""
    actor.must_be(Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
    need = queries.need_for_officer(actor, key)
    audit(actor, "read need", f"need:{need.id}", ("kind", "urgency", "note", "schemes"), purpose)
    return need


def take(actor: Actor, key: str) -> Need:
    """A commune officer becomes the owner of a need, also in place of a colleague."""
    actor.must_be(Role.COMMUNE_OFFICER)
    need = queries.need_for_officer(actor, key, lock=True)
    _advance(need, NeedEvent.TAKE)
    need.owner_user_id = actor.user_id
    _step(actor, need, NeedEvent.TAKE)
    audit(actor, "take need", f"need:{need.id}", ("owner",))
    return need


def close(actor: Actor, key: str, outcome: Outcome, answer: str, scheme_id: str = "") -> Need:
    """Its owner answers a need: how it ended and, in words for the household, what was done or why not.

    Raises NotAllowed for anybody but the owner, Invalid without words or with a scheme that is not known.
    """
    actor.must_be(Role.COMMUNE_OFFICER)
    need = queries.need_for_officer(actor, key, lock=True)
    if need.state == NeedState.TAKEN and need.owner_user_id != actor.user_id:
        raise NotAllowed(N_("Người khác đang lo nhu cầu này."), remedy=N_("Nhận về mình trước."))
    if len(answer) < 2 or len(answer) > NOTE_MAX:
        raise Invalid(
            N_("Viết cho hộ một câu: đã làm gì, hoặc vì sao chưa được."), field="answer", most=NOTE_MAX
        )
    if scheme_id and (scheme_id not in schemes() or need.kind not in schemes()[scheme_id].needs):
        raise Invalid(N_("Không có chính sách này."), field="scheme_id")
    _advance(need, NeedEvent.CLOSE)
    need.outcome, need.scheme_id = outcome, scheme_id or None
    _step(actor, need, NeedEvent.CLOSE, answer)
    audit(actor, "close need", f"need:{need.id}", ("outcome", "answer"))
    return need
