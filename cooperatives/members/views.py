"""Pages of producers: the list, one more, one alone, their agreements."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.operations import audit
from accounts.rules import Role
from cooperatives import queries
from cooperatives.members import operations
from cooperatives.members.forms import (
    STANDING_HINT,
    STANDING_TEXT,
    ConsentForm,
    HousemateForm,
    MoveForm,
    ProducerForm,
    StandingForm,
)
from cooperatives.members.operations import Place
from cooperatives.rules import StandingKind
from core import clock
from core.db import transaction
from core.errors import Invalid
from core.forms import Form
from core.i18n import N_, _, language
from households import queries as households
from households import reference
from households.forms import SEX_TEXT
from households.rules import Purpose, Relation, Sex

bp = Blueprint("producers", __name__)
PAGE_ROWS = 50
HOMES_MAX = 8


@bp.get("/manage/producers")
@roles(Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
def listed() -> ResponseReturnValue:
    """Who supplies the cooperative today; search without marks."""
    found = queries.of_organisation(actor().organisation_id)
    text, page = request.args.get("q", "")[:60], max(1, request.args.get("page", 1, int))
    rows = queries.producers(found.id, search=text)
    counts = {kind: sum(1 for row in rows if row.standing == kind) for kind in StandingKind}
    return render_template(
        "cooperatives/producers.html",
        rows=rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS],
        count=len(rows),
        counts=[(_(STANDING_TEXT[kind]), number) for kind, number in counts.items()],
        former=queries.former_producers(found.id) if not text and page == 1 else [],
        page=page,
        page_count=-(-len(rows) // PAGE_ROWS),
        text=text,
        standing_text=STANDING_TEXT,
        may_edit=actor().role != Role.TREASURER,
    )


@bp.route("/manage/producers/new", methods=["GET", "POST"])
@roles(Role.MANAGER, Role.DIGITAL_TEAM)
def add() -> ResponseReturnValue:
    """Take in somebody who supplies, with her household."""
    me, form = actor(), ProducerForm()
    made: list[int] = []

    def save() -> None:
        place = Place(form.commune_id_chosen(), form.village.data or "", form.address_line.data or "")
        with transaction():
            whole = form.whole.data == "household"
            facts, standing = form.facts(Relation.HEAD), StandingKind(form.standing.data)
            one = operations.register_producer(
                me, form.key.data or "", facts, place, standing, whole=whole, from_on=form.from_on.data,
                namesake=form.namesake.data,
            )  # fmt: skip
            made.append(one.id)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã thêm %(name)s.", name=form.name.data))
        return redirect(url_for("producers.one", producer_id=made[0]))
    if not form.is_submitted():
        form.show(queries.of_organisation(me.organisation_id).commune_id)
    hints = {kind.value: _(text) for kind, text in STANDING_HINT.items()}
    text = request.args.get("home", "")[:60]
    page = render_template(
        "cooperatives/producer_new.html",
        form=form,
        hints=hints,
        text=text,
        found=queries.producers(queries.of_organisation(me.organisation_id).id, search=text)[:HOMES_MAX]
        if text
        else [],
    )
    return page, 422 if form.errors else 200


@bp.route("/manage/producers/<int:producer_id>/people/new", methods=["GET", "POST"])
@roles(Role.MANAGER, Role.DIGITAL_TEAM)
def add_housemate(producer_id: int) -> ResponseReturnValue:
    """One more person of a producer's household."""
    me, form = actor(), HousemateForm()
    operations.own_producer(me, producer_id)

    def save() -> None:
        kind = None if form.standing.data == "none" else StandingKind(form.standing.data)
        with transaction():
            facts = form.facts(Relation(form.relation.data))
            operations.add_housemate(me, producer_id, form.key.data or "", facts, kind)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã thêm %(name)s.", name=form.name.data))
        return redirect(url_for("producers.one", producer_id=producer_id))
    page = render_template(
        "cooperatives/housemate.html",
        form=form,
        view=queries.producer_view(producer_id),
        hints={kind.value: _(text) for kind, text in STANDING_HINT.items()},
    )
    return page, 422 if form.errors else 200


