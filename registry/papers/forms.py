"""Forms of papers."""

from flask_wtf.file import FileField

from core.forms import Form
from core.i18n import _l


class ScanForm(Form):
    """A photo of a signed paper."""

    photo = FileField(_l("Chụp tờ giấy đã ký"))
