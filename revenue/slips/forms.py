"""The weighing form: five steps of one thing each. What was chosen travels in the address until the slip is agreed."""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from core.forms import Form, KeyField, KilogramField, VndField
from core.i18n import _, _l
from revenue.rules import PayMethod
from traceability.rules import GRADES

STEP_FIELDS = (("producer_id",), ("crop_id",), ("gross_g", "tare_g"), ("grade", "price_vnd_per_kg"))
CARRIED = ("key", "producer_id", "crop_id", "gross_g", "tare_g", "grade", "price_vnd_per_kg")
LAST = len(STEP_FIELDS) + 1


def _whole(value: Any) -> int | None:
    return int(value) if str(value or "").isdigit() and len(str(value)) < 15 else None


def chosen(message: str) -> Callable[[Any, Any], None]:
    """A choice was made, and it is one of those offered."""

    def check(_form: Any, field: Any) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError(message)

    return check


class WeighForm(Form):
    """One weighing. `prices`: the last price a kilogram of each grade, used where no price is typed."""

    key = KeyField()
    producer_id = RadioField(_l("Cân cho nhà ai?"), coerce=_whole, validate_choice=False,
                             validators=[chosen(_l("Chọn một nhà, hoặc tìm theo tên."))])  # fmt: skip
    crop_id = RadioField(_l("Mang gì tới?"), coerce=_whole, validate_choice=False,
                         validators=[chosen(_l("Chọn một loại cây."))])  # fmt: skip
    gross_g = KilogramField(_l("Cả bao"))
    tare_g = KilogramField(_l("Trừ bao"))
    grade = RadioField(_l("Loại mấy?"), validate_choice=False, validators=[chosen(_l("Chọn loại 1, 2 hoặc 3."))],
                       choices=[SelectChoice(one, _l("Loại %(grade)s", grade=one)) for one in GRADES])  # fmt: skip
    price_vnd_per_kg = VndField(_l("Giá một ki-lô-gam"))
    pay_from = RadioField(_l("Tạm ứng"), default="none", choices=[
        SelectChoice(str(PayMethod.CASH), _l("Đưa tiền mặt")), SelectChoice(str(PayMethod.BANK), _l("Chuyển khoản")),
        SelectChoice("none", _l("Chưa ứng, chờ bán được")),
    ])  # fmt: skip
    advance_vnd = VndField(_l("Số tiền ứng"))

    def __init__(self, formdata: Mapping[str, Any] | None = None, *, posted: bool, **kwargs: Any) -> None:
        self.prices: dict[str, int] = {}
        self.posted = posted
        self.views: dict[int, Any] = {}
        self.crops: dict[int, Any] = {}
        self.recent: list[int] = []
        super().__init__(MultiDict(formdata or {}), meta={"csrf": posted}, **kwargs)

    def validate_gross_g(self, field: KilogramField) -> None:
        """The sack weighs more than its empty self."""
        if not field.data:
            raise ValidationError(_("Chưa có số cân. Đặt hàng lên cân rồi ghi số, ví dụ 43,6."))
        if field.data <= (self.tare_g.data or 0):
            raise ValidationError(_("Cả bao phải nặng hơn bao không. Xem lại hai số."))

    def validate_price_vnd_per_kg(self, field: VndField) -> None:
        """A price was typed, or is known from last time."""
        if field.data is None and self.grade.data in GRADES and self.grade.data not in self.prices:
            raise ValidationError(_("Viết giá một ki-lô-gam, ví dụ 3500. Lần sau máy nhớ giá này."))

    def validate_advance_vnd(self, field: VndField) -> None:
        """An advance that is paid has an amount."""
        if self.posted and self.pay_from.data != "none" and not field.data:
            raise ValidationError(_("Viết số tiền ứng, hoặc chọn chưa ứng."))

    @property
    def price(self) -> int:
        """The price that counts, đồng a kilogram."""
        typed = self.price_vnd_per_kg.data
        return int(self.prices.get(self.grade.data, 0) if typed is None else typed)

    @property
    def net_g(self) -> int:
        """Grams without the sack."""
        return int((self.gross_g.data or 0) - (self.tare_g.data or 0))

    def step_shown(self, asked: int) -> int:
        """The step to show: the one asked for, or the first before it that lacks something. Later errors are hidden."""
        self.validate()
        for number, names in enumerate(STEP_FIELDS, start=1):
            if number < asked and any(self[name].errors for name in names):
                asked = number
                break
        else:
            number = 0
        for later, names in enumerate((*STEP_FIELDS, ("pay_from", "advance_vnd")), start=1):
            if later != number:
                for name in names:
                    self[name].errors = []
        return asked

    def wrong_step(self) -> int:
        """The step whose field was refused; the last one where none was."""
        for number, names in enumerate(STEP_FIELDS, start=1):
            if any(self[one].errors for one in names):
                return number
        return LAST

    def carried(self, step: int) -> list[tuple[str, str]]:
        """What the other steps gave, for hidden fields of a step's form."""
        shown = STEP_FIELDS[step - 1] if step <= len(STEP_FIELDS) else ()
        return [
            (name, str(self[name]._value() if hasattr(self[name], "_value") else self[name].data))
            for name in CARRIED
            if name not in shown and self[name].data is not None
        ]


class VoidForm(Form):
    """Why a slip does not count, and where its advance is."""

    key = KeyField()
    reason = TextAreaField(_l("Vì sao bỏ phiếu này?"), [InputRequired(), Length(max=200)])
    money_back = BooleanField(_l("Tiền ứng đã trở lại quỹ, hoặc chưa đưa"), default=True)
