"""What a manager sends and types about marketplaces."""

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField, VndField
from core.i18n import _l


class TemplateForm(Form):
    """A template from the seller's own page at the site."""

    key = KeyField()
    sheet = FileField(_l("Tệp mẫu của sàn (.xlsx)"), [FileRequired(_l("Chọn tệp mẫu tải từ sàn."))])


class OrdersForm(Form):
    """An order file from the seller's own page at the site."""

    key = KeyField()
    sheet = FileField(
        _l("Tệp đơn hàng của sàn (.xlsx hoặc .csv)"), [FileRequired(_l("Chọn tệp đơn tải từ sàn."))]
    )


class SettleForm(Form):
    """Money of the site that came to the bank."""

    key = KeyField()
    amount_vnd = VndField(
        _l("Sàn đã chuyển về bao nhiêu?"), [InputRequired(_l("Viết số tiền, ví dụ 500.000."))]
    )
    reference = StringField(_l("Số giao dịch của ngân hàng"), [Optional(), Length(max=80)])


class PlainForm(Form):
    """Buttons and choices that the page names itself."""
