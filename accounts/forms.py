"""Forms of people: signing in, codes, passwords, invitations."""

from typing import Any

from flask import request
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from accounts.rules import OFFICES, PASSWORD_MAX, ROLE_NAMES, check_password, normalise_phone
from core.errors import Invalid
from core.forms import Form, KeyField
from core.i18n import _, _l
from places.forms import AddressForm


class PhoneField(StringField):
    """A phone number in any spelling; `data` is E.164 after validation."""

    data: Any
    inputmode = "tel"
    autocomplete = "tel"

    def pre_validate(self, form: Form) -> None:
        if self.data:
            try:
                self.data = normalise_phone(self.data)
            except Invalid as error:
                raise ValidationError(f"{_(error.message, **error.params)} {_(error.remedy)}") from error

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")


class PasswordCheck:
    """A new password that is long enough and not easily guessed."""

    def __call__(self, form: Form, field: PasswordField) -> None:
        try:
            check_password(field.data or "")
        except Invalid as error:
            raise ValidationError(f"{_(error.message)} {_(error.remedy)}") from error


def own_path(target: str | None) -> str:
    """A path on this site to go on to; anything else becomes /me."""
    wanted = target or ""
    bad = not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or "\n" in wanted
    return "/me" if bad else wanted


class SignInForm(Form):
    """Phone number and password. `next` and `held` carry on what the person was doing."""

    phone = PhoneField(_l("Số điện thoại"), [InputRequired()])
    password = PasswordField(_l("Mật khẩu"), [InputRequired(), Length(max=PASSWORD_MAX)])
    next = HiddenField()
    held = HiddenField()

    def target(self) -> str:
        """Where to go on to."""
        return own_path(self.next.data or request.args.get("next"))


class CodeForm(Form):
    """The six digits of the second step or of a message."""

    code = StringField(_l("Mã 6 chữ số"), [InputRequired(), Length(min=6, max=8)])
    next = HiddenField()
    held = HiddenField()


class PhoneForm(Form):
    """A phone number to send a code to."""

    phone = PhoneField(_l("Số điện thoại"), [InputRequired()])


class NewPasswordForm(Form):
    """A code and the new password."""

    phone = PhoneField(_l("Số điện thoại"), [InputRequired()])
    code = StringField(_l("Mã 6 chữ số"), [InputRequired(), Length(min=6, max=6)])
    password = PasswordField(_l("Mật khẩu mới"), [InputRequired(), PasswordCheck()])


class ChangePasswordForm(Form):
    """The present password and the new one."""

    current = PasswordField(_l("Mật khẩu đang dùng"), [InputRequired()])
    password = PasswordField(_l("Mật khẩu mới"), [InputRequired(), PasswordCheck()])


class RegisterForm(Form):
    """A new account: the code proves that the phone is the person's own."""

    phone = PhoneField(_l("Số điện thoại"), [InputRequired()])
    code = StringField(_l("Mã 6 chữ số"), [InputRequired(), Length(min=6, max=6)])
    name = StringField(_l("Họ và tên"), [InputRequired(), Length(min=2, max=80)])
    password = PasswordField(_l("Mật khẩu"), [InputRequired(), PasswordCheck()])


class AcceptForm(Form):
    """Taking up an invitation with a new account."""

    name = StringField(_l("Họ và tên"), [InputRequired(), Length(min=2, max=80)])
    password = PasswordField(_l("Mật khẩu"), [InputRequired(), PasswordCheck()])


class ResetInPersonForm(Form):
    """Helping somebody who stands before you."""

    phone = PhoneField(_l("Số điện thoại của người đó"), [InputRequired()])
    seen = StringField(_l("Nhận ra bằng cách nào"), [InputRequired(), Length(min=3, max=80)])


class OfficerForm(AddressForm):
    """An administrator offers an office."""

    key = KeyField()
    phone = PhoneField(_l("Số điện thoại"), [InputRequired()])
    role = SelectField(
        _l("Vai trò"), choices=[SelectChoice(role.value, _l(ROLE_NAMES[role])) for role in OFFICES]
    )
    village = StringField(_l("Thôn (chỉ với trưởng thôn)"), [Length(max=80)])
