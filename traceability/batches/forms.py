"""Forms of recipes and batches."""

from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import Form, KeyField, KilogramField
from core.i18n import _l


class RecipeForm(Form):
    """How something is made and how much of the input comes out."""

    key = KeyField()
    name = StringField(_l("Tên công thức"), validators=[InputRequired(), Length(max=80)])
    product_id = SelectField(_l("Làm ra món nào"), validators=[Optional()])
    yield_min = KilogramField(_l("100 kg đầu vào ra ít nhất"), validators=[InputRequired()])
    yield_max = KilogramField(_l("100 kg đầu vào ra nhiều nhất"), validators=[InputRequired()])
    density_g_per_l = IntegerField(_l("Một lít nặng bao nhiêu gam"), validators=[Optional()])


class OpenForm(Form):
    """A new batch."""

    key = KeyField()
    recipe_id = SelectField(_l("Làm gì?"), validators=[InputRequired()])
    made_on = DateField(_l("Ngày làm"), validators=[InputRequired()])


class WayForm(Form):
    """How a batch's harvest was taken; all of it, or one slip's."""

    key = KeyField()
    buying = RadioField(
        _l("Hàng của ai?"),
        choices=[
            SelectChoice("consigned", _l("Bán hộ: bán được rồi chia cho bà con")),
            SelectChoice("outright", _l("Mua đứt: trả theo giá phiếu cân")),
        ],
        validators=[InputRequired(_l("Chọn một cách."))],
    )
    input_id = SelectField(_l("Phiếu nào"), validators=[Optional()])


class SlipsForm(Form):
    """Slips ticked for a batch: all that is left of each goes in."""

    key = KeyField()
    slip_ids = SelectMultipleField(
        _l("Phiếu cân"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        validators=[InputRequired()],
    )  # fmt: skip


class OneSlipForm(Form):
    """A part of one slip."""

    key = KeyField()
    slip_id = SelectField(_l("Phiếu nào"), validators=[InputRequired()])
    weight_g = KilogramField(_l("Cho vào bao nhiêu"), id="slip-weight", validators=[InputRequired()])


class LotForm(Form):
    """Bulk of a lot for a batch."""

    key = KeyField()
    lot_id = SelectField(_l("Lô nào"), validators=[InputRequired()])
    weight_g = KilogramField(_l("Cho vào bao nhiêu"), id="lot-weight", validators=[InputRequired()])


class MaterialForm(Form):
    """Bought-in material."""

    key = KeyField()
    name = StringField(_l("Nguyên liệu mua ngoài"), validators=[InputRequired(), Length(max=60)])
    weight_g = KilogramField(_l("Cho vào bao nhiêu"), id="material-weight", validators=[InputRequired()])


class RemoveForm(Form):
    """Take one input out again: nothing but the token."""


class CloseForm(Form):
    """What came out: one product, perhaps a second one."""

    key = KeyField()
    product_id = SelectField(_l("Ra món gì"), validators=[InputRequired()])
    weight_g = KilogramField(_l("Thành phẩm cân được"), validators=[InputRequired()])
    expires_on = DateField(_l("Hạn dùng"), validators=[Optional()])
    product_id_2 = SelectField(_l("Món thứ hai"), validators=[Optional()])
    weight_2 = KilogramField(_l("Món thứ hai cân được"), validators=[Optional()])
    expires_on_2 = DateField(_l("Hạn dùng món thứ hai"), validators=[Optional()])
    reason = StringField(_l("Vì sao khác mọi khi"), validators=[Optional(), Length(max=300)])
