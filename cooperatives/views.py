"""Pages of applying, of the administrator's queue, and of a cooperative's own profile, terms and staff."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts import operations as accounts
from accounts.access import actor, roles, signed_in
from accounts.menu import Link
from accounts.queries import staff_of, user
from accounts.rules import ROLE_NAMES, Role, show_phone
from cooperatives import operations, queries
from cooperatives.bank.views import bp as bank_pages
from cooperatives.forms import PAPERS, ApplyForm, InviteForm, PlainForm, ProfileForm, RefuseForm
from cooperatives.members.views import bp as producer_pages
from cooperatives.models import Cooperative
from cooperatives.operations import Application
from cooperatives.queries import TermsView
from cooperatives.rules import Event, State
from cooperatives.terms.queries import draft
from cooperatives.terms.views import bp as terms_pages
from core import clock, files
from core.db import transaction
from core.errors import Invalid, NotFound
from core.format import percent
from core.i18n import N_, _
from places.queries import place_name

bp = Blueprint("cooperatives", __name__)
BLUEPRINTS = [bp, bank_pages, producer_pages, terms_pages]
STAFF = frozenset({Role.MANAGER, Role.TREASURER})
LINKS = [
    Link("cooperatives.profile", N_("Hợp tác xã"), "house", roles=STAFF),
    Link(
        "producers.listed", N_("Người sản xuất"), "people", roles=frozenset({Role.MANAGER, Role.DIGITAL_TEAM})
    ),
    Link("cooperatives.queue", N_("Hồ sơ hợp tác xã"), "list", roles=frozenset({Role.ADMINISTRATOR})),
    Link("producers.my_consents", N_("Đồng ý với hợp tác xã"), "shield"),
    Link("settlement.mine", N_("Quy chế chia tiền"), "scale", N_("Hàng bán được thì chia thế nào")),
    Link(
        "cooperatives.apply",
        N_("Đăng ký hợp tác xã bán hàng"),
        "plus",
        roles=frozenset({Role.BUYER, Role.PRODUCER}),
    ),
]
STATE_TEXT = {
    State.APPLIED: (N_("Đang chờ duyệt"), "warn"),
    State.APPROVED: (N_("Đã duyệt"), "good"),
    State.SUSPENDED: (N_("Đang tạm dừng"), "bad"),
    State.REFUSED: (N_("Cần bổ sung"), "bad"),
}


@bp.app_template_filter("phone")
def _phone(e164: str | None) -> str:
    """A number as people write it."""
    return show_phone(e164) if e164 else ""


@bp.route("/cooperatives/apply", methods=["GET", "POST"])
@signed_in
def apply() -> ResponseReturnValue:
    """Ask to sell as a cooperative."""
    me, form = actor(), ApplyForm()
    made: list[Cooperative] = []

    def save() -> None:
        with transaction():
            made.append(operations.apply(me, _application(form)))

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("cooperatives.application", cooperative_id=made[0].id))
    return render_template("cooperatives/apply.html", form=form, papers=PAPERS), 422 if form.errors else 200


def _application(form: ApplyForm) -> Application:
    names = (
        "key", "name", "registration_number", "registered_on", "registered_by", "legal_representative", "phone",
        "bank_bin", "account_number", "holder", "founded_year",
    )  # fmt: skip
    optional = ("zalo", "email", "story", "craft_tradition", "gs1_prefix", "address_line")
    values = {name: form[name].data for name in names} | {name: form[name].data or "" for name in optional}
    return Application(
        **values, commune_id=form.commune_id_chosen(), documents=list(form.papers.data.values())
    )


@bp.get("/cooperatives/applications/<int:cooperative_id>")
@signed_in
def application(cooperative_id: int) -> ResponseReturnValue:
    """How one's own application stands."""
    found = queries.cooperative(cooperative_id)
    if found.applied_by_user_id != actor().user_id:
        raise NotFound(N_("Không tìm thấy hồ sơ này."))
    place = place_name(found.commune_id).full
    return render_template(
        "cooperatives/application.html", found=found, place=place, state=STATE_TEXT[State(found.state)]
    )


@bp.get("/admin/cooperatives")
@roles(Role.ADMINISTRATOR)
def queue() -> ResponseReturnValue:
    """Applications that wait, then every other cooperative."""
    rows = queries.all_cooperatives()
    waiting = [row for row in rows if row.state == State.APPLIED]
    others = [row for row in rows if row.state != State.APPLIED]
    return render_template("cooperatives/queue.html", waiting=waiting, others=others, states=STATE_TEXT)


@bp.get("/admin/cooperatives/<int:cooperative_id>")
@roles(Role.ADMINISTRATOR)
def review(cooperative_id: int) -> ResponseReturnValue:
    """One cooperative, with its papers and accounts, to decide on."""
    return _review_page(cooperative_id, RefuseForm(formdata=None))


