"""Forms of lists: send one, say its columns, accept it."""

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from core.forms import Form, KeyField
from core.i18n import _l


class ListForm(Form):
    """A commune's list as a table."""

    key = KeyField()
    sheet = FileField(_l("Tệp danh sách, XLSX hoặc CSV"), [FileRequired(_l("Chọn tệp danh sách."))])
    village = StringField(
        _l("Thôn của những dòng không ghi thôn"), [Optional(), Length(max=120)]
    )  # fmt: skip


class AcceptForm(Form):
    """What to do with those who may be known already."""

    doubles = RadioField(
        _l("Người có thể đã có trong sổ"),
        choices=[
            SelectChoice("wait", _l("Để hộ đó lại, chưa ghi")),
            SelectChoice("add", _l("Vẫn ghi là người mới, xem lại sau")),
        ],
        default="wait",
    )


class ColumnsForm(Form):
    """What each column is: one field for each, added for the list at hand."""


def columns_form(count: int, options: list[SelectChoice]) -> type[ColumnsForm]:
    """The form of a list of so many columns."""
    fields = {f"column_{place}": SelectField(choices=options) for place in range(count)}
    return type("ColumnsOfList", (ColumnsForm,), fields)
