"""What staff send: a bank's file."""

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from core.forms import Form, KeyField
from core.i18n import _l


class StatementForm(Form):
    """A file of one account."""

    key = KeyField()
    account_id = SelectField(_l("Sao kê của tài khoản"), coerce=int)
    sheet = FileField(
        _l("Tệp sao kê, XLSX hoặc CSV"), [FileRequired(_l("Chọn tệp sao kê tải từ ngân hàng."))]
    )
