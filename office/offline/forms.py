"""The forms that wait in a phone. Field names are those of the online forms, so that refusals find their place."""

from collections.abc import Mapping
from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from accounts.rules import Actor
from catalog.forms import options
from catalog.measures.rules import read_measure
from catalog.queries import categories
from catalog.rules import FACT_MAX_CHARS, NAME_MAX_CHARS
from catalog.weighed.rules import Band
from cooperatives import queries as cooperatives
from core.forms import Form, KilogramField, VndField
from core.i18n import _, _l, language
from core.text import clean
from office.offline.operations import PhoneProduct
from revenue.queries import last_prices
from revenue.slips.forms import WeighForm
from traceability.slips.queries import crops


def _whole_or_none(value: object) -> int | None:
    return int(str(value)) if str(value).isdigit() and len(str(value)) < 15 else None


class PhoneProductForm(Form):
    """What is asked about a product where there is no line. A draft may lack anything but a name."""

    name = StringField(_l("Tên hàng"), [Length(max=NAME_MAX_CHARS)])
    category_id = SelectField(_l("Loại hàng"), coerce=_whole_or_none)
    net_quantity = StringField(_l("Lượng"), [Length(max=40)])
    price_vnd = VndField(_l("Giá bán"))
    story = TextAreaField(_l("Kể về món này"))
    # Begun on the longer form with a line, and finished here without: what was typed there comes along.
    ingredients, usage, storage, warning = (
        StringField(validators=[Length(max=FACT_MAX_CHARS)]) for _one in range(4)
    )
    pack0_price_per_kg_vnd, pack0_piece_word = VndField(), StringField(validators=[Length(max=20)])
    pack0_piece_min_g, pack0_piece_max_g = KilogramField(), KilogramField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = language() == "en"
        kinds = [(str(one.id), one.name_en if english else one.name) for one in categories()]
        self.category_id.choices = options([("", _("Chọn loại")), *kinds])

    def product(self) -> PhoneProduct:
        """What was typed, with the pack named after its content. Raises Invalid for an amount that cannot be read."""
        said = self.net_quantity.data
        measure = read_measure(said, "g") if said else None
        return PhoneProduct(
            name=self.name.data or "", category_id=self.category_id.data, story=self.story.data or "",
            net_quantity=measure.quantity if measure else None, net_unit=str(measure.unit) if measure else "g",
            price_vnd=self.price_vnd.data, label=measure.label if measure else "",
            **{name: self[name].data or "" for name in ("ingredients", "usage", "storage", "warning")},
            band=self._band(),
        )  # fmt: skip

    def _band(self) -> Band | None:
        """Of goods weighed at packing; None where no price per kilogram was typed."""
        if not self.pack0_price_per_kg_vnd.data:
            return None
        least, most = self.pack0_piece_min_g.data or 0, self.pack0_piece_max_g.data or 0
        return Band(self.pack0_price_per_kg_vnd.data, least, most, self.pack0_piece_word.data or "con")


def empty_weigh_form() -> WeighForm:
    """The weighing form as a page for everybody: crops are the same words for all cooperatives, names are not there."""
    form = WeighForm(posted=False)
    form.producer_id.choices = []
    form.crop_id.choices = [SelectChoice(one.id, one.name) for one in crops()]
    return form


def weigh_form(actor: Actor, sent: Mapping[str, Any]) -> WeighForm:
    """The weighing form over what a phone sent, with the producers and crops the actor may name.

    Without names in the phone a producer is named by her code, `producer_code`.
    """
    coop = cooperatives.of_organisation(actor.organisation_id)
    known = cooperatives.producers(coop.id)
    code = clean(sent.get("producer_code", "")).upper()
    named = [str(one.id) for one in known if code and one.code.upper() == code]
    form = WeighForm(dict(sent) | ({"producer_id": named[0]} if named else {}), posted=True)
    form.producer_id.choices = [SelectChoice(one.id, one.name) for one in known]
    form.crop_id.choices = [SelectChoice(one.id, one.name) for one in crops()]
    if form.crop_id.data is not None:
        form.prices = last_prices(coop.id, form.crop_id.data)
    return form


def refusals(form: Form) -> dict[str, Any]:
    """What to mend, for a phone: texts by field, and those of the form as a whole."""
    return {
        "errors": {field.name: [str(text) for text in field.errors] for field in form if field.errors},
        "message": " ".join(str(text) for text in form.form_errors),
    }
