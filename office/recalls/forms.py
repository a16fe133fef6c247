"""Forms of walks and recalls."""

from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from core.forms import Form, KeyField
from core.i18n import _l


class AskForm(Form):
    """What to walk from: a code from paper, or kind:id."""

    of = StringField(_l("Mã lô, phiếu cân, mẻ hoặc đơn"))


class BeginForm(Form):
    """Why goods are taken back."""

    key = KeyField()
    reason = StringField(_l("Vì sao thu hồi"), [InputRequired(), Length(min=5, max=200)])


class StepForm(Form):
    """A button about one order, or a note."""

    key = KeyField()
    note = StringField(_l("Đã làm gì"))


class CloseForm(Form):
    """How it ended."""

    key = KeyField()
    report = TextAreaField(_l("Báo cáo"), [InputRequired(), Length(max=2000)])


class PlotForm(Form):
    """A field of a producer."""

    producer_id = SelectField(_l("Ruộng của ai"), coerce=int)
    crop_id = SelectField(_l("Trồng gì"), coerce=int)
    name = StringField(_l("Tên ruộng"), [InputRequired(), Length(min=2, max=60)])
    area_m2 = IntegerField(_l("Rộng bao nhiêu mét vuông"), [InputRequired(), NumberRange(1, 10_000_000)])
    from_on = DateField(_l("Trồng từ ngày"), [InputRequired()])


class YieldForm(Form):
    """What a crop plausibly gives."""

    crop_id = SelectField(_l("Trồng gì"), coerce=int)
    most_g = IntegerField(_l("Một mét vuông cho nhiều nhất bao nhiêu gam một năm"), [InputRequired()])
    from_on = DateField(_l("Tính từ ngày"), [InputRequired()])
    source = StringField(_l("Ai nói con số này"), [InputRequired(), Length(min=5, max=200)])
