"""The form of tax that was paid over."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField, VndField
from core.i18n import _l


class PayTaxForm(Form):
    """What went to the tax office."""

    key = KeyField()
    tax = RadioField(_l("Thuế nào?"), [InputRequired(_l("Chọn một thuế."))], choices=[
        SelectChoice("vat", _l("Thuế giá trị gia tăng")),
        SelectChoice("pit", _l("Thuế thu nhập cá nhân")),
    ])  # fmt: skip
    amount_vnd = VndField(_l("Đã nộp bao nhiêu?"), [InputRequired(_l("Viết số tiền, ví dụ 500.000."))])
    reference = StringField(_l("Số giấy nộp tiền"), [Optional(), Length(max=80)])
