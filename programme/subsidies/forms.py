"""Forms of subsidies."""

from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField, VndField
from core.i18n import _, _l
from orders.vouchers.forms import GivenForm


class SubsidyForm(Form):
    """A new one, with its first money."""

    key = KeyField()
    name = StringField(_l("Tên chương trình"), [InputRequired(_l("Ví dụ: Tết ấm vùng cao.")), Length(max=80)])
    basis = TextAreaField(_l("Theo quyết định, hợp đồng nào"), [Optional(), Length(max=500)])
    amount_vnd = VndField(_l("Ngân sách ban đầu"))


class DepositForm(Form):
    """More money, or money taken back."""

    key = KeyField()
    way = RadioField(
        _l("Nộp thêm hay rút về?"),
        [InputRequired(_l("Chọn một hướng."))],
        choices=[SelectChoice("in", _l("Nộp thêm")), SelectChoice("out", _l("Rút phần còn lại về"))],
        default="in",
    )
    amount_vnd = VndField(_l("Bao nhiêu?"), [InputRequired(_l("Viết số tiền, ví dụ 20.000.000."))])
    reference = StringField(_l("Số chứng từ"), [Optional(), Length(max=80)])


class CodeForm(GivenForm):
    """A code that buyers type; `code_form` adds the cooperatives to choose from."""

    cooperative_id: Any


def code_form(cooperatives: list[tuple[int, str]]) -> CodeForm:
    """For one cooperative's goods, or for everybody's."""
    choices = [
        SelectChoice("", _("Mọi hợp tác xã")),
        *(SelectChoice(str(one), name) for one, name in cooperatives),
    ]
    field = SelectField(
        _l("Cho hàng của"), choices=choices, coerce=lambda value: int(value) if str(value).isdigit() else None
    )
    form: CodeForm = type("OneCodeForm", (CodeForm,), {"cooperative_id": field})()
    return form
