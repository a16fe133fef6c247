"""Pages of the procedure: the officers' queue and cases, the family's own, the list on the wall, the certificate."""

import re
from collections.abc import Callable
from typing import Any

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, public, roles, signed_in, visitor
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from core.errors import NotFound, TooMany
from core.forms import Form
from core.i18n import N_, _
from households.queries import head_name, household_of_user, members
from places.queries import place_name
from registry.fairness.queries import kin_here
from registry.fairness.ties import tied
from registry.phones.queries import differing
from registry.procedure import forms, hearings, operations, queries
from registry.procedure import public as shown
from registry.procedure.models import ReviewCase, VillageMeeting
from registry.procedure.rules import (
    CLASS_WORDS,
    DURATIONS,
    ENDED,
    NEXT_WORDS,
    PATH,
    STATE_WORDS,
    TRANSITIONS,
    CaseEvent,
    CaseState,
    How,
    Origin,
    is_late,
)
from registry.procedure.words import EVENT_WORDS, STEP_TITLES

bp = Blueprint("procedure", __name__)
LINKS = [
    Link(
        "procedure.board", N_("Rà soát hộ nghèo: việc từng bước"), "list", roles=frozenset(operations.JUDGES)
    ),
    Link(
        "procedure.mine",
        N_("Nhà mình đang được xét tới đâu"),
        "list",
        roles=frozenset({Role.BUYER, Role.PRODUCER}),
    ),
]
PAGE_SIZE = 30
WORDS = {"class_words": CLASS_WORDS, "state_words": STATE_WORDS, "next_words": NEXT_WORDS}
Step = tuple[type[Form], Callable[[Actor, str, Any], object], str]


# ---- officers ----


