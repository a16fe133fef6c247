"""Forms of connectors."""

from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from core.forms import Form, KeyField
from core.i18n import N_, _, _l
from office.connectors.rules import ADDRESS_MAX, NAME_MAX, SECRET_LEAST, Kind

KINDS = {Kind.HTTP: N_("Gọi địa chỉ https"), Kind.FILE: N_("Ghi vào thư mục trên máy chủ")}


class ConnectorForm(Form):
    """A system elsewhere."""

    key = KeyField()
    name = StringField(_l("Tên nơi nhận"), [InputRequired(), Length(max=NAME_MAX)])
    kind = SelectField(_l("Cách gửi"), [InputRequired()], coerce=Kind)
    address = StringField(_l("Địa chỉ https, hoặc tên thư mục"), [InputRequired(), Length(max=ADDRESS_MAX)])
    secret = PasswordField(_l("Khoá ký"), [InputRequired(), Length(min=SECRET_LEAST, max=200)])
    cooperative_id = SelectField(_l("Cho ai"), coerce=int)

    def offer(self, cooperatives: list[tuple[int, str]]) -> None:
        """Fill the choices; 0 is everybody."""
        self.kind.choices = [(str(kind), _(text)) for kind, text in KINDS.items()]
        self.cooperative_id.choices = [(0, _("Mọi hợp tác xã")), *cooperatives]


class SwitchForm(Form):
    """A button with a token."""

    key = KeyField()
