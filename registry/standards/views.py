"""Pages of standards: what holds, what each says, points sent in and approved, a standard tried on stored answers."""

import json
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.queries import user
from accounts.rules import Role
from catalog.sheets.rules import MIME
from core import clock
from core.db import transaction
from core.errors import Invalid
from core.i18n import N_, _
from places.queries import place_names, unit
from registry.questions import BY_ID, option_words
from registry.rules import CLASS_NAMES
from registry.standards import intake, operations, queries
from registry.standards.forms import DeedForm, PointsForm
from registry.standards.kept import keep_approved
from registry.standards.models import ImportState, Kind, StandardImport
from registry.standards.points import Fault, blank
from registry.standards.rules import Unusable
from registry.standards.words import COLUMN_NAMES
from registry.trial.operations import begin_trial
from registry.trial.queries import PAGE_MOST, trial_of

bp = Blueprint("standards", __name__, url_prefix="/registry/standards")
READERS = (Role.ADMINISTRATOR, Role.PROVINCE_OFFICER, Role.COMMUNE_OFFICER)
LINKS = [
    Link("standards.listed", N_("Chuẩn nghèo và bảng điểm"), "list", roles=frozenset(READERS)),
]
STATES = {
    ImportState.PROPOSED: (N_("Chờ người thứ hai duyệt"), "warn"),
    ImportState.APPROVED: (N_("Đã duyệt, đang dùng"), "good"),
    ImportState.REFUSED: (N_("Đã bỏ"), ""),
}


@bp.get("")
@roles(*READERS)
def listed() -> ResponseReturnValue:
    """Every standard with its dates, area, and whether its points are official."""
    me, today = actor(), clock.today()
    held = queries.standards()
    return render_template(
        "registry/standards/list.html",
        rows=[(one, _when(one, today)) for one in held.values()],
        changed=queries.changed_since_used(held.values()),
        imports=queries.imports() if me.role is Role.ADMINISTRATOR else [],
        states=STATES,
        imports_points=me.role is Role.ADMINISTRATOR,
        tries=me.role is Role.PROVINCE_OFFICER,
    )


def _when(one: Any, today: Any) -> str:
    """Whether a standard holds today, is to come or is over."""
    if today < one.valid_from:
        return "later"
    return "now" if today <= one.valid_to else "over"


@bp.get("/<standard_id>")
@roles(*READERS)
def one(standard_id: str) -> ResponseReturnValue:
    """What a standard asks, counts and draws its lines at, each with its source."""
    found, form = queries.standard(standard_id), queries.form_of(standard_id)
    words = {row["code"]: row for row in form["b1"]["points"]["items"]} if form["b1"]["points"] else {}
    items = found.b1_table.items if found.b1_table else ()
    return render_template(
        "registry/standards/one.html",
        standard=found,
        form=form,
        points=[
            (words.get(item.code, {"vi": item.code, "en": item.code}), _option(item.question, option), points)
            for item in items
            for option, points in item.options.items()
        ],
        table=found.b1_table,
        columns=COLUMN_NAMES,
        use=queries.first_uses().get(standard_id),
    )


def _option(question: str, code: str) -> str:
    """An option in words where the form asks it; a band of numbers as it is."""
    asked = BY_ID.get(question)
    return option_words(asked, code) if asked and code in dict(asked.options) else code


@bp.get("/<standard_id>/points.xlsx")
@roles(Role.ADMINISTRATOR)
def blank_table(standard_id: str) -> ResponseReturnValue:
    """A workbook to fill in with the official points."""
    form = queries.form_of(standard_id)
    if form["b1"]["points"] is None:
        raise Invalid(N_("Chuẩn này chưa có mẫu phiếu, nên chưa có mẫu Excel."))
    made = blank(form["b1"]["points"], form["questions"], COLUMN_NAMES)
    return send_file(
        BytesIO(made),
        mimetype=MIME["xlsx"],
        as_attachment=True,
        download_name=f"bang-diem-{standard_id}.xlsx",
    )


