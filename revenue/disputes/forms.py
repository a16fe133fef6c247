"""What is typed in a dispute."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as Maybe

from core.forms import Form, KeyField
from core.i18n import _l
from revenue.disputes.rules import ABOUT_TEXT, OUTCOME_TEXT, STAFF_OUTCOMES, About

SAY = _l("Nói vài chữ, ví dụ: hôm đó cân 42 ki-lô-gam.")


class OpenForm(Form):
    """What is wrong."""

    key = KeyField()
    about = RadioField(_l("Chỗ nào không đúng?"), [InputRequired(_l("Chọn một ô."))], choices=[
        SelectChoice(str(one), _l(ABOUT_TEXT[one])) for one in About
    ])  # fmt: skip
    text = TextAreaField(_l("Nhà mình thấy thế nào?"), [InputRequired(SAY), Length(max=2000)])


class SayForm(Form):
    """One more line."""

    key = KeyField()
    text = TextAreaField(_l("Viết cho người kia"), [InputRequired(SAY), Length(max=2000)])


class CloseForm(Form):
    """How it ended."""

    outcome = RadioField(_l("Kết quả"), [InputRequired(_l("Chọn một kết quả."))], choices=[
        SelectChoice(str(one), _l(OUTCOME_TEXT[one])) for one in STAFF_OUTCOMES
    ])  # fmt: skip
    closing = TextAreaField(_l("Ghi lại đã làm gì"), [Maybe(), Length(max=2000)])
