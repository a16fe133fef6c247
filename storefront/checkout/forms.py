"""Forms of buying. Each carries what was said before in a signed hidden field: a lost session loses nothing."""

from functools import lru_cache
from typing import Any

from flask import current_app
from itsdangerous import BadData
from wtforms import FileField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from accounts.forms import PhoneField
from core.forms import Form, KeyField
from core.i18n import _, _l, language
from core.seals import Sealed
from orders.carts.queries import CartGroup
from orders.invoices.rules import Invoice
from orders.rules import METHOD_TEXT, Method
from places.forms import AddressForm
from storefront.checkout.rules import Draft


def _signer() -> Sealed:
    return Sealed(current_app.config["SECRET_KEY"], salt="checkout")


class CarryField(HiddenField):
    """The draft so far, signed; anything else reads as an empty one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = Draft.read(_signer().loads(valuelist[0] if valuelist else ""))
        except BadData:
            self.data = Draft()

    def _value(self) -> str:
        return str(_signer().dumps((self.data or Draft()).stored()))


class WhereForm(AddressForm):
    """Who receives the parcel, and where it goes."""

    ORDER = ("carry", "name", "phone")
    carry = CarryField()
    name = StringField(
        _l("Tên người nhận"),
        [InputRequired(_l("Viết tên để bưu tá gọi, ví dụ Đỗ Minh Mẫu.")), Length(max=120)],
    )
    phone = PhoneField(_l("Số điện thoại"), [InputRequired(_l("Viết số để bưu tá gọi, ví dụ 0912 345 678."))])
    address_line = StringField(
        _l("Số nhà, đường hoặc thôn, bản"),
        [InputRequired(_l("Viết nơi bưu tá tìm được, ví dụ Số 8, ngõ Mẫu.")), Length(max=200)],
    )


class ReviewForm(Form):
    """The last look. total: what the buyer saw; another sum is shown and asked again."""

    carry = CarryField()
    prices = HiddenField()
    total = HiddenField()

    def agreed_total(self) -> int | None:
        """The sum seen, in đồng; -1 for nonsense, which equals no sum."""
        text = str(self.total.data or "")
        return int(text) if text.isdecimal() and len(text) < 13 else -1

    def agreed_prices(self) -> dict[int, int]:
        """The price seen of each pack, from 'pack:price' pairs."""
        pairs = (pair.partition(":") for pair in str(self.prices.data or "").split(","))
        return {
            int(pack): int(price) for pack, _sign, price in pairs if pack.isdecimal() and price.isdecimal()
        }


def how_form(
    groups: tuple[CartGroup, ...], can_transfer: set[int], rails: tuple[Method, ...] = (), **given: Any
) -> Form:
    """How each cooperative's order is paid; only those with a bank account in force offer a transfer.

    rails: wallets and cards that answer now; a collector takes the money of any cooperative by them.
    """
    sellers = tuple((one.cooperative_id, one.name, one.cooperative_id in can_transfer) for one in groups)
    return _how_form(sellers, rails, language())(**given)


@lru_cache(maxsize=256)
def _how_form(
    sellers: tuple[tuple[int, str, bool], ...], rails: tuple[Method, ...], _language: str
) -> type[Form]:
    members: dict[str, Any] = {"carry": CarryField(), "note": note_field()}
    for cooperative_id, name, transfers in sellers:
        offered = [*([Method.VIETQR] if transfers else []), *rails, Method.COD]
        members[f"method_{cooperative_id}"] = RadioField(
            name,
            [InputRequired(_l("Chọn cách trả cho đơn này."))],
            choices=[SelectChoice(one.value, _(METHOD_TEXT[one])) for one in offered],
        )
    return type("HowForm", (Form,), members)


def note_field() -> TextAreaField:
    """A word to the cooperative."""
    return TextAreaField(_l("Lời nhắn cho hợp tác xã"), [Optional(), Length(max=500)])


class VoucherForm(Form):
    """A code that takes something off."""

    voucher = StringField(_l("Mã giảm giá"), [InputRequired(_l("Viết mã, ví dụ TET2027.")), Length(max=40)])


class GiftForm(Form):
    """A card for the one who gets the parcel."""

    carry = CarryField()
    gift_note = TextAreaField(_l("Lời trên thiệp"), [Optional(), Length(max=200)])


class InvoiceForm(Form):
    """Who stands on the invoice."""

    carry = CarryField()
    invoice_name = StringField(_l("Tên trên hoá đơn"), [Length(max=120)])
    invoice_tax_code = StringField(_l("Mã số thuế"), [Optional(), Length(max=20)])
    invoice_address = StringField(_l("Địa chỉ trên hoá đơn"), [Length(max=200)])
    invoice_email = StringField(_l("Gửi hoá đơn tới thư điện tử"), [Length(max=120)])

    def asked(self) -> Invoice:
        """What was typed."""
        return Invoice(*(one.data or "" for one in (
            self.invoice_name, self.invoice_tax_code, self.invoice_address, self.invoice_email)))  # fmt: skip


class FindForm(Form):
    """An order by phone and code."""

    phone = PhoneField(
        _l("Số điện thoại lúc đặt"), [InputRequired(_l("Viết số lúc đặt, ví dụ 0912 345 678."))]
    )
    code = StringField(
        _l("Mã đơn"), [InputRequired(_l("Viết mã 8 chữ số trong tin nhắn, bắt đầu bằng CP.")), Length(max=20)]
    )


PROBLEMS = [
    SelectChoice("broken", _l("Hàng vỡ, hỏng")),
    SelectChoice("wrong", _l("Sai hàng hoặc thiếu hàng")),
    SelectChoice("missing", _l("Báo đã giao mà chưa nhận")),
    SelectChoice("late", _l("Quá ngày chưa tới")),
    SelectChoice("other", _l("Chuyện khác")),
]


class ProblemForm(Form):
    """What is wrong, with a photo."""

    key = KeyField()
    kind = RadioField(_l("Chuyện gì?"), [InputRequired(_l("Chọn một mục gần nhất."))], choices=PROBLEMS)
    text = TextAreaField(
        _l("Kể thêm"),
        [InputRequired(_l("Viết vài chữ, ví dụ: một chai bị vỡ, chảy ra hộp.")), Length(max=2000)],
    )
    photo = FileField(_l("Chụp ảnh"), [Optional()])


class PlainForm(Form):
    """A button with a token and nothing else."""


class ConfirmationForm(Form):
    """The code that says yes to a cash-on-delivery order."""

    code = StringField(
        _l("Mã 6 chữ số trong tin nhắn"), [InputRequired(_l("Gõ mã trong tin nhắn.")), Length(min=6, max=6)]
    )
