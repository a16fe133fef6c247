"""Forms of the register of breaches."""

from wtforms import DateTimeLocalField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form, KeyField
from core.i18n import _l
from registry.safety.rules import TEXT_MAX

_AFFECTED_MAX = 100_000_000


class BreachForm(Form):
    """A breach as it is noticed."""

    key = KeyField()
    noticed_at = DateTimeLocalField(
        _l("Phát hiện lúc"), [InputRequired(_l("Chọn ngày giờ."))], format=["%Y-%m-%dT%H:%M"]
    )
    what = TextAreaField(_l("Điều gì đã xảy ra, dữ liệu nào"), [Length(max=TEXT_MAX)])
    affected = IntegerField(
        _l("Bao nhiêu người bị ảnh hưởng"),
        [Optional(), NumberRange(0, _AFFECTED_MAX)],
        description=_l("Chưa biết thì để trống."),
    )


class MeasuresForm(Form):
    """What was done so far."""

    measures = TextAreaField(_l("Đã làm gì để chặn và sửa"), [Length(max=TEXT_MAX)])
    affected = IntegerField(_l("Bao nhiêu người bị ảnh hưởng"), [Optional(), NumberRange(0, _AFFECTED_MAX)])


class TellForm(Form):
    """Who was told."""

    whom = StringField(_l("Đã báo cho ai"), [Length(max=200)])
