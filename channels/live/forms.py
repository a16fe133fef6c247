"""Forms of a live sale."""

from collections.abc import Mapping
from typing import Any

from wtforms import DateField, FileField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from accounts.forms import PhoneField
from catalog.queries import PackFact
from channels.reading.rules import QUANTITY_MAX
from core.forms import Form, KeyField
from core.i18n import _, _l
from orders.rules import METHOD_TEXT, Method
from places.forms import AddressForm

PASTE_MAX_CHARS = 400_000


class NextForm(Form):
    """When the next sale is."""

    next_on = DateField(_l("Buổi sau, nếu đã biết ngày"), [Optional()])


class OpenForm(NextForm):
    """A new sale."""

    ORDER = ("key", "title")
    key = KeyField()
    title = StringField(_l("Tên buổi bán"), [InputRequired(_l("Đặt tên cho buổi bán.")), Length(max=120)])


class GoodForm(Form):
    """Goods for the sheet. Its choices are set by `good_form`."""

    pack_id = SelectField(_l("Món"), coerce=int, validate_choice=False)
    code = StringField(_l("Mã gọi"), [InputRequired(_l("Viết mã khách sẽ gõ, ví dụ M1.")), Length(max=9)])


class TextForm(Form):
    """Comments, pasted or as a file."""

    text = TextAreaField(_l("Dán bình luận"), [Length(max=PASTE_MAX_CHARS)])
    file = FileField(_l("Hoặc chọn tệp .txt, .csv"))


class LineForm(Form):
    """Goods put aside by hand."""

    key = KeyField()
    pack_id = SelectField(_l("Món"), coerce=int, validate_choice=False)
    quantity = IntegerField(
        _l("Số lượng"), [InputRequired(_l("Viết một số, ví dụ 2.")), NumberRange(1, QUANTITY_MAX)]
    )


class KnowForm(AddressForm):
    """Where a buyer's parcel goes."""

    ORDER = ("receiver", "phone")
    receiver = StringField(_l("Tên người nhận"), [InputRequired(_l("Viết tên người nhận.")), Length(max=120)])
    phone = PhoneField(_l("Số điện thoại"), [InputRequired(_l("Viết số để bưu tá gọi, ví dụ 0912 345 678."))])
    address_line = StringField(
        _l("Số nhà, đường hoặc thôn, bản"),
        [InputRequired(_l("Viết nơi bưu tá tìm được, ví dụ Số 8, ngõ Mẫu.")), Length(max=200)],
    )


class ConfirmForm(Form):
    """How everybody pays."""

    method = RadioField(_l("Khách trả tiền thế nào?"), [InputRequired()])


class PressForm(Form):
    """A press of a button: its token alone."""


def with_packs(form: Any, packs: Mapping[int, PackFact]) -> Any:
    """A form with a choice of goods."""
    form.pack_id.choices = [
        SelectChoice(str(one.pack_id), f"{one.product_name}, {one.label}") for one in packs.values()
    ] or [SelectChoice("", _("Chưa có món nào đang bán"))]
    return form


def confirm_form(methods: list[Method]) -> ConfirmForm:
    """The choice of how to pay."""
    form = ConfirmForm()
    form.method.choices = [SelectChoice(str(one), _(METHOD_TEXT[one])) for one in methods]
    if not form.is_submitted():
        form.method.data = str(methods[0])
    return form
