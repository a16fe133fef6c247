"""Pages of settlement terms: writing a draft, the readable text of a version, and what members see."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.rules import Role
from cooperatives import queries as cooperatives
from cooperatives.queries import TermsView
from cooperatives.terms import operations, queries
from cooperatives.terms.forms import DraftForm, PublishForm, filled
from cooperatives.terms.words import sentences
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _

bp = Blueprint("settlement", __name__)


def _now(history: list[TermsView]) -> TermsView | None:
    return next((one for one in history if one.from_on <= clock.today()), None)


@bp.route("/manage/cooperative/terms/draft", methods=["GET", "POST"])
@roles(Role.MANAGER)
def draft() -> ResponseReturnValue:
    """Write terms; they wait as a draft until they are published."""
    me, found = actor(), cooperatives.of_organisation(actor().organisation_id)
    kept = queries.draft(found.id)
    now = _now(cooperatives.terms_history(found.id))
    start = filled(kept) if kept else filled(now.as_terms()) | {"from_on": clock.today()} if now else None
    form = DraftForm(data=start)

    def save() -> None:
        with transaction():
            operations.save_draft(me, form.terms())

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã giữ bản nháp. Xem thử tháng trước rồi hãy công bố."))
        return redirect("/manage/money/terms-preview")
    page = render_template("cooperatives/terms/draft.html", form=form, kept=kept)
    return page, 422 if form.errors else 200


@bp.post("/manage/cooperative/terms/publish")
@roles(Role.MANAGER)
def publish() -> ResponseReturnValue:
    """The draft holds from its day on."""
    form = PublishForm()

    def save() -> None:
        with transaction():
            operations.publish_draft(actor())

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã công bố quy chế mới. Tiền đã chia giữ nguyên như lúc chia."))
        return redirect(url_for("cooperatives.terms"))
    page = render_template("cooperatives/terms/refused.html", form=form)
    return page, 422


@bp.post("/manage/cooperative/terms/discard")
@roles(Role.MANAGER)
def discard() -> ResponseReturnValue:
    """Throw the draft away."""
    if not PublishForm().validate_on_submit():
        raise NotFound(N_("Không có bản nháp nào."), remedy=N_("Mở lại trang quy chế."))
    with transaction():
        operations.discard_draft(actor())
    flash(_("Đã bỏ bản nháp."))
    return redirect(url_for("cooperatives.terms"))


@bp.get("/manage/cooperative/terms/<int:terms_id>")
@roles(Role.MANAGER, Role.TREASURER)
def text(terms_id: int) -> ResponseReturnValue:
    """One version, to read aloud or to print."""
    found = cooperatives.of_organisation(actor().organisation_id)
    seen = cooperatives.terms_view(found.id, terms_id)
    return render_template(
        "cooperatives/terms/text.html", seen=seen, coop=found, articles=sentences(seen.as_terms()),
        now=_now(cooperatives.terms_history(found.id)), today=clock.today(),
    )  # fmt: skip


@bp.get("/me/terms")
@signed_in
def mine() -> ResponseReturnValue:
    """The terms of the cooperatives that one supplies; straight to them where there is one."""
    supplied = cooperatives.producers_of_user(actor().user_id or 0)
    if len(supplied) == 1:
        return redirect(url_for("settlement.my_terms", producer_id=supplied[0].id))
    names = {one.id: cooperatives.cooperative(one.cooperative_id).name for one in supplied}
    return render_template("cooperatives/terms/mine.html", supplied=supplied, names=names)


@bp.get("/me/terms/<int:producer_id>")
@signed_in
def my_terms(producer_id: int) -> ResponseReturnValue:
    """How one's own harvest is shared now, from a day to come, and how it was before."""
    for one in cooperatives.producers_of_user(actor().user_id or 0):
        if one.id == producer_id:
            history = cooperatives.terms_history(one.cooperative_id)
            now = _now(history)
            return render_template(
                "cooperatives/terms/my_terms.html", coop=cooperatives.cooperative(one.cooperative_id), now=now,
                coming=[seen for seen in history if seen.from_on > clock.today()],
                past=[seen for seen in history if now and seen.from_on < now.from_on],
                articles={seen.id: sentences(seen.as_terms()) for seen in history},
            )  # fmt: skip
    raise NotFound(N_("Không có quy chế này."), remedy=N_("Mở lại từ trang Tôi."))
