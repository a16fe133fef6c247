"""What a manager sends about pictures: files, each perhaps for a guided shot, and what is to be done with one."""

from collections.abc import Iterator

from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import SelectField, StringField
from wtforms.validators import Length

from catalog.forms import options
from catalog.photos.rules import GUIDES, Shot
from core.forms import Form
from core.i18n import _, _l


class PhotosForm(Form):
    """Pictures from the camera, from the phone's store, or for one guided shot each (fields `front`, `back`, …)."""

    camera = FileField(_l("Chụp ảnh"))
    choose = MultipleFileField(_l("Chọn ảnh"))
    front = FileField(_l("Mặt trước"))
    back = FileField(_l("Nhãn mặt sau"))
    hand = FileField(_l("Cầm trên tay"))
    ingredients = FileField(_l("Thứ làm ra món này"))
    field = FileField(_l("Nơi trồng, nơi làm"))

    def sent(self) -> Iterator[tuple[str, Shot | None, FileStorage]]:
        """Every file with the field it came in and the shot it is meant for."""
        for name in ("camera", "choose", *Shot):
            found = self[name].data
            for file in found if isinstance(found, list) else [found]:
                if isinstance(file, FileStorage) and file.filename:
                    yield name, Shot(name) if name in set(Shot) else None, file


class DescribeForm(Form):
    """Which shot a picture is, and what it shows."""

    shot = SelectField(_l("Đây là ảnh"), coerce=lambda value: Shot(value) if value else None)
    alt = StringField(_l("Ảnh có gì"), [Length(max=200)])

    def offer(self) -> None:
        """Fill the choices."""
        shots = [(shot.value, _(guide.name)) for shot, guide in GUIDES.items()]
        self.shot.choices = options([("", _("Kiểu khác")), *shots])


class AgainForm(Form):
    """A picture taken again."""

    photo = FileField(_l("Ảnh mới"))
