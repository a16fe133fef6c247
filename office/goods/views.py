"""The screen of many prices and counts."""

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core.db import transaction
from core.i18n import N_, _, language
from core.once import done_before, remember
from office.goods import queries
from office.goods.forms import GoodsForm, goods_form, shown
from office.goods.operations import change_goods
from office.goods.queries import Line
from office.goods.rules import STEPS_VND, changed_by, read_percent

bp = Blueprint("goods", __name__)
PACKS_MAX = 200
STATES = {"draft": N_("Bản nháp"), "held": N_("Chờ người xem lại"), "published": ""}


def _asked() -> dict[str, Any]:
    """What the page is narrowed by, as it stands in the address."""
    found = {
        "q": request.args.get("q", "")[:80],
        "category": request.args.get("category", 0, int),
        "page": request.args.get("page", 1, int),
    }
    return {
        name: value
        for name, value in found.items()
        if (value and value != 1) or (name == "category" and value)
    }


@bp.route("/manage/goods", methods=["GET", "POST"])
@roles(Role.MANAGER)
def many() -> ResponseReturnValue:
    """Prices and counts of many packs, changed together."""
    cooperative, asked = of_organisation(actor().organisation_id), _asked()
    if request.method == "POST":
        sent = [int(match[1]) for name in request.form if (match := re.fullmatch(r"p(\d{1,18})", name))][
            :PACKS_MAX
        ]
        lines, page_count = queries.lines(cooperative.id, sent), 1
        form = goods_form(lines)()
        form.offer()
        if request.form.get("do") == "percent":
            return _page(_previewed(form, lines), lines, asked, page_count, previewed=not form.errors)
        if form.validate_on_submit() and form.accepts(lambda: _save(form)):
            return redirect(url_for(".many", **asked))
        lines = queries.lines(cooperative.id, sent)
        return _page(_again(form, lines), lines, asked, page_count)
    lines, page_count = queries.page(
        cooperative.id, asked.get("q", ""), asked.get("category"), asked.get("page", 1)
    )
    form = goods_form(lines)(data=shown(lines))
    form.offer()
    return _page(form, lines, asked, page_count)


def _save(form: GoodsForm) -> None:
    """One transaction, once: a double tap changes nothing more."""
    prices, counts = form.prices, form.counts
    body = [[one.pack_id, one.price_vnd] for one in prices] + [
        [one.lot_id, one.pack_id, one.counted] for one in counts
    ]
    with transaction():
        if done_before("goods", form.key.data, body) is None:
            changed = change_goods(actor(), prices, counts, form.reason.data or "")
            remember("goods", form.key.data, body, f"{changed[0]}-{changed[1]}")
        else:
            changed = len(prices), len(counts)
    if any(changed):
        flash(_("Đã đổi %(prices)s giá, %(counts)s số trong kho.", prices=changed[0], counts=changed[1]))
    else:
        flash(_("Chưa có gì khác để lưu."))


def _previewed(form: GoodsForm, lines: list[Line]) -> GoodsForm:
    """The form with every price changed by the per cent that was typed; nothing is saved."""
    percent: list[int] = []
    if not form.validate_on_submit() or not form.accepts(
        lambda: percent.append(read_percent(form.percent.data or ""))
    ):
        return form
    step = int(form.step.data) if form.step.data in {str(one) for one in STEPS_VND} else STEPS_VND[0]
    values = {name: value for name, value in form.data.items() if name != "csrf_token"}
    for line in lines:
        seen = form.seen(f"w{line.pack_id}")
        values[f"p{line.pack_id}"] = changed_by(seen if seen > 0 else line.price_vnd, percent[0], step)
    made = type(form)(formdata=None, data=values)
    made.offer()
    return made


def _again(form: GoodsForm, lines: list[Line]) -> GoodsForm:
    """After a refusal: what was typed stays, and what it is compared with becomes what is there now."""
    for line in lines:
        form._fields[f"w{line.pack_id}"].data = line.price_vnd
        for shelf in line.shelves:
            form._fields[f"h{shelf.lot_id}_{shelf.pack_id}"].data = shelf.on_hand
    return form


def _page(
    form: GoodsForm, lines: list[Line], asked: dict[str, Any], page_count: int, *, previewed: bool = False
) -> ResponseReturnValue:
    english = language() == "en"
    categories = queries.categories_in_use(of_organisation(actor().organisation_id).id)
    page = render_template(
        "office/goods.html",
        form=form,
        lines=lines,
        asked=asked,
        page=asked.get("page", 1),
        page_count=page_count,
        previewed=previewed,
        states=STATES,
        changed=form.prices if previewed else [],
        categories=[(row_id, name_en if english else name) for row_id, name, name_en in categories],
    )
    return page, 422 if form.errors or form.form_errors else 200
