"""What people type about Saleor shops."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from core.i18n import _l


class AllowForm(Form):
    """A shop that may install the app."""

    label = StringField(_l("Tên cửa hàng"), [InputRequired(_l("Ghi tên để bà con nhận ra.")), Length(max=60)])
    api_url = StringField(
        _l("Địa chỉ API"), [InputRequired(_l("Chép địa chỉ API của cửa hàng.")), Length(max=200)]
    )
    channel_slug = StringField(_l("Kênh bán bằng đồng"), [InputRequired(_l("Ghi tên kênh.")), Length(max=60)])


class MendForm(Form):
    """What an order of a shop lacks."""

    phone = StringField(_l("Số điện thoại của khách"), [Optional(), Length(max=30)])
    place = StringField(_l("Xã, phường và tỉnh"), [Optional(), Length(max=120)])


class PlainForm(Form):
    """A button."""
