"""Forms of money."""

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as Maybe

from core.forms import Form, KeyField, VndField
from core.i18n import _l
from revenue.rules import PayMethod

NEEDED = InputRequired(_l("Viết số tiền, ví dụ 500.000."))


class PayForm(Form):
    """Paying a producer."""

    key = KeyField()
    amount_vnd = VndField(_l("Trả bao nhiêu?"), [NEEDED])
    method = RadioField(_l("Trả bằng gì?"), [InputRequired(_l("Chọn cách trả."))], choices=[
        SelectChoice(str(PayMethod.CASH), _l("Tiền mặt")),
        SelectChoice(str(PayMethod.BANK), _l("Chuyển khoản từ tài khoản của HTX")),
    ])  # fmt: skip
    reference = StringField(_l("Số giao dịch của ngân hàng"), [Maybe(), Length(max=60)])


class OpenForm(Form):
    """What lies in bank and till when the book begins."""

    key = KeyField()
    bank_vnd = VndField(_l("Trong tài khoản ngân hàng"))
    cash_vnd = VndField(_l("Trong quỹ tiền mặt"))


class MoveForm(Form):
    """Between bank and till."""

    key = KeyField()
    source = RadioField(_l("Chuyển từ đâu?"), [InputRequired(_l("Chọn một hướng."))], choices=[
        SelectChoice(str(PayMethod.BANK), _l("Rút từ ngân hàng về quỹ tiền mặt")),
        SelectChoice(str(PayMethod.CASH), _l("Nộp từ quỹ tiền mặt vào ngân hàng")),
    ])  # fmt: skip
    amount_vnd = VndField(_l("Bao nhiêu?"), [NEEDED])


class ReverseForm(Form):
    """Why an entry is undone."""

    key = KeyField()
    reason = TextAreaField(_l("Vì sao đảo bút toán này?"), [InputRequired(), Length(max=200)])


class DeliverForm(Form):
    """The goods arrived."""

    key = KeyField()
    sure = BooleanField(
        _l("Người mua đã nhận hàng"), [InputRequired(_l("Đánh dấu khi người mua đã nhận hàng."))]
    )
