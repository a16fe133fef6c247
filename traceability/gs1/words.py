"""What is wrong with an element, in the reader's words. The reader of GS1's syntax speaks to machines."""

import re

from core.i18n import N_
from traceability.gs1.syntax.faults import Fault

_SHORT, _LONG = N_("thiếu chữ số hoặc ký tự"), N_("dài quá")
_SIGN, _CHECK = N_("có ký tự không được dùng"), N_("số kiểm tra ở cuối không khớp: có một số bị sai")
_DATE, _ORDER = N_("không phải là ngày có thật"), N_("đứng sai chỗ: thứ tự sau mã hàng là 22, 10, 21")
_TWICE = N_("viết hai lần")
WORDS = {
    "wrong check digit": _CHECK,
    "wrong check characters": _CHECK,
    "wrong check digits": _CHECK,
    "too short": _SHORT,
    "too short for a check digit": _SHORT,
    "too short for a company prefix": _SHORT,
    "empty": N_("để trống"),
    "too long": _LONG,
    "too many elements": N_("có quá nhiều phần"),
    "not a digit": N_("chỉ được có chữ số"),
    "not in character set 82": _SIGN,
    "not in character set 39": _SIGN,
    "not base64url": _SIGN,
    "not allowed in an address": _SIGN,
    "wrong percent encoding": _SIGN,
    "no such month": _DATE,
    "no such day": _DATE,
    "no such hour": N_("không có giờ này"),
    "no such minute": N_("không có phút này"),
    "no such identifier": N_("GS1 không có số mục này"),
    "no such country": N_("không có nước này"),
    "no such currency": N_("không có loại tiền này"),
    "not a company prefix": N_("không bắt đầu bằng mã doanh nghiệp GS1"),
    "qualifiers of another key, or in another order": _ORDER,
    "belongs in the path": N_("phải đứng trong đường dẫn, không đứng sau dấu hỏi"),
    "not allowed in the query": N_("không được đứng sau dấu hỏi"),
    "stands twice": _TWICE,
    "stands twice with different values": _TWICE,
    "no key that opens a Digital Link": N_("không có mã nào của GS1 để tra"),
}
OTHER = N_("không đúng như GS1 định")
_BESIDE, _NEEDS = re.compile(r"may not stand beside \((\d+)\)"), re.compile(r"needs one of (.+)")


def said(fault: Fault) -> tuple[str, dict[str, str]]:
    """The message id of what is wrong, and what to put into it.

    >>> said(Fault("01", 4, "too short"))
    ('thiếu chữ số hoặc ký tự', {})
    """
    if beside := _BESIDE.fullmatch(fault.why):
        return N_("không đứng cùng mục (%(other)s) được"), {"other": beside[1]}
    if needs := _NEEDS.fullmatch(fault.why):
        return N_("phải có thêm một trong các mục %(others)s"), {"others": needs[1]}
    return WORDS.get(fault.why, OTHER), {}
