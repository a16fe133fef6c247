"""What a manager sends about a table: the file, what its columns are, and which drafts go on sale."""

from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from catalog.sheets.columns import COLUMNS
from core.errors import Invalid
from core.forms import Form, KeyField
from core.i18n import N_, _, _l

SHEET_MAX_BYTES = 8 * 1024 * 1024
ZIP_MAX_BYTES = 60 * 1024 * 1024


class TableForm(Form):
    """A table, and its pictures."""

    key = KeyField()
    sheet = FileField(_l("Chọn bảng XLSX, CSV"))
    photos = FileField(_l("Chọn ảnh trong một tệp ZIP"), [Optional()])

    def sent(self, name: str) -> bytes | None:
        """The bytes of a field's file; None where none was chosen. Raises Invalid for one that is too heavy."""
        given = self[name].data
        if not isinstance(given, FileStorage) or not given.filename:
            return None
        data = given.stream.read(ZIP_MAX_BYTES + 1)
        most = ZIP_MAX_BYTES if name == "photos" or data.startswith(b"PK") else SHEET_MAX_BYTES
        if len(data) > most:
            raise Invalid(
                N_("Tệp nặng quá %(most)s MB."),
                remedy=N_("Chia làm nhiều tệp, gửi từng tệp một."),
                field=name,
                most=most // 1024 // 1024,
            )
        return data


class ColumnsForm(Form):
    """What each column is."""

    key = KeyField()
    count = 0

    @property
    def columns(self) -> list[Any]:
        """The select of each column, in order."""
        return [self._fields[f"c{place}"] for place in range(self.count)]


def columns_form(headings: list[str], letters: list[str]) -> type[ColumnsForm]:
    """The form for a table with these headings."""
    choices = [
        SelectChoice("", _("Không đọc cột này")),
        *(SelectChoice(one.key, _(one.title)) for one in COLUMNS),
    ]
    fields: dict[str, Any] = {"count": len(headings)}
    for place, (heading, name) in enumerate(zip(headings, letters, strict=True)):
        label = _("Cột %(letter)s: %(heading)s", letter=name, heading=heading[:60] or _("không có tiêu đề"))
        fields[f"c{place}"] = SelectField(label, choices=choices)
    return type("ColumnsForm", (ColumnsForm,), fields)


class SheetNameForm(Form):
    """Another sheet of the workbook."""

    sheet_name = SelectField(_l("Trang tính"))


class PublishForm(Form):
    """Which drafts go on sale."""

    ids = SelectMultipleField(_l("Món"), coerce=int)
