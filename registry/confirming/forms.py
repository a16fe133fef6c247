"""Forms of a household's yes."""

from flask_wtf.file import FileField
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from core.forms import Form
from core.i18n import _l
from registry.confirming.rules import WITNESS_MAX


class PinForm(Form):
    """The household sets its PIN, twice the same."""

    pin = PasswordField(_l("Mã PIN mới, 6 chữ số"), [InputRequired(_l("Gõ 6 chữ số."))])
    again = PasswordField(_l("Gõ lại mã PIN"), [InputRequired(_l("Gõ lại 6 chữ số."))])


class MarkForm(Form):
    """Who stood by, and the photo of the signed sheet."""

    witness = StringField(_l("Họ tên người làm chứng"), [Length(max=WITNESS_MAX)])
    photo = FileField(_l("Chụp tờ giấy hộ đã ký"))
