"""How often a draft may be asked after, and what its keys look like."""

import hashlib
import re
from datetime import timedelta

from core.errors import Conflict, Invalid
from core.i18n import N_

_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class CutShort(Conflict):
    """A picture did not arrive as it left the phone: the line was cut on the way."""


def check_key(key: str) -> str:
    """A UUID as phones make them. Raises Invalid."""
    if not _KEY.fullmatch(key):
        raise Invalid(N_("Bản nháp này không có mã."), remedy=N_("Mở lại trang rồi viết lại."))
    return key


def check_whole(data: bytes, sha256: str) -> bytes:
    """The bytes, if their SHA-256 (64 hex digits) is the one the phone computed. Raises CutShort."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise CutShort(N_("Ảnh chưa tới nơi trọn vẹn."), remedy=N_("Máy tự gửi lại."))
    return data


def since(ago_s: str) -> timedelta:
    """How long ago something was, by the phone's own clock: whole seconds, 0 where the clock was set back.

    An interval, because many phones show a wrong hour but all count seconds alike. Raises Invalid for no number.

    >>> since("90")
    datetime.timedelta(seconds=90)
    """
    if not re.fullmatch(r"-?\d{1,9}", ago_s):
        raise Invalid(N_("Không rõ giờ cân."), remedy=N_("Mở phiếu ra, xem lại rồi gửi."), field="weighed_at")
    return timedelta(seconds=max(0, int(ago_s)))
