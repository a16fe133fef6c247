"""What staff type and send about carriers."""

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core import clock
from core.forms import Form, KeyField, VndField
from core.i18n import _l


class FileForm(Form):
    """A carrier's table."""

    key = KeyField()
    carrier = StringField(_l("Bảng kê của bên giao nào"), validators=[DataRequired(), Length(max=60)])
    sheet = FileField(_l("Tệp bảng kê, XLSX hoặc CSV"), [FileRequired(_l("Chọn tệp bảng kê bên giao gửi."))])


class BookForm(Form):
    """When the money came."""

    received_on = DateField(_l("Ngày tiền về"), validators=[InputRequired()], default=clock.today)
    reference = StringField(_l("Số bảng kê"), validators=[Optional(), Length(max=80)])


class PartForm(Form):
    """The pieces that came back are fields named q-<line id>."""

    key = KeyField()


class LossForm(Form):
    """Why it is claimed."""

    reason = TextAreaField(_l("Mất thế nào"), validators=[DataRequired(), Length(max=300)])


class SettleForm(Form):
    """What the carrier paid."""

    paid_vnd = VndField(_l("Bên giao đã trả vào tài khoản"), validators=[InputRequired()])