def _review_page(cooperative_id: int, form: RefuseForm) -> ResponseReturnValue:
    found = queries.cooperative(cooperative_id)
    page = render_template(
        "cooperatives/review.html",
        found=found,
        form=form,
        place=place_name(found.commune_id).full,
        state=STATE_TEXT[State(found.state)],
        papers=[(one, _(PAPERS.get(one.kind, one.kind))) for one in found.documents],
        applicant=user(found.applied_by_user_id),
        accounts=queries.accounts(found.id),
        change=queries.open_change(found.id),
        now=clock.now(),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/admin/cooperatives/<int:cooperative_id>")
@roles(Role.ADMINISTRATOR)
def decide(cooperative_id: int) -> ResponseReturnValue:
    """Approve, refuse with a reason or restore; which one is the button's value. A shop is closed by a notice."""
    me, what, form = actor(), request.form.get("decision", ""), RefuseForm()

    def save() -> None:
        with transaction():
            if what == Event.APPROVE:
                operations.approve(me, cooperative_id)
            elif what == Event.REFUSE:
                operations.refuse(me, cooperative_id, form.reason.data or "")
            elif what == Event.RESTORE:
                operations.restore(me, cooperative_id)
            else:
                raise Invalid(N_("Chọn duyệt hoặc trả lại."))

    checked = form.validate_on_submit() if what == Event.REFUSE else PlainForm().validate_on_submit()
    if checked and form.accepts(save):
        flash(_("Đã ghi quyết định."))
        return redirect(url_for("cooperatives.review", cooperative_id=cooperative_id))
    return _review_page(cooperative_id, form)


@bp.get("/admin/cooperatives/<int:cooperative_id>/documents/<int:document_id>")
@roles(Role.ADMINISTRATOR)
def document(cooperative_id: int, document_id: int) -> ResponseReturnValue:
    """A paper, always as a download: what a stranger uploaded is never a page of ours. Leaves an audit line."""
    paper = queries.document_of(cooperative_id, document_id)
    name, title = paper.file, paper.title
    with transaction():
        accounts.audit(actor(), "read document", f"cooperative_document:{document_id}")
    suffix = name.rpartition(".")[2]
    download = f"{title.rpartition('.')[0] or title}.{suffix}"
    return send_file(BytesIO(files.read(name)), as_attachment=True, download_name=download, max_age=0)


def _profile_data(found: Cooperative) -> dict[str, object]:
    """What the form shows first; phone numbers as people write them."""
    names = ("email", "story", "craft_tradition", "founded_year")
    shown = {name: getattr(found, name) for name in names}
    return shown | {"phone": show_phone(found.phone), "zalo": show_phone(found.zalo)}


@bp.route("/manage/cooperative", methods=["GET", "POST"])
@roles(Role.MANAGER, Role.TREASURER)
def profile() -> ResponseReturnValue:
    """The shop page's facts; a manager changes them."""
    me, found = actor(), queries.of_organisation(actor().organisation_id)
    form = ProfileForm(data=_profile_data(found))

    def save() -> None:
        fields = ("story", "craft_tradition", "phone", "zalo", "email")
        with transaction():
            values = {name: form[name].data or "" for name in fields}
            operations.update_profile(me, **values, founded_year=form.founded_year.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi. Khách thấy ngay trên trang của hợp tác xã."))
        return redirect(url_for("cooperatives.profile"))
    found = queries.of_organisation(me.organisation_id)
    page = render_template(
        "cooperatives/profile.html", found=found, form=form, place=place_name(found.commune_id).full,
        may_edit=me.role == Role.MANAGER,
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _threads(terms: TermsView) -> list[tuple[str, int, int]]:
    """Terms as the weave: who, of 10,000, thread."""
    return [
        (_("Các hộ giao hàng"), terms.producers_bp, 1),
        (_("Chế biến, đóng gói"), terms.processing_bp, 2),
        (_("Quỹ hợp tác xã"), terms.fund_bp, 3),
    ]


@bp.get("/manage/cooperative/terms")
@roles(Role.MANAGER, Role.TREASURER)
def terms() -> ResponseReturnValue:
    """How sales are shared today, before and from a day to come; a manager writes new terms as a draft."""
    me, found = actor(), queries.of_organisation(actor().organisation_id)
    history = queries.terms_history(found.id)
    now = next((one for one in history if one.from_on <= clock.today()), None)
    rows = [
        (one, _threads(one), [percent(share, 10_000) for _who, share, _n in _threads(one)]) for one in history
    ]
    return render_template(
        "cooperatives/terms.html", rows=rows, now=now, may_edit=me.role == Role.MANAGER, today=clock.today(),
        has_draft=draft(found.id) is not None,
    )  # fmt: skip


@bp.route("/manage/cooperative/staff", methods=["GET", "POST"])
@roles(Role.MANAGER)
def staff() -> ResponseReturnValue:
    """Who works for the cooperative; inviting one more by phone."""
    me, form = actor(), InviteForm()

    def save() -> None:
        with transaction():
            operations.invite_staff(me, form.phone.data or "", Role(form.role.data))

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã nhắn tin mời. Lời mời dùng được trong 7 ngày."))
        return redirect(url_for("cooperatives.staff"))
    rows = [
        (grant, person, _(ROLE_NAMES[Role(grant.role)]))
        for grant, person in staff_of(me.organisation_id or 0)
        if grant.role != Role.PRODUCER
    ]
    return render_template(
        "cooperatives/staff.html", rows=rows, form=form, me=me
    ), 422 if form.errors else 200


@bp.post("/manage/cooperative/staff/<int:grant_id>/end")
@roles(Role.MANAGER)
def end_staff(grant_id: int) -> ResponseReturnValue:
    """Somebody no longer works for the cooperative."""
    if not PlainForm().validate_on_submit():
        raise NotFound(N_("Không tìm thấy người này trong tổ chức."))
    with transaction():
        accounts.end_grant(actor(), grant_id)
    flash(_("Đã bỏ vai trò của người này."))
    return redirect(url_for("cooperatives.staff"))
