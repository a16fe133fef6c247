"""The form of an officer who notes a number because its owner wants it."""

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from core.i18n import _l
from households.identity.rules import HEALTH_TEXT, WHY_TEXT
from households.roster.forms import TicksField


class PaperForm(Form):
    """Why, the number if any, flags if any, and the person's own yes."""

    why = RadioField(
        _l("Ghi để làm gì"),
        [InputRequired(_l("Chọn một việc."))],
        choices=lambda: [SelectChoice(one, _l(text)) for one, text in WHY_TEXT.items()],
    )
    number = StringField(
        _l("Số định danh"),
        [Optional(), Length(max=20)],
        description=_l("Về sau chỉ xem lại được 3 số cuối."),
    )
    health = TicksField(
        _l("Sức khoẻ"),
        choices=lambda: [SelectChoice(one, _l(text)) for one, text in HEALTH_TEXT.items()],
    )
    agreed = BooleanField(_l("Người này tự nói đồng ý cho xã ghi, để làm việc trên"))


class ForgetForm(Form):
    """Take it away."""
