"""Pages of the book of events: the list, one event, and the three things that can be said about it afterwards."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from core import clock
from core.forms import Form
from core.i18n import N_, _
from traceability.epcis.journal import operations, queries
from traceability.epcis.journal.forms import PaperForm, ReadingForm, WrongForm
from traceability.epcis.journal.rules import FOLLOWS
from traceability.epcis.journal.words import READINGS, REASONS, STEP_WORDS, UNITS
from traceability.epcis.rules import OF_ONE_FAMILY, Step
from traceability.forms import choices, do_once, whole
from traceability.lots.queries import lot_of
from traceability.slips.views import own

bp = Blueprint("epcis_journal", __name__, url_prefix="/manage/events")
MANAGER = frozenset({Role.MANAGER})
BLUEPRINTS = [bp]
LINKS = [
    Link("epcis_journal.events", N_("Sổ chuyến hàng"), "list", N_("Mọi việc đã ghi của từng lô, đính chính, số đo"),
         MANAGER)
]  # fmt: skip


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """Names of steps, reasons, readings and units, for these templates."""
    return {"STEP_WORDS": STEP_WORDS, "ERROR_REASONS": REASONS, "READINGS": READINGS, "EVENT_UNITS": UNITS}


@bp.get("")
@roles(Role.MANAGER)
def events() -> ResponseReturnValue:
    """Events of the cooperative, newest first, of one step or one lot if asked."""
    used = queries.steps_used(own())
    step = request.args.get("step")
    step = step if step in used else None
    number, lot_id = request.args.get("page", 1, int), request.args.get("lot", None, int)
    lot = lot_of(own(), lot_id) if lot_id else None
    found, page_count = queries.page_of_events(own(), number, step, lot_id)
    asked = {name: value for name, value in (("step", step), ("lot", lot_id)) if value}
    return render_template(
        "traceability/epcis/events.html", events=found, steps=used, step=step, lot=lot, asked=asked,
        page=min(max(1, number), page_count), page_count=page_count,
    )  # fmt: skip


@bp.get("/<int:event_id>")
@roles(Role.MANAGER)
def event(event_id: int) -> ResponseReturnValue:
    """One event: what it says, what is closed in it, and what was said about it since."""
    found = queries.one_event(own(), event_id)
    return render_template(
        "traceability/epcis/event.html", one=found, open_to_all=found.row.step not in OF_ONE_FAMILY | FOLLOWS,
        of_family=found.row.step in OF_ONE_FAMILY,
    )  # fmt: skip


def _deed(
    event_id: int, form: Form, template: str, verb: Callable[[], Any], done: str
) -> ResponseReturnValue:
    """A page with one form about an event: carried out once, then back; or shown again with what is wrong."""
    if form.validate_on_submit() and form.accepts(
        lambda: do_once(f"epcis-{template}", form, f"event:{event_id}", verb)
    ):
        flash(done)
        return redirect(url_for("epcis_journal.event", event_id=event_id))
    found = queries.one_event(own(), event_id)
    page = render_template(f"traceability/epcis/{template}.html", form=form, one=found)
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/<int:event_id>/wrong", methods=["GET", "POST"])
@roles(Role.MANAGER)
def wrong(event_id: int) -> ResponseReturnValue:
    """Declare it an error."""
    row, me, form = queries.event_of(own(), event_id), actor(), WrongForm()
    others = [one for one in queries.same_subject(row) if one.id != row.id]
    form.corrected_by.choices = choices(
        [(one.id, f"{_(STEP_WORDS[Step(one.step)])}, {one.at:%d.%m.%Y %H:%M}") for one in others],
        _("Chưa ghi lại"),
    )
    return _deed(
        event_id, form, "wrong",
        lambda: operations.correct(me, event_id, str(form.reason.data), whole(form.corrected_by.data)),
        _("Đã đính chính. Việc cũ vẫn còn trong sổ, có ghi là sai."),
    )  # fmt: skip


@bp.route("/<int:event_id>/reading", methods=["GET", "POST"])
@roles(Role.MANAGER)
def reading(event_id: int) -> ResponseReturnValue:
    """Lay a reading beside it."""
    queries.event_of(own(), event_id)
    here = clock.now().astimezone(clock.HANOI).replace(tzinfo=None, second=0, microsecond=0)
    me, form = actor(), ReadingForm(data={"at": here})
    return _deed(
        event_id, form, "reading",
        lambda: operations.add_reading(me, event_id, str(form.kind.data), form.value.data or 0,
                                       form.at.data.replace(tzinfo=clock.HANOI)),
        _("Đã ghi số đo."),
    )  # fmt: skip


@bp.route("/<int:event_id>/paper", methods=["GET", "POST"])
@roles(Role.MANAGER)
def paper(event_id: int) -> ResponseReturnValue:
    """Lay a paper beside it."""
    row, me, form = queries.event_of(own(), event_id), actor(), PaperForm()
    lots = [lot_id for lot_id, _code in queries.lots_of(row.id)]
    form.paper.choices = choices(queries.papers_for(row.cooperative_id, lots, clock.day_of(row.at)))

    return _deed(
        event_id,
        form,
        "paper",
        lambda: operations.add_paper(me, event_id, int(form.paper.data)),
        _("Đã gắn giấy."),
    )
