"""A household's own pages: who belongs to it, what it agreed to, taking an agreement back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, signed_in
from accounts.menu import Link
from accounts.queries import organisation
from core import clock, once
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _, language
from households import operations, queries, reference
from households.forms import RELATION_TEXT, SEX_TEXT, AddPersonForm, OwnHouseholdForm, PlainForm
from households.identity import views as identity
from households.models import Consent, Household
from households.roster import views as roster
from households.rules import Purpose, Relation, Sex
from places.queries import place_name

bp = Blueprint("households", __name__)
BLUEPRINTS = [bp, roster.bp, identity.bp]
LINKS = [
    Link("households.mine", N_("Nhà mình"), "house", N_("Người trong nhà, những điều đã đồng ý")),
    *roster.LINKS,
]


def _my_household() -> Household | None:
    user_id = actor().user_id
    return queries.household_of_user(user_id) if user_id else None


@bp.get("/me/household")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own household, or the way to record it."""
    home = _my_household()
    if home is None:
        return render_template("households/none.html")
    people = [
        (one, _(RELATION_TEXT[Relation(one.relation)]), _(SEX_TEXT[Sex(one.sex)]) if one.sex else "")
        for one in queries.members(home.id, clock.today())
    ]
    consents = [_consent_view(consent) for consent in queries.consents(home.id)]
    place = place_name(home.commune_id).full
    return render_template(
        "households/mine.html",
        home=home,
        place=place,
        people=people,
        consents=consents,
        form=PlainForm(formdata=None),
    )


def _consent_view(consent: Consent) -> dict[str, object]:
    wording = reference.wordings()[Purpose(consent.purpose), consent.wording_version]
    name = organisation(consent.organisation_id).name
    title, text = (wording.title_en, wording.text_en) if language() == "en" else (wording.title, wording.text)
    who = queries.person(consent.person_id).name
    return {"id": consent.id, "title": title, "text": text % {"organisation": name}, "organisation": name, "who": who,
            "given_at": consent.given_at, "helped": consent.helped_by_user_id is not None,
            "withdrawn_at": consent.withdrawn_at}  # fmt: skip


@bp.route("/me/household/new", methods=["GET", "POST"])
@signed_in
def create() -> ResponseReturnValue:
    """Record one's own household."""
    me = actor()
    if _my_household() is not None:
        return redirect(url_for("households.mine"))
    form = OwnHouseholdForm(data={"name": me.name})

    def save() -> None:
        with transaction():
            if _my_household() is None:
                facts = form.facts(Relation.HEAD, user_id=me.user_id)
                operations.create_household(
                    me,
                    form.commune_id_chosen(),
                    form.village.data or "",
                    facts,
                    address_line=form.address_line.data or "",
                )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi nhà mình vào sổ."))
        return redirect(url_for("households.mine"))
    return render_template("households/new.html", form=form), 422 if form.errors else 200


@bp.route("/me/household/people/new", methods=["GET", "POST"])
@signed_in
def add_person() -> ResponseReturnValue:
    """One more person of one's own household; sent twice is one person."""
    me, home = actor(), _my_household()
    if home is None:
        return redirect(url_for("households.create"))
    form, home_id = AddPersonForm(), home.id

    def save() -> None:
        body = [form.name.data, form.relation.data]
        with transaction():
            if once.done_before("household.person", form.key.data or "", body) is None:
                made = operations.add_person(me, home_id, form.facts(Relation(form.relation.data)))
                once.remember("household.person", form.key.data or "", body, str(made.id))

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã thêm %(name)s.", name=form.name.data))
        return redirect(url_for("households.mine"))
    return render_template("households/add_person.html", form=form), 422 if form.errors else 200


@bp.post("/me/household/consents/<int:consent_id>/withdraw")
@signed_in
def withdraw(consent_id: int) -> ResponseReturnValue:
    """Take an agreement back, at once."""
    if not PlainForm().validate_on_submit():
        raise NotFound(N_("Không tìm thấy sự đồng ý này."))
    with transaction():
        operations.withdraw_consent(actor(), consent_id)
    flash(_("Đã bỏ đồng ý. Từ giờ không dùng nữa."))
    return redirect(url_for("households.mine"))
