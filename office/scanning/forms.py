"""Forms of scanning: a code, and what was done with what it names."""

from wtforms import FileField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form, KeyField
from core.i18n import _l
from traceability.gs1.scanned import TYPED_MAX
from traceability.stock.rules import QUANTITY_MAX


class ScanForm(Form):
    """A code as typed or read by the phone, or a photograph of it."""

    code = StringField(_l("Mã trên tem"), [Optional(), Length(max=TYPED_MAX)])
    photo = FileField(_l("Chụp ảnh mã"))


class DoneForm(Form):
    """How many packs were counted or brought back."""

    key = KeyField()
    quantity = IntegerField(_l("Số gói"), [InputRequired(), NumberRange(0, QUANTITY_MAX)])
    reason = StringField(_l("Ghi chú"), [InputRequired(), Length(max=300)])
