"""Pages of papers: print them as PDF, keep photos of signed ones."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.menu import Link
from accounts.rules import Actor
from catalog.rules import PHOTO_MAX_BYTES
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from households.queries import head_name, household_of_user
from registry.confirming.views import drawn_anew
from registry.papers import forms, operations, queries
from registry.papers.rules import PaperKind, Sheet
from registry.procedure.models import ReviewCase
from registry.procedure.operations import JUDGES
from registry.procedure.queries import case_for, case_of_household, recognition_of

bp = Blueprint("papers_of_cases", __name__)
LINKS = [Link("papers_of_cases.listed", N_("Giấy tờ rà soát"), "list", rank=2, roles=frozenset(JUDGES))]
FORMS = (PaperKind.REQUEST, PaperKind.FORM_A, PaperKind.FORM_B, PaperKind.FORM_C)
NAMES: dict[str, str] = {
    PaperKind.REQUEST: N_("Giấy đề nghị (Mẫu 01)"),
    PaperKind.FORM_A: N_("Phiếu A: xem nhanh"),
    PaperKind.FORM_B: N_("Phiếu B: chấm điểm"),
    PaperKind.FORM_C: N_("Phiếu C: đặc điểm hộ"),
    PaperKind.CERTIFICATE: N_("Giấy chứng nhận"),
    PaperKind.MINUTES: N_("Biên bản họp thôn"),
    PaperKind.POSTING: N_("Danh sách niêm yết"),
}


@bp.url_value_preprocessor
def _room_for_a_photo(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_content_length = PHOTO_MAX_BYTES


def _pdf(made: Sheet, name: str) -> ResponseReturnValue:
    """The paper as a file that nobody keeps: neither we nor a proxy. Drawn outside any transaction."""
    from registry.papers.drawing import draw  # its PDF machinery is loaded when asked

    answer = send_file(BytesIO(draw(made)), "application/pdf", download_name=f"{name}.pdf", max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _kind(name: str, among: tuple[PaperKind, ...]) -> PaperKind:
    if name not in among:
        raise NotFound(N_("Không có loại giấy này."))
    return PaperKind(name)


@bp.get("/registry/papers")
@roles(*JUDGES)
def listed() -> ResponseReturnValue:
    """Minutes and lists of the place, those whose minutes are missing first seen; empty forms to take along."""
    return render_template(
        "registry/papers/list.html",
        rows=queries.papers(actor()),
        forms=FORMS,
        names=NAMES,
        today=clock.today(),
    )


@bp.get("/registry/papers/meetings/<key>.pdf")
@roles(*JUDGES)
def meeting(key: str) -> ResponseReturnValue:
    """Minutes of a village meeting."""
    from registry.papers.sheets import minutes

    me = actor()
    with transaction():
        found = queries.meeting_for(me, key)
        operations.print_paper(me, found, PaperKind.MINUTES)
    return _pdf(minutes(me, found), f"bien-ban-{found.held_on}")


@bp.get("/registry/papers/postings/<key>.pdf")
@roles(*JUDGES)
def posting(key: str) -> ResponseReturnValue:
    """A list for the wall, while it hangs."""
    from registry.papers import sheets

    me = actor()
    with transaction():
        found = queries.posting_for(me, key)
        operations.print_paper(me, found, PaperKind.POSTING)
    return _pdf(sheets.posting(me, key), f"niem-yet-{found.opened_on}")


@bp.get("/registry/papers/blank/<kind>.pdf")
@roles(*JUDGES)
def blank(kind: str) -> ResponseReturnValue:
    """An empty form, to be filled in by hand."""
    from registry.papers import sheets

    paper, who = _kind(kind, FORMS), actor().name
    if paper is PaperKind.REQUEST:
        return _pdf(sheets.request(who, None), "giay-de-nghi")
    makers = {
        PaperKind.FORM_A: sheets.form_a,
        PaperKind.FORM_B: sheets.form_b,
        PaperKind.FORM_C: sheets.form_c,
    }
    return _pdf(makers[paper](who, None), paper.replace("_", "-"))


def _of_case(who: str, paper: PaperKind, case: ReviewCase) -> Sheet:
    from households.queries import household
    from registry.papers import sheets

    if paper is PaperKind.CERTIFICATE:
        held = recognition_of(case)
        if held is None or held.certificate_number is None:
            raise NotFound(N_("Hộ này chưa có giấy chứng nhận."), remedy=N_("Chờ hai cán bộ ký."))
        return sheets.certificate(who, case, held)
    if paper is PaperKind.REQUEST:
        return sheets.request(who, household(case.household_id))
    makers = {
        PaperKind.FORM_A: sheets.form_a,
        PaperKind.FORM_B: sheets.form_b,
        PaperKind.FORM_C: sheets.form_c,
    }
    return makers[paper](who, case)


@bp.get("/registry/papers/cases/<key>/<kind>.pdf")
@roles(*JUDGES)
def of_case(key: str, kind: str) -> ResponseReturnValue:
    """A household's form, filled in with what is known, or its certificate."""
    me, paper = actor(), _kind(kind, (*FORMS, PaperKind.CERTIFICATE))
    with transaction():
        found = case_for(me, key)
        operations.print_paper(me, found, paper)
    return _pdf(_of_case(me.name, paper, found), paper.replace("_", "-"))


