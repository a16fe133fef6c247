"""What is typed about payouts afterwards."""

from wtforms import DateField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from core.forms import Form, KeyField, VndField
from core.i18n import _l


class CodeForm(Form):
    """The code that the producer reads aloud from her phone."""

    code = StringField(_l("Mã nhà đọc"), [InputRequired(_l("Gõ 6 chữ số nhà đọc.")), Length(max=12)])


class PinForm(Form):
    """The producer's own PIN, typed by her."""

    pin = PasswordField(_l("Mã riêng của nhà"), [InputRequired(_l("Gõ 6 chữ số.")), Length(max=12)])


class NewPinForm(Form):
    """A PIN that the producer chooses."""

    pin = PasswordField(_l("Mã riêng, 6 chữ số"), [InputRequired(_l("Gõ 6 chữ số.")), Length(max=12)])
    again = PasswordField(_l("Gõ lại lần nữa"), [InputRequired(_l("Gõ lại mã ở trên.")), Length(max=12)])


class LimitForm(Form):
    """How much one person may pay out alone in a day."""

    key = KeyField()
    limit_vnd = VndField(
        _l("Một người tự trả nhiều nhất trong một ngày"), [InputRequired(_l("Viết số tiền."))]
    )
    from_on = DateField(_l("Từ ngày"), [InputRequired(_l("Chọn một ngày."))])
