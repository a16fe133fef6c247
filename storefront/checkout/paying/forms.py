"""The one question of this step."""

from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from core.forms import Form
from core.i18n import _, _l
from orders.rules import METHOD_TEXT, Method


class WayForm(Form):
    """Another way to pay an unpaid order."""

    method = RadioField(_l("Trả bằng"), [InputRequired(_l("Chọn một cách trả."))])

    @classmethod
    def of(cls, ways: list[Method]) -> "WayForm":
        """With the ways that are open now."""
        form = cls()
        form.method.choices = [SelectChoice(one.value, _(METHOD_TEXT[one])) for one in ways]
        return form
