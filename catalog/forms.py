"""What a manager sends about goods: the product with its packs and photos, certificates; and an administrator's no."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField, MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from catalog.kinds.rules import ALLERGENS, NONE
from catalog.measures.rules import read_shelf_life, say_shelf_life
from catalog.rules import CERTIFICATE_NAMES, FACT_MAX_CHARS, CertificateKind, Unit
from catalog.weighed.rules import WORDS
from core.errors import DomainError, FormErrors, Invalid
from core.forms import Form, KeyField, KilogramField, VndField
from core.i18n import N_, _, _l

UNITS = {Unit.GRAM: "g", Unit.MILLILITRE: "ml", Unit.PIECE: N_("cái")}
UNIT_NAMES = {
    "g": "g",
    "lạng": N_("lạng"),
    "kg": "kg",
    "yến": N_("yến"),
    "tạ": N_("tạ"),
    "ml": "ml",
    "lít": N_("lít"),
    Unit.PIECE.value: N_("cái"),
    "chục": N_("chục"),
    "bó": N_("bó"),
    "chai": N_("chai"),
    "lọ": N_("lọ"),
    "hộp": N_("hộp"),
    "gói": N_("gói"),
    "túi": N_("túi"),
}
WEIGHED_FIELDS = ("price_per_kg_vnd", "piece_min_g", "piece_max_g", "piece_word")
PACK_FIELDS = (
    "id", "label", "net_quantity", "net_unit", "price_vnd", "gtin", "gross_weight_g", "retire", *WEIGHED_FIELDS,
)  # fmt: skip


def _whole_or_none(value: object) -> int | None:
    return int(str(value)) if str(value).isdigit() else None


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """The choices of a select, from (value, text)."""
    return [SelectChoice(value, text) for value, text in pairs]


class MayBeBlank(Optional):
    """An empty value ends the checks. Unlike Optional it adds no "(not required)": in a draft nothing is required."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, Any] = {}


class TicksField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def shelf_life_text(days: int | None) -> str:
    """A shelf life as people say it, in the reader's language: '12 tháng'; empty for None."""
    if days is None:
        return ""
    number, word = say_shelf_life(days)
    return f"{number} {_(word)}"


