"""The form that asks for a key."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from core.forms import Form, KeyField
from core.i18n import _l


class KeyForm(Form):
    """Who will hold the key."""

    key = KeyField()
    name = StringField(_l("Trao cho ai"), validators=[InputRequired(), Length(2, 80)])
