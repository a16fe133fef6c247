"""Pages of the roster: the unit's households, one household on a day with its history, an event, doubles."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from core.errors import Invalid, NotFound
from core.i18n import N_, _
from households.forms import RELATION_TEXT, SEX_TEXT
from households.models import Household
from households.operations import PersonFacts
from households.roster import operations, queries
from households.roster.forms import (
    KIND_TEXT,
    EventForm,
    MarriageForm,
    MergeForm,
    MoveForm,
    NewcomerForm,
    OneForm,
    PapersForm,
    SamePersonForm,
    SplitForm,
    UndoForm,
)
from households.roster.operations import Deed
from households.roster.rules import Kind
from households.rules import Relation, Sex
from places.queries import place_name

bp = Blueprint("roster", __name__, url_prefix="/roster")
LINKS = [
    Link(
        "roster.listed", N_("Sổ hộ"), "people", N_("Ai ở hộ nào, sinh, mất, cưới, chuyển, tách, nhập"),
        frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD}), rank=20,
    ),
]  # fmt: skip
FORMS: dict[str, type[EventForm]] = {
    Kind.BIRTH: NewcomerForm,
    Kind.ARRIVAL: NewcomerForm,
    Kind.DEATH: OneForm,
    Kind.DEPARTURE: OneForm,
    Kind.MOVE: MoveForm,
    Kind.MARRIAGE: MarriageForm,
    Kind.RELATION: OneForm,
    Kind.SPLIT: SplitForm,
    Kind.MERGE: MergeForm,
    Kind.PAPERS: PapersForm,
}
HINTS = {
    Kind.DEPARTURE: N_("Ghi nơi đến vào ô Ghi thêm nếu biết."),
    Kind.PAPERS: N_("Không hỏi số giấy tờ. Người chưa có giấy tờ vẫn được tính trong hộ."),
    Kind.SPLIT: N_("Hộ mới ở cùng thôn. Người ở lại vẫn là hộ cũ."),
    Kind.MERGE: N_("Mọi người của hộ kia về hộ này. Lịch sử hộ kia vẫn giữ."),
}


@bp.route("", methods=["GET", "POST"])
@roles(*queries.KEEPERS)
def listed() -> ResponseReturnValue:
    """The unit's households. The reading leaves an audit line. A name is looked for by POST: no address says it."""
    me = actor()
    page = max(1, request.args.get("page", 1, type=int))
    village, text = request.values.get("village", ""), request.form.get("q", "")[:80]
    with transaction():
        audit(me, "list households", f"commune:{me.unit_id}", ("head",), "roster")
    rows, total = queries.listed(me, village=village, text=text, page=page)
    return render_template(
        "households/roster/list.html",
        rows=rows,
        total=total,
        page=page,
        page_count=-(-total // queries.PAGE_SIZE),
        village=village,
        text=text,
        villages=queries.villages(me),
        place=place_name(me.unit_id or 0),
    )


@bp.get("/<key>")
@roles(*queries.KEEPERS)
def household(key: str) -> ResponseReturnValue:
    """Who belongs to a household on a day, and what happened in it."""
    me = actor()
    home = queries.by_key(me, key)
    home_id, day = home.id, _day(request.args.get("on", ""))
    with transaction():
        audit(me, "read household", f"household:{home_id}", ("name", "birth", "relation"), "roster")
    home = queries.by_key(me, key)
    people = [
        (one, _(RELATION_TEXT[Relation(one.relation)]), _(SEX_TEXT[Sex(one.sex)]) if one.sex else "")
        for one in queries.roster(home_id, day)
    ]
    return render_template(
        "households/roster/household.html",
        home=home,
        key=key,
        people=people,
        head=people[0][0] if people else None,
        day=day,
        is_today=day == clock.today(),
        history=queries.history(home_id),
        kinds=KIND_TEXT,
        events=list(FORMS),
        form=UndoForm(formdata=None),
        notes_papers=me.role is Role.COMMUNE_OFFICER,
        place=place_name(home.commune_id),
    )


def _day(typed: str) -> date:
    """The day asked for; today where none, a wrong one, or one to come."""
    try:
        return min(date.fromisoformat(typed), clock.today())
    except ValueError:
        return clock.today()


@bp.route("/<key>/<kind>", methods=["GET", "POST"])
@roles(*queries.KEEPERS)
def event(key: str, kind: str) -> ResponseReturnValue:
    """Write down one thing that happened."""
    if kind not in FORMS:
        raise NotFound(N_("Không có trang này."))
    me = actor()
    home_id = queries.by_key(me, key).id
    with transaction():  # the form names who lives there
        audit(me, "read household", f"household:{home_id}", ("name", "relation"), "roster")
    form = _form(me, queries.by_key(me, key), kind)

    def save() -> None:
        with transaction():
            DEEDS[kind](me, home_id, form, Deed(str(form.key.data), form.on.data, form.note.data or ""))

    if request.method == "POST" and queries.events_of_deed(str(form.key.data)):
        return redirect(
            url_for(".household", key=key)
        )  # sent twice: whom it names may be gone from the choices
    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi: %(what)s.", what=_(KIND_TEXT[kind])))
        return redirect(url_for(".household", key=key))
    page = render_template(
        "households/roster/event.html",
        form=form,
        key=key,
        title=_(KIND_TEXT[kind]),
        hint=_(HINTS[Kind(kind)]) if kind in HINTS else "",
        fields=_fields(form, kind),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _form(me: Actor, home: Household, kind: str) -> Any:
    """The form of an event with its choices."""
    form: Any = FORMS[kind](data={"on": clock.today()})
    people = [(one.person_id, one.name) for one in queries.roster(home.id, clock.today())]
    for name in ("person", "people", "head"):
        if name in form:
            form[name].choices = people
    if "parents" in form:
        form.parents.choices = [(str(one), name) for one, name in people]
    if "household" in form:
        own = [(home.key, _("Hộ này"))] if kind == Kind.MARRIAGE else []
        form.household.choices = [*own, *queries.neighbours(me, home.id)]
    return form


def _fields(form: Any, kind: str) -> list[Any]:
    """The fields in the order they are asked: a birth's year is its day's, an arrival names no parents."""
    left_out = {
        "csrf_token",
        "key",
        "note",
        *(("phone", "birth_year") if kind == Kind.BIRTH else ("parents",)),
    }
    return [*[one for one in form if one.name not in left_out], form.note]


def _birth(me: Actor, home_id: int, form: NewcomerForm, deed: Deed) -> None:
    given = form.facts(Relation(form.relation.data))
    born = PersonFacts(
        given.name, given.relation, birth_on=deed.on, sex=given.sex, ethnic_code=given.ethnic_code
    )
    chosen = [int(one) for one in form.parents.data or [] if one.isdigit()]
    operations.record_birth(me, home_id, born, deed, chosen)


def _arrival(me: Actor, home_id: int, form: NewcomerForm, deed: Deed) -> None:
    operations.record_arrival(me, home_id, form.facts(Relation(form.relation.data)), deed)


def _move(me: Actor, _home_id: int, form: MoveForm, deed: Deed) -> None:
    there = queries.by_key(me, form.household.data)
    operations.record_move(me, form.person.data, there.id, Relation(form.relation.data), deed)


def _marriage(me: Actor, _home_id: int, form: MarriageForm, deed: Deed) -> None:
    there = queries.by_key(me, form.household.data)
    spouse = queries.member_named(there.id, deed.on, form.spouse.data or "", besides=form.person.data)
    if spouse is None:
        raise Invalid(N_("Hộ đã chọn không có đúng một người tên này."), field="spouse")
    relation = Relation(form.relation.data)
    operations.record_move(me, form.person.data, there.id, relation, deed, spouse_id=spouse)


DEEDS: dict[str, Callable[[Actor, int, Any, Deed], object]] = {
    Kind.BIRTH: _birth,
    Kind.ARRIVAL: _arrival,
    Kind.DEATH: lambda me, _home, form, deed: operations.record_death(me, form.person.data, deed),
    Kind.DEPARTURE: lambda me, _home, form, deed: operations.record_departure(me, form.person.data, deed),
    Kind.MOVE: _move,
    Kind.MARRIAGE: _marriage,
    Kind.RELATION: lambda me, _home, form, deed: operations.record_head(me, form.person.data, deed),
    Kind.SPLIT: lambda me, home, form, deed: operations.split_household(
        me, home, form.people.data, form.head.data, deed
    ),
    Kind.MERGE: lambda me, home, form, deed: operations.merge_households(
        me, home, queries.by_key(me, form.household.data).id, deed
    ),
    Kind.PAPERS: lambda me, _home, form, deed: operations.record_papers(
        me, form.person.data, has_papers=form.papers.data == "some", deed=deed
    ),
}


@bp.post("/<key>/deeds/<deed>/undo")
@roles(*queries.KEEPERS)
def undo(key: str, deed: str) -> ResponseReturnValue:
    """Take a deed back; both lines stay."""
    me, form = actor(), UndoForm()
    queries.by_key(me, key)
    if not form.validate_on_submit():
        raise NotFound(N_("Không tìm thấy việc này."))
    with transaction():
        operations.undo(me, deed, str(form.key.data))
    flash(_("Đã bỏ việc này. Dòng cũ vẫn giữ trong lịch sử."))
    return redirect(url_for(".household", key=key))


@bp.route("/doubles", methods=["GET", "POST"])
@roles(*queries.KEEPERS)
def doubles() -> ResponseReturnValue:
    """Records that may be one person, each pair with what speaks for and against it."""
    me, form = actor(), SamePersonForm()

    def save() -> None:
        with transaction():
            deed = Deed(str(form.key.data), clock.today())
            operations.merge_persons(me, form.keep.data, form.double.data, deed)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã gộp. Mở hộ của bản ghi trùng để bỏ việc này nếu nhầm."))
        return redirect(url_for(".doubles"))
    with transaction():
        audit(me, "list doubles", f"commune:{me.unit_id}", ("name", "birth"), "roster")
    page = render_template(
        "households/roster/doubles.html", pairs=queries.doubles(me), form=form, sexes=SEX_TEXT
    )
    return page, 422 if form.errors or form.form_errors else 200
