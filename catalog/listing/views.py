"""Listing a product: the form, what it proposes, what it keeps, and every refusal beside its field."""

import json
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from accounts.access import actor, roles
from accounts.rules import Role
from catalog import operations, queries
from catalog.certificates.queries import stars_paper
from catalog.forms import DeedForm, ProductForm, options, product_form, shelf_life_text
from catalog.helping.operations import confirm
from catalog.helping.queries import person_name
from catalog.kinds.reference import template, templates
from catalog.kinds.rules import FACT_FIELDS, codes_of, stored_allergens
from catalog.listing.packs import keep_pack, unit_prices
from catalog.listing.queries import PackRow, pack_rows, share_of, story_about
from catalog.measures.rules import mask_of, months_of
from catalog.models import Category, Product
from catalog.photos.queries import photo_set
from catalog.photos.views import take_photo
from catalog.rules import PHOTO_MAX_BYTES, Facts, Missing, missing, only_waits, quality_steps
from catalog.weighed.forms import shown as weighed
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation
from core import clock
from core.db import db, transaction
from core.errors import DomainError, FormErrors, Invalid
from core.i18n import N_, _, language
from places.queries import communes_of, province_of

bp = Blueprint("catalog", __name__)
PHOTOS_AT_ONCE = 5
STATES = {
    "draft": (N_("Bản nháp"), ""),
    "held": (N_("Chờ người xem lại"), "warn"),
    "published": (N_("Đang bán"), "good"),
    "withdrawn": (N_("Đã cất"), ""),
}
PROPOSED = ("story", "ingredients", "usage", "storage", "shelf_life_days", "warning", "allergens")
COMPULSORY = {"story", "ingredients", "storage", "shelf_life_days"}
FOLDED = (
    "story", "origin", "ingredients", "usage", "storage", "shelf_life_days", "allergens", "warning",
    "notification_number", "harvest_months", "ocop_stars",
)  # fmt: skip


@dataclass(frozen=True)
class Door:
    """Whose pages the form belongs to: the manager's own, or a helper's for her."""

    edit: str
    goods: str
    args: dict[str, int] = field(default_factory=dict)
    helper: bool = False


OWN = Door("catalog.edit_product", "catalog.products")


