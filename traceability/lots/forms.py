"""Forms of lots: packing, promising, and what happens to packs by hand."""

from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from catalog.forms import MayBeBlank
from core.errors import Invalid
from core.forms import Form, KeyField, KilogramField
from core.i18n import N_, _l
from traceability.forms import choices
from traceability.rules import MovementKind

CHANGES = [
    ("counted", _l("Đếm lại trong kho")),
    (MovementKind.LOST.value, _l("Hao hụt, hư hỏng")),
    (MovementKind.SAMPLE.value, _l("Lấy làm mẫu")),
    (MovementKind.SOLD_OUTSIDE.value, _l("Bán ngoài chợ")),
    ("quarantine", _l("Tách riêng, chưa bán")),
    ("stall", _l("Đem ra quầy")),
    ("store", _l("Đem về kho")),
    ("destroyed", _l("Huỷ bỏ")),
]


class PackForm(Form):
    """Bulk into packs."""

    key = KeyField()
    pack_id = SelectField(_l("Đóng vào quy cách nào"), validators=[InputRequired()])
    quantity = IntegerField(_l("Được bao nhiêu gói"), [MayBeBlank()])
    weight_g = KilogramField(_l("Đem bán bao nhiêu ki-lô"), [MayBeBlank()])


class ChangeForm(Form):
    """Something happened to packs."""

    key = KeyField()
    what = RadioField(_l("Có chuyện gì?"), choices=choices(CHANGES), validators=[InputRequired()])
    where = SelectField(_l("Gói nào, ở đâu"), validators=[InputRequired()])
    quantity = IntegerField(_l("Số gói"), [MayBeBlank()])
    weight_g = KilogramField(_l("Số ki-lô"), [MayBeBlank()])
    reason = StringField(_l("Lý do"), validators=[InputRequired(), Length(max=300)])


class BulkForm(Form):
    """Bulk that was lost."""

    key = KeyField()
    weight_g = KilogramField(_l("Hao mất bao nhiêu"), validators=[InputRequired()])
    reason = StringField(_l("Lý do"), validators=[InputRequired(), Length(max=300)])


class PlanForm(Form):
    """A promise that can be ordered before the goods are made."""

    key = KeyField()
    pack_id = SelectField(_l("Nhận đặt trước món nào"), validators=[InputRequired()])
    quantity = IntegerField(_l("Nhận bao nhiêu gói"), [MayBeBlank()])
    weight_g = KilogramField(_l("Nhận bao nhiêu ki-lô"), [MayBeBlank()])
    promised_on = DateField(_l("Hẹn có hàng ngày"), validators=[InputRequired()])


class EndForm(Form):
    """A lot is used up."""

    key = KeyField()
    reason = StringField(_l("Hàng chưa đóng còn lại đi đâu"), validators=[Optional(), Length(max=300)])


def amount_of(form: PackForm | ChangeForm | PlanForm, *, by_weight: bool) -> int:
    """So many packs, or grams of what is weighed at packing. Raises Invalid beside the field that was left empty."""
    field = form.weight_g if by_weight else form.quantity
    if field.data is None:
        message = N_("Món này cân khi gói: ghi số ki-lô.") if by_weight else N_("Ghi số gói.")
        raise Invalid(message, field=field.name)
    return int(field.data)
