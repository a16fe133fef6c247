"""A gift box as a manager puts it together: up to eight kinds."""

from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from catalog.bundles.rules import PARTS_MAX, PIECES_MAX
from catalog.rules import NAME_MAX_CHARS, STORY_MAX_CHARS
from core.forms import Form, KeyField, VndField
from core.i18n import _, _l


class BoxForm(Form):
    """Fields that every box has; `box_form` adds the rows of parts."""

    key = KeyField()
    name = StringField(
        _l("Tên hộp quà"), [InputRequired(_l("Viết tên hộp, ví dụ Hộp quà Tết.")), Length(max=NAME_MAX_CHARS)]
    )
    story = TextAreaField(_l("Kể về hộp quà này"), [Optional(), Length(max=STORY_MAX_CHARS)])
    price_vnd = VndField(_l("Giá cả hộp"), [InputRequired(_l("Ghi giá cả hộp, ví dụ 350000."))])
    gross_weight_g = IntegerField(_l("Cân nặng cả hộp để gửi"), [Optional(), NumberRange(1, 100_000)])

    def rows(self) -> list[tuple[Any, Any]]:
        """(pack, pieces) fields of each row."""
        return [(self[f"pack{row}"], self[f"count{row}"]) for row in range(PARTS_MAX)]

    def parts(self) -> list[tuple[int, int]]:
        """What was chosen: (pack id, pieces)."""
        return [(pack.data, count.data or 1) for pack, count in self.rows() if pack.data]


def box_form(packs: list[tuple[int, str]], *, named: bool = True, **given: Any) -> BoxForm:
    """The form with a row for each kind; without name and story where the box is there already."""
    choices = [SelectChoice("", _("Không")), *(SelectChoice(str(pack_id), text) for pack_id, text in packs)]
    members: dict[str, Any] = {}
    for row in range(PARTS_MAX):
        members[f"pack{row}"] = SelectField(
            _l("Món %(number)s", number=row + 1), choices=choices,
            coerce=lambda value: int(value) if str(value).isdigit() else None,
        )  # fmt: skip
        members[f"count{row}"] = IntegerField(_l("Mấy gói"), [Optional(), NumberRange(1, PIECES_MAX)])
    if not named:
        members |= {"name": None, "story": None}
    form: BoxForm = type("OneBoxForm", (BoxForm,), members)(**given)
    return form
