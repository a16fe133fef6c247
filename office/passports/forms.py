"""The form that sends a document to a connector."""

from wtforms import SelectField
from wtforms.validators import InputRequired

from core.forms import Form, KeyField
from core.i18n import _l


class SendForm(Form):
    """Where to."""

    key = KeyField()
    connector_id = SelectField(_l("Gửi tới nơi nào"), [InputRequired()], coerce=int)
