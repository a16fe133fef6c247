"""Forms of what programmes owe."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField, VndField
from core.i18n import _l


class ReceivedForm(Form):
    """A programme's money came."""

    key = KeyField()
    amount_vnd = VndField(
        _l("Đã vào tài khoản bao nhiêu?"), [InputRequired(_l("Viết số tiền, ví dụ 500.000."))]
    )
    reference = StringField(_l("Số giao dịch của ngân hàng"), [Optional(), Length(max=80)])
