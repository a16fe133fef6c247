"""The form of hours worked."""

import re
from typing import Any

from wtforms import Field, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from core.forms import Form, KeyField
from core.i18n import _, _l


class HoursField(Field):
    """A time typed in hours ('3', '3,5'); `data` is whole minutes or None."""

    data: Any
    widget = TextInput()
    inputmode = "decimal"

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if typed := valuelist[0].strip() if valuelist else "":
            found = re.fullmatch(r"(\d{1,4})(?:[.,](\d{1,2}))?", typed)
            if found is None:
                raise ValueError(_("Viết số giờ, ví dụ 3 hoặc 3,5."))
            part = int((found[2] or "0").ljust(2, "0"))
            self.data = int(found[1]) * 60 + part * 60 // 100


class HoursForm(Form):
    """Who worked on a batch, and how long."""

    key = KeyField()
    producer_id = SelectField(_l("Ai làm?"), validators=[InputRequired()])
    hours = HoursField(_l("Bao nhiêu giờ?"), [InputRequired(_l("Viết số giờ, ví dụ 3 hoặc 3,5."))])
