"""What may be kept of a half-filled form, and for how long."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

from core.errors import Invalid
from core.i18n import N_

FORMS = ("product", "slip")
KEPT_FOR = timedelta(days=30)
DRAFTS_MAX = 50  # a person's, of all forms; the oldest give way
TEXT_MAX_CHARS = 40_000
NEVER_KEPT = frozenset({"csrf_token", "password", "current", "code", "photos"})
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def check_key(key: str) -> str:
    """A key made by a phone: 8 to 64 letters, digits, - and _. Raises Invalid."""
    if not _KEY.fullmatch(key):
        raise Invalid(N_("Bản nháp này không có mã."), remedy=N_("Mở lại trang rồi viết lại."))
    return key


def check_form(form: str) -> str:
    """One of the forms that are kept. Raises Invalid."""
    if form not in FORMS:
        raise Invalid(N_("Mẫu này không giữ nháp."))
    return form


def packed(fields: Mapping[str, str]) -> str:
    """The fields as text to be sealed; secrets and empty ones are left out. Raises Invalid where it is too long.

    >>> packed({"name": "Miến dong", "csrf_token": "x", "story": ""})
    '{"name": "Miến dong"}'
    """
    kept = {name: text for name, text in fields.items() if name not in NEVER_KEPT and text.strip()}
    text = json.dumps(kept, ensure_ascii=False)
    if len(text) > TEXT_MAX_CHARS:
        raise Invalid(N_("Bản nháp dài quá."), remedy=N_("Viết ngắn lại, hoặc gửi đi rồi viết tiếp."))
    return text
