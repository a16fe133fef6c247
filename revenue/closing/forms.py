"""Forms of the month."""

from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form, KeyField
from core.i18n import _l


class CloseForm(Form):
    """Closing a month."""

    key = KeyField()
    sure = BooleanField(
        _l("Tôi đã xem các số của tháng này"), [InputRequired(_l("Xem các số rồi đánh dấu vào đây."))]
    )


class ReopenForm(Form):
    """Asking that a month be opened again."""

    key = KeyField()
    reason = TextAreaField(
        _l("Vì sao cần mở lại tháng này?"), [InputRequired(_l("Viết vì sao cần mở lại.")), Length(max=300)]
    )


class AgreeForm(Form):
    """Agreeing as the second person."""

    key = KeyField()
    sure = BooleanField(_l("Tôi đồng ý mở lại tháng này"), [InputRequired(_l("Đánh dấu nếu đồng ý."))])
