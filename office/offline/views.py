"""Pages that a phone keeps, the service worker that keeps them, and the door through which drafts arrive.

The pages are public: no session is read, so what a phone keeps of them says nothing about anybody.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from flask import Blueprint, current_app, flash, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from accounts.access import access_of, actor, public, roles, visitor
from accounts.drafts.operations import drop_draft, keep_draft
from accounts.drafts.queries import draft
from accounts.phone import person_of
from accounts.rules import Role
from catalog.photos.heads import sniff
from catalog.queries import categories
from catalog.rules import PHOTO_MAX_BYTES
from config import ROOT
from core import files
from core.db import transaction
from core.forms import Form
from core.i18n import LANGUAGES, _
from office.offline import operations, queries
from office.offline.forms import PhoneProductForm, empty_weigh_form, refusals, weigh_form
from office.offline.rules import check_whole
from traceability.slips.queries import crops

bp = Blueprint("offline", __name__)
WORKERS = (Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
SHELLS = ("day", "product", "slip", "stall")
DRAWN = (
    "css/chophien.css",
    "js/app.js",
    "img/icons.svg",
    "img/logo.svg",
    "img/favicon.svg",
    "manage.webmanifest",
)
MODULES = ("store", "send", "ui", "writing", "begun", "qr")
LOOSE = ("img/hem.svg",)  # named by the sheet, without a fingerprint


@bp.url_value_preprocessor
def _room_for_a_photo(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "offline.take_photo":
        request.max_content_length = PHOTO_MAX_BYTES


@bp.app_template_global("phone_person")
def phone_person() -> str:
    """The person whom this page is for, as her phone knows her; empty on public pages."""
    rule = access_of(request.endpoint) if request.endpoint else None
    if rule is None or rule.kind == "public" or not current_user.is_authenticated:
        return ""
    return person_of(current_user.id)


# ---- what a phone keeps ----


def _kept() -> list[str]:
    """Addresses as pages name them: entries with their fingerprint, modules that import each other without."""
    asset = cast(Callable[[str], str], current_app.jinja_env.globals["asset"])
    languages = ["" if code == "vi" else f"?hl={code}" for code in LANGUAGES]
    pages = [f"/manage/offline/{name}{language}" for name in SHELLS for language in languages]
    entries = [asset(name) for name in (*DRAWN, *(f"js/offline/{name}.js" for name in ("hook", *SHELLS)))]
    modules = [f"js/offline/{name}.js" for name in MODULES]
    return [*pages, *entries, *(f"/static/{name}" for name in (*LOOSE, *modules, "js/shrink.js"))]


@cache
def _looks() -> bytes:
    """A fingerprint of everything that shapes the kept pages, so that a phone takes them anew when one changes."""
    parts = [ROOT / "static" / "sw.js", *sorted((ROOT / "static" / "js" / "offline").glob("*.js"))]
    parts += [ROOT / "static" / name for name in (*DRAWN, *LOOSE, "js/shrink.js")]
    for pattern in ("office/offline*.html", "channels/stall/till*.html"):
        parts += sorted((ROOT / "templates").glob(pattern))
    parts += [*sorted((ROOT / "templates" / "layouts").glob("*.html")),
              *sorted((ROOT / "templates" / "components").glob("*.html")),
              *sorted((ROOT / "translations" / "en").glob("*.po"))]  # fmt: skip
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in parts)).digest()


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker, named after what it keeps: another name makes the phone keep everything anew."""
    words = [
        [(one.id, one.name, one.name_en) for one in categories()],
        [(one.id, one.name) for one in crops()],
    ]
    kept = json.dumps(_kept())
    version = hashlib.sha256(_looks() + json.dumps(words).encode() + kept.encode()).hexdigest()[:12]
    text = (ROOT / "static" / "sw.js").read_text(encoding="utf-8")
    answer = make_response(text.replace("VERSION", version, 1).replace("/*KEPT*/[]", kept, 1))
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/manage/offline/day")
@public
def day_shell() -> ResponseReturnValue:
    """What waits in this phone. The page is empty of everybody; the phone fills it."""
    return render_template("office/offline_day.html")


@bp.get("/manage/offline/product")
@public
def product_shell() -> ResponseReturnValue:
    """The few fields of a product that can be written without a line."""
    form = PhoneProductForm(formdata=None, meta={"csrf": False})
    return render_template("office/offline_product.html", form=form)


