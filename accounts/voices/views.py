"""Pages of voices: what I want to hear, which recordings are missing, and the recordings themselves."""

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from accounts.access import actor, public, roles, signed_in
from accounts.menu import Link
from accounts.rules import Role
from accounts.voices import operations, queries
from accounts.voices.forms import LanguageForm, RecordingForm
from accounts.voices.rules import KINDS, LANGUAGES, RECORDING_MAX_BYTES, check_recording
from core import files
from core.db import transaction
from core.i18n import N_, _

bp = Blueprint("prompts", __name__)


@bp.app_template_global("spoken")
def _spoken(prompt_id: str) -> queries.Spoken:
    """The prompt beside a step, for `templates/components/help.html`."""
    return queries.spoken(prompt_id)


@bp.route("/me/spoken-language", methods=["GET", "POST"])
@signed_in
def language() -> ResponseReturnValue:
    """Choose what to hear."""
    form = LanguageForm(data={"language": current_user.spoken_language or ""})
    form.offer()
    me = actor()
    if form.validate_on_submit():
        with transaction():
            operations.choose_language(me, form.language.data)
        flash(_("Đã ghi. Chỗ nào có bản ghi thì có nút nghe."))
        return redirect(url_for("accounts.me"))
    return render_template("accounts/spoken_language.html", form=form), 422 if form.errors else 200


@bp.route("/prompts", methods=["GET", "POST"])
@roles(*operations.RECORDERS)
def recordings() -> ResponseReturnValue:
    """Every prompt with the recordings it has and lacks; send one in."""
    form = RecordingForm(
        data={"prompt": request.args.get("prompt"), "language": request.args.get("language")}
    )
    form.offer()
    me = actor()

    def save() -> None:
        data = (
            form.sound.data.stream.read(RECORDING_MAX_BYTES + 1)
            if isinstance(form.sound.data, FileStorage)
            else b""
        )
        name = files.put(data, check_recording(data), public=True)
        with transaction():
            operations.keep_recording(me, form.prompt.data, form.language.data, name)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã giữ bản ghi. Người chọn tiếng này nghe được ngay."))
        return redirect(url_for(".recordings", language=form.language.data))
    rows = queries.catalogue()
    missing = {code: sum(code not in row.recordings for row in rows) for code in LANGUAGES}
    page = render_template("accounts/voices.html", form=form, rows=rows, missing=missing, languages=LANGUAGES)
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/prompts/<int:recording_id>")
@public
def sound(recording_id: int) -> ResponseReturnValue:
    """A recording: sound alone, whatever else its bytes might be taken for; kept by the phone for ever."""
    name = queries.file_of(recording_id)
    kind = KINDS[f".{name.rpartition('.')[2]}"]
    response: Response = send_file(files.path(name), mimetype=kind, conditional=True, max_age=31536000)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


LINKS = [
    Link("prompts.language", N_("Nghe tiếng gì"), "sound", N_("Tày, Nùng, Dao, Mông, Êđê, M'Nông"), rank=80),
    Link(
        "prompts.recordings",
        N_("Bản ghi lời nhắc"),
        "sound",
        roles=frozenset({Role.ADMINISTRATOR, Role.DIGITAL_TEAM}),
    ),
]
