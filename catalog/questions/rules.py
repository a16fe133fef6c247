"""Which texts of buyers are shown at once, and which wait for a person's look. Pure functions.

The rule is stated on the pages where people write: no phone numbers or links (they lead buyers past the order, and
expose whoever left them), no insults, no promise that goods cure.
"""

import re
from enum import StrEnum

from catalog.rules import medicine_words
from core.errors import Invalid
from core.i18n import N_
from core.text import clean, fold

QUESTION_MAX, ANSWER_MAX, NAME_MAX = 500, 1_000, 40


class State(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    HELD = "held"
    ANSWERED = "answered"
    REMOVED = "removed"


_PHONE = re.compile(r"(?:\+?84|0)(?:[\s.\-]*\d){8,10}(?!\d)")
_LINK = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|vn|net|org|info|shop|me|ly|xyz|top)\b|[\w.+-]+@[\w-]+\.", re.IGNORECASE
)
# Insults, with and without marks as they are typed; short ones only whole. A list to be grown by whoever moderates.
_INSULTS = ("lừa đảo", "lua dao", "đồ khốn", "do khon", "đồ chó", "do cho chet", "mất dạy", "mat day", "địt", "đụ má",
            "vãi lồn", "đmm", "đcm", "vcl", "clgt", "fuck", "shit", "mọi rợ", "bọn mọi", "man di")  # fmt: skip
_INSULT = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _INSULTS))})(?!\w)", re.IGNORECASE)


def worth_a_look(text: str) -> list[str]:
    """What in a buyer's text a person should look at before it is shown, each a short reason; empty: show at once.

    >>> worth_a_look("Gọi mình 0912 345 678 nhé")
    ['số điện thoại']
    """
    found = []
    if _PHONE.search(text):
        found.append(N_("số điện thoại"))
    if _LINK.search(text):
        found.append(N_("đường dẫn"))
    if _INSULT.search(text):
        found.append(N_("lời nặng"))
    if medicine_words(text):
        found.append(N_("lời hứa chữa bệnh"))
    return found


def check_text(typed: str, most: int, *, field: str = "text", least: int = 3) -> str:
    """A text of several lines, cleaned. Raises Invalid when nothing is said or it is too long; nothing is cut off."""
    text = clean(typed, lines=True)
    if len(fold(text)) < least:
        raise Invalid(N_("Viết vài chữ."), remedy=N_("Ví dụ: miến này nấu bao lâu thì chín?"), field=field)
    if len(text) > most:
        raise Invalid(
            N_("Bài viết dài %(length)s chữ, nhiều nhất là %(most)s."), remedy=N_("Bớt lại rồi gửi."),
            field=field, length=len(text), most=most,
        )  # fmt: skip
    return text


def check_name(typed: str) -> str:
    """How somebody wants to be called in public: short, one line. Raises Invalid when empty."""
    name = clean(typed)[:NAME_MAX]
    if not name:
        raise Invalid(N_("Viết tên để gọi."), remedy=N_("Ví dụ: Chị Lan."), field="name")
    return name
