"""Forms of the stall: what is carried out, what is counted at the return, what the phone sends."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from accounts.phone import since
from channels.stall.queries import GoodRow
from channels.stall.rules import ANSWER_TEXT, NAME_MAX_CHARS, QUANTITY_MAX, Answer
from channels.stall.settling import Sent, Sold
from core import clock
from core.errors import Invalid
from core.forms import Form, KeyField, VndField
from core.i18n import N_, _, _l
from core.text import clean
from orders.rules import Method
from places.forms import AddressForm
from traceability.stock.queries import StockLine


class CarryForm(Form):
    """Packs to carry out, a number each. Rows are added by `carry_form`."""

    key = KeyField()
    shelf: Sequence[StockLine] = ()

    def wanted(self) -> dict[tuple[int, int], int]:
        """{(lot, pack): packs} of the rows that were filled. Raises Invalid when there is none."""
        found = {
            (one.lot_id, one.pack_id): self[_name(one)].data for one in self.shelf if self[_name(one)].data
        }
        if not found:
            raise Invalid(N_("Chưa ghi mang gì đi."), remedy=N_("Ghi số gói ở ít nhất một dòng."))
        return found

    @property
    def rows(self) -> list[tuple[StockLine, Any]]:
        """Each line of the store with its field."""
        return [(one, self[_name(one)]) for one in self.shelf]


class OutingForm(AddressForm, CarryForm):
    """A new outing: its name, where the fair is, what goes along."""

    ORDER = ("key", "name", "place")
    name = StringField(
        _l("Tên chuyến bán"), [InputRequired(_l("Đặt tên cho chuyến bán.")), Length(max=NAME_MAX_CHARS)]
    )


def _name(one: StockLine) -> str:
    return f"q-{one.lot_id}-{one.pack_id}"


def carry_form(shelf: Sequence[StockLine], *, new: bool) -> Any:
    """The form over what lies free in the store. new: of an outing that is to be opened."""
    fields: dict[str, Any] = {
        _name(one): IntegerField(
            _(
                "%(name)s, %(label)s, lô %(lot)s",
                name=one.product_name,
                label=one.pack_label,
                lot=one.lot_code,
            ),
            [Optional(), NumberRange(0, one.free, _("Trong kho chỉ còn %(left)s.", left=one.free))],
            render_kw={"inputmode": "numeric"},
        )
        for one in shelf
    }
    base = OutingForm if new else CarryForm
    return type(f"{base.__name__}Of", (base,), fields | {"shelf": shelf})()


class ReturnForm(Form):
    """What came back. Rows are added by `return_form`."""

    key = KeyField()
    cash_vnd = VndField(_l("Tiền mặt trong hộp"))
    reason = TextAreaField(_l("Vì sao khác sổ"), [Length(max=300)])
    goods: Sequence[GoodRow] = ()

    def counted(self) -> dict[int, int]:
        """{good id: packs}; rows left empty are left out."""
        return {one.id: self[f"g{one.id}"].data for one in self.goods if self[f"g{one.id}"].data is not None}

    @property
    def rows(self) -> list[tuple[GoodRow, Any]]:
        """Each lot's packs with the field for what came back."""
        return [(one, self[f"g{one.id}"]) for one in self.goods]


def return_form(goods: Sequence[GoodRow]) -> Any:
    """The form over what an outing carried."""
    fields: dict[str, Any] = {
        f"g{one.id}": IntegerField(
            _("%(name)s, %(label)s, lô %(lot)s: đếm được", name=one.name, label=one.label, lot=one.lot_code),
            [InputRequired(_("Ghi số đếm được, không còn thì ghi 0.")), NumberRange(0, QUANTITY_MAX * 100)],
            render_kw={"inputmode": "numeric"},
        )
        for one in goods
    }  # fmt: skip
    return type("ReturnFormOf", (ReturnForm,), fields | {"goods": goods})()


class ConfirmForm(Form):
    """Yes to what the rule proposes."""

    seen = StringField()


class UnpaidForm(Form):
    """What became of a transfer that has not come. The choices are set by `unpaid_form`."""

    answer = RadioField(_l("Tiền đâu, hàng đâu?"), [InputRequired(_l("Chọn một câu trả lời."))])
    reason = StringField(_l("Vì sao"), [Length(max=300)])


def unpaid_form(formdata: object = ...) -> UnpaidForm:
    """The question to the seller. formdata: None for a form that was not sent."""
    form = UnpaidForm() if formdata is ... else UnpaidForm(formdata)
    form.answer.choices = [SelectChoice(str(one), _(ANSWER_TEXT[one])) for one in Answer]
    return form


def sent_from(given: Mapping[str, str]) -> Sent:
    """A sale as a phone sent it. Raises Invalid for what is none; `Sent` is checked where it is taken in."""
    try:
        rows = json.loads(given.get("lines", ""))
        lines = tuple(Sold(*(int(part) for part in row)) for row in rows)
        method, given_vnd = Method(given.get("method", "")), int(given.get("given_vnd") or 0)
    except (ValueError, TypeError) as error:
        raise Invalid(N_("Lần bán này không đọc được."), remedy=N_("Mở máy bán, ghi lại lần bán.")) from error
    return Sent(
        lines, method, clock.now() - since(given.get("ago_s", "")), code=given.get("code", "")[:8],
        given_vnd=max(0, given_vnd), void_reason=clean(given.get("void_reason", ""))[:200],
    )  # fmt: skip
