"""Verbs of people: making accounts, granting roles, inviting, codes, passwords, the second step."""

import hashlib
import secrets
from datetime import date

import pyotp
from sqlalchemy import select

from accounts import queries
from accounts.models import Grant, Invitation, Organisation, SignInCode, User
from accounts.rules import (
    CODE_LIVES,
    CODE_TRIES_MAX,
    INVITATION_LIVES,
    OFFICES,
    ROLE_NAMES,
    Actor,
    Role,
    check_password,
    normalise_phone,
)
from accounts.sessions import operations as sessions
from core import audit as chain
from core import clock, once
from core.crypto import decrypt, encrypt, keyed_hash
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_, _
from core.text import clean
from messages.operations import send
from places.queries import place_name

CODES_PER_HOUR = 5
INVITERS: dict[Role, frozenset[Role]] = {
    Role.MANAGER: frozenset({Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM, Role.PRODUCER}),
    Role.ADMINISTRATOR: frozenset(Role) - {Role.SYSTEM},
    Role.COMMUNE_OFFICER: frozenset({Role.VILLAGE_HEAD, Role.COMMUNE_OFFICER, Role.DIGITAL_TEAM}),
}


def audit(actor: Actor, verb: str, subject: str, fields: tuple[str, ...] = (), purpose: str = "") -> None:
    """One audit line in the actor's own chain: who, in which role, what; never values."""
    chain.record(
        verb,
        subject,
        chain=actor.chain,
        user_id=actor.user_id,
        role=actor.role,
        fields=fields,
        purpose=purpose,
    )


def create_user(phone: str, name: str, password_hash: str | None = None, *, is_demo: bool = False) -> User:
    """Make an account. phone: any spelling. password_hash: from `passwords.hash_password`, or None for later.

    Raises Conflict if the number is taken.
    """
    number = normalise_phone(phone)
    if queries.user_by_phone(number):
        raise Conflict(
            N_("Số này đã có tài khoản."), remedy=N_("Đăng nhập, hoặc lấy lại mật khẩu."), field="phone"
        )
    person = User(
        phone=number,
        name=clean(name),
        password_hash=password_hash,
        session_key=secrets.token_urlsafe(24),
        created_at=clock.now(),
        is_demo=is_demo,
    )
    db.session.add(person)
    db.session.flush()
    return person