@bp.route("/<standard_id>/points", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def send_points(standard_id: str) -> ResponseReturnValue:
    """Send the official points in; every faulty cell is named, and nothing is kept of a faulty file."""
    form, standard = PointsForm(), queries.standard(standard_id)
    made, faults = list[str](), list[Fault]()

    def save() -> None:
        parcel = intake.open_parcel(standard_id, form.sent())
        faults.extend(parcel.faults)
        if not faults:
            made.append(_propose(parcel, form.source.data or ""))

    if form.validate_on_submit() and form.accepts(save) and made:
        flash(_("Đã nhận bảng. Một người quản trị khác so với văn bản rồi duyệt."))
        return redirect(url_for(".imported", key=made[0]))
    page = render_template(
        "registry/standards/send.html",
        standard=standard,
        form=form,
        faults=faults,
        has_sheet=queries.form_of(standard_id)["b1"]["points"] is not None,
    )
    return page, 422 if faults or form.errors or form.form_errors else 200


def _propose(parcel: intake.Parcel, source: str) -> str:
    """The key of what was proposed. A faulty standard's file is refused as one sentence with its first faults."""
    try:
        with transaction():
            return intake.propose(actor(), parcel, source).key
    except Unusable as error:
        raise Invalid(
            N_("Tệp chuẩn chưa đúng: %(faults)s"), field="file", faults="; ".join(error.faults[:5])
        ) from error


@bp.get("/imports/<key>")
@roles(Role.ADMINISTRATOR)
def imported(key: str) -> ResponseReturnValue:
    """What was sent in, beside what is used now, to be compared with the text of law."""
    me, found = actor(), queries.import_by_key(key)
    content = json.loads(found.content)
    return render_template(
        "registry/standards/import.html",
        found=found,
        state=STATES[ImportState(found.state)],
        by=user(found.proposed_by_user_id).name,
        decided_by=user(found.decided_by_user_id).name if found.decided_by_user_id else "",
        own=found.proposed_by_user_id == me.user_id,
        standard=content if found.kind == Kind.STANDARD else None,
        rows=_compared(found, content) if found.kind == Kind.POINTS else [],
        table=content["table"] if found.kind == Kind.POINTS else content["b1"]["points"],
        limit=content.get("limit"),
        columns=COLUMN_NAMES,
        form=DeedForm(),
    )


def _compared(found: StandardImport, content: dict[str, Any]) -> list[tuple[dict[str, Any], str, list[Any]]]:
    """(item, option, [(points sent in, whether they differ from those used now)…]) for every row."""
    now = queries.standard(found.standard_id).b1_table
    used = {item.code: item.options for item in now.items} if now else {}
    rows = []
    for item in content["table"]["items"]:
        for option in item["options"]:
            before = used.get(item["code"], {}).get(option["code"], ())
            cells = [
                (points, place >= len(before) or before[place] != points)
                for place, points in enumerate(option["points"])
            ]
            rows.append((item, _option(item["question"], option["code"]), cells))
    return rows


@bp.post("/imports/<key>/approve")
@roles(Role.ADMINISTRATOR)
def approve(key: str) -> ResponseReturnValue:
    """The second person's yes."""
    with transaction():
        operations.approve(actor(), key)
    keep_approved()
    flash(_("Đã duyệt. Các bản kê khai sẽ được tính lại bằng bảng này."))
    return redirect(url_for(".imported", key=key))


@bp.post("/imports/<key>/refuse")
@roles(Role.ADMINISTRATOR)
def refuse(key: str) -> ResponseReturnValue:
    """Put it aside."""
    with transaction():
        operations.refuse(actor(), key)
    flash(_("Đã bỏ bảng này."))
    return redirect(url_for(".imported", key=key))


@bp.get("/<standard_id>/try")
@roles(Role.PROVINCE_OFFICER)
def trial(standard_id: str) -> ResponseReturnValue:
    """What would change in the province if this standard applied today. The reading is in the audit chain first."""
    me = actor()
    with transaction():
        begin_trial(me, standard_id, me.unit_id)
    before, after, counted = trial_of(standard_id, me.unit_id, PAGE_MOST)
    names = place_names(set(counted.by_commune))
    return render_template(
        "registry/standards/trial.html",
        before=before,
        after=after,
        province=unit(me.unit_id or 0),
        counted=counted,
        changes=counted.changes.most_common(),
        class_names=CLASS_NAMES,
        communes=sorted((names[unit_id].commune, group) for unit_id, group in counted.by_commune.items()),
        groups=sorted(counted.by_group.items()),
        sizes=sorted(counted.by_size.items()),
        missing=[(BY_ID[name], count) for name, count in counted.missing.most_common() if name in BY_ID],
    )
