"""What staff type to pay a producer by bank."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as Maybe

from cooperatives.bank.forms import BankQuestions
from core.forms import Form, KeyField, VndField
from core.i18n import _l


class AmountForm(Form):
    """How much the code shall say. Sent by GET: it changes nothing."""

    amount_vnd = VndField(_l("Trả bao nhiêu?"), [InputRequired(_l("Viết số tiền, ví dụ 500.000."))])


class PaidForm(Form):
    """The money has gone. The amount is the one of the code that was shown."""

    key = KeyField()
    amount_vnd = VndField(_l("Số tiền"), [InputRequired()])
    reference = StringField(_l("Số giao dịch của ngân hàng"), [Maybe(), Length(max=60)])


class AccountForm(BankQuestions):
    """A producer's bank account, as she said it."""
