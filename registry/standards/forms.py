"""Forms of standards: a file with its source, and buttons."""

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import StringField
from wtforms.validators import Length

from core.errors import Invalid
from core.forms import Form, KeyField
from core.i18n import N_, _l
from registry.standards.intake import UPLOAD_MAX_BYTES


class PointsForm(Form):
    """A points table, and the text of law that it was copied from."""

    key = KeyField()
    file = FileField(_l("Chọn tệp Excel hoặc JSON"))
    source = StringField(_l("Chép từ văn bản nào"), [Length(max=300)])

    def sent(self) -> bytes:
        """The file's bytes, one more than is allowed at most. Raises Invalid where none was chosen."""
        given = self.file.data
        if not isinstance(given, FileStorage) or not given.filename:
            raise Invalid(N_("Chưa chọn tệp."), remedy=N_("Chọn tệp .xlsx hoặc .json."), field="file")
        return given.stream.read(UPLOAD_MAX_BYTES + 1)


class DeedForm(Form):
    """A button that needs only its token."""
