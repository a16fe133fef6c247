"""The form of packing by weight: for each line its lots, and for each piece its weight."""

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from catalog.forms import MayBeBlank
from core.forms import Form, KeyField, KilogramField
from core.i18n import _, _l
from orders.operations import Pick
from orders.queries import PickLine, PickSlot
from orders.rules import QUANTITY_MAX
from orders.weighed.queries import Weighing
from orders.weighed.rules import REASON_MAX_CHARS


class WeighForm(Form):
    """One lot code for each proposed lot of each line, a spare one, and of weighed lines one weight for each piece."""

    key = KeyField()

    def weights(self, slot: PickSlot) -> list[Any]:
        """The fields of a slot's pieces, in order."""
        return [field for name, field in self._fields.items() if name.startswith(f"{slot.lot_field}_g")]

    def reason(self, line: PickLine) -> Any:
        """Why a piece of this line is lighter than promised."""
        return self._fields[f"reason_{line.line_id}"]

    def reasons(self, lines: Sequence[PickLine], seen: dict[int, Weighing]) -> dict[int, str]:
        """Those that were given, by line."""
        return {line.line_id: self.reason(line).data or "" for line in lines if line.line_id in seen}

    def pick(self, slot: PickSlot, lot_id: int) -> Pick | None:
        """What was taken from a lot; None where nothing was."""
        weights = tuple(field.data for field in self.weights(slot) if field.data)
        if weights:
            return Pick(slot.line_id, lot_id, len(weights), weights)
        counted = self._fields.get(slot.quantity_field)
        return Pick(slot.line_id, lot_id, counted.data or 0) if counted is not None else None


def weigh_form(lines: Sequence[PickLine], seen: dict[int, Weighing], **given: Any) -> WeighForm:
    """The form for an order's lines."""
    members: dict[str, Any] = {}
    for line in lines:
        for slot in line.slots:
            required = (
                [InputRequired(_l("Quét hoặc gõ mã lô in trên gói."))] if slot.proposed else [MayBeBlank()]
            )
            members[slot.lot_field] = StringField(_l("Mã lô trên gói"), [*required, Length(max=200)])
            if line.line_id in seen:
                members |= _weights(line, slot, _(seen[line.line_id].band.word))
            else:
                members[slot.quantity_field] = IntegerField(
                    _l("Số gói"), [Optional(), NumberRange(0, QUANTITY_MAX)], default=slot.quantity or None
                )
        if line.line_id in seen:
            members[f"reason_{line.line_id}"] = StringField(
                _l("Vì sao nhẹ hơn mức đã hứa"), [MayBeBlank(), Length(max=REASON_MAX_CHARS)]
            )
    made: WeighForm = type("WeighForm", (WeighForm,), members)(**given)
    return made


def _weights(line: PickLine, slot: PickSlot, word: str) -> dict[str, Any]:
    count = slot.quantity if slot.proposed else line.quantity
    return {
        f"{slot.lot_field}_g{number}": KilogramField(
            _("Cân nặng %(word)s thứ %(number)s", word=word, number=number) if count > 1
            else _("Cân nặng %(word)s này", word=word),
            [MayBeBlank()],
        )
        for number in range(1, count + 1)
    }  # fmt: skip
