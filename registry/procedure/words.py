"""Words for steps: what an officer is asked to do, and what was done."""

from core.i18n import N_

STEP_TITLES: dict[str, str] = {
    "screen": N_("Xem nhanh (phiếu A)"),
    "score": N_("Chấm điểm (phiếu B)"),
    "visit": N_("Tới thăm, thẩm định"),
    "vote": N_("Biểu quyết ở buổi họp thôn"),
    "object": N_("Ghi một ý kiến không đồng ý"),
    "answer": N_("Xem lại và trả lời ý kiến"),
    "propose": N_("Trình ký"),
    "approve": N_("Ký công nhận"),
    "send_back": N_("Trả lại, chưa ký"),
}
EVENT_WORDS: dict[str, str] = {
    "open": N_("Mở hồ sơ"),
    "screen_in": N_("Xem nhanh: xét tiếp"),
    "screen_out": N_("Xem nhanh: không xét tiếp"),
    "score": N_("Chấm điểm"),
    "visit": N_("Tới thăm"),
    "agree": N_("Thôn họp: đồng ý"),
    "disagree": N_("Thôn họp: chưa đồng ý, thăm lại"),
    "post": N_("Niêm yết"),
    "object": N_("Có ý kiến không đồng ý"),
    "answer": N_("Trả lời một ý kiến"),
    "keep": N_("Xem lại: giữ nguyên"),
    "change": N_("Xem lại: đổi mức"),
    "propose": N_("Nhờ cán bộ thứ hai ký"),
    "approve": N_("Ký công nhận"),
    "send_back": N_("Trả lại, chưa ký"),
    "withdraw": N_("Hộ rút"),
}
