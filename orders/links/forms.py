"""What a manager says of a new link."""

from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from core.i18n import _l
from orders.links.rules import CHANNEL_TEXT, NAME_MAX_CHARS


class LinkForm(Form):
    """Where it will be put."""

    channel = RadioField(
        _l("Đưa đường dẫn ở đâu?"),
        [InputRequired(_l("Chọn nơi đưa đường dẫn."))],
        choices=[SelectChoice(one.value, _l(text)) for one, text in CHANNEL_TEXT.items()],
    )
    name = StringField(_l("Ghi chú để phân biệt"), [Optional(), Length(max=NAME_MAX_CHARS)])
