"""What a manager writes to be shared."""

from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from channels.sharing.rules import BODY_MAX_CHARS
from core.forms import Form
from core.i18n import _l


class CaptionForm(Form):
    """The words of the maker."""

    body = TextAreaField(_l("Lời kể gửi kèm"), [Optional(), Length(max=BODY_MAX_CHARS)])


class LinksForm(Form):
    """One press: every channel's link."""
