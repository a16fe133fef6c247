"""A paper's own page: its history, its scope, who saw the original; for the managers of its cooperative."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from accounts.access import actor, roles
from accounts.rules import Role
from catalog import queries as catalog
from catalog.certificates import operations as papers
from catalog.certificates import queries as kept
from catalog.certificates.rules import EVENT_WORDS, Scope, standing
from catalog.photos.operations import keep_paper
from catalog.rules import CERTIFICATE_NAMES, PHOTO_MAX_BYTES, CertificateKind
from cooperatives.queries import of_organisation, producer_names
from core import clock
from core.db import transaction
from core.i18n import _
from traceability.balance.queries import plots as plots_of
from traceability.lots.queries import lot_lines
from traceability.papers import queries
from traceability.papers.forms import RenewForm, ScopeForm, SeenForm, WithdrawForm
from traceability.papers.operations import name_scope

bp = Blueprint("papers", __name__)
BLUEPRINTS = [bp]
BY_NAME = {"scope": ScopeForm, "renew": RenewForm, "seen": SeenForm, "withdraw": WithdrawForm}


def _forms(certificate_id: int, own: int, sent: str = "") -> dict[str, Any]:
    """Every form of the page; the one that was sent holds what was typed, the others what is true now."""
    paper = queries.paper_of(own, certificate_id)
    chosen_lots = queries.lots_named(paper.id)
    now = {
        "scope": Scope(paper.scope), "covers": paper.covers, "products": kept.products_of(paper.id),
        "lots": [one.id for one in chosen_lots], "plots": [one.id for one in queries.plots_named(paper.id)],
    }  # fmt: skip
    forms: dict[str, Any] = {
        name: kind() if name == sent else kind(formdata=None, data=now if name == "scope" else None)
        for name, kind in BY_NAME.items()
    }
    goods = [(row.id, row.name or _("Chưa đặt tên")) for row in catalog.of_cooperative(own)]
    lots = {one.id: one.code for one in chosen_lots}
    lots |= {one.id: f"{one.code} · {one.product_name}" for one in lot_lines(own)[0]}
    fields = [(row[0], f"{row[1]} · {row[3]}") for row in plots_of(own)]
    forms["scope"].offer(goods, list(lots.items()), fields)
    if sent != "seen":
        forms["seen"].seen_on.data = clock.today()
    return forms


def _page(certificate_id: int, forms: dict[str, Any]) -> str:
    own = of_organisation(actor().organisation_id).id
    paper = queries.paper_of(own, certificate_id)
    fields = queries.plots_named(paper.id)
    names = {row.id: row.name for row in catalog.of_cooperative(own)}
    return render_template(
        "traceability/papers/paper.html", paper=paper, name=CERTIFICATE_NAMES[CertificateKind(paper.kind)],
        standing=standing(paper.valid_from, paper.valid_to, clock.today()), history=kept.history(paper.id),
        seen=kept.sightings(paper.id), products=[names.get(one, "") for one in kept.products_of(paper.id)],
        lots=queries.lots_named(paper.id), plots=fields, whose=producer_names({one.producer_id for one in fields}),
        words=EVENT_WORDS, forms=forms,
    )  # fmt: skip


@bp.get("/manage/certificates/<int:certificate_id>")
@roles(Role.MANAGER)
def see(certificate_id: int) -> ResponseReturnValue:
    """What a paper says, what it covers, and everything that was ever written down of it."""
    return _page(certificate_id, _forms(certificate_id, of_organisation(actor().organisation_id).id))


def _sent(certificate_id: int, name: str, verb: Any, done: str) -> ResponseReturnValue:
    me = actor()
    forms = _forms(certificate_id, of_organisation(me.organisation_id).id, name)
    form = forms[name]
    if form.validate_on_submit() and form.accepts(lambda: verb(me, form)):
        flash(done)
        return redirect(url_for("papers.see", certificate_id=certificate_id))
    return _page(certificate_id, forms), 422


@bp.post("/manage/certificates/<int:certificate_id>/scope")
@roles(Role.MANAGER)
def scope(certificate_id: int) -> ResponseReturnValue:
    """Which goods, lots or plots."""

    def verb(me: Any, form: Any) -> None:
        with transaction():
            name_scope(me, certificate_id, form.scope.data, product_ids=form.products.data or (),
                       lot_ids=form.lots.data or (), plot_ids=form.plots.data or (),
                       covers=form.covers.data or "")  # fmt: skip

    return _sent(certificate_id, "scope", verb, _("Đã ghi phạm vi."))


@bp.post("/manage/certificates/<int:certificate_id>/renew")
@roles(Role.MANAGER)
def renew(certificate_id: int) -> ResponseReturnValue:
    """A new term under the same number."""

    def verb(me: Any, form: Any) -> None:
        file = form.scan.data
        sent = isinstance(file, FileStorage) and file.filename
        scan = keep_paper(file.stream.read(PHOTO_MAX_BYTES + 1)) if sent else None
        with transaction():
            papers.renew(me, certificate_id, valid_from=form.valid_from.data, valid_to=form.valid_to.data, scan=scan,
                         note=form.note.data or "")  # fmt: skip

    return _sent(certificate_id, "renew", verb, _("Đã ghi hạn mới. Hạn cũ còn trong lịch sử."))


@bp.post("/manage/certificates/<int:certificate_id>/seen")
@roles(Role.MANAGER)
def seen(certificate_id: int) -> ResponseReturnValue:
    """I held the original."""

    def verb(me: Any, form: Any) -> None:
        with transaction():
            papers.see_original(me, certificate_id, form.seen_on.data)

    return _sent(certificate_id, "seen", verb, _("Đã ghi người xem bản gốc."))


@bp.post("/manage/certificates/<int:certificate_id>/withdraw")
@roles(Role.MANAGER)
def withdraw(certificate_id: int) -> ResponseReturnValue:
    """It holds no more."""

    def verb(me: Any, form: Any) -> None:
        with transaction():
            papers.withdraw_certificate(me, certificate_id, form.on.data, form.why.data or "")

    return _sent(certificate_id, "withdraw", verb, _("Đã ghi. Khách không còn thấy giấy này là còn hạn."))
