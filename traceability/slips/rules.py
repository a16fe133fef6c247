"""What a weighing slip must satisfy before it is written."""

from datetime import datetime, timedelta

from core.errors import Conflict, DomainError, FormErrors, Invalid
from core.i18n import N_
from core.money import PRICE_MAX_VND
from traceability.rules import GRADES

NET_MAX_G = 5_000_000  # five tonnes: more than one household brings to one scale
DAYS_BACK_MAX = 30
ADVANCE_MAX_VND = PRICE_MAX_VND


class SlipChanged(Conflict):
    """The same key came with other figures."""


def net_of(gross_g: int, tare_g: int) -> int:
    """Net grams of a weighing. Raises Invalid beside the field that is wrong.

    >>> net_of(43_600, 800)
    42800
    """
    if gross_g <= 0:
        raise Invalid(
            N_("Chưa có số cân cả bao."), remedy=N_("Đặt hàng lên cân rồi ghi số."), field="gross_g"
        )
    if tare_g < 0:
        raise Invalid(N_("Trừ bao không thể âm."), remedy=N_("Không trừ thì ghi 0."), field="tare_g")
    if tare_g >= gross_g:
        raise Invalid(
            N_("Trừ bao %(tare)s g mà cả bao chỉ %(gross)s g."), remedy=N_("Cân lại bao không."),
            field="tare_g", tare=tare_g, gross=gross_g,
        )  # fmt: skip
    if gross_g - tare_g > NET_MAX_G:
        raise Invalid(
            N_("Một lần cân nhiều nhất 5.000 kg."), remedy=N_("Xem lại dấu phẩy, hoặc chia làm nhiều phiếu."),
            field="gross_g",
        )  # fmt: skip
    return gross_g - tare_g


def check_grade(grade: str) -> str:
    """One of the grades of the settlement terms. Raises Invalid."""
    if grade not in GRADES:
        raise Invalid(
            N_("Chưa có loại “%(grade)s”."),
            remedy=N_("Chọn loại 1, 2 hoặc 3."),
            field="grade",
            grade=grade[:10],
        )
    return grade


def check_weighed_at(weighed_at: datetime, now: datetime) -> datetime:
    """Not in the future (two minutes of clock difference are forgiven), not older than thirty days."""
    if weighed_at > now + timedelta(minutes=2):
        raise Invalid(N_("Giờ cân chưa tới."), remedy=N_("Xem lại ngày giờ trên máy."), field="weighed_at")
    if weighed_at < now - timedelta(days=DAYS_BACK_MAX):
        raise Invalid(
            N_("Phiếu cân quá %(days)s ngày thì không ghi nữa."), remedy=N_("Gọi người quản lý để ghi bù bằng giấy."),
            field="weighed_at", days=DAYS_BACK_MAX,
        )  # fmt: skip
    return weighed_at


def check_money(price_vnd_per_kg: int, advance_vnd: int) -> None:
    """Neither negative nor absurd; an advance of 0 means that nothing was paid at the scale."""
    if not 0 <= price_vnd_per_kg <= PRICE_MAX_VND:
        raise Invalid(N_("Giá một ki-lô-gam phải từ 0 đến 1 tỷ đồng."), field="price_vnd_per_kg")
    if not 0 <= advance_vnd <= ADVANCE_MAX_VND:
        raise Invalid(N_("Tạm ứng phải từ 0 đến 1 tỷ đồng."), field="advance_vnd")


def check_slip(gross_g: int, tare_g: int, grade: str, price_vnd_per_kg: int, advance_vnd: int,
               weighed_at: datetime, now: datetime) -> int:  # fmt: skip
    """All checks of a slip's own figures at once; its net grams. Raises FormErrors with every refusal."""
    errors: list[DomainError] = []
    net_g = 0
    try:
        net_g = net_of(gross_g, tare_g)
    except Invalid as error:
        errors.append(error)
    checks = (
        lambda: check_grade(grade),
        lambda: check_money(price_vnd_per_kg, advance_vnd),
        lambda: check_weighed_at(weighed_at, now),
    )
    for check in checks:
        try:
            check()
        except Invalid as error:
            errors.append(error)
    if errors:
        raise FormErrors(errors)
    return net_g


def value_vnd(net_g: int, price_vnd_per_kg: int) -> int:
    """What a slip's goods are worth at the scale, rounded half up to the đồng.

    >>> value_vnd(42_800, 3_500)
    149800
    """
    return (net_g * price_vnd_per_kg + 500) // 1000


def slip_number(year: int, count: int) -> str:
    """A slip's number, said aloud and written on paper: PC-26-0058."""
    return f"PC-{year % 100:02}-{count:04}"
