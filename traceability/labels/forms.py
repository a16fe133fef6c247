"""The form that asks for labels."""

from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form, KeyField
from core.i18n import _l
from traceability.labels.rules import QUANTITY_MAX


class ReasonForm(Form):
    """Printing again or withdrawing a sheet: which, how many, and why."""

    key = KeyField()
    quantity = IntegerField(_l("Bao nhiêu tem"), validators=[Optional(), NumberRange(1, QUANTITY_MAX)])
    serials = TextAreaField(_l("Chỉ những tem mang số này"), validators=[Optional(), Length(max=20_000)])
    reason = StringField(_l("Lý do"), validators=[InputRequired(), Length(max=200)])


class LabelsForm(Form):
    """Which pack, how many labels, on which paper."""

    key = KeyField()
    pack_id = RadioField(_l("Quy cách"), validators=[InputRequired()])
    quantity = IntegerField(_l("Bao nhiêu tem"), validators=[InputRequired(), NumberRange(1, QUANTITY_MAX)])
    layout = RadioField(_l("Khổ tem"), default="3x7", validators=[InputRequired()])
    numbering = RadioField(_l("Mã trên tem"), default="shared", choices=[], validators=[InputRequired()])
    with_price = BooleanField(_l("In cả giá"))