class ShelfLifeField(Field):
    """How long goods keep, as people say it ('12 tháng'); `data` is whole days or None."""

    data: Any
    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return shelf_life_text(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            self.data = read_shelf_life(valuelist[0]) if valuelist else None
        except Invalid as error:
            raise ValueError(f"{_(error.message, **error.params)} {_(error.remedy)}") from error


class ProductForm(Form):
    """A product. Everything is optional: a draft may lack anything. Names stay, since drafts are kept under them.

    filled: '1' once the page or the server has proposed what this category usually says, so that it is done once.
    """

    key = KeyField()
    filled = HiddenField()
    photos = MultipleFileField(_l("Ảnh"))
    name = StringField(_l("Tên hàng"))
    category_id = SelectField(_l("Loại hàng"), coerce=_whole_or_none)
    story = TextAreaField(_l("Kể về món này"))
    origin = SelectField(_l("Làm ở xã nào"), coerce=_whole_or_none)
    ingredients = TextAreaField(_l("Thành phần"), [Length(max=FACT_MAX_CHARS)])
    usage = TextAreaField(_l("Cách dùng"), [Length(max=FACT_MAX_CHARS)])
    storage = StringField(_l("Cách giữ"), [Length(max=FACT_MAX_CHARS)])
    shelf_life_days = ShelfLifeField(_l("Dùng được bao lâu"))
    allergens = TicksField(_l("Chất dễ gây dị ứng"))
    warning = TextAreaField(_l("Lưu ý"), [Length(max=FACT_MAX_CHARS)])
    notification_number = StringField(_l("Số công bố mỹ phẩm"), [Length(max=60)])
    harvest_months = TicksField(_l("Tháng thu hoạch"), coerce=int)
    ocop_stars = SelectField(_l("Sao OCOP"), coerce=_whole_or_none)
    pack_count = 0

    def offer_label_facts(self) -> None:
        """Fill the choices that are the same everywhere."""
        named = [(code, _(name)) for code, name in ALLERGENS.items()]
        self.allergens.choices = options([(NONE, _("Không có chất nào trong danh sách")), *named])
        self.harvest_months.choices = options(
            (str(month), _("Tháng %(month)s", month=month)) for month in range(1, 13)
        )
        self.ocop_stars.choices = options(
            [("", _("Chưa có")), *((str(stars), _("%(stars)s sao", stars=stars)) for stars in (3, 4, 5))]
        )

    def pack(self, row: int) -> dict[str, Any]:
        """The fields of one pack, by their plain names."""
        return {name: self._fields[f"pack{row}_{name}"] for name in PACK_FIELDS}

    def take(self, error: DomainError) -> None:
        """What is wrong with the packs as a whole stands beside the first one's price."""
        for one in error.errors if isinstance(error, FormErrors) else [error]:
            if one.field == "packs":
                one = Invalid(one.message, remedy=one.remedy, field="pack0_price_vnd", **one.params)
            super().take(one)

    @property
    def packs(self) -> list[dict[str, Any]]:
        """Every pack's fields, row by row."""
        return [self.pack(row) for row in range(self.pack_count)]


def _pack_fields(row: int) -> dict[str, Any]:
    words = [(word, _(name)) for word, name in UNIT_NAMES.items()]
    made = {
        "id": HiddenField(),
        "label": StringField(_l("Tên quy cách"), [Length(max=40)]),
        "net_quantity": StringField(_l("Lượng"), [Length(max=40)]),
        "net_unit": SelectField(_l("Đơn vị"), choices=options(words), default="g"),
        "price_vnd": VndField(_l("Giá bán")),
        "gtin": StringField(_l("Mã vạch riêng"), [Length(max=20)]),
        "gross_weight_g": IntegerField(_l("Nặng cả bì"), [MayBeBlank(), NumberRange(1, 100_000)]),
        "retire": BooleanField(_l("Thôi bán quy cách này")),
        "price_per_kg_vnd": VndField(_l("Giá một ki-lô")),
        "piece_min_g": KilogramField(_l("Nhẹ nhất")),
        "piece_max_g": KilogramField(_l("Nặng nhất")),
        "piece_word": SelectField(
            _l("Gọi là"), choices=options((word, _(word)) for word in WORDS), default="con"
        ),
    }
    return {f"pack{row}_{name}": field for name, field in made.items()}


def product_form(pack_count: int) -> type[ProductForm]:
    """The form with room for so many packs."""
    fields: dict[str, Any] = {"pack_count": pack_count}
    for row in range(pack_count):
        fields |= _pack_fields(row)
    return type("ProductForm", (ProductForm,), fields)


class CertificateForm(Form):
    """A paper of the cooperative or of one product."""

    key = KeyField()
    kind = SelectField(_l("Loại giấy"), [InputRequired()])
    number = StringField(_l("Số"), [InputRequired(), Length(max=60)])
    issuer = StringField(_l("Nơi cấp"), [InputRequired(), Length(max=120)])
    valid_from = DateField(_l("Ngày cấp"), [InputRequired()])
    valid_to = DateField(_l("Hết hạn ngày"), [Optional()])
    product_id = SelectField(_l("Cho món nào"), [Optional()], coerce=_whole_or_none)
    covers = StringField(_l("Vùng trồng, cơ sở đóng gói nào"), [Optional(), Length(max=300)])
    scan = FileField(_l("Chụp hoặc chọn bản quét"))

    def offer(self, products: list[tuple[str, str]]) -> None:
        """Fill the choices."""
        self.kind.choices = options((str(kind), _(CERTIFICATE_NAMES[kind])) for kind in CertificateKind)
        self.product_id.choices = options([("", _("Cả hợp tác xã")), *products])


class RejectForm(Form):
    """Why a product is sent back."""

    reason = TextAreaField(_l("Cần sửa chữ nào"), [InputRequired(), Length(max=500)])


class DeedForm(Form):
    """A button alone: only the token."""
