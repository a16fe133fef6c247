"""Forms of papers."""

from flask_wtf.file import FileField
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from core.forms import Form
from core.i18n import _l


class ScanForm(Form):
    """A photo of a signed paper; of a household's case also of its home."""

    shows = RadioField(
        _l("Ảnh gì"),
        choices=[
            SelectChoice("paper", _l("Tờ phiếu hộ đã ký")),
            SelectChoice("home", _l("Nhà ở, lúc tới thăm, hộ đồng ý cho chụp")),
        ],
        default="paper",
    )
    photo = FileField(_l("Chụp ảnh"))