@bp.get("/manage/offline/slip")
@public
def slip_shell() -> ResponseReturnValue:
    """The weighing slip on one page; names come from the phone once its PIN is typed."""
    return render_template("office/offline_slip.html", form=empty_weigh_form())


# ---- the door ----


@bp.get("/manage/offline/token")
@visitor
def token() -> ResponseReturnValue:
    """Who is signed in here and now, and a fresh token for the drafts that follow; or why there is nobody."""
    if not current_user.is_authenticated:
        return jsonify(who="", why="signin")
    if actor().role not in WORKERS:
        return jsonify(who="", why="role")
    return jsonify(queries.passport(actor()) | {"token": generate_csrf()})


@bp.post("/manage/offline/names")
@roles(*queries.WEIGHERS)
def names() -> ResponseReturnValue:
    """The names of an offline slip, for this phone to seal. A post, because the book says who took them."""
    me = actor()
    with transaction():
        found = operations.take_names(me)
    return jsonify(found)


@bp.get("/manage/offline/orders")
@roles(*WORKERS)
def orders() -> ResponseReturnValue:
    """Codes and contents of orders to pack and to hand over; nothing of the buyers."""
    return jsonify(orders=[[one.code, one.summary, one.tab] for one in queries.order_lines(actor())])


def _refused(form: Form) -> ResponseReturnValue:
    return jsonify(refusals(form)), 422


@bp.post("/manage/offline/products")
@roles(Role.MANAGER)
def take_product() -> ResponseReturnValue:
    """A product that was written without a line."""
    me, form, made = actor(), PhoneProductForm(), list[int]()

    def save() -> None:
        with transaction():
            made.append(operations.product_from_phone(me, request.form.get("key", ""), form.product()))

    if not (form.validate() and form.accepts(save)):
        return _refused(form)
    return jsonify(url=f"/manage/products/{made[0]}")


@bp.post("/manage/offline/products/<key>/photos/<photo_key>")
@roles(Role.MANAGER)
def take_photo(key: str, photo_key: str) -> ResponseReturnValue:
    """One picture of such a product: the body is the picture, the query says its SHA-256."""
    me = actor()
    data = check_whole(request.get_data(cache=False), request.args.get("sha256", ""))
    sniff(data)
    original = files.put(data, ".bin")
    with transaction():
        photo_id = operations.photo_from_phone(me, key, photo_key, original)
    return jsonify(photo=photo_id)


@bp.post("/manage/offline/slips")
@roles(*queries.WEIGHERS)
def take_slip() -> ResponseReturnValue:
    """A slip that was agreed at the scale without a line."""
    me, made = actor(), list[int]()
    form = weigh_form(me, request.form)

    def save() -> None:
        paid = form.pay_from.data != "none"
        with transaction():
            slip = operations.slip_from_phone(
                me, request.form.get("key", ""), request.form.get("ago_s", ""), producer_id=form.producer_id.data,
                crop_id=form.crop_id.data, gross_g=form.gross_g.data, tare_g=form.tare_g.data or 0,
                grade=form.grade.data, price_vnd_per_kg=form.price,
                advance_vnd=form.advance_vnd.data if paid else 0, pay_from=form.pay_from.data if paid else "cash",
            )  # fmt: skip
            made.append(slip.id)

    if not (form.validate() and form.accepts(save)):
        return _refused(form)
    return jsonify(url=f"/manage/slips/{made[0]}")


# ---- what is being typed ----


@bp.get("/manage/offline/drafts/<key>")
@roles(*WORKERS)
def kept_draft(key: str) -> ResponseReturnValue:
    """A half-filled form that was begun here or on another device."""
    found = draft(actor(), key)
    return jsonify(key=found.key, form=found.form, fields=found.fields)


@bp.post("/manage/offline/drafts/<key>")
@roles(*WORKERS)
def keep(key: str) -> ResponseReturnValue:
    """Keep what is typed so far, so that a lost phone does not lose it."""
    me = actor()
    fields = {name: "\n".join(texts) for name, texts in request.form.lists() if name != "form"}
    with transaction():
        keep_draft(me, request.form.get("form", ""), key, fields)
    return "", 204


@bp.post("/manage/offline/drafts/<key>/drop")
@roles(*WORKERS)
def drop(key: str) -> ResponseReturnValue:
    """Throw a half-filled form away; from a page's button, or by the phone."""
    me = actor()
    with transaction():
        drop_draft(me, key)
    if request.accept_mimetypes.best == "application/json":
        return "", 204
    flash(_("Đã bỏ bản nháp."))
    return redirect("/manage")