@bp.url_value_preprocessor
def _room_for_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Several photos may come in one form; elsewhere the common limit stays. Runs before anything reads the form."""
    if endpoint in ("catalog.new_product", "catalog.edit_product"):
        request.max_content_length = PHOTOS_AT_ONCE * PHOTO_MAX_BYTES + 2 * 1024 * 1024


def _cooperative() -> Cooperative:
    return of_organisation(actor().organisation_id)


@bp.route("/manage/products/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def new_product() -> ResponseReturnValue:
    """List something new, from nothing or (`?from=17`) from what is there."""
    cooperative = _cooperative()
    return answer(form_for(None, cooperative), None, cooperative, OWN)


@bp.route("/manage/products/<int:product_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def edit_product(product_id: int) -> ResponseReturnValue:
    """Change it, add photos, publish."""
    product, cooperative = operations.own_product(actor(), product_id), _cooperative()
    return answer(form_for(product, cooperative), product, cooperative, OWN)


@bp.post("/manage/products/<int:product_id>/confirm")
@roles(Role.MANAGER)
def confirm_help(product_id: int) -> ResponseReturnValue:
    """The owner takes what a helper filled in as their own."""
    with transaction():
        confirm(actor(), product_id)
    flash(_("Đã nhận. Giờ bấm Đăng bán được."))
    return redirect(url_for(".edit_product", product_id=product_id))


# ---- the form, filled ----


def _choices(form: ProductForm, cooperative: Cooperative) -> None:
    english = language() == "en"
    kinds = [(str(one.id), one.name_en if english else one.name) for one in queries.categories()]
    communes = communes_of(province_of(cooperative.commune_id).id)
    form.category_id.choices = options([("", _("Chọn loại")), *kinds])
    form.origin.choices = options(
        [("", _("Chọn xã")), *((str(one.id), f"{one.kind} {one.name}") for one in communes)]
    )
    form.offer_label_facts()


def form_for(product: Product | None, cooperative: Cooperative) -> ProductForm:
    """The form, filled from a product at its first showing; room for one more pack than there are."""
    if request.method == "POST":
        sent = sum(f"pack{row}_price_vnd" in request.form for row in range(20))
        form = product_form(max(1, sent))()
    elif product is None:
        form = _copied(cooperative) or product_form(1)(data={"origin": cooperative.commune_id})
    else:
        packs = queries.packs(product.id)
        data = _facts_of(product) | {"key": product.key, "filled": "1"}
        for row, pack in enumerate(packs):
            data |= {
                f"pack{row}_{name}": getattr(pack, name)
                for name in ("id", "label", "net_quantity", "net_unit", "price_vnd", "gross_weight_g")
            }
            data |= {f"pack{row}_{name}": value for name, value in weighed(pack).items()}
            data[f"pack{row}_gtin"] = pack.gtin[1:] if pack.gtin_kind == "own" else ""
        form = product_form(len(packs) + 1)(data=data)
    _choices(form, cooperative)
    return form


def _facts_of(product: Product) -> dict[str, Any]:
    data = {name: getattr(product, name) for name in operations.Draft.__dataclass_fields__}
    return data | {
        "origin": product.origin_commune_id,
        "allergens": codes_of(product.allergens),
        "harvest_months": months_of(product.harvest_months),
    }


def _copied(cooperative: Cooperative) -> ProductForm | None:
    """The form with the words and packs of another product of the same cooperative; stars and numbers are its own."""
    source_id = request.args.get("from", 0, type=int)
    source = db.session.get(Product, source_id) if source_id else None
    if source is None or source.cooperative_id != cooperative.id:
        return None
    packs = queries.packs(source.id)
    data = _facts_of(source) | {"ocop_stars": None, "notification_number": "", "filled": "1"}
    for row, pack in enumerate(packs):
        data |= {
            f"pack{row}_{name}": getattr(pack, name)
            for name in ("label", "net_quantity", "net_unit", "price_vnd", "gross_weight_g")
        }
        data |= {f"pack{row}_{name}": value for name, value in weighed(pack).items()}
    return product_form(max(1, len(packs)))(data=data)


# ---- what was sent ----


def answer(
    form: ProductForm, product: Product | None, cooperative: Cooperative, door: Door
) -> ResponseReturnValue:
    """Save what can be saved, publish if asked; come back with every refusal beside its field."""
    if not form.validate_on_submit():
        return _page(form, product, cooperative, door, 422 if request.method == "POST" else 200)
    deed = request.form.get("do", "save")
    proposed = propose(form, cooperative, always=deed == "fill") if deed in ("fill", "publish") else []
    saved = _save(form, product, cooperative)
    if saved is None:
        return _page(form, product, cooperative, door, 422)
    well = _take_photos(form, saved)
    if well and deed == "publish" and not door.helper and not proposed:
        well = form.accepts(lambda: _publish(saved.id))
    if not well:
        flash(_("Đã giữ bản nháp."))
        return _page(form, queries.product(saved.id), cooperative, door, 422)
    flash(_said(saved.id, proposed, deed, door))
    return redirect(url_for(door.edit, product_id=saved.id, proposed=",".join(proposed) or None))


def _said(product_id: int, proposed: list[str], deed: str, door: Door) -> str:
    if proposed and deed == "publish" and not door.helper:
        return _("Đã giữ, và điền sẵn %(count)s chỗ. Xem lại rồi bấm Đăng bán.", count=len(proposed))
    if door.helper:
        return _("Đã giữ. Chủ hàng xem lại rồi mới đăng bán.")
    if queries.product(product_id).state == "published":
        return _("Đã đăng bán. Khách tìm thấy món này ngay.")
    return _("Đã giữ.")


def propose(form: ProductForm, cooperative: Cooperative, *, always: bool) -> list[str]:
    """Fill the fields that were left empty with what this category usually says; their names.

    Not asked for (`always`), it is done once a product, and only where something is lacking that the sale waits for.
    """
    category = db.session.get(Category, form.category_id.data) if form.category_id.data else None
    found = template(category.slug if category else None)
    if found is None:
        return []
    texts: dict[str, Any] = dict(found.texts)
    if form.name.data:
        texts["story"] = story_about(form.name.data, cooperative, form.origin.data)
    filled = [name for name in PROPOSED if texts.get(name) and not form[name].data]
    if not always and (form.filled.data == "1" or not set(filled) & COMPULSORY):
        return []
    for name in filled:
        form[name].data = codes_of(str(texts[name])) if name == "allergens" else texts[name]
        form[name].raw_data = None
    form.filled.data = "1"
    return filled


def _publish(product_id: int) -> None:
    with transaction():
        operations.publish_when_ready(actor(), product_id)


def _save(form: ProductForm, product: Product | None, cooperative: Cooperative) -> Product | None:
    """Product and packs in one transaction; None when a refusal now stands in the form."""
    texts = ("name", "story", "ingredients", "usage", "storage", "warning", "notification_number")
    values: dict[str, Any] = {name: form[name].data or "" for name in texts}
    draft = operations.Draft(
        **values,
        shelf_life_days=form.shelf_life_days.data,
        category_id=form.category_id.data,
        ocop_stars=form.ocop_stars.data,
        origin_commune_id=form.origin.data,
        allergens=stored_allergens(form.allergens.data or []),
        harvest_months=mask_of(form.harvest_months.data or []),
    )
    key = product.key if product else str(form.key.data)
    made: list[Product] = []

    def save() -> None:
        with transaction():
            saved = operations.save_draft(actor(), cooperative.id, key, draft)
            for row in range(form.pack_count):
                keep_pack(form, row, saved.id)
            made.append(saved)

    return made[0] if form.accepts(save) else None


def _take_photos(form: ProductForm, product: Product) -> bool:
    """Keep every good photo; False when a bad one left its message in the form."""
    refusals: list[DomainError] = []
    for sent in form.photos.data or []:
        if isinstance(sent, FileStorage) and sent.filename:
            try:
                take_photo(sent, product.id)
            except Invalid as error:
                refusals.append(error)
    if refusals:
        form.take(FormErrors(refusals))
    return not refusals


# ---- the page ----


def _page(
    form: ProductForm, product: Product | None, cooperative: Cooperative, door: Door, status: int
) -> ResponseReturnValue:
    facts = queries.facts(product) if product else Facts()
    lacking: list[Missing] = missing(facts)
    packs: list[PackRow] = pack_rows(form)
    page = render_template(
        "catalog/product_form.html",
        form=form,
        product=product,
        door=door,
        cooperative=cooperative,
        lacking=lacking,
        steps=quality_steps(facts),
        state=STATES[product.state] if product else STATES["draft"],
        waits=only_waits(facts),
        pictures=photo_set(product.id) if product else None,
        packs=packs,
        unit_prices=unit_prices(product),
        numbers=queries.packs(product.id) if product else [],
        own_prefix=cooperative.gs1_prefix,
        share=share_of(product, cooperative),
        stars_paper=stars_paper(product.id, clock.today()) if product and product.ocop_stars else None,
        helper_name=person_name(product.helper_user_id) if product else "",
        asks=_asks(form),
        kinds=_kinds(form, cooperative),
        proposed=[one for one in request.args.get("proposed", "").split(",") if one in PROPOSED],
        unfold=any(form[name].errors for name in FOLDED)
        or bool(product and product.helper_user_id and not door.helper)
        or any(one.begun and not one.known for one in packs[1:]),
        copies=_copies(product, cooperative, door),
        deed=DeedForm(formdata=None),
    )
    return page, status


def _asks(form: ProductForm) -> set[str]:
    """The label fields to show: those the chosen category's law asks, all while none is chosen, and what holds text."""
    category = db.session.get(Category, form.category_id.data) if form.category_id.data else None
    found = template(category.slug if category else None)
    asked = set(found.asks) if found else set(FACT_FIELDS)
    return asked | {name for name in FACT_FIELDS if form[name].data or form[name].errors}


def _kinds(form: ProductForm, cooperative: Cooperative) -> str:
    """What each category proposes, for the page's script: {category id: {asks, unit, amount, texts}} as JSON."""
    ids = {one.slug: one.id for one in queries.categories()}
    known = {
        str(ids[slug]): {
            "asks": one.asks,
            "unit": one.unit,
            "amount": one.amount,
            "texts": one.texts,
            "shelf": shelf_life_text(one.shelf_life_days),
        }
        for slug, one in templates().items()
        if slug in ids
    }
    story = story_about("%s", cooperative, form.origin.data)
    return json.dumps({"kinds": known, "story": story, "facts": FACT_FIELDS}, ensure_ascii=False)


def _copies(product: Product | None, cooperative: Cooperative, door: Door) -> list[tuple[int, str]]:
    """What a new product may be copied from: id and name."""
    if product is not None or door.helper:
        return []
    return [(row.id, row.name) for row in queries.of_cooperative(cooperative.id) if row.name][:12]
