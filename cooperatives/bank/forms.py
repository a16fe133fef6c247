"""Forms of bank accounts."""

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from cooperatives.bank.rules import BANKS
from core.forms import Form
from core.i18n import _l


class BankQuestions(Form):
    """A bank, a number and a name."""

    bank_bin = SelectField(
        _l("Ngân hàng"),
        [InputRequired(_l("Chọn ngân hàng."))],
        choices=[
            SelectChoice("", _l("Chọn ngân hàng")),
            *[SelectChoice(one.bin, f"{one.short} – {one.name}") for one in BANKS],
        ],
    )
    account_number = StringField(
        _l("Số tài khoản"),
        [InputRequired(_l("Chép số tài khoản từ sổ hoặc ứng dụng ngân hàng.")), Length(max=40)],
    )
    holder = StringField(
        _l("Tên chủ tài khoản"),
        [InputRequired(_l("Viết tên như ngân hàng ghi, ví dụ HTX HUONG NGAN.")), Length(max=80)],
    )


class BankForm(BankQuestions):
    """A new account that a member of staff proposes."""


class WebhookForm(Form):
    """The key that the bank feed of an account will send; empty turns the feed off."""

    webhook_key = StringField(_l("Khoá của SePay"), [Optional(), Length(max=200)])
