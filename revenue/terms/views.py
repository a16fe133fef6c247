"""Pages: last month under a draft, and the hours that a batch took."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from accounts.access import actor, roles
from accounts.rules import Role
from cooperatives import queries as cooperatives
from cooperatives.terms import queries as drafts
from cooperatives.terms.forms import PublishForm
from core import clock
from core.db import transaction
from core.i18n import _
from revenue.rules import Component
from revenue.terms import operations, previews, queries
from revenue.terms.forms import HoursForm
from traceability.batches.queries import batch_of
from traceability.rules import BatchState

bp = Blueprint("terms_at_work", __name__)
PAGE = 40
ORDER = (Component.PRODUCERS, Component.LABOUR, Component.PROCESSING, Component.FEE, Component.PLATFORM,
         Component.FUND, Component.OUTRIGHT, Component.UNTRACED)  # fmt: skip


@bp.get("/manage/money/terms-preview")
@roles(Role.MANAGER, Role.TREASURER)
def preview() -> ResponseReturnValue:
    """What last month would have looked like under the draft. Nothing is written."""
    me = actor()
    found = cooperatives.of_organisation(me.organisation_id)
    draft = drafts.draft(found.id)
    seen = None
    if draft is not None:
        last = clock.today().replace(day=1) - timedelta(days=1)
        seen = previews.preview(found.organisation_id or 0, found.id, draft, last)
    parts = [
        (one, seen.was.components.get(one, 0), seen.would.components.get(one, 0)) for one in ORDER
        if seen.was.components.get(one) or seen.would.components.get(one)
    ] if seen else []  # fmt: skip
    count = len(seen.changes) if seen else 0
    page_count = max(1, -(-count // PAGE))
    page = min(max(1, request.args.get("page", 1, int)), page_count)
    return render_template(
        "revenue/terms/preview.html", draft=draft, seen=seen, parts=parts, form=PublishForm(formdata=None),
        may_publish=me.role == Role.MANAGER, coop=found, page=page, page_count=page_count,
        changes=seen.changes[(page - 1) * PAGE : page * PAGE] if seen else [],
    )  # fmt: skip


@bp.route("/manage/batches/<int:batch_id>/hours", methods=["GET", "POST"])
@roles(Role.MANAGER)
def hours(batch_id: int) -> ResponseReturnValue:
    """Who worked on a batch, and how long; 0 hours takes a person off."""
    coop = cooperatives.of_organisation(actor().organisation_id)
    batch, form = batch_of(coop.id, batch_id), HoursForm()
    people = cooperatives.producers(coop.id)
    form.producer_id.choices = [SelectChoice(str(one.id), f"{one.name} ({one.code})") for one in people]

    def save() -> None:
        with transaction():
            operations.write_hours(actor(), batch_id, int(form.producer_id.data), form.hours.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi giờ công."))
        return redirect(url_for("terms_at_work.hours", batch_id=batch_id))
    written = queries.hours_of(batch_id)
    views = cooperatives.producer_views([one.producer_id for one in written])
    page = render_template(
        "revenue/terms/hours.html", batch=batch, form=form, written=written, views=views,
        is_open=batch.state == BatchState.OPEN, minutes=sum(one.minutes for one in written),
    )  # fmt: skip
    return page, 422 if form.errors else 200
