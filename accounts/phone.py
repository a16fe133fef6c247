"""How a phone knows the person who signed in on it, the key that seals what waits in it (ADR 10), and what it sends."""

import re
from datetime import timedelta
from typing import Any

from accounts.rules import Actor
from core.crypto import keyed_hash
from core.errors import Invalid
from core.i18n import N_

_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def person_of(user_id: int) -> str:
    """The name under which a phone knows a person: says nothing, and is the same on every phone."""
    return keyed_hash(str(user_id), purpose="phone person")[:24]


def passport(actor: Actor) -> dict[str, Any]:
    """Who works on this phone now, for which organisation, and the key that seals what waits in it.

    key: 64 hex digits, the same at each sign-in of the person; without it a draft left in the phone is noise.
    """
    return {
        "who": person_of(actor.user_id or 0),
        "house": keyed_hash(str(actor.organisation_id), purpose="phone house")[:24],
        "key": keyed_hash(str(actor.user_id), purpose="phone key"),
    }


def check_key(key: str) -> str:
    """A UUID as phones make them. Raises Invalid."""
    if not _KEY.fullmatch(key):
        raise Invalid(N_("Bản nháp này không có mã."), remedy=N_("Mở lại trang rồi viết lại."))
    return key


def since(ago_s: str) -> timedelta:
    """How long ago something was, by the phone's own clock: whole seconds, 0 where the clock was set back.

    An interval, because many phones show a wrong hour but all count seconds alike. Raises Invalid for no number.

    >>> since("90")
    datetime.timedelta(seconds=90)
    """
    if not re.fullmatch(r"-?\d{1,9}", ago_s):
        raise Invalid(N_("Không rõ giờ ghi."), remedy=N_("Mở ra, xem lại rồi gửi."), field="weighed_at")
    return timedelta(seconds=max(0, int(ago_s)))
