"""Forms of both sides."""

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from core.forms import Form, KeyField
from core.i18n import _l
from registry.sales.rules import TEXT_MAX


class SayForm(Form):
    """What the family says; it may stay empty."""

    key = KeyField()
    words = TextAreaField(_l("Nhà mình muốn nói gì (không bắt buộc)"), [Length(max=TEXT_MAX)])


class CloseForm(Form):
    """What the officer found."""

    key = KeyField()
    words = TextAreaField(_l("Đã hỏi gì, thấy gì"), [Length(max=TEXT_MAX)])
    review = SelectField(
        _l("Có cần xét lại mức không"),
        choices=[
            SelectChoice("no", _l("Không, mọi điều vẫn đúng")),
            SelectChoice("yes", _l("Có, đưa vào danh sách xét")),
        ],
    )
