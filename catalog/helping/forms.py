"""What a helper sends."""

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from accounts.forms import PhoneField
from core.forms import Form
from core.i18n import _l


class AskForm(Form):
    """Which cooperative, and its manager's phone."""

    cooperative_id = SelectField(_l("Hợp tác xã"), [InputRequired()], coerce=int)
    phone = PhoneField(_l("Số điện thoại của quản lý"), [InputRequired()])


class CodeForm(Form):
    """The code that the manager read aloud."""

    code = StringField(_l("Mã 6 chữ số"), [InputRequired(), Length(min=6, max=6)])
