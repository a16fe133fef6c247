"""How long a machine stays signed in, and what kind of machine it is, in plain words."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.i18n import N_


@dataclass(frozen=True)
class Limits:
    """idle: signed out after so long without use. longest: signed out so long after signing in, used or not."""

    idle: timedelta
    longest: timedelta


PLAIN = Limits(timedelta(days=14), timedelta(days=90))
# Whoever gave a second step reads of other families: a day in a village without a line, and a week at most.
STRONG = Limits(timedelta(hours=24), timedelta(days=7))
SEEN_EVERY = timedelta(minutes=10)
KEPT_FOR = max(PLAIN.longest, STRONG.longest)

MACHINES = {
    "android": N_("Điện thoại Android"),
    "iphone": N_("Điện thoại iPhone"),
    "tablet": N_("Máy tính bảng"),
    "windows": N_("Máy tính Windows"),
    "mac": N_("Máy tính Mac"),
    "linux": N_("Máy tính Linux"),
    "unknown": N_("Máy không rõ loại"),
}
BROWSERS = {
    "zalo": "Zalo",
    "facebook": "Facebook",
    "coccoc": "Cốc Cốc",
    "samsung": "Samsung Internet",
    "edge": "Edge",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
    "unknown": "",
}
# The first that is found in what the browser says of itself; each also says that it is those below it.
_MACHINE_SIGNS = (
    ("ipad", "tablet"),
    ("tablet", "tablet"),
    ("iphone", "iphone"),
    ("android", "android"),
    ("windows", "windows"),
    ("macintosh", "mac"),
    ("linux", "linux"),
)
_BROWSER_SIGNS = (
    ("zalo", "zalo"),
    ("fban", "facebook"),
    ("fbav", "facebook"),
    ("coc_coc", "coccoc"),
    ("samsungbrowser", "samsung"),
    ("edg", "edge"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("chrome", "chrome"),
    ("crios", "chrome"),
    ("safari", "safari"),
)


def machine_of(user_agent: str) -> tuple[str, str]:
    """(machine, browser), keys of MACHINES and BROWSERS, from what a browser says of itself.

    >>> machine_of("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36")
    ('android', 'chrome')
    """
    said = user_agent.lower()
    machine = next((name for sign, name in _MACHINE_SIGNS if sign in said), "unknown")
    if machine == "android" and "mobile" not in said:
        machine = "tablet"
    return machine, next((name for sign, name in _BROWSER_SIGNS if sign in said), "unknown")


def limits(second_step: bool) -> Limits:
    """How long a machine stays signed in."""
    return STRONG if second_step else PLAIN


def alive(created_at: datetime, used_at: datetime, second_step: bool, now: datetime) -> bool:
    """Whether a machine that signed in and was last used then is signed in still."""
    most = limits(second_step)
    return now - used_at < most.idle and now - created_at < most.longest


def token_hash(token: str) -> str:
    """What is kept of a cookie's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def roughly(days: int) -> str:
    """A message id for how long ago, in days of the calendar: nobody needs the minute."""
    if days <= 0:
        return N_("hôm nay")
    return N_("hôm qua") if days == 1 else N_("%(count)s ngày trước")
