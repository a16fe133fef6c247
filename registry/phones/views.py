"""Pages that a phone keeps of declaring, the worker that keeps them, the door, and the page on which people choose.

The kept pages are public: no session is read, so what a phone keeps of them says nothing about anybody.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from accounts.access import actor, public, roles, signed_in, visitor
from accounts.operations import audit
from catalog.rules import PHOTO_MAX_BYTES
from config import ROOT
from core import clock
from core.db import transaction
from core.errors import Conflict, DomainError
from core.i18n import LANGUAGES, N_, _
from households.queries import head_name, household_of_user
from registry.confirming.views import safe_photo
from registry.forms import EmptyForm
from registry.operations import HELPING_ROLES
from registry.phones import operations, queries
from registry.phones.differences import two
from registry.phones.forms import sent_from
from registry.phones.models import PhoneEntry
from registry.phones.rules import LIST_MOST, EntryState, Kind
from registry.pictures import pictures_of
from registry.procedure.rules import CHOSEN, CLASS_WORDS
from registry.queries import answers_of
from registry.questions import DUNNO, QUESTIONS, option_words
from registry.rules import State
from registry.traits.forms import DISABILITY_WORDS
from registry.traits.rules import CAUSES

bp = Blueprint("phones", __name__)
SHELLS = ("", "/village", "/phone")
DRAWN = (
    "css/chophien.css",
    "js/app.js",
    "img/icons.svg",
    "img/declare.svg",
    "img/logo.svg",
    "img/favicon.svg",
    "manifest.webmanifest",
)
CASE_KINDS = (Kind.SCREEN, Kind.TRAITS, Kind.VISIT, Kind.VOTE)
ENTRIES = ("hook", "own", "village", "phone")
MODULES = ("offline/store", "offline/send", "offline/ui", "declare/asking", "declare/cases")
LOOSE = ("img/hem.svg",)


@bp.url_value_preprocessor
def _room_for_a_photo(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "phones.take_photo":
        request.max_content_length = PHOTO_MAX_BYTES


# ---- what a phone keeps ----


def _kept() -> list[str]:
    """Addresses as pages name them: entries with their fingerprint, modules that import each other without."""
    asset = cast(Callable[[str], str], current_app.jinja_env.globals["asset"])
    languages = ["" if code == "vi" else f"?hl={code}" for code in LANGUAGES]
    pages = [f"/declare/offline{name}{language}" for name in SHELLS for language in languages]
    entries = [asset(name) for name in (*DRAWN, *(f"js/declare/{name}.js" for name in ENTRIES))]
    modules = [f"js/{name}.js" for name in (*MODULES, "shrink", "speech")]
    return [*pages, *entries, *(f"/static/{name}" for name in (*LOOSE, *modules))]


@cache
def _looks() -> bytes:
    """A fingerprint of everything that shapes the kept pages, so that a phone takes them anew when one changes."""
    parts = [ROOT / "static" / "declare-sw.js", *(ROOT / "static" / name for name in (*DRAWN, *LOOSE))]
    parts += sorted((ROOT / "static" / "js" / "declare").glob("*.js"))
    parts += [ROOT / "static" / "js" / f"{name}.js" for name in (*MODULES, "shrink", "speech")]
    for pattern in ("registry/phones/*.html", "registry/_ask.html", "layouts/*.html", "components/*.html"):
        parts += sorted((ROOT / "templates").glob(pattern))
    parts += sorted((ROOT / "translations" / "en").glob("*.po"))
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in parts)).digest()


@bp.get("/declare/offline/worker.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker of these pages, named after what it keeps."""
    kept = json.dumps(_kept())
    words = json.dumps([[one.id, one.text, one.options] for one in QUESTIONS])
    version = hashlib.sha256(_looks() + words.encode() + kept.encode()).hexdigest()[:12]
    text = (ROOT / "static" / "declare-sw.js").read_text(encoding="utf-8")
    answer = make_response(text.replace("VERSION", version, 1).replace("/*KEPT*/[]", kept, 1))
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.headers["Service-Worker-Allowed"] = "/"
    answer.add_etag()
    return answer.make_conditional(request)


def _asked() -> list[tuple[Any, list[tuple[str, str]], dict[str, str]]]:
    """Every question with its answers in words and in drawings: the same for everybody."""
    dunno = (DUNNO, _("Không biết"))
    return [
        (
            one,
            [*((value, option_words(one, value)) for value, _label in one.options), dunno],
            pictures_of(one.id),
        )
        for one in QUESTIONS
    ]


@bp.get("/declare/offline")
@public
def own_shell() -> ResponseReturnValue:
    """The declaration where there is no line. The page is empty of everybody; the phone fills it."""
    return render_template("registry/phones/own.html", asked=_asked())


@bp.get("/declare/offline/village")
@public
def village_shell() -> ResponseReturnValue:
    """The work of a day in a village without a line; the list comes from the phone once its PIN is typed."""
    return render_template(
        "registry/phones/village.html",
        asked=_asked(),
        most=LIST_MOST,
        classes=[(one.value, _(CLASS_WORDS[one])) for one in CHOSEN],
        causes=[(code, _(name)) for code, name in CAUSES.items()],
        disability=list(DISABILITY_WORDS.items()),
    )


