"""Which phone the orders were made with, and the code sent to it."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from accounts.forms import PhoneField
from core.forms import Form
from core.i18n import _l


class ClaimPhoneForm(Form):
    """The phone."""

    phone = PhoneField(
        _l("Số điện thoại lúc đặt"), [InputRequired(_l("Viết số lúc đặt, ví dụ 0912 345 678."))]
    )


class ClaimCodeForm(Form):
    """The code."""

    code = StringField(
        _l("Mã 6 chữ số trong tin nhắn"), [InputRequired(_l("Gõ mã trong tin nhắn.")), Length(min=6, max=6)]
    )
