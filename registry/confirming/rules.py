"""What a PIN must look like, and who may stand as witness. Pure."""

import re
from datetime import timedelta

from core.text import fold

TRIES, WITHIN = 5, timedelta(days=1)
WITNESS_MAX = 80
_UP, _DOWN = "0123456789", "9876543210"


def is_pin(text: str) -> bool:
    """Six digits that are not the first ones anybody would try.

    >>> is_pin("428316"), is_pin("111111"), is_pin("123456"), is_pin("12345")
    (True, False, False, False)
    """
    return bool(re.fullmatch(r"\d{6}", text)) and len(set(text)) > 1 and text not in _UP and text not in _DOWN


def may_witness(witness: str, helper: str) -> bool:
    """Whether a name is one, and not the helper's own.

    >>> may_witness("Lý Văn Trưởng", "Hà Thị Giúp"), may_witness("hà thị giúp", "Hà Thị Giúp"), may_witness("A", "B")
    (True, False, False)
    """
    return 2 <= len(witness.strip()) <= WITNESS_MAX and fold(witness) != fold(helper)
