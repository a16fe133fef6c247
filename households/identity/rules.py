"""What an identity number looks like, what may be noted of health, and why. Pure.

Twelve digits (the citizen's card) or nine (the card before it): from general knowledge, not compared with the law, so
nothing of birth, sex or province is read out of the digits.
"""

import re
from enum import StrEnum

from core.i18n import N_

LENGTHS = (9, 12)
SHOWN = 3  # digits at the end, by which an officer and the person know it again


class Why(StrEnum):
    """What a number or a flag is noted for."""

    CERTIFICATE = "certificate"
    INSURANCE = "insurance"
    ALLOWANCE = "allowance"


class Health(StrEnum):
    """What may be noted of health: only what a support scheme asks about."""

    DISABILITY = "disability"
    LONG_ILLNESS = "long_illness"


WHY_TEXT: dict[str, str] = {
    Why.CERTIFICATE: N_("Làm giấy chứng nhận"),
    Why.INSURANCE: N_("Làm thẻ bảo hiểm y tế"),
    Why.ALLOWANCE: N_("Làm hồ sơ trợ cấp"),
}
HEALTH_TEXT: dict[str, str] = {
    Health.DISABILITY: N_("Có khuyết tật"),
    Health.LONG_ILLNESS: N_("Bệnh lâu năm"),
}


def normal_number(typed: str) -> str:
    """The digits of a number however it is written. Raises ValueError where there are not nine or twelve.

    >>> normal_number("019 084-000123")
    '019084000123'
    """
    digits = re.sub(r"[\s.\-]", "", typed)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in LENGTHS:
        raise ValueError("not an identity number")
    return digits


def tail(number: str) -> str:
    """The last three digits: all that is ever shown.

    >>> tail("019084000123")
    '123'
    """
    return number[-SHOWN:]
