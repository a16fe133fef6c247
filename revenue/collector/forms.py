"""What a collector's staff type."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField, VndField
from core.i18n import _l


class RemitForm(Form):
    """A bank transfer to a cooperative."""

    key = KeyField()
    amount_vnd = VndField(_l("Chuyển bao nhiêu?"), [InputRequired(_l("Viết số tiền, ví dụ 500.000."))])
    reference = StringField(_l("Số giao dịch của ngân hàng"), [Optional(), Length(max=80)])


class SettleForm(Form):
    """Money that a provider paid out."""

    key = KeyField()
    amount_vnd = VndField(
        _l("Đã vào tài khoản bao nhiêu?"), [InputRequired(_l("Viết số tiền, ví dụ 500.000."))]
    )
    reference = StringField(_l("Số giao dịch của ngân hàng"), [Optional(), Length(max=80)])


class PlainForm(Form):
    """A button with a token and nothing else."""
