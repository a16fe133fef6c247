"""Forms across parts."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from core.forms import Form, KeyField
from core.i18n import _l


class RecallForm(Form):
    """Why a lot is taken back."""

    key = KeyField()
    reason = StringField(_l("Vì sao thu hồi"), [InputRequired(), Length(min=5, max=200)])
