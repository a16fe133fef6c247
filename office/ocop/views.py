"""Pages of dossiers: for the managers of a cooperative, and read-only counts and states for project staff."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from catalog.photos.operations import keep_paper
from catalog.rules import PHOTO_MAX_BYTES
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation
from core import clock, files
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _, language
from core.text import slugify
from office.ocop import operations, queries
from office.ocop.forms import OpenForm, PieceForm, ResultForm, SentForm
from office.ocop.operations import Told
from office.ocop.rules import EVENT_WORDS, STATE_WORDS, Event, Fact

bp = Blueprint("ocop", __name__)
LINKS = [
    Link("ocop.index", N_("Hồ sơ OCOP"), "star", N_("Sổ đã có gì, còn thiếu gì"), frozenset({Role.MANAGER})),
    Link("ocop.overview", N_("Hồ sơ OCOP các hợp tác xã"), "star", roles=frozenset({Role.PROJECT_STAFF})),
]


def say(fact: Fact) -> str:
    """A fact in the reader's language; the name of a paper in it too."""
    return _(fact.text, **{key: _(str(one)) if key == "name" else one for key, one in fact.params.items()})


def named(one: Any) -> str:
    """The name of a group, a criterion or a set in the reader's language."""
    which = "title" if hasattr(one, "title") and hasattr(one, "title_en") else "name"
    return str(getattr(one, which if language() == "vi" else f"{which}_en"))


def _own() -> Cooperative:
    return of_organisation(actor().organisation_id)


@bp.get("/manage/ocop")
@roles(Role.MANAGER)
def index() -> ResponseReturnValue:
    """Each product and where its dossier stands."""
    return render_template(
        "office/ocop/index.html", rows=queries.of_cooperative(_own().id), words=STATE_WORDS, named=named,
        form=OpenForm(formdata=None), criteria=queries.in_force(clock.today()),
    )  # fmt: skip


@bp.post("/manage/ocop/products/<int:product_id>")
@roles(Role.MANAGER)
def begin(product_id: int) -> ResponseReturnValue:
    """Begin to gather for a product, or open what is under way."""
    form, made = OpenForm(), []
    if not form.validate_on_submit():
        return redirect(url_for("ocop.index"))
    with transaction():
        made.append(operations.open_dossier(actor(), str(form.key.data), product_id).id)
    return redirect(url_for("ocop.see", dossier_id=made[0]))


def _page(dossier_id: int, **sent: Any) -> str:
    forms = {
        "piece": PieceForm(formdata=None),
        "sent": SentForm(formdata=None),
        "result": ResultForm(formdata=None),
    }
    forms.update(sent)
    forms["result"].offer()
    for name in ("sent", "result"):
        if name not in sent:
            forms[name].on.data = clock.today()
    found = queries.seen(queries.dossier_of(_own().id, dossier_id))
    return render_template("office/ocop/dossier.html", found=found, forms=forms, say=say, named=named,
                           words=STATE_WORDS, events=EVENT_WORDS)  # fmt: skip


@bp.get("/manage/ocop/<int:dossier_id>")
@roles(Role.MANAGER)
def see(dossier_id: int) -> ResponseReturnValue:
    """Each criterion: what our records say, what is missing, where to fill it in."""
    return _page(dossier_id)


def _file(field: Any) -> str | None:
    sent = field.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        return None
    return keep_paper(sent.stream.read(PHOTO_MAX_BYTES + 1))


def _done(dossier_id: int, text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("ocop.see", dossier_id=dossier_id))


@bp.post("/manage/ocop/<int:dossier_id>/pieces")
@roles(Role.MANAGER)
def add_piece(dossier_id: int) -> ResponseReturnValue:
    """Add words or a file to a criterion."""
    me, form = actor(), PieceForm()
    queries.dossier_of(_own().id, dossier_id)

    def save() -> None:
        file = _file(form.file)
        with transaction():
            operations.add_piece(
                me, dossier_id, form.key.data, form.criterion.data or "", form.note.data or "", file
            )

    if form.validate_on_submit() and form.accepts(save):
        return _done(dossier_id, _("Đã thêm vào hồ sơ."))
    return _page(dossier_id, piece=form), 422


