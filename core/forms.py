"""Forms over HTTP: the base class, fields for đồng and weights, and how a refusal reaches its field.

A form carries a random `key` from its first showing, so that a double tap or a repeated request is one deed.
"""

import re
import secrets
from collections.abc import Callable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import SUBMIT_METHODS
from markupsafe import Markup, escape
from wtforms import Field, HiddenField, StringField
from wtforms.csrf.core import CSRFTokenField
from wtforms.widgets import Input, TextInput

from core.errors import Conflict, DomainError, FormErrors, Invalid
from core.i18n import N_, _
from core.money import parse_vnd
from core.text import clean


class _Texts:
    """WTForms' own messages in our words."""

    def gettext(self, string: str) -> str:
        return _(OWN_WORDS.get(string, string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


OWN_WORDS = {
    "This field is required.": N_("Ô này cần được điền."),
    "Not a valid choice.": N_("Chọn một mục trong danh sách."),
    "Not a valid choice": N_("Chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": N_("Chọn một mục trong danh sách."),
    "Not a valid integer value.": N_("Viết một số, ví dụ 12."),
    "Not a valid date value.": N_("Chọn một ngày."),
    "Field must be between %(min)d and %(max)d characters long.": N_("Viết từ %(min)d đến %(max)d chữ."),
    "Field cannot be longer than %(max)d character.": N_("Viết không quá %(max)d chữ."),
    "Field cannot be longer than %(max)d characters.": N_("Viết không quá %(max)d chữ."),
    "Number must be between %(min)s and %(max)s.": N_("Số phải từ %(min)s đến %(max)s."),
    "Number must be at least %(min)s.": N_("Số phải từ %(min)s trở lên."),
}


def attributes(**given: Any) -> Markup:
    """The attributes of an input as WTForms writes them, at a fifth of its cost: a page of forms writes dozens.

    >>> attributes(name="q", class_="wide", aria_label='a "b"', required=True, disabled=False)
    Markup('aria-label="a &#34;b&#34;" class="wide" name="q" required')
    """
    written = []
    for name, value in sorted(given.items()):
        name = name.rstrip("_")
        if name.startswith(("data_", "aria_")):
            name = name.replace("_", "-")
        if value is True:
            written.append(name)
        elif value is not False:
            quoted = str.replace(escape(value), '"', "&quot;")
            written.append(f'{name}="{quoted}"')
    return Markup(" ".join(written))


Input.html_params = staticmethod(attributes)


class TokenField(CSRFTokenField):
    """The form's token, signed when it is drawn: a form that is only read needs none."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Take what was sent."""
        super(CSRFTokenField, self).process(*args, **kwargs)

    @property
    def current_token(self) -> Any:
        """The token of this session, signed."""
        return self.csrf_impl.generate_csrf_token(self)


class Tokens(FlaskForm.Meta.csrf_class):
    """Flask-WTF's tokens, in fields of ours."""

    field_class = TokenField


class Form(FlaskForm):
    """Base of all forms: our words, text cleaned on the way in, refusals placed beside their field."""

    _fields: dict[str, Any]

    class Meta(FlaskForm.Meta):
        csrf_class = Tokens

        def get_translations(self, form: Any) -> Any:
            return _Texts()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            bound = unbound_field.bind(form=form, **options)
            if isinstance(bound, StringField) and not isinstance(bound, HiddenField):
                lines = bound.widget.__class__.__name__ == "TextArea"
                bound.filters = (
                    *bound.filters,
                    lambda v, lines=lines: clean(v, lines=lines) if isinstance(v, str) else v,
                )
            return bound

    def is_submitted(self) -> bool:
        """Whether something was sent: Flask-WTF's answer, without asking whether there is a request at all."""
        return request.method in SUBMIT_METHODS

    def take(self, error: DomainError) -> None:
        """Show a verb's refusal: beside its field where it names one, else in the summary."""
        for one in error.errors if isinstance(error, FormErrors) else [error]:
            text = (
                f"{_(one.message, **one.params)} {_(one.remedy, **one.params) if one.remedy else ''}".strip()
            )
            field = self._fields.get(one.field or "")
            if field is None:
                self.form_errors.append(text)
            else:
                field.errors = [*field.errors, text]

    def accepts(self, verb: Callable[[], Any]) -> bool:
        """Run a verb; True when it went through, False when its refusal now stands in the form."""
        try:
            verb()
        except (Invalid, FormErrors, Conflict) as error:
            self.take(error)
            return False
        return True


class KeyField(HiddenField):
    """The request's own key: made at the first showing, kept when the form is shown again with errors."""

    data: Any

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data or secrets.token_urlsafe(16), extra_filters)
        if not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", str(self.data or "")):
            self.data = secrets.token_urlsafe(16)


class VndField(Field):
    """An amount of đồng as people type it; `data` is a whole number or None."""

    data: Any
    widget = TextInput()
    unit = "đ"
    inputmode = "numeric"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}".replace(",", ".")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = parse_vnd(valuelist[0])
            except Invalid as error:
                raise ValueError(f"{_(error.message, **error.params)} {_(error.remedy)}") from error


class KilogramField(Field):
    """A weight typed in kilograms ('42,8' or '42.8'); `data` is whole grams or None."""

    data: Any
    widget = TextInput()
    unit = "kg"
    inputmode = "decimal"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return (
            "" if self.data is None else f"{self.data / 1000:.3f}".rstrip("0").rstrip(".").replace(".", ",")
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip().removesuffix("kg").strip() if valuelist else ""
        if typed:
            if not re.fullmatch(r"\d{1,6}([.,]\d{1,3})?", typed):
                raise ValueError(_("Viết cân nặng bằng ki-lô-gam, ví dụ 42,8."))
            whole, _dot, part = typed.replace(",", ".").partition(".")
            self.data = int(whole) * 1000 + int(part.ljust(3, "0") or 0)
