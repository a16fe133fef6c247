"""What a manager sends about a clip."""

from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Length

from catalog.clips.rules import LINK_MAX_CHARS
from core.forms import Form
from core.i18n import _l


class ClipForm(Form):
    """A link or a file; the file wins where both come."""

    link = StringField(_l("Đường dẫn YouTube hoặc TikTok"), [Length(max=LINK_MAX_CHARS)])
    file = FileField(_l("Chọn phim trong máy"))
