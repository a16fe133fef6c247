"""Forms of weighing slips."""

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField
from core.i18n import _l
from traceability.forms import QueryForm, choices


class SlipFilterForm(QueryForm):
    """What the list of slips is narrowed to."""

    on = DateField(_l("Ngày cân"), validators=[Optional()])
    producer = SelectField(_l("Người giao"), validators=[Optional()], validate_choice=False)
    crop = SelectField(_l("Cây gì"), validators=[Optional()], validate_choice=False)
    unused = SelectField(
        _l("Đã vào mẻ chưa"), validate_choice=False,
        choices=choices([(1, _l("Còn chưa vào mẻ"))], _l("Tất cả")),
    )  # fmt: skip


class VoidForm(Form):
    """Why a slip does not count."""

    key = KeyField()
    reason = StringField(_l("Vì sao bỏ phiếu này?"), validators=[InputRequired(), Length(max=300)])


class CropForm(Form):
    """A crop that nobody has weighed before."""

    key = KeyField()
    name = StringField(_l("Tên cây, tên nguyên liệu"), validators=[InputRequired(), Length(max=60)])
