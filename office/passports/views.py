"""Pages of documents in somebody's fields: see one, take it away, send it. For the managers of a cooperative."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from catalog.queries import of_cooperative as products_of
from cooperatives.queries import of_organisation
from core.db import transaction
from core.errors import Invalid, NotFound
from core.i18n import N_, _, language
from office.connectors.operations import post
from office.connectors.queries import usable
from office.passports import queries, sheets
from office.passports.forms import SendForm
from office.passports.rules import NOTICE, Field, FieldSet, chosen, flat
from traceability.lots.queries import lot_lines

bp = Blueprint("passports", __name__)
LINKS = [
    Link("passports.index", N_("Dữ liệu cho cơ quan, hộ chiếu số"), "save", N_("Theo lô, theo món: JSON, CSV, Excel"),
         frozenset({Role.MANAGER})),
]  # fmt: skip
TYPES = {
    "json": "application/json", "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
FIRST = "tt02-2024"


@dataclass(frozen=True)
class Asked:
    """What a page is about: `lot:12` or `product:7`, in which fields, with or without the closed ones."""

    of: str
    fields: FieldSet
    closed: bool
    document: dict[str, Any]

    @property
    def chosen(self) -> list[Field]:
        """The fields of the document, in order."""
        return chosen(self.fields, lot=self.of.startswith("lot:"), closed=self.closed)

    @property
    def query(self) -> dict[str, str]:
        """The same as parameters of an address."""
        return {"of": self.of, "fields": self.fields.id} | ({"closed": "1"} if self.closed else {})

    @property
    def said(self) -> str:
        """What it is, for people: the lot or the product, and the fields."""
        kind, *code, _gtin = self.document["records"][0]["subject"].split(":")
        named = code[0] if code else next(iter(self.document["records"][0]["fields"].values()))
        return f"{'Lô ' if kind == 'lot' else ''}{named}, {self.fields.title}"

    @property
    def name(self) -> str:
        """A file's name without its ending."""
        return f"{self.fields.id}-{self.of.replace(':', '-')}"


def _own() -> int:
    return of_organisation(actor().organisation_id).id


def _asked() -> Asked:
    """What the address asks for. Raises NotFound for what is nobody's or another's."""
    of = request.args.get("of", "")
    kind, _colon, number = of.partition(":")
    fields, closed = queries.field_set(request.args.get("fields", FIRST)), request.args.get("closed") == "1"
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        raise NotFound(N_("Không có lô hay món này."))
    if kind == "lot":
        return Asked(of, fields, closed, queries.lot_document(_own(), int(number), fields, closed=closed))
    if kind == "product":
        return Asked(of, fields, False, queries.product_document(_own(), int(number), fields))
    raise NotFound(N_("Không có lô hay món này."))


def label(one: Any) -> str:
    """The name of a field or of a set of fields in the reader's language."""
    which = "label" if hasattr(one, "label") else "title"
    return str(getattr(one, which if language() == "vi" else f"{which}_en"))


@bp.get("/manage/passports")
@roles(Role.MANAGER)
def index() -> ResponseReturnValue:
    """The newest packed lots and the goods on sale, to choose from."""
    own = _own()
    lots = [one for one in lot_lines(own)[0] if one.kind == "real"]
    goods = [row for row in products_of(own) if row.state == "published"]
    return render_template("office/passports/index.html", lots=lots, goods=goods, notice=NOTICE,
                           sets=list(queries.field_sets().values()), label=label)  # fmt: skip


def _page(asked: Asked, form: SendForm) -> str:
    places = usable(_own())
    form.connector_id.choices = [(one.id, one.name) for one in places]
    return render_template(
        "office/passports/see.html", asked=asked, form=form, places=places, label=label, flat=flat, notice=NOTICE,
        sets=list(queries.field_sets().values()), language_is_vi=language() == "vi",
    )  # fmt: skip


@bp.get("/manage/passports/see")
@roles(Role.MANAGER)
def see() -> ResponseReturnValue:
    """A lot or a product field by field, what is missing, and what of the fields was never checked."""
    return _page(_asked(), SendForm(formdata=None))


@bp.get("/manage/passports/file.<kind>")
@roles(Role.MANAGER)
def file(kind: str) -> ResponseReturnValue:
    """The document to take away."""
    if kind not in TYPES:
        raise NotFound(N_("Không có tệp này."))
    asked = _asked()
    if kind == "json":
        data = json.dumps(asked.document, ensure_ascii=False, indent=1).encode()
    else:
        data = (
            sheets.as_csv(asked.document)
            if kind == "csv"
            else sheets.as_workbook(asked.document, asked.fields)
        )
    with transaction():
        audit(
            actor(),
            "take passport",
            asked.of,
            purpose=f"{asked.fields.id} {'closed' if asked.closed else 'open'}",
        )
    named = {"Content-Disposition": f'attachment; filename="{asked.name}.{kind}"'}
    return Response(data, mimetype=TYPES[kind], headers=named)


@bp.post("/manage/passports/send")
@roles(Role.MANAGER)
def send() -> ResponseReturnValue:
    """Put the document in a connector's outbox."""
    me, form, asked = actor(), SendForm(), _asked()
    form.connector_id.choices = [(one.id, one.name) for one in usable(_own())]

    def save() -> None:
        if form.connector_id.data is None:
            raise Invalid(N_("Chọn nơi nhận."), field="connector_id")
        with transaction():
            post(me, form.key.data, form.connector_id.data, asked.said, asked.document)

    if form.validate_on_submit() and form.accepts(save):
        flash(
            _("Đã xếp vào hàng chờ gửi. Chưa hệ thống nào chấp nhận mẫu này: xem câu trả lời ở trang Đã gửi.")
        )
        return redirect(url_for("connectors.letters"))
    return _page(asked, form), 422
