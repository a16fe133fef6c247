"""Forms of the chat order: the message, then what was read from it, to be looked over."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from accounts.forms import PhoneField
from catalog.queries import PackFact
from channels.reading.rules import QUANTITY_MAX, Item
from core.format import vnd
from core.forms import Form, KeyField
from core.i18n import _, _l
from orders.operations import Wanted
from orders.rules import METHOD_TEXT, Method
from places.forms import AddressForm

MESSAGE_MAX_CHARS = 4_000
ROWS = 12


class MessageForm(Form):
    """A message as it came."""

    message = TextAreaField(
        _l("Tin nhắn của khách"),
        [InputRequired(_l("Dán tin nhắn vào đây.")), Length(max=MESSAGE_MAX_CHARS)],
    )


class OrderForm(AddressForm):
    """What was read, to be looked over. Rows of goods are added by `order_form`."""

    ORDER = ("key", "message", "name", "phone")
    key = KeyField()
    message = HiddenField(validators=[Length(max=MESSAGE_MAX_CHARS)])
    name = StringField(
        _l("Tên người nhận"),
        [InputRequired(_l("Viết tên để bưu tá gọi, ví dụ Đỗ Minh Mẫu.")), Length(max=120)],
    )
    phone = PhoneField(_l("Số điện thoại"), [InputRequired(_l("Viết số để bưu tá gọi, ví dụ 0912 345 678."))])
    address_line = StringField(
        _l("Số nhà, đường hoặc thôn, bản"),
        [InputRequired(_l("Viết nơi bưu tá tìm được, ví dụ Số 8, ngõ Mẫu.")), Length(max=200)],
    )
    method = RadioField(_l("Khách trả tiền thế nào?"), validate_choice=True)

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The rows of goods to show: all that are filled or wrong, and one more."""
        pairs = [(self[f"pack{number}"], self[f"quantity{number}"]) for number in range(ROWS)]
        filled = [n for n, (pack, many) in enumerate(pairs) if pack.data or pack.errors or many.errors]
        return pairs[: min(ROWS, (filled[-1] if filled else 0) + 2)]

    def wanted(self, packs: Mapping[int, PackFact]) -> list[Wanted]:
        """What is ordered, at the prices shown."""
        return [
            Wanted(pack.data, many.data or 1, packs[pack.data].price_vnd)
            for pack, many in ((self[f"pack{n}"], self[f"quantity{n}"]) for n in range(ROWS))
            if pack.data
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, and at least one of the goods."""
        fine = super().validate(extra_validators)
        for pack, many in ((self[f"pack{number}"], self[f"quantity{number}"]) for number in range(ROWS)):
            if many.data and not pack.data:  # was asked about, and not answered: never left out in silence
                pack.errors = [_("Chọn món, hoặc xoá số lượng để bỏ dòng này.")]
                fine = False
        if not any(self[f"pack{number}"].data for number in range(ROWS)):
            self["pack0"].errors = [_("Chọn ít nhất một món.")]
            return False
        return fine

    def put(self, items: Sequence[Item]) -> None:
        """Fill the rows with what was read; where it may be several, ask."""
        for number, item in enumerate(items[:ROWS]):
            pack, many = self[f"pack{number}"], self[f"quantity{number}"]
            many.data = item.quantity
            if item.pack is not None:
                pack.data = item.pack.pack_id
            elif item.adds_up:
                pack.errors = [_("Khách viết “%(said)s”: chọn món nào trong các món này.", said=item.said)]
            else:
                pack.errors = [_("Khách viết “%(said)s”: không đúng gói nào. Hỏi lại khách.", said=item.said)]


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def order_form(packs: Mapping[int, PackFact], methods: Sequence[Method]) -> OrderForm:
    """The form with a choice of a cooperative's goods in each row."""
    offered = [SelectChoice("", _("Không có món nữa"))] + [
        SelectChoice(str(one.pack_id), f"{one.product_name}, {one.label} · {vnd(one.price_vnd)}")
        for one in packs.values()
    ]
    fields: dict[str, Any] = {}
    for number in range(ROWS):
        label = _("Món %(number)s", number=number + 1)
        fields[f"pack{number}"] = SelectField(label, choices=offered, coerce=_whole, validate_choice=False)
        fields[f"quantity{number}"] = IntegerField(
            _("Số lượng món %(number)s", number=number + 1), [Optional(), NumberRange(1, QUANTITY_MAX)]
        )
    form: OrderForm = type("ChatOrderForm", (OrderForm,), fields)()
    form.method.choices = [SelectChoice(str(one), _(METHOD_TEXT[one])) for one in methods]
    if form.method.data is None:
        form.method.data = str(methods[0])
    for number in range(ROWS):
        if form[f"pack{number}"].data not in packs:
            form[f"pack{number}"].data = None
    return form
