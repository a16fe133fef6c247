"""The form of many prices and counts."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form, KeyField, KilogramField, VndField
from core.i18n import _, _l
from office.goods.operations import Counted, NewPrice
from office.goods.queries import Line
from office.goods.rules import STEPS_VND
from traceability.stock.rules import GRAMS_MAX, QUANTITY_MAX


class GoodsForm(Form):
    """Prices `p<pack>` and counts `c<lot>_<pack>`, each with what the page showed (`w…`, `h…`)."""

    key = KeyField()
    percent = StringField(_l("Tăng giảm bao nhiêu phần trăm"), [Length(max=10)])
    step = SelectField(_l("Làm tròn tới"), choices=[], validate_choice=False)
    reason = StringField(_l("Vì sao số trong kho khác"), [Length(max=300)])
    packs: Sequence[int] = ()
    shelves: Sequence[tuple[int, int]] = ()

    def offer(self) -> None:
        """Fill the choices."""
        self.step.choices = [
            SelectChoice(str(step), _("%(step)s đ", step=f"{step:,}".replace(",", "."))) for step in STEPS_VND
        ]

    def price(self, pack_id: int) -> Any:
        """The field of a pack's price."""
        return self._fields[f"p{pack_id}"]

    def count(self, lot_id: int, pack_id: int) -> Any:
        """The field of a lot's count."""
        return self._fields[f"c{lot_id}_{pack_id}"]

    def seen(self, name: str) -> int:
        """What the page showed in a field."""
        told = str(self._fields[name].data)
        return int(told) if told.isdecimal() else -1

    @property
    def prices(self) -> list[NewPrice]:
        """Every price that differs from what was shown."""
        found = [
            NewPrice(pack, self.price(pack).data, self.seen(f"w{pack}"), f"p{pack}") for pack in self.packs
        ]
        return [one for one in found if one.price_vnd is not None and one.price_vnd != one.seen_vnd]

    @property
    def counts(self) -> list[Counted]:
        """Every count that differs from what was shown."""
        found = [
            Counted(lot, pack, self.count(lot, pack).data, self.seen(f"h{lot}_{pack}"), f"c{lot}_{pack}")
            for lot, pack in self.shelves
        ]
        return [one for one in found if one.counted is not None and one.counted != one.seen]


def goods_form(lines: Sequence[Line]) -> type[GoodsForm]:
    """The form for these packs."""
    fields: dict[str, Any] = {"packs": [], "shelves": []}
    for line in lines:
        name = f"{line.name}, {line.label}"
        fields["packs"].append(line.pack_id)
        fields |= {
            f"p{line.pack_id}": VndField(
                _("Giá một ki-lô %(name)s", name=name) if line.weighed else _("Giá %(name)s", name=name),
                [InputRequired()],
            ),
            f"w{line.pack_id}": HiddenField(),
        }
        for shelf in line.shelves:
            which = f"{shelf.lot_id}_{shelf.pack_id}"
            fields["shelves"].append((shelf.lot_id, shelf.pack_id))
            label = _("Đếm được, lô %(code)s, %(name)s", code=shelf.code, name=name)
            fields |= {
                f"c{which}": KilogramField(label, [Optional(), NumberRange(0, GRAMS_MAX)])
                if line.weighed
                else IntegerField(label, [Optional(), NumberRange(0, QUANTITY_MAX)]),
                f"h{which}": HiddenField(),
            }
    return type("GoodsForm", (GoodsForm,), fields)


def shown(lines: Sequence[Line]) -> dict[str, Any]:
    """The form's values as the page first shows them."""
    data: dict[str, Any] = {"step": str(STEPS_VND[0])}
    for line in lines:
        data |= {f"p{line.pack_id}": line.price_vnd, f"w{line.pack_id}": line.price_vnd}
        for shelf in line.shelves:
            which = f"{shelf.lot_id}_{shelf.pack_id}"
            data |= {f"c{which}": shelf.on_hand, f"h{which}": shelf.on_hand}
    return data