@bp.get("/declare/papers/<kind>.pdf")
@signed_in
def own(kind: str) -> ResponseReturnValue:
    """The household's own request, filled in, or its certificate."""
    from registry.papers import sheets

    me, paper = actor(), _kind(kind, (PaperKind.REQUEST, PaperKind.CERTIFICATE))
    home = household_of_user(me.user_id or 0)
    case = case_of_household(home.id) if home else None
    if home is None or (paper is PaperKind.CERTIFICATE and case is None):
        raise NotFound(N_("Nhà mình chưa có giấy này."))
    with transaction():
        operations.print_own(me, home.id, paper)
    who = me.name or head_name(home.id, clock.today())
    if paper is PaperKind.REQUEST or case is None:
        return _pdf(sheets.request(who, home), "giay-de-nghi")
    return _pdf(_of_case(who, paper, case), "giay-chung-nhan")


# ---- photos of signed papers ----


@bp.route("/registry/papers/<what>/<key>", methods=["GET", "POST"])
@roles(*JUDGES)
def scans(what: str, key: str) -> ResponseReturnValue:
    """Photos of a signed paper, and one more."""
    me, form = actor(), forms.ScanForm()
    thing = queries.thing_for(me, what, key)
    if what != "case":
        del form.shows

    def save() -> None:
        photo = drawn_anew(form.photo.data)
        shows = form.shows.data if what == "case" else "paper"
        with transaction():
            operations.keep_scan(me, what, key, photo, shows=shows)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã giữ ảnh."))
        return redirect(url_for(".scans", what=what, key=key))
    page = render_template(
        "registry/papers/scans.html",
        what=what,
        village=thing.village,
        on=_day_of(what, me, key),
        back=url_for("procedure.case", key=key) if what == "case" else url_for(".listed"),
        scans=queries.scans_of(queries.thing_for(me, what, key)),
        form=form,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _day_of(what: str, me: Actor, key: str) -> object:
    if what == "meeting":
        return queries.meeting_for(me, key).held_on
    return queries.posting_for(me, key).opened_on if what == "posting" else case_for(me, key).opened_on


@bp.get("/registry/papers/photos/<key>.webp")
@roles(*JUDGES)
def photo(key: str) -> ResponseReturnValue:
    """A photo of a signed paper. The reading is in the audit chain before it is sent; no copy is kept."""
    me = actor()
    with transaction():
        found = queries.photo_of(operations.read_scan(me, key))
    answer = send_file(BytesIO(found), mimetype="image/webp")
    answer.headers["Cache-Control"] = "no-store"
    return answer
