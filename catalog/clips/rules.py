"""Which films may be linked, and how long and heavy an uploaded one may be. Pure functions.

Links: hosts by name, no user, no port, and a film's number that looks like one; the rest of the address is dropped, so
what is stored, shown and framed is made by us from that number.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from core.errors import Invalid
from core.i18n import N_

FILE_BYTES_MAX = 20 * 1024 * 1024
LENGTH_MAX_MS = 30_000
LENGTH_SLACK_MS = 1_000  # a phone's thirty seconds are rarely thirty
LINK_MAX_CHARS = 500


class ClipKind(StrEnum):
    """Where a clip is."""

    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    FILE = "file"


@dataclass(frozen=True)
class Film:
    """A film at a provider. number: as stored; at TikTok 'user/number'."""

    kind: ClipKind
    number: str


_YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com"}
_TIKTOK_HOSTS = {"tiktok.com", "www.tiktok.com", "m.tiktok.com"}
_SHORT_HOSTS = {"vm.tiktok.com", "vt.tiktok.com"}
_YOUTUBE_NUMBER = re.compile(r"[A-Za-z0-9_-]{11}", re.ASCII)
_YOUTUBE_PATH = re.compile(r"/(?:shorts|live|embed)/([A-Za-z0-9_-]{11})/?", re.ASCII)
_TIKTOK_PATH = re.compile(r"/@([A-Za-z0-9._]{2,24})/video/([0-9]{15,20})/?", re.ASCII)


def parse_link(typed: str) -> Film:
    """The film that a link from YouTube or TikTok names. Raises Invalid, saying what to copy instead.

    >>> parse_link("https://youtu.be/dQw4w9WgXcQ?si=abc")
    Film(kind=<ClipKind.YOUTUBE: 'youtube'>, number='dQw4w9WgXcQ')
    """
    host, path, query = _parts(typed)
    if host in _SHORT_HOSTS:
        raise Invalid(
            N_("Đường dẫn rút gọn của TikTok chưa nói là phim nào."),
            remedy=N_("Mở phim đó ra rồi chép đường dẫn dài, có chữ /video/."), field="link",
        )  # fmt: skip
    number = ""
    if host == "youtu.be":
        number = path.strip("/")
    elif host in _YOUTUBE_HOSTS:
        named = _YOUTUBE_PATH.fullmatch(path)
        number = named[1] if named else (query.get("v") or [""])[0] if path.rstrip("/") == "/watch" else ""
    elif host in _TIKTOK_HOSTS and (film := _TIKTOK_PATH.fullmatch(path)):
        return Film(ClipKind.TIKTOK, f"{film[1]}/{film[2]}")
    if _YOUTUBE_NUMBER.fullmatch(number):
        return Film(ClipKind.YOUTUBE, number)
    raise Invalid(
        N_("Đường dẫn này không phải một phim ở YouTube hay TikTok."),
        remedy=N_("Mở phim, bấm Chia sẻ, Sao chép đường dẫn, rồi dán vào đây."), field="link",
    )  # fmt: skip


def _parts(typed: str) -> tuple[str, str, dict[str, list[str]]]:
    """Host, path and query of an https address without user or port; empty where it is none."""
    text = typed.strip()
    if len(text) > LINK_MAX_CHARS or not text.isprintable() or "\\" in text:
        return "", "", {}
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        plain = parts.scheme in ("https", "http") and parts.netloc.lower() == (parts.hostname or "")
        return (
            (parts.hostname or "", parts.path, parse_qs(parts.query, max_num_fields=20))
            if plain
            else ("", "", {})
        )
    except ValueError:
        return "", "", {}


def address(film: Film) -> str:
    """The film's own page."""
    if film.kind is ClipKind.TIKTOK:
        user, number = film.number.split("/")
        return f"https://www.tiktok.com/@{user}/video/{number}"
    return f"https://www.youtube.com/watch?v={film.number}"


FRAME_HOSTS = {
    ClipKind.YOUTUBE: "https://www.youtube-nocookie.com",
    ClipKind.TIKTOK: "https://www.tiktok.com",
}


def frame_address(film: Film) -> str:
    """What a frame loads once the reader has asked for it."""
    if film.kind is ClipKind.TIKTOK:
        return f"{FRAME_HOSTS[film.kind]}/player/v1/{film.number.split('/')[1]}?autoplay=1&rel=0"
    return f"{FRAME_HOSTS[film.kind]}/embed/{film.number}?autoplay=1&rel=0"


def check_length(length_ms: int) -> int:
    """A length that may be shown. Raises Invalid."""
    if length_ms > LENGTH_MAX_MS + LENGTH_SLACK_MS:
        raise Invalid(
            N_("Phim dài %(seconds)s giây, nhiều nhất 30 giây."),
            remedy=N_("Cắt ngắn trong máy, hoặc đưa lên YouTube, TikTok rồi dán đường dẫn."), field="file",
            seconds=round(length_ms / 1000),
        )  # fmt: skip
    return length_ms
