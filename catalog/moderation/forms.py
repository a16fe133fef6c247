"""What administrator and manager write about a take-down or a suspension."""

import re
from typing import Any

from wtforms import DateField, DateTimeLocalField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField
from core.i18n import _l


def slug_in(typed: str) -> str:
    """The product's path segment in an address as it was pasted: the whole address, the path, or the segment alone."""
    found = re.search(r"/products/([a-z0-9-]+)", typed)
    return found[1] if found else typed.strip().strip("/").split("?")[0]


class TakedownForm(Form):
    """An authority's request."""

    key = KeyField()
    address = StringField(_l("Địa chỉ trang hàng"), [InputRequired(_l("Chép địa chỉ trang hàng vào đây."))])
    authority = StringField(
        _l("Cơ quan yêu cầu"), [InputRequired(_l("Ghi cơ quan yêu cầu.")), Length(max=120)]
    )
    document_number = StringField(_l("Số văn bản"), [InputRequired(_l("Ghi số văn bản.")), Length(max=60)])
    document_on = DateField(_l("Ngày văn bản"), [InputRequired(_l("Chọn ngày ghi trên văn bản."))])
    received_at = DateTimeLocalField(_l("Nhận lúc"), [InputRequired(_l("Chọn ngày giờ nhận văn bản."))])
    reason = TextAreaField(
        _l("Lý do"), [InputRequired(_l("Ghi lý do, hợp tác xã đọc đúng những chữ này.")), Length(max=1000)]
    )


class AppealForm(Form):
    """The cooperative's own words."""

    appeal = TextAreaField(
        _l("Vì sao nên được bán lại"),
        [InputRequired(_l("Viết vì sao món này nên được bán lại.")), Length(max=2000)],
    )


class AnswerForm(Form):
    """The market's answer to an appeal."""

    verdict: Any = RadioField(
        _l("Trả lời"),
        [InputRequired(_l("Chọn giữ hay cho bán lại."))],
        choices=[
            SelectChoice("keep", _l("Giữ quyết định gỡ")),
            SelectChoice("lift", _l("Cho hợp tác xã bán lại")),
        ],
    )
    answer = TextAreaField(
        _l("Viết cho hợp tác xã"),
        [InputRequired(_l("Viết câu trả lời, hợp tác xã đọc đúng những chữ này.")), Length(max=2000)],
    )


class NoticeForm(Form):
    """Why a shop will close."""

    key = KeyField()
    reason = TextAreaField(
        _l("Vì sao tạm dừng"),
        [InputRequired(_l("Ghi lý do, hợp tác xã đọc đúng những chữ này.")), Length(max=1000)],
    )
    document_number = StringField(_l("Số văn bản của cơ quan nhà nước"), [Optional(), Length(max=60)])


class PlainForm(Form):
    """A button with a token."""
