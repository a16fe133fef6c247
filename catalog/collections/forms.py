"""What an administrator writes about a collection."""

import re
from typing import Any

from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from catalog.collections.rules import INTRO_MAX, RULE_NAMES, TITLE_MAX, Rule
from core.forms import Form
from core.i18n import _, _l


class CollectionForm(Form):
    """Title and words in two languages, dates, and how goods come in."""

    title = StringField(_l("Tên gian"), [InputRequired(), Length(max=TITLE_MAX)])
    title_en = StringField(_l("Tên tiếng Anh"), [InputRequired(), Length(max=TITLE_MAX)])
    intro = TextAreaField(_l("Lời giới thiệu"), [Optional(), Length(max=INTRO_MAX)])
    intro_en = TextAreaField(_l("Lời giới thiệu tiếng Anh"), [Optional(), Length(max=INTRO_MAX)])
    illustration = SelectField(_l("Hình vẽ"))
    from_on = DateField(_l("Mở từ ngày"), [InputRequired()])
    to_on = DateField(_l("Dọn sau ngày"), [Optional()])
    rule = RadioField(_l("Món nào vào gian"), [InputRequired()], default=Rule.LISTED.value)
    category_id = SelectField(
        _l("Loại hàng"), coerce=lambda value: int(value) if str(value).isdigit() else None
    )
    slugs = TextAreaField(_l("Đường dẫn từng món, mỗi dòng một món"), [Optional(), Length(max=8_000)])
    position = IntegerField(_l("Đứng thứ mấy"), [InputRequired(), NumberRange(0, 99)], default=0)

    def offer(self, categories: list[tuple[str, str]], drawings: list[str]) -> None:
        """Fill the choices."""
        self.rule.choices = [SelectChoice(one.value, _(name)) for one, name in RULE_NAMES.items()]
        self.category_id.choices = [
            SelectChoice("", _("Chọn loại")),
            *(SelectChoice(*one) for one in categories),
        ]
        self.illustration.choices = [SelectChoice(name, name) for name in drawings]

    def listed(self) -> list[str]:
        """The products' paths, out of whole addresses too."""
        rows: list[Any] = (self.slugs.data or "").split()
        return [re.sub(r"[?#].*$", "", row).rstrip("/").rpartition("/")[2] for row in rows]
