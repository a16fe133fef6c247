"""Choosing a commune without a map and without script: type it as it is said, choose only where it is not certain."""

from typing import Any

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from core.forms import Form
from core.i18n import _, _l
from places import queries
from places.models import Unit
from places.queries import CANDIDATES_MAX

NEAR_MAX = 8


def _whole_or_none(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


class CommuneField(RadioField):
    """Candidates, shown only once an address was not certain. What was chosen is checked by `resolve`."""


class AddressForm(Form):
    """Where something is or goes. Base class of any form that asks for an address; validated, `commune` is the answer.

    place: "Côn Minh, Thái Nguyên", with or without marks, or an address of before 2025-07-01 ("xã Côn Minh, huyện
    Na Rì, Bắc Kạn"). commune_id: one of the candidates, when there were several.
    """

    place = StringField(
        _l("Xã, phường và tỉnh"),
        [InputRequired(_l("Viết xã hoặc phường và tỉnh, ví dụ Côn Minh, Thái Nguyên.")), Length(max=200)],
        description=_l("Gõ không dấu cũng được. Địa chỉ cũ có huyện cũng được."),
    )
    commune_id = CommuneField(
        _l("Đúng là nơi nào?"), choices=[], coerce=_whole_or_none, validate_choice=False
    )
    address_line = StringField(_l("Số nhà, đường hoặc thôn, bản"), [Length(max=200)])
    commune: Unit | None = None
    ORDER: tuple[str, ...] = ()  # fields as the page shows them, where a form inherits from several

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [*self.ORDER, *[name for name in self._fields if name not in self.ORDER]]
        self._fields = {name: self._fields[name] for name in names}

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, and the place must be one commune of today."""
        fine = bool(super().validate(extra_validators))
        return self.resolve() is not None and fine

    def show(self, commune_id: int, address_line: str = "") -> None:
        """Fill the form with an address that is known."""
        self.place.data = queries.place_name(commune_id).full
        self.address_line.data = address_line

    def resolve(self) -> Unit | None:
        """The commune meant; else None, with an error beside the place and candidates to choose from."""
        if self.commune is not None or self.place.errors:
            return self.commune
        text = str(self.place.data or "")
        found = queries.find_address(text)
        offered = found.candidates or queries.find_communes(text, limit=NEAR_MAX)
        chosen = [one for one in offered if one.id == self.commune_id.data]
        self.commune = found.exact or (chosen[0] if chosen else None)
        if self.commune is None:
            self._offer(offered, certain=bool(found.candidates))
        return self.commune

    def commune_id_chosen(self) -> int:
        """The id of the commune; only of a form that was validated."""
        assert self.commune is not None, "ask after validate()"
        return self.commune.id

    def _offer(self, offered: list[Unit], *, certain: bool) -> None:
        """Show what may be meant. certain: the address was understood and only has several successors."""
        names = queries.place_names({one.id for one in offered})
        self.commune_id.choices = [SelectChoice(str(one.id), names[one.id].full) for one in offered]
        if not offered:
            self.place.errors = [
                _("Chưa thấy xã, phường này. Viết tên xã rồi tên tỉnh, ví dụ Côn Minh, Thái Nguyên.")
            ]
        elif len(offered) == CANDIDATES_MAX:
            self.commune_id.errors = [
                _("Nhiều nơi trùng tên này. Viết thêm tên tỉnh cho chắc, hoặc chọn một.")
            ]
        elif certain:
            text = _("Nơi này nay là một trong %(count)s xã, phường. Chọn đúng nơi.", count=len(offered))
            self.commune_id.errors = [text]
        else:
            self.commune_id.errors = [_("Chưa thấy đúng tên này. Chọn nơi gần giống, hoặc viết lại.")]
