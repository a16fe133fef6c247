"""Roles, and the one that a person wears now."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import phonenumbers

from core.errors import Invalid, NotAllowed
from core.i18n import N_


class Role(StrEnum):
    """Whom a person acts as. One at a time: many people are manager, producer, villager and officer at once."""

    BUYER = "buyer"
    PRODUCER = "producer"
    MANAGER = "manager"
    TREASURER = "treasurer"
    DIGITAL_TEAM = "digital_team"
    VILLAGE_HEAD = "village_head"
    COMMUNE_OFFICER = "commune_officer"
    PROVINCE_OFFICER = "province_officer"
    PROJECT_STAFF = "project_staff"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # the worker, a webhook, an anonymous buyer's own order: no person


STAFF = frozenset({Role.MANAGER, Role.TREASURER})
OFFICERS = frozenset({Role.VILLAGE_HEAD, Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER})
TOTP_REQUIRED = OFFICERS | {Role.PROJECT_STAFF, Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Actor:
    """Who acts, in which role, for which organisation.

    organisation_id: the cooperative's, commune office's or project's organisation of the grant; None for buyers.
    unit_id: the commune or province an officer's grant covers.  village: the village a village head's grant covers.
    """

    user_id: int | None
    role: Role
    organisation_id: int | None = None
    unit_id: int | None = None
    village: str | None = None
    grant_id: int | None = None
    name: str = ""

    @property
    def chain(self) -> str:
        """The audit chain this actor's acts belong to."""
        if self.role in OFFICERS:
            return f"commune:{self.unit_id}"
        return f"organisation:{self.organisation_id}" if self.organisation_id else "platform"

    def must_be(self, *roles: Role) -> None:
        """Raise NotAllowed unless the actor wears one of the roles (SYSTEM always may)."""
        if self.role is not Role.SYSTEM and self.role not in roles:
            raise NotAllowed(
                N_("Vai trò đang dùng không được làm việc này."), remedy=N_("Đổi vai trò ở trang Tôi.")
            )

    def must_serve(self, organisation_id: int) -> None:
        """Raise NotAllowed unless the actor acts for this organisation (SYSTEM always may)."""
        if self.role is not Role.SYSTEM and self.organisation_id != organisation_id:
            raise NotAllowed(N_("Việc này thuộc tổ chức khác."), remedy=N_("Đổi vai trò ở trang Tôi."))


SYSTEM = Actor(user_id=None, role=Role.SYSTEM)

CODE_LIVES = timedelta(minutes=5)
CODE_TRIES_MAX = 5
PASSWORD_MIN, PASSWORD_MAX = 8, 128
INVITATION_LIVES = timedelta(days=7)


def normalise_phone(typed: str) -> str:
    """A Vietnamese or international number, however it is written, as E.164.

    >>> normalise_phone("0912 345 678"), normalise_phone("+84.912-345-678"), normalise_phone("84912345678")
    ('+84912345678', '+84912345678', '+84912345678')

    Raises Invalid, saying how many digits were found, for anything that is not a possible number.
    """
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", typed))
    plus = typed.strip().startswith(("+", "＋", "00"))
    if digits.startswith("0084"):
        digits, plus = digits[2:], True
    candidate = (
        f"+{digits.removeprefix('00')}" if plus or (digits.startswith("84") and len(digits) >= 11) else digits
    )
    try:
        number = phonenumbers.parse(candidate.replace("+840", "+84"), "VN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid(
            N_("Số điện thoại này chưa đúng: đọc được %(count)s chữ số."),
            remedy=N_("Số di động có 10 chữ số, ví dụ 0912 345 678."),
            field="phone",
            count=len(digits),
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(e164: str) -> str:
    """A number as people here write it: '0912 345 678'; foreign ones stay international."""
    if e164.startswith("+84") and len(e164) == 12:
        local = f"0{e164[3:]}"
        return f"{local[:4]} {local[4:7]} {local[7:]}"
    return e164


def check_password(password: str, phone: str = "") -> None:
    """Eight to 128 characters, not the phone number, not one of the commonest. Raises Invalid."""
    remedy = N_("Chọn ít nhất 8 ký tự, ví dụ ba từ dễ nhớ viết liền nhau.")
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Invalid(N_("Mật khẩu dài từ 8 đến 128 ký tự."), remedy=remedy, field="password")
    bare = password.casefold().strip()
    if (
        len(set(bare)) < 4
        or bare in COMMON_PASSWORDS
        or (phone and re.sub(r"\D", "", bare) in (phone[1:], f"0{phone[3:]}"))
    ):
        raise Invalid(N_("Mật khẩu này dễ đoán."), remedy=remedy, field="password")


COMMON_PASSWORDS = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "87654321",
        "password",
        "matkhau123",
        "matkhau1",
        "qwertyui",
        "qwerty123",
        "iloveyou",
        "11223344",
        "abcd1234",
        "a1234567",
        "1q2w3e4r",
        "vietnam123",
        "anhyeuem",
        "emyeuanh",
        "0123456789",
        "987654321",
        "asdfghjk",
    ]
)
ROLE_NAMES: dict[Role, str] = {
    Role.BUYER: N_("Người mua"),
    Role.PRODUCER: N_("Người sản xuất"),
    Role.MANAGER: N_("Quản lý hợp tác xã"),
    Role.TREASURER: N_("Thủ quỹ"),
    Role.DIGITAL_TEAM: N_("Tổ công nghệ số"),
    Role.VILLAGE_HEAD: N_("Trưởng thôn"),
    Role.COMMUNE_OFFICER: N_("Cán bộ xã"),
    Role.PROVINCE_OFFICER: N_("Cán bộ tỉnh"),
    Role.PROJECT_STAFF: N_("Cán bộ dự án"),
    Role.ADMINISTRATOR: N_("Quản trị"),
    Role.SYSTEM: N_("Máy chủ"),
}
OFFICES: dict[
    Role, tuple[str, str | None]
] = {  # role → kind of its organisation, level of the place it covers
    Role.VILLAGE_HEAD: ("commune_office", "commune"),
    Role.COMMUNE_OFFICER: ("commune_office", "commune"),
    Role.DIGITAL_TEAM: ("commune_office", "commune"),
    Role.PROVINCE_OFFICER: ("province_office", "province"),
    Role.PROJECT_STAFF: ("project", None),
    Role.ADMINISTRATOR: ("platform", None),
}
