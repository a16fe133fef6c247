"""Rules of cooperatives: states of applications and bank accounts, settlement terms, what to refuse. All pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from cooperatives.terms.rules import Clause, check_clauses
from core.errors import Conflict, FormErrors, Invalid
from core.i18n import N_
from core.text import clean, fold

BANK_HOLD = timedelta(
    hours=48
)  # a thief who holds two accounts for a moment still cannot redirect today's money
WHOLE_BP = 10_000
GRADES = ("1", "2", "3")
STORY_MAX = 4000


class State(StrEnum):
    """Where a cooperative stands."""

    APPLIED = "applied"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    REFUSED = "refused"


class Event(StrEnum):
    """What an administrator decides, or an applicant does."""

    APPROVE = "approve"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    RESTORE = "restore"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.APPLIED, Event.APPROVE): State.APPROVED,
    (State.APPLIED, Event.REFUSE): State.REFUSED,
    (State.APPROVED, Event.SUSPEND): State.SUSPENDED,
    (State.SUSPENDED, Event.RESTORE): State.APPROVED,
}


class AccountState(StrEnum):
    """Where a bank account stands."""

    PROPOSED = "proposed"
    WAITING = "waiting"
    ACTIVE = "active"
    RETIRED = "retired"


class AccountEvent(StrEnum):
    """What happens to a bank account. OPEN: the hold has passed, or it is the first account of an application."""

    APPROVE = "approve"
    OPEN = "open"
    WITHDRAW = "withdraw"
    REPLACE = "replace"


ACCOUNT_TRANSITIONS: dict[tuple[AccountState, AccountEvent], AccountState] = {
    (AccountState.PROPOSED, AccountEvent.APPROVE): AccountState.WAITING,
    (AccountState.PROPOSED, AccountEvent.WITHDRAW): AccountState.RETIRED,
    (AccountState.WAITING, AccountEvent.OPEN): AccountState.ACTIVE,
    (AccountState.WAITING, AccountEvent.WITHDRAW): AccountState.RETIRED,
    (AccountState.ACTIVE, AccountEvent.REPLACE): AccountState.RETIRED,
}


class StandingKind(StrEnum):
    """Member holds a share and a vote; linked supplies without one."""

    MEMBER = "member"
    LINKED = "linked"


def next_state(state: str, event: Event) -> State:
    """The state after a decision. Raises Conflict for one that this state does not know."""
    found = TRANSITIONS.get((State(state), event))
    if found is None:
        raise Conflict(N_("Hồ sơ này đã được xử lý."), remedy=N_("Mở lại trang để xem kết quả."))
    return found


def next_account_state(state: str, event: AccountEvent) -> AccountState:
    """The state of a bank account after an event. Raises Conflict for one that this state does not know."""
    found = ACCOUNT_TRANSITIONS.get((AccountState(state), event))
    if found is None:
        raise Conflict(N_("Tài khoản này đã đổi trạng thái."), remedy=N_("Mở lại trang để xem."))
    return found


def check_registration_number(typed: str) -> str:
    """The number of a cooperative's certificate: 10 digits of a tax code, or an older form such as '13B.7.00012'.

    Returns it without spaces, in capitals. Raises Invalid.
    """
    bare = re.sub(r"\s", "", clean(typed)).upper()
    if not re.fullmatch(r"[0-9A-ZĐ][0-9A-ZĐ./-]{4,23}", bare) or not re.search(r"\d", bare):
        raise Invalid(
            N_("Số này chưa giống số giấy đăng ký hợp tác xã."),
            remedy=N_("Chép đúng trên giấy, ví dụ 4700123456."),
            field="registration_number",
        )
    return bare


def check_account_number(typed: str) -> str:
    """A bank account number: 5 to 19 digits or letters. Returns it without spaces and dots. Raises Invalid."""
    bare = re.sub(r"[\s.-]", "", clean(typed)).upper()
    if not re.fullmatch(r"[0-9A-Z]{5,19}", bare):
        raise Invalid(
            N_("Số tài khoản này có %(count)s chữ số, cần từ 5 đến 19."),
            remedy=N_("Chép lại từ sổ hoặc ứng dụng của ngân hàng."),
            field="account_number",
            count=len(bare),
        )
    return bare


def holder_name(typed: str) -> str:
    """An account holder as banks print it: capitals without marks.

    >>> holder_name("HTX Hương Ngàn")
    'HTX HUONG NGAN'
    """
    name = " ".join(re.sub(r"[^A-Z0-9 &.-]", "", fold(typed).upper()).split())
    if len(name) < 3:
        raise Invalid(
            N_("Viết tên chủ tài khoản như trên sổ ngân hàng."),
            remedy=N_("Ví dụ HTX HUONG NGAN."),
            field="holder",
        )
    return name[:70].strip()


def gs1_prefix(typed: str) -> str | None:
    """A company prefix of 7 to 10 digits, None when empty. Raises Invalid."""
    bare = re.sub(r"\s", "", typed or "")
    if not bare:
        return None
    if not re.fullmatch(r"\d{7,10}", bare):
        raise Invalid(
            N_("Mã doanh nghiệp GS1 có từ 7 đến 10 chữ số."),
            remedy=N_("Chưa có thì để trống."),
            field="gs1_prefix",
        )
    return bare


@dataclass(frozen=True)
class Terms:
    """How a sale is shared. Shares in basis points that make 10,000; factors by grade, grade 1 usually 10,000.

    clauses: what is paid out of the processing part, and the names of the fund's parts. buying: how a harvest is taken
    where the batch does not say: "consigned" or "outright". member_agreement: members supply under a written agreement.
    withholds_tax: see `revenue.tax`. advance_bp: of a slip's value, the most that is paid at the scale.
    """

    from_on: date
    producers_bp: int
    processing_bp: int
    fund_bp: int
    grade_factors_bp: Mapping[str, int] = field(default_factory=lambda: {"1": 10_000, "2": 8_500, "3": 7_000})
    guaranteed_price: bool = False
    recall_borne_by: str = "cooperative"
    clauses: tuple[Clause, ...] = ()
    buying: str = "consigned"
    member_agreement: bool = True
    withholds_tax: bool = False
    advance_bp: int = WHOLE_BP


def check_terms(terms: Terms, today: date) -> None:
    """Raise FormErrors listing all that is wrong: shares off 100 %, a day that is past, factors out of order."""
    errors: list[Invalid] = []
    shares = (terms.producers_bp, terms.processing_bp, terms.fund_bp)
    if min(shares) < 0 or sum(shares) != WHOLE_BP:
        errors.append(
            Invalid(
                N_("Ba phần cộng lại là %(sum)s %%, phải đúng 100 %%."),
                remedy=N_("Sửa một phần cho đủ."),
                field="producers",
                sum=percent_text(sum(shares)),
            )
        )
    if terms.from_on < today:
        errors.append(
            Invalid(
                N_("Quy chế không đổi ngược về ngày đã qua: tiền của ngày đó đã chia."),
                remedy=N_("Chọn hôm nay hoặc một ngày sau."),
                field="from_on",
            )
        )
    factors = [terms.grade_factors_bp.get(grade, 0) for grade in GRADES]
    if any(not 0 < factor <= 2 * WHOLE_BP for factor in factors):
        errors.append(Invalid(N_("Hệ số của mỗi loại phải từ 1 đến 200 phần trăm."), field="grade_1"))
    elif factors != sorted(factors, reverse=True):
        errors.append(
            Invalid(
                N_("Loại tốt hơn không thể được ít hơn."),
                remedy=N_("Loại 1 cao nhất, loại 3 thấp nhất."),
                field="grade_1",
            )
        )
    errors += check_clauses(terms.clauses, terms.processing_bp, terms.fund_bp)
    if not 0 <= terms.advance_bp <= WHOLE_BP:
        errors.append(Invalid(N_("Tạm ứng từ 0 đến 100 phần trăm giá phiếu."), field="advance"))
    if errors:
        raise FormErrors(list(errors))


def percent_text(rate_bp: int) -> str:
    """A rate for a sentence: 8500 → '85', 1250 → '12,5'."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole},{rest:02}".rstrip("0") if rest else str(whole)


def effective_at(approved_at: datetime, *, first: bool) -> datetime:
    """From when an approved account receives money: at once for the first one, 48 hours later for a change."""
    return approved_at if first else approved_at + BANK_HOLD


def producer_code(number: int) -> str:
    """The short code said at the scales: 7 → '007'."""
    return f"{number:03}"


_SIGNATURES = (
    (b"%PDF-", 0, ".pdf"),
    (b"\xff\xd8\xff", 0, ".jpg"),
    (b"\x89PNG\r\n\x1a\n", 0, ".png"),
    (b"WEBP", 8, ".webp"),
    (b"ftypheic", 4, ".heic"),
    (b"ftypmif1", 4, ".heic"),
)


def document_suffix(head: bytes) -> str:
    """The suffix of a paper by its first 16 bytes, whatever its name. Raises Invalid for all but PDF and photos."""
    for signature, offset, suffix in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return suffix
    raise Invalid(
        N_("Tệp này không phải ảnh hay PDF."),
        remedy=N_("Chụp lại giấy bằng máy rồi gửi ảnh."),
        field="registration",
    )
