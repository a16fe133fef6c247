"""Forms of one paper's page."""

from wtforms import DateField, FileField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.certificates.rules import COVERS_MAX, Scope
from core.forms import Form, KeyField
from core.i18n import N_, _, _l

SCOPES = {
    Scope.GOODS: N_("Món hàng"),
    Scope.LOTS: N_("Từng lô, như phiếu kiểm nghiệm"),
    Scope.PLOTS: N_("Ruộng, như mã số vùng trồng"),
}


class _Ticks(SelectMultipleField):
    """Several choices as ticks."""

    widget, option_widget = ListWidget(prefix_label=False), CheckboxInput()


class ScopeForm(Form):
    """What a paper speaks of."""

    key = KeyField()
    scope = RadioField(_l("Giấy này nói về"), [InputRequired()], coerce=Scope)
    products = _Ticks(_l("Món nào"), coerce=int)
    lots = _Ticks(_l("Lô nào"), coerce=int)
    plots = _Ticks(_l("Ruộng nào"), coerce=int)
    covers = TextAreaField(_l("Ghi trên giấy về phạm vi"), [Length(max=COVERS_MAX)])

    def offer(
        self, products: list[tuple[int, str]], lots: list[tuple[int, str]], plots: list[tuple[int, str]]
    ) -> None:
        """Fill the choices."""
        self.scope.choices = [(scope, _(text)) for scope, text in SCOPES.items()]
        self.products.choices, self.lots.choices, self.plots.choices = products, lots, plots


class RenewForm(Form):
    """The new term of a paper."""

    key = KeyField()
    valid_from = DateField(_l("Có hiệu lực từ"), [InputRequired()])
    valid_to = DateField(_l("Hết hạn ngày"), [Optional()])
    scan = FileField(_l("Chụp hoặc chọn bản quét"))
    note = StringField(_l("Ghi chú"), [Length(max=200)])


class SeenForm(Form):
    """That the original was seen."""

    key = KeyField()
    seen_on = DateField(_l("Xem bản gốc ngày"), [InputRequired()])


class WithdrawForm(Form):
    """From when a paper holds no more, and why."""

    key = KeyField()
    on = DateField(_l("Không còn dùng từ ngày"), [InputRequired()])
    why = StringField(_l("Vì sao"), [InputRequired(), Length(max=200)])