@bp.get("/registry/procedure")
@roles(*operations.JUDGES)
def board() -> ResponseReturnValue:
    """Cases on their way, late first; what a village waits for; how many classes depart from the score."""
    me, page = actor(), max(1, request.args.get("page", 1, type=int))
    found = queries.board(me, page, PAGE_SIZE)
    with transaction():
        audit(me, "list cases", f"commune:{me.unit_id}", ("head", "state"), operations.PURPOSE)
    return render_template(
        "registry/procedure/board.html",
        board=found,
        page=page,
        page_count=-(-found.total // PAGE_SIZE),
        place=place_name(me.unit_id or 0),
        to_meet=queries.villages_at(me, CaseState.VISITED),
        to_post=queries.villages_at(me, CaseState.MET, CaseState.RECHECKED),
        postings=queries.postings(me),
        posts=me.role is Role.COMMUNE_OFFICER,
        differing=differing(me),
        form=forms.EmptyForm(),
        durations=DURATIONS,
        **WORDS,
    )


@bp.route("/registry/procedure/new", methods=["GET", "POST"])
@roles(*operations.JUDGES)
def enrol() -> ResponseReturnValue:
    """Put households on the round's list, or enter requests that came on paper."""
    me, form = actor(), forms.EnrolForm()

    def save() -> None:
        with transaction():
            made = operations.enrol(me, form.households.data or [], Origin(form.origin.data))
        flash(_("Đã đưa %(count)s hộ vào rà soát.", count=made))

    rows = queries.to_open(me)
    form.households.choices = [(one[0], one[1]) for one in rows]
    if form.validate_on_submit():
        if not form.households.data:
            form.households.errors = [_("Chọn ít nhất một hộ.")]
        elif form.accepts(save):
            return redirect(url_for(".board"))
    else:
        with transaction():
            audit(me, "list households", f"commune:{me.unit_id}", ("head",), operations.PURPOSE)
    page = render_template("registry/procedure/enrol.html", form=form, rows=rows)
    return page, 422 if form.errors or form.form_errors else 200


def _screen(me: Actor, key: str, form: Any) -> object:
    return operations.screen(me, key, goes_on=form.goes_on.data == "yes", note=form.note.data or "")


def _score(me: Actor, key: str, _form: Any) -> object:
    return operations.take_score(me, key)


def _visit(me: Actor, key: str, form: Any) -> object:
    return operations.visit(me, key, chosen=form.chosen.data or "", note=form.note.data or "")


def _vote(me: Actor, key: str, form: Any) -> object:
    given = hearings.Vote(
        form.chosen.data or "",
        form.votes_for.data,
        form.votes_against.data,
        form.dissent.data or "",
        form.note.data or "",
    )
    return hearings.vote(me, key, given)


def _object(me: Actor, key: str, form: Any) -> object:
    given = hearings.Complaint(form.key.data, form.said.data or "", form.contact.data or "")
    return hearings.object_for(me, key, How(form.how.data), given)


def _answer(me: Actor, key: str, form: Any) -> object:
    said = {name: form[name].data or "" for name in ("answer", "chosen", "note")}
    open_ones = [one.id for one in queries.objections(queries.case_for(me, key)) if one.state == "open"]
    if not open_ones:
        raise NotFound(N_("Không tìm thấy ý kiến này."))
    return hearings.answer(me, key, open_ones[0], said, upheld=form.upheld.data == "yes")


def _propose(me: Actor, key: str, form: Any) -> object:
    return operations.propose(me, key, decision_number=form.decision_number.data or "")


def _approve(me: Actor, key: str, _form: Any) -> object:
    return operations.approve(me, key)


def _send_back(me: Actor, key: str, form: Any) -> object:
    return operations.send_back(me, key, note=form.note.data or "")


STEPS: dict[str, Step] = {
    "screen": (forms.ScreenForm, _screen, "both"),
    "score": (forms.ScoreForm, _score, "officer"),
    "visit": (forms.VisitForm, _visit, "both"),
    "vote": (forms.VoteForm, _vote, "both"),
    "object": (forms.TakenForm, _object, "both"),
    "answer": (forms.AnswerForm, _answer, "officer"),
    "propose": (forms.ProposeForm, _propose, "officer"),
    "approve": (forms.ApproveForm, _approve, "officer"),
    "send_back": (forms.SendBackForm, _send_back, "officer"),
}


def _steps_now(me: Actor, case: ReviewCase) -> list[str]:
    """The steps that the actor may take on a case as it stands, the one to take first."""
    posting = queries.posting_of(case)
    hangs = posting is not None and clock.today() <= posting.closes_on
    held = queries.recognition_of(case)
    second = held is None or held.proposed_by_user_id != me.user_id
    now = {
        CaseState.REQUESTED: ["screen"],
        CaseState.LISTED: ["screen"],
        CaseState.SCREENED: ["score"],
        CaseState.SCORED: ["visit"],
        CaseState.VISITED: ["vote"] if queries.meeting_for(case) else [],
        CaseState.POSTED: ["object"] if hangs else ["propose", "object"],
        CaseState.OBJECTED: ["answer", "object"],
        CaseState.PROPOSED: ["approve", "send_back"] if second else [],
    }.get(CaseState(case.state), [])
    return [name for name in now if STEPS[name][2] == "both" or me.role is Role.COMMUNE_OFFICER]


@bp.get("/registry/procedure/<key>")
@roles(*operations.JUDGES)
def case(key: str) -> ResponseReturnValue:
    """One case: its thread, what is asked now, what was said. The reading is in the audit chain first."""
    me = actor()
    with transaction():
        operations.read(me, key)
    return _case_page(me, key)


def _case_page(me: Actor, key: str, sent: tuple[str, Form] | None = None) -> str:
    found = queries.case_for(me, key)
    now = _steps_now(me, found)
    drawn = {name: STEPS[name][0](formdata=None, prefix=name) for name in now}
    if sent is not None:
        drawn = {name: form for name, form in drawn.items() if name != sent[0]}
        drawn = {sent[0]: sent[1], **drawn}
    return render_template(
        "registry/procedure/case.html",
        case=found,
        shown=queries.said_state(found),
        head=head_name(found.household_id, clock.today()),
        place=place_name(found.commune_id),
        late=is_late(found.state, found.due_on, found.recheck_due_on, clock.today()),
        forms=drawn,
        bad=sent[1] if sent else None,
        titles=STEP_TITLES,
        steps=queries.history(found),
        events=EVENT_WORDS,
        votes=queries.votes(found),
        meeting=queries.meeting_for(found),
        objections=queries.objections(found),
        posting=queries.posting_of(found),
        recognition=queries.recognition_of(found),
        kin=_tied(me, found),
        kin_names=kin_here(found.commune_id, found.household_id),
        review=queries.review_key(found),
        **WORDS,
    )


def _tied(me: Actor, found: ReviewCase) -> bool:
    """Whether the page should say at once that this officer may not judge."""
    return tied(me.user_id or 0, found.household_id)


@bp.post("/registry/procedure/<key>/<step>")
@roles(*operations.JUDGES)
def act(key: str, step: str) -> ResponseReturnValue:
    """Take one step of a case."""
    if step not in STEPS:
        raise NotFound(N_("Không có bước này."))
    me = actor()
    queries.case_for(me, key)
    made, verb, _who = STEPS[step]
    form = made(prefix=step)

    def save() -> None:
        with transaction():
            verb(me, key, form)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi: %(step)s.", step=_(STEP_TITLES[step])))
        return redirect(url_for(".case", key=key))
    return _case_page(me, key, (step, form)), 422


@bp.route("/registry/procedure/meeting", methods=["GET", "POST"])
@roles(*operations.JUDGES)
def meeting() -> ResponseReturnValue:
    """Write a village meeting down: who came, who led, what was said. Votes follow on each case."""
    me, form = (
        actor(),
        forms.MeetingForm(data={"held_on": clock.today(), "village": request.args.get("village")}),
    )
    listed = queries.villages_at(me, CaseState.VISITED)
    form.village.choices = [
        (name, _("%(village)s: %(count)s hộ chờ họp", village=name, count=count))
        for name, count in listed.items()
    ]
    kept: list[VillageMeeting] = []

    def save() -> None:
        held = hearings.Attendance(
            form.village.data,
            form.held_on.data,
            form.led_by.data,
            form.written_by.data,
            form.present.data,
            form.minutes.data or "",
        )
        with transaction():
            kept.append(hearings.record_meeting(me, held))

    if form.validate_on_submit() and form.accepts(save):
        flash(
            _("Đã ghi buổi họp. Mở từng hộ để ghi biểu quyết.")
            if kept[0].quorate
            else _("Đã ghi buổi họp, nhưng chưa đủ một nửa số hộ trong danh sách. Thôn phải họp lại.")
        )
        if not form.minutes.data:
            return redirect(url_for("papers_of_cases.scans", what="meeting", key=kept[0].key))
        return redirect(url_for(".board"))
    page = render_template("registry/procedure/meeting.html", form=form, listed=listed)
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/registry/procedure/post")
@roles(Role.COMMUNE_OFFICER)
def post() -> ResponseReturnValue:
    """Hang a village's list."""
    form = forms.PostForm()
    if not form.validate_on_submit():
        raise NotFound(N_("Không tìm thấy thôn này trong xã."))
    with transaction():
        key = hearings.post(actor(), form.village.data or "").key
    return redirect(url_for(".posting", key=key))


# ---- the family ----


@bp.get("/declare/case")
@signed_in
def mine() -> ResponseReturnValue:
    """Where the family's own case stands, what comes next, who did what, and a way to withdraw or to ask."""
    home = household_of_user(actor().user_id or 0)
    found = queries.case_of_household(home.id) if home else None
    recognition = queries.recognition_of(found) if found else None
    return render_template(
        "registry/procedure/mine.html",
        case=found,
        shown=queries.said_state(found) if found else "",
        done=_done(queries.said_state(found)) if found else 0,
        ended=found is not None and found.state in ENDED,
        declared=bool(home and queries.latest_score(home.id)),
        steps=queries.history(found) if found else [],
        events=EVENT_WORDS,
        objections=queries.objections(found) if found else [],
        posting=queries.posting_of(found) if found else None,
        recognition=recognition if recognition and recognition.decided_on else None,
        withdraws=found is not None and (CaseState(found.state), CaseEvent.WITHDRAW) in TRANSITIONS,
        form=forms.EmptyForm(),
        **WORDS,
    )


def _done(shown: str) -> int:
    """Where on the family's thread a case stands, by its state as it is said; -1 for one that ended off it."""
    return next((place for place, states in enumerate(PATH) if shown in states), -1)


@bp.post("/declare/case/request")
@signed_in
def ask() -> ResponseReturnValue:
    """The household asks to be reviewed (Mẫu 01)."""
    with transaction():
        operations.request(actor())
    flash(_("Đã gửi đề nghị tới xã."))
    return redirect(url_for(".mine"))


@bp.post("/declare/case/withdraw")
@signed_in
def withdraw() -> ResponseReturnValue:
    """The household takes its case back."""
    with transaction():
        operations.withdraw(actor())
    flash(_("Đã rút. Xã không xét nữa."))
    return redirect(url_for(".mine"))


# ---- the certificate ----


def _certificate(found: ReviewCase, *, office: bool) -> ResponseReturnValue:
    recognition = queries.recognition_of(found)
    number = recognition.certificate_number if recognition else None
    if recognition is None or number is None:
        raise NotFound(N_("Hộ này chưa có giấy chứng nhận."), remedy=N_("Chờ hai cán bộ ký."))
    address = f"{current_app.config['BASE_URL']}{url_for('.certificate_facts', number=number)}"
    code = segno.make(address, error="m", micro=False)
    return render_template(
        "registry/procedure/certificate.html",
        case=found,
        office=office,
        recognition=recognition,
        number=" ".join(re.findall("....", number)),
        people=members(found.household_id, clock.today()),
        place=place_name(found.commune_id),
        matrix=[[bool(cell) for cell in row] for row in code.matrix],
        **WORDS,
    )


@bp.get("/registry/procedure/<key>/certificate")
@roles(*operations.JUDGES)
def certificate(key: str) -> ResponseReturnValue:
    """The certificate to print, for the office."""
    me = actor()
    with transaction():
        operations.read(me, key)
    return _certificate(queries.case_for(me, key), office=True)


@bp.get("/declare/case/certificate")
@signed_in
def my_certificate() -> ResponseReturnValue:
    """The family's own certificate."""
    home = household_of_user(actor().user_id or 0)
    found = queries.case_of_household(home.id) if home else None
    if found is None:
        raise NotFound(N_("Nhà mình chưa có giấy chứng nhận."))
    return _certificate(found, office=False)


# ---- anybody ----


@bp.get("/posting/<key>")
@public
def posting(key: str) -> ResponseReturnValue:
    """The list on the wall, until the end of its last day. Nobody keeps a copy of the page, neither we nor a proxy."""
    page = render_template("registry/procedure/posting.html", posted=shown.posted_list(key), **WORDS)
    return page, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


@bp.route("/posting/<key>/objection", methods=["GET", "POST"])
@visitor
def objection(key: str) -> ResponseReturnValue:
    """Anybody says what is not right; the name is not asked, the phone only if they want an answer."""
    posted, form = shown.posted_list(key), forms.ObjectionForm()
    form.line.choices = [
        (line.number, _("%(number)s. %(head)s", number=line.number, head=line.head)) for line in posted.lines
    ]
    taken = False

    def save() -> None:
        given = hearings.Complaint(form.key.data, form.said.data or "", form.contact.data or "")
        with transaction():
            hearings.object_by_page(key, form.line.data, given)

    if form.validate_on_submit():
        try:
            if form.line.data is None:
                form.line.errors = [_("Chọn một hộ.")]
            else:
                taken = form.accepts(save)
        except TooMany as error:
            form.take(error)
    page = render_template("registry/procedure/objection.html", posted=posted, form=form, taken=taken)
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/verify/certificate/<number>")
@public
def certificate_facts(number: str) -> ResponseReturnValue:
    """Whether a certificate is genuine: no name, no class, nothing that leads to either."""
    digits = re.sub(r"\D", "", number)[:16]
    found = shown.certificate_facts(digits)
    page = render_template(
        "registry/procedure/verify.html", found=found, number=" ".join(re.findall("....", digits))
    )
    return page, 200 if found else 404
