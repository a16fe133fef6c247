"""What a phone sends must arrive whole."""

import hashlib

from core.errors import Conflict
from core.i18n import N_


class CutShort(Conflict):
    """A picture did not arrive as it left the phone: the line was cut on the way."""


def check_whole(data: bytes, sha256: str) -> bytes:
    """The bytes, if their SHA-256 (64 hex digits) is the one the phone computed. Raises CutShort."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise CutShort(N_("Ảnh chưa tới nơi trọn vẹn."), remedy=N_("Máy tự gửi lại."))
    return data