def create_organisation(kind: str, name: str, unit_id: int | None = None) -> Organisation:
    """Make an organisation. kind: one of models.KINDS. unit_id: the commune or province it sits in or serves."""
    made = Organisation(kind=kind, name=clean(name), unit_id=unit_id, created_at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made


def grant(
    actor: Actor,
    user_id: int,
    role: Role,
    organisation_id: int | None = None,
    unit_id: int | None = None,
    village: str | None = None,
) -> Grant:
    """Give a person a role from today. The same role in the same place twice is one grant."""
    _may_give(actor, role, organisation_id)
    for held in queries.grants(user_id):
        if (held.role, held.organisation_id, held.unit_id, held.village) == (
            role,
            organisation_id,
            unit_id,
            village,
        ):
            return held
    given = Grant(
        user_id=user_id,
        role=role,
        organisation_id=organisation_id,
        unit_id=unit_id,
        village=village,
        granted_by=actor.user_id,
        from_on=clock.today(),
    )
    db.session.add(given)
    db.session.flush()
    audit(actor, "grant", f"grant:{given.id}", ("role",))
    return given


def _may_give(actor: Actor, role: Role, organisation_id: int | None) -> None:
    if actor.role is Role.SYSTEM or actor.role is Role.ADMINISTRATOR:
        return
    if role not in INVITERS.get(actor.role, frozenset()):
        raise NotAllowed(N_("Vai trò đang dùng không cấp được vai trò này."))
    if organisation_id is not None:
        actor.must_serve(organisation_id)


def end_grant(actor: Actor, grant_id: int) -> None:
    """End a role today (its last day was yesterday). Nobody ends the last manager's grant, nor their own."""
    held = db.session.get(Grant, grant_id)
    if held is None or (
        actor.role is not Role.ADMINISTRATOR and held.organisation_id != actor.organisation_id
    ):
        raise NotFound(N_("Không tìm thấy người này trong tổ chức."))
    _may_give(actor, Role(held.role), held.organisation_id)
    if held.user_id == actor.user_id:
        raise NotAllowed(N_("Không tự bỏ vai trò của mình."), remedy=N_("Nhờ một quản lý khác làm việc này."))
    held.to_on = date.fromordinal(clock.today().toordinal() - 1)
    db.session.flush()
    audit(actor, "end grant", f"grant:{held.id}", ("to_on",))


def invite(
    actor: Actor,
    phone: str,
    role: Role,
    organisation_id: int,
    unit_id: int | None = None,
    village: str | None = None,
) -> str:
    """Offer a role to a phone number by message; the token of the link (its hash is kept). Valid for 7 days.

    unit_id, village: the commune or province, and the village, that an officer's role will cover.
    """
    _may_give(actor, role, organisation_id)
    number, token = normalise_phone(phone), secrets.token_urlsafe(18)
    offer = Invitation(
        token_hash=token_hash(token),
        phone=number,
        role=role,
        organisation_id=organisation_id,
        unit_id=unit_id,
        village=village,
        invited_by=actor.user_id,
        created_at=clock.now(),
        expires_at=clock.now() + INVITATION_LIVES,
    )
    db.session.add(offer)
    db.session.flush()
    name = queries.organisation(organisation_id).name
    text = _(
        "%(name)s mời bạn làm %(role)s. Mở trong 7 ngày: %(link)s",
        name=name,
        role=_(ROLE_NAMES[role]),
        link=_link(token),
    )
    send(number, "invitation", text, f"invitation:{offer.id}")
    audit(actor, "invite", f"invitation:{offer.id}", ("role",))
    return token


def invite_officer(actor: Actor, phone: str, role: Role, unit_id: int | None, village: str) -> str:
    """An administrator offers an office to a phone number: of a commune, a province, the project or the platform.

    The office is made when it is first needed. Raises Invalid where the place or the village is missing.
    """
    actor.must_be(Role.ADMINISTRATOR)
    if role not in OFFICES:
        raise Invalid(N_("Vai trò này do hợp tác xã mời."), field="role")
    kind, level = OFFICES[role]
    if level and unit_id is None:
        raise Invalid(
            N_("Chọn nơi vai trò này phụ trách."), remedy=N_("Ví dụ Côn Minh, Thái Nguyên."), field="place"
        )
    if role is Role.VILLAGE_HEAD and not clean(village):
        raise Invalid(N_("Viết tên thôn, ví dụ Thôn Chè Cọ."), field="village")
    covers = unit_id if level else None
    office = queries.office(kind, covers) or create_organisation(kind, _office_name(kind, covers), covers)
    return invite(
        actor, phone, role, office.id, covers, clean(village) if role is Role.VILLAGE_HEAD else None
    )


def _office_name(kind: str, unit_id: int | None) -> str:
    place = place_name(unit_id).full if unit_id else ""
    names = {
        "commune_office": "UBND",
        "province_office": "Cơ quan tỉnh",
        "project": "Dự án",
        "platform": "Chợ Phiên",
    }
    return f"{names[kind]} {place}".strip()


def token_hash(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _link(token: str) -> str:
    from flask import current_app

    return f"{current_app.config['BASE_URL']}/invitation/{token}"


def accept_invitation(token: str, name: str, password_hash: str | None) -> User:
    """Take up an invitation: the account is made if the phone has none, and the role granted."""
    offer = queries.open_invitation(token_hash(token))
    if offer is None:
        raise NotFound(N_("Lời mời này đã dùng hoặc đã hết hạn."), remedy=N_("Nhờ người mời gửi lại."))
    person = queries.user_by_phone(offer.phone) or create_user(offer.phone, name, password_hash)
    offer.accepted_at = clock.now()
    inviter = Actor(user_id=offer.invited_by, role=Role.SYSTEM, organisation_id=offer.organisation_id)
    grant(inviter, person.id, Role(offer.role), offer.organisation_id, offer.unit_id, offer.village)
    return person


def send_code(phone: str, purpose: str, text: str = "", **params: object) -> None:
    """Send a six-digit code. Limited to five an hour for a number; silent about whether the number is known.

    text: what the message says instead of the common words, a message id with a place for %(code)s and `params`.
    """
    number = normalise_phone(phone)
    once.allow_attempt(f"code:{purpose}", number, most=CODES_PER_HOUR, within=CODE_LIVES * 12)
    code = f"{secrets.randbelow(1_000_000):06}"
    row = SignInCode(
        purpose=purpose,
        phone_hash=keyed_hash(number, purpose="phone"),
        code_hash=_code_hash(purpose, number, code),
        created_at=clock.now(),
        expires_at=clock.now() + CODE_LIVES,
    )
    db.session.add(row)
    db.session.flush()
    send(
        number,
        "code",
        _(text, code=code, **params)
        if text
        else _("Mã của bạn là %(code)s, dùng trong 5 phút. Không đọc mã cho ai.", code=code),
        f"code:{row.id}",
    )


def _code_hash(purpose: str, number: str, code: str) -> str:
    return keyed_hash(f"{purpose}|{number}|{code}", purpose="code")


def code_fits(phone: str, purpose: str, code: str) -> bool:
    """Try a code: only the newest counts, five tries, one use. Commit whatever the answer: the try was made."""
    number = normalise_phone(phone)
    row = db.session.execute(
        select(SignInCode)
        .where(SignInCode.purpose == purpose, SignInCode.phone_hash == keyed_hash(number, purpose="phone"))
        .order_by(SignInCode.created_at.desc(), SignInCode.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if row is None or row.used_at or row.expires_at <= clock.now() or row.tries_count >= CODE_TRIES_MAX:
        return False
    row.tries_count += 1
    fits = secrets.compare_digest(row.code_hash, _code_hash(purpose, number, code.strip()))
    if fits:
        row.used_at = clock.now()
    db.session.flush()
    return fits


def set_password(actor: Actor, user_id: int, password: str, password_hash: str) -> None:
    """Give a person a new password and sign every machine out. password: checked only, never stored."""
    person = db.session.get_one(User, user_id)
    check_password(password, person.phone)
    person.password_hash, person.session_key = password_hash, secrets.token_urlsafe(24)
    sessions.end_all(user_id)
    audit(actor, "set password", f"user:{user_id}", ("password",))


def lost_phone(actor: Actor, grant_id: int) -> None:
    """Whoever lost the only phone: every machine is signed out, password and second step are gone. Only an
    administrator, never for oneself; a new password is then set in person (`reset_in_person`). Audited.

    Raises NotFound for a grant that is none, NotAllowed for one's own.
    """
    actor.must_be(Role.ADMINISTRATOR)
    held = db.session.get(Grant, grant_id)
    if held is None:
        raise NotFound(N_("Không tìm thấy người này trong tổ chức."))
    if held.user_id == actor.user_id:
        raise NotAllowed(
            N_("Không tự đóng tài khoản của mình."), remedy=N_("Nhờ một quản trị khác làm việc này.")
        )
    person = db.session.get_one(User, held.user_id)
    person.password_hash, person.session_key = None, secrets.token_urlsafe(24)
    person.totp_secret, person.totp_confirmed_at = None, None
    sessions.end_all(person.id)
    audit(actor, "lost phone", f"user:{person.id}", ("password", "totp", "session"))


def reset_in_person(actor: Actor, phone: str, seen: str) -> str:
    """Someone who stands before a manager, officer or administrator gets a code to set a new password. Audited.

    seen: how the person was recognised. Returns the code, to be read aloud; it goes by no message.
    """
    actor.must_be(Role.MANAGER, Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD, Role.ADMINISTRATOR)
    number = normalise_phone(phone)
    person = queries.user_by_phone(number)
    if person is None:
        raise Invalid(
            N_("Số này chưa có tài khoản."), remedy=N_("Xem lại số, hoặc mời người này."), field="phone"
        )
    if not seen:
        raise Invalid(N_("Ghi lại nhận ra người này bằng cách nào."), field="seen")
    if queries.needs_totp(person.id) and actor.role is not Role.ADMINISTRATOR:
        raise NotAllowed(N_("Mật khẩu của cán bộ chỉ quản trị đặt lại được."))
    code = f"{secrets.randbelow(1_000_000):06}"
    db.session.add(
        SignInCode(
            purpose="password",
            phone_hash=keyed_hash(number, purpose="phone"),
            code_hash=_code_hash("password", number, code),
            created_at=clock.now(),
            expires_at=clock.now() + CODE_LIVES * 6,
        )
    )
    db.session.flush()
    audit(actor, "reset in person", f"user:{person.id}", ("password",), purpose=clean(seen)[:80])
    return code


def start_totp(user_id: int) -> str:
    """Make a new secret for the second step, to be confirmed by a first code. Returns it in base32."""
    secret = pyotp.random_base32()
    person = db.session.get_one(User, user_id)
    person.totp_secret, person.totp_confirmed_at = (
        encrypt(secret, field="user.totp", owner=f"user:{user_id}"),
        None,
    )
    person.totp_counter = 0
    db.session.flush()
    return secret


def totp_secret(person: User) -> str | None:
    """The secret in base32, if the second step was started."""
    if person.totp_secret is None:
        return None
    return decrypt(person.totp_secret, field="user.totp", owner=f"user:{person.id}")


def totp_fits(user_id: int, code: str) -> bool:
    """Whether a code of the authenticator fits now (one step either side) and was not used before."""
    person = db.session.get_one(User, user_id)
    secret = totp_secret(person)
    if secret is None:
        return False
    totp, at = pyotp.TOTP(secret), int(clock.now().timestamp())
    for step in (at // 30 - 1, at // 30, at // 30 + 1):
        if step > person.totp_counter and secrets.compare_digest(
            totp.generate_otp(step), code.strip().replace(" ", "")
        ):
            person.totp_counter = step
            person.totp_confirmed_at = person.totp_confirmed_at or clock.now()
            db.session.flush()
            return True
    return False
