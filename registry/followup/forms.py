"""Forms of looking after a household."""

from wtforms import BooleanField, DateField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from core.forms import Form, KeyField
from core.i18n import _l
from registry.followup.rules import FINDING_WORDS, PLAN_GOAL_MAX, WHO_WORDS, WORDS_MAX, Finding, Who


class PlanForm(Form):
    """What the household wants to reach."""

    goal = TextAreaField(_l("Nhà muốn đạt được gì"), [Length(max=PLAN_GOAL_MAX)])


class StepForm(Form):
    """What is done, by whom, by when."""

    what = TextAreaField(_l("Làm gì"), [Length(max=PLAN_GOAL_MAX)])
    who = RadioField(
        _l("Ai làm"),
        [InputRequired(_l("Chọn một câu."))],
        choices=[SelectChoice(one.value, _l(WHO_WORDS[one])) for one in Who],
        default=Who.BOTH.value,
    )
    due_on = DateField(_l("Xong trước hết ngày"), [InputRequired(_l("Chọn ngày."))])
    need = SelectField(_l("Cho nhu cầu nào"), validate_choice=False)


class VisitForm(Form):
    """What was seen at the home, between rounds."""

    key = KeyField()
    visited_on = DateField(_l("Ngày tới thăm"), [InputRequired(_l("Chọn ngày."))])
    found = RadioField(
        _l("So với lần trước"),
        [InputRequired(_l("Chọn một câu."))],
        choices=[SelectChoice(one.value, _l(FINDING_WORDS[one])) for one in Finding],
    )
    note = TextAreaField(_l("Đã thấy gì"), [Length(max=WORDS_MAX)])
    review = BooleanField(_l("Xét lại hộ này ngay, không chờ đợt sau"))


class EmptyForm(Form):
    """A button that needs only its token."""
