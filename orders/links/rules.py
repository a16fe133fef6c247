"""Channels, codes, and who counts as a person. Pure functions."""

import re
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from core.i18n import N_

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_CHARS = 6
COOKIE_DAYS = 7
NAME_MAX_CHARS = 40
LINKS_MAX = 40


class Channel(StrEnum):
    """Where a link is put."""

    FACEBOOK = "facebook"
    ZALO = "zalo"
    TIKTOK = "tiktok"
    YOUTUBE = "youtube"
    POSTER = "poster"
    MESSAGE = "message"
    OTHER = "other"


CHANNEL_TEXT: dict[Channel, str] = {
    Channel.FACEBOOK: "Facebook",
    Channel.ZALO: "Zalo",
    Channel.TIKTOK: "TikTok",
    Channel.YOUTUBE: "YouTube",
    Channel.POSTER: N_("Tờ rơi, biển treo"),
    Channel.MESSAGE: N_("Tin nhắn"),
    Channel.OTHER: N_("Chỗ khác"),
}
_MACHINE = re.compile(
    r"bot|crawl|spider|slurp|facebookexternalhit|facebookcatalog|whatsapp/|telegram|preview|curl/|python|headless",
    re.IGNORECASE,
)


def is_code(text: str) -> bool:
    """Whether the text has the form of a link's code."""
    return bool(re.fullmatch(f"[{ALPHABET}]{{{CODE_CHARS}}}", text))


def code_of(choices: list[int]) -> str:
    """A code from six numbers below the alphabet's length (31)."""
    return "".join(ALPHABET[one] for one in choices)


def is_person(method: str, agent: str, purpose: str) -> bool:
    """Whether a request is somebody's click: not a look ahead (Sec-Purpose), not a program that reads previews.

    >>> is_person("GET", "Mozilla/5.0 (Linux; Android 14) Zalo android/24", "")
    True
    >>> is_person("GET", "facebookexternalhit/1.1", "")
    False
    """
    return method == "GET" and bool(agent) and "prefetch" not in purpose and not _MACHINE.search(agent)


def code_in(address: str, host: str) -> str:
    """The `via` of one of our own pages' addresses; empty for others and for anything that is no code."""
    parts = urlsplit(address)
    found = parse_qs(parts.query).get("via", [""])[0] if parts.netloc == host else ""
    return found if is_code(found) else ""