@bp.post("/manage/ocop/<int:dossier_id>/pieces/<int:piece_id>/remove")
@roles(Role.MANAGER)
def remove_piece(dossier_id: int, piece_id: int) -> ResponseReturnValue:
    """Take a piece out again."""
    form = OpenForm()
    if form.validate_on_submit():
        with transaction():
            operations.remove_piece(actor(), dossier_id, piece_id)
    return redirect(url_for("ocop.see", dossier_id=dossier_id))


@bp.post("/manage/ocop/<int:dossier_id>/sent")
@roles(Role.MANAGER)
def sent(dossier_id: int) -> ResponseReturnValue:
    """It went out: to whom, when."""
    me, form = actor(), SentForm()

    def save() -> None:
        told = Told(form.on.data, form.office.data or "", form.note.data or "")
        with transaction():
            operations.record(me, dossier_id, form.key.data, Event.SENT, told)

    if form.validate_on_submit() and form.accepts(save):
        return _done(dossier_id, _("Đã ghi là đã gửi."))
    return _page(dossier_id, sent=form), 422


@bp.post("/manage/ocop/<int:dossier_id>/result")
@roles(Role.MANAGER)
def result(dossier_id: int) -> ResponseReturnValue:
    """What came back; stars become the product's OCOP paper."""
    me, form = actor(), ResultForm()
    form.offer()
    queries.dossier_of(_own().id, dossier_id)

    def save() -> None:
        scan = _file(form.scan)
        told = Told(form.on.data, form.office.data or "", form.note.data or "", form.stars.data, form.number.data or "",
                    form.valid_to.data, scan)  # fmt: skip
        with transaction():
            operations.record(me, dossier_id, form.key.data, form.event.data, told)

    if form.validate_on_submit() and form.accepts(save):
        return _done(dossier_id, _("Đã ghi kết quả."))
    return _page(dossier_id, result=form), 422


@bp.get("/manage/ocop/<int:dossier_id>/ho-so.<kind>")
@roles(Role.MANAGER)
def paper(dossier_id: int, kind: str) -> ResponseReturnValue:
    """The dossier to print (pdf), or with every file behind it (zip)."""
    if kind not in ("pdf", "zip"):
        raise NotFound(N_("Không có tệp này."))
    found = queries.seen(queries.dossier_of(_own().id, dossier_id))
    demo = bool(current_app.config["DEMO"])
    if kind == "pdf":
        from office.ocop.drawing import draw as make
    else:
        from office.ocop.packet import packet as make
    data, name = make(found, demo=demo), f"ocop-{slugify(found.product.name) or dossier_id}.{kind}"
    with transaction():
        audit(actor(), "take ocop dossier", f"ocop:{dossier_id}", purpose=kind)
    return Response(data, mimetype=f"application/{kind}",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip


@bp.get("/manage/ocop/<int:dossier_id>/pieces/<int:piece_id>/file")
@roles(Role.MANAGER)
def piece_file(dossier_id: int, piece_id: int) -> ResponseReturnValue:
    """A piece's own file, always as a download."""
    dossier = queries.dossier_of(_own().id, dossier_id)
    found = next((one for one in queries.pieces_of(dossier.id) if one.id == piece_id and one.file), None)
    if found is None or found.file is None:
        raise NotFound(N_("Không có tệp này."))
    name, data = f"{found.criterion}-{piece_id}.{found.file.rpartition('.')[2]}", files.read(found.file)
    with transaction():
        audit(actor(), "read ocop piece", f"ocop:{dossier_id}")
    return send_file(BytesIO(data), as_attachment=True, download_name=name, max_age=0)


@bp.get("/programme/ocop")
@roles(Role.PROJECT_STAFF)
def overview() -> ResponseReturnValue:
    """Every dossier of the market and where it stands; nothing that was gathered in it."""
    rows = queries.all_under_way()
    counts = {state: sum(1 for one in rows if one.state == state) for state in STATE_WORDS if state}
    return render_template("office/ocop/overview.html", rows=rows, words=STATE_WORDS, counts=counts,
                           links=[(url_for("programme.overview"), _("Theo dõi dự án"), False),
                                  (url_for("ocop.overview"), _("Hồ sơ OCOP"), True)])  # fmt: skip
