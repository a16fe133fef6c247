"""Forms of the cooperative's order pages."""

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form
from core.i18n import _l
from orders.queries import PickLine
from orders.rules import QUANTITY_MAX


class ConfirmForm(Form):
    """How a cash-on-delivery order was confirmed."""

    how = RadioField(
        _l("Xác nhận bằng cách nào?"),
        [InputRequired(_l("Chọn cách xác nhận: gọi điện hay mã."))],
        choices=[
            SelectChoice("call", _l("Đã gọi, khách nhận mua")),
            SelectChoice("code", _l("Khách đọc đúng mã đơn")),
        ],
        default="call",
    )


class ShipForm(Form):
    """Who carries the parcel."""

    carrier = StringField(
        _l("Ai đưa hàng?"),
        [InputRequired(_l("Ghi tên hãng, ví dụ Bưu điện, hoặc tên nhà xe.")), Length(max=60)],
    )
    tracking_number = StringField(_l("Mã vận đơn"), [Optional(), Length(max=40)])


class AnswerForm(Form):
    """What the buyer is told about the report."""

    answer = TextAreaField(
        _l("Trả lời khách"), [InputRequired(_l("Viết cho khách biết đã xử lý thế nào.")), Length(max=300)]
    )


class PlainForm(Form):
    """A button with a token and nothing else."""


def pack_form(lines: Sequence[PickLine], **given: Any) -> Form:
    """One lot code and number for each proposed lot of each line, and one spare of each for another lot."""
    members: dict[str, Any] = {}
    for line in lines:
        for slot in line.slots:
            required = (
                [InputRequired(_l("Quét hoặc gõ mã lô in trên gói."))] if slot.proposed else [Optional()]
            )
            members[slot.lot_field] = StringField(_l("Mã lô trên gói"), [*required, Length(max=200)])
            counted = InputRequired(_l("Ghi số gói lấy từ lô này.")) if slot.proposed else Optional()
            members[slot.quantity_field] = IntegerField(
                _l("Số gói"), [counted, NumberRange(0, QUANTITY_MAX)], default=slot.quantity or None
            )
    form: Form = type("PackForm", (Form,), members)(**given)
    return form
