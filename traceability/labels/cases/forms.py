"""The form that asks for a case label."""

from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form, KeyField
from core.i18n import _l
from traceability.labels.cases.rules import COPIES_MAX


class VoidForm(Form):
    """Why a case is given up."""

    void_reason = StringField(_l("Vì sao huỷ kiện"), [InputRequired(), Length(max=200)])


class CaseLabelForm(Form):
    """On which paper, how many, and why again."""

    key = KeyField()
    layout = RadioField(_l("Khổ nhãn"), default="roll-100x150", choices=[], validators=[InputRequired()])
    copies = IntegerField(
        _l("Mấy nhãn cho kiện này"), [InputRequired(), NumberRange(1, COPIES_MAX)], default=1
    )
    reason = StringField(_l("Vì sao in lại"), [Optional(), Length(max=200)])