@bp.route("/manage/producers/<int:producer_id>/move", methods=["GET", "POST"])
@roles(Role.MANAGER)
def move(producer_id: int) -> ResponseReturnValue:
    """A producer lives with another household from a day."""
    me, form = actor(), MoveForm()
    view = queries.producer_view(operations.own_producer(me, producer_id).id)
    homes = queries.homes(queries.of_organisation(me.organisation_id).id)
    form.offer({home: text for home, text in homes.items() if home != view.household_id})

    def save() -> None:
        new = Place(form.commune_id_chosen(), form.village.data or "")
        to = new if form.to.data == form.NEW else int(form.to.data)
        with transaction():
            day: date = form.on.data or clock.today()
            operations.move_producer(
                me, producer_id, form.key.data or "", to, Relation(form.relation.data), day
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã chuyển %(name)s sang nhà khác.", name=view.name))
        return redirect(url_for("producers.one", producer_id=producer_id))
    if not form.is_submitted():
        form.show(queries.of_organisation(me.organisation_id).commune_id)
        form.on.data = clock.today()
    page = render_template("cooperatives/move.html", form=form, view=view)
    return page, 422 if form.errors else 200


@bp.get("/manage/producers/<int:producer_id>")
@roles(Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
def one(producer_id: int) -> ResponseReturnValue:
    """One's own producer with phone and history. The read is written down before the page is sent."""
    me = actor()
    operations.own_producer(me, producer_id)
    with transaction():
        audit(me, "read producer", f"producer:{producer_id}", ("name", "phone", "standing"))
    return _page(producer_id, StandingForm(formdata=None, data={"from_on": clock.today()}))


def _page(
    producer_id: int, form: StandingForm, consent_form: ConsentForm | None = None
) -> ResponseReturnValue:
    me, view = actor(), queries.producer_view(producer_id)
    person = households.person(view.person_id) if view.person_id else None
    organisation_id = me.organisation_id or 0
    given = {
        purpose: households.open_consent(view.household_id, organisation_id, purpose)
        if view.household_id
        else None
        for purpose in Purpose
    }
    consent_form = consent_form or ConsentForm(formdata=None)
    page = render_template(
        "cooperatives/producer.html",
        view=view,
        person=person,
        sex=_(SEX_TEXT[Sex(person.sex)]) if person and person.sex else "",
        form=form,
        consent_form=consent_form,
        wordings=[(purpose, *_words(purpose), given[purpose]) for purpose in Purpose],
        history=[
            (_(STANDING_TEXT[StandingKind(row.kind)]), row.from_on, row.to_on)
            for row in queries.standings(producer_id)
        ],
        standing=_(STANDING_TEXT[StandingKind(view.standing)]) if view.standing else "",
        me=me,
    )
    return page, 422 if form.errors or consent_form.errors else 200


def _words(purpose: Purpose, organisation: str = "") -> tuple[str, str]:
    """Title and text of today's wording, in the reader's language, for the actor's cooperative or a named one."""
    wording = reference.current_wording(purpose)
    name = organisation or queries.of_organisation(actor().organisation_id).name
    title, text = (wording.title_en, wording.text_en) if language() == "en" else (wording.title, wording.text)
    return title, text % {"organisation": name}


@bp.post("/manage/producers/<int:producer_id>/standing")
@roles(Role.MANAGER)
def change_standing(producer_id: int) -> ResponseReturnValue:
    """Another standing from a day, or none; history is kept."""
    me, form = actor(), StandingForm()
    operations.own_producer(me, producer_id)

    def save() -> None:
        day: date = form.from_on.data or clock.today()
        with transaction():
            if form.standing.data == "none":
                operations.end_standing(me, producer_id, day)
            else:
                operations.set_standing(me, producer_id, StandingKind(form.standing.data), day)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã đổi tư cách."))
        return redirect(url_for("producers.one", producer_id=producer_id))
    return _page(producer_id, form)


@bp.post("/manage/producers/<int:producer_id>/consents/<purpose>")
@roles(Role.MANAGER, Role.DIGITAL_TEAM)
def consent(producer_id: int, purpose: str) -> ResponseReturnValue:
    """A producer agrees, helped by the person who read the words out."""
    me, form = actor(), ConsentForm()
    operations.own_producer(me, producer_id)

    def save() -> None:
        if purpose not in set(Purpose):
            raise Invalid(N_("Không có điều này trong danh sách."))
        with transaction():
            operations.helped_consent(me, producer_id, Purpose(purpose))

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi lời đồng ý. Người này bỏ lúc nào cũng được."))
        return redirect(url_for("producers.one", producer_id=producer_id))
    return _page(producer_id, StandingForm(formdata=None, data={"from_on": clock.today()}), form)


@bp.post("/manage/producers/<int:producer_id>/account")
@roles(Role.MANAGER)
def link(producer_id: int) -> ResponseReturnValue:
    """Tie a producer to the account of her phone number, so that she reads her own statement."""
    me = actor()
    operations.own_producer(me, producer_id)
    form = StandingForm(formdata=None, data={"from_on": clock.today()})
    found: list[bool] = []

    def save() -> None:
        with transaction():
            found.append(operations.link_account(me, producer_id))

    if not Form().validate_on_submit() or not form.accepts(save):
        return _page(producer_id, form)
    if found[0]:
        flash(_("Đã gắn. Người này đăng nhập là xem được bảng kê của mình."))
    else:
        flash(_("Số này chưa có tài khoản. Nhắn người đó đăng ký bằng số này trước."), "warn")
    return redirect(url_for("producers.one", producer_id=producer_id))


@bp.route("/me/consents", methods=["GET", "POST"])
@signed_in
def my_consents() -> ResponseReturnValue:
    """What the cooperatives one supplies ask for, each to agree to or not; taking back is on the household's page."""
    me, form = actor(), Form()
    mine = {
        one.cooperative_id: queries.cooperative(one.cooperative_id)
        for one in queries.producers_of_user(me.user_id or 0)
    }
    if form.validate_on_submit():
        chosen, purpose = request.form.get("cooperative_id", 0, int), request.form.get("purpose", "")

        def save() -> None:
            if purpose not in set(Purpose):
                raise Invalid(N_("Không có điều này trong danh sách."))
            with transaction():
                operations.own_consent(me, chosen, Purpose(purpose))

        if form.accepts(save):
            flash(_("Đã ghi lời đồng ý. Bỏ lúc nào cũng được ở trang Nhà mình."))
            return redirect(url_for("producers.my_consents"))
    home = households.household_of_user(me.user_id or 0)
    rows = []
    for cooperative in mine.values():
        for purpose_ in Purpose:
            given = (
                households.open_consent(home.id, cooperative.organisation_id or 0, purpose_) if home else None
            )
            rows.append((cooperative, purpose_, *_words(purpose_, cooperative.name), given))
    return render_template("cooperatives/my_consents.html", rows=rows, form=form), 422 if form.errors else 200