@bp.get("/declare/offline/phone")
@public
def phone_shell() -> ResponseReturnValue:
    """What this phone holds, and how to wipe it."""
    return render_template("registry/phones/phone.html")


# ---- the door ----


@bp.get("/declare/offline/token")
@visitor
def token() -> ResponseReturnValue:
    """Who is signed in here and now, and a fresh token for the forms that follow; or that there is nobody."""
    if not current_user.is_authenticated:
        return jsonify(who="", why="signin")
    me = actor()
    villages = queries.villages(me)
    return jsonify(queries.passport(me) | {"token": generate_csrf(), "villages": villages})


@bp.get("/declare/offline/mine")
@signed_in
def mine() -> ResponseReturnValue:
    """The household's own open declaration, to go on with it here; begun on any device."""
    home = household_of_user(actor().user_id or 0)
    begun = queries.newest(home.id) if home else None
    if begun is None or begun.state != State.DRAFT:
        return jsonify(answers={}, base="", household=bool(home))
    answers = {name: str(value) for name, value in answers_of(begun).items()}
    return jsonify(answers=answers, base=queries.token_of(begun), household=True)


@bp.post("/declare/offline/list")
@roles(*HELPING_ROLES)
def take_list() -> ResponseReturnValue:
    """The list of the day, for this phone to seal. A post, because the book says who took whom along."""
    me = actor()
    with transaction():
        found = operations.take_list(me, request.form.get("village", ""))
    return jsonify(found)


def _refused(error: DomainError) -> ResponseReturnValue:
    message = _(error.message, **error.params)
    remedy = _(error.remedy, **error.params) if error.remedy else ""
    return jsonify(message=message, remedy=remedy, errors={}), 422


def _where(entry: PhoneEntry) -> str:
    """The page on which what arrived can be seen."""
    if entry.state == EntryState.DIFFERS:
        return url_for("phones.choose", key=entry.key)
    if entry.kind == Kind.MEETING:
        return url_for("procedure.board")
    if entry.kind in CASE_KINDS:
        case = queries.case_of(entry)
        return url_for("procedure.case", key=case.key) if case else url_for("procedure.board")
    return url_for("phones.arrived", key=entry.key)


@bp.post("/declare/offline/entries")
@signed_in
def take_entry() -> ResponseReturnValue:
    """A form that was filled in without a line."""
    me = actor()
    try:
        sent = sent_from(request.form)
        with transaction():
            url = _where(operations.arrive(me, request.form.get("key", ""), sent))
    except DomainError as error:
        return _refused(error)
    return jsonify(url=url)


@bp.post("/declare/offline/entries/<key>/photos/<photo_key>")
@signed_in
def take_photo(key: str, photo_key: str) -> ResponseReturnValue:
    """The photo of a signed sheet: the body is the picture, the query says its SHA-256."""
    me, data = actor(), request.get_data(cache=False)
    if hashlib.sha256(data).hexdigest() != request.args.get("sha256", ""):
        raise Conflict(N_("Ảnh chưa tới nơi trọn vẹn."), remedy=N_("Máy tự gửi lại."))
    try:
        made = safe_photo(data)
        with transaction():
            operations.bring_photo(me, key, photo_key, made)
    except DomainError as error:
        return _refused(error)
    return jsonify(photo=photo_key)


# ---- what arrived ----


@bp.get("/declare/entries/<key>")
@signed_in
def arrived(key: str) -> ResponseReturnValue:
    """To the declaration that a phone's form became."""
    me = actor()
    entry = operations.mine(me, key)
    review = queries.review_of(entry)
    return redirect(url_for("registry.resume", key=review.key) if review else url_for("registry.declare"))


@bp.route("/declare/entries/<key>/choose", methods=["GET", "POST"])
@signed_in
def choose(key: str) -> ResponseReturnValue:
    """Two that differ, side by side; a person chooses. The reading is in the audit chain first."""
    me, form = actor(), EmptyForm()
    entry = queries.entry_for(me, key)
    may = queries.may_settle(me, entry)

    def save() -> None:
        with transaction():
            operations.settle(me, key, use=request.form.get("take") == "phone")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi lựa chọn. Bản kia không dùng nữa."))
        officers = entry.kind in CASE_KINDS or entry.kind == Kind.MEETING
        return redirect(url_for("procedure.board" if officers else "registry.declare"))
    with transaction():
        audit(me, "compare two", f"phone_entry:{entry.id}", ("answers",), "declare")
    entry = queries.entry_for(me, key)
    page = render_template(
        "registry/phones/choose.html",
        form=form,
        entry=entry,
        may=may and entry.state == EntryState.DIFFERS,
        waits=entry.state == EntryState.DIFFERS,
        head=head_name(entry.household_id, clock.today()) if entry.household_id else "",
        by_demo=may and (case := queries.case_of(entry)) is not None and case.is_demo,
        **(two(me, entry) if may else {"rows": [], "usable": False}),
    )
    return page, 422 if form.errors or form.form_errors else 200
