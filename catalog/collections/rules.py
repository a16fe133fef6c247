"""What a collection gathers, and when it stands. Pure functions."""

from datetime import date
from enum import StrEnum

from core.i18n import N_

TITLE_MAX, INTRO_MAX, LISTED_MAX = 60, 400, 40


class Rule(StrEnum):
    """How goods come into a collection. The order inside is always: what can be bought first, then newest."""

    LISTED = "listed"
    OCOP = "ocop"
    BOXES = "boxes"
    CATEGORY = "category"


RULE_NAMES = {
    Rule.LISTED: N_("Chọn từng món"),
    Rule.OCOP: N_("Mọi món có sao OCOP còn hạn"),
    Rule.BOXES: N_("Mọi hộp quà"),
    Rule.CATEGORY: N_("Mọi món của một loại hàng"),
}


def stands_on(from_on: date, to_on: date | None, day: date) -> bool:
    """Whether a collection is shown on a day; both ends count, an open end holds on."""
    return from_on <= day and (to_on is None or day <= to_on)
