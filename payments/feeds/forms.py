"""What staff type to let a service tell of money."""

from wtforms import StringField
from wtforms.validators import Length, Optional

from core.forms import Form
from core.i18n import _l


class PayosForm(Form):
    """The checksum key of payOS for one account; empty turns it off."""

    payos_key = StringField(_l("Khoá checksum của payOS"), validators=[Optional(), Length(max=200)])
