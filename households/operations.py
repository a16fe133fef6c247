"""Verbs of the shared record: making households and persons, moving, consenting.

Who may touch a household: its own people, staff who serve it in person (a manager adding a producer, the digital team,
the village head) and the system. Each of them leaves an audit line without values.
"""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role, normalise_phone
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean, fold
from households import queries, reference
from households.models import Consent, Household, HouseholdMember, Person
from households.rules import Purpose, Relation, Sex, check_birth
from places.queries import is_current_commune

HELPERS = (Role.MANAGER, Role.DIGITAL_TEAM, Role.VILLAGE_HEAD, Role.COMMUNE_OFFICER)
NAME_MAX = 120


@dataclass(frozen=True)
class PersonFacts:
    """What is recorded of a person. ethnic_code: of reference.ETHNIC_LIST. phone: any spelling, or ''."""

    name: str
    relation: Relation = Relation.HEAD
    birth_on: date | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    ethnic_code: str | None = None
    phone: str = ""
    user_id: int | None = None


def create_household(actor: Actor, commune_id: int, village: str, head: PersonFacts | None = None, *,
                     address_line: str = "", from_on: date | None = None) -> Household:  # fmt: skip
    """Record a household, with its head where one is named. from_on: since when the head lives there (today)."""
    _may_create(actor)
    village = clean(village)[:NAME_MAX]
    if not village:
        raise Invalid(N_("Viết thôn, bản hoặc tổ, ví dụ Thôn Chè Cọ."), field="village")
    if not is_current_commune(commune_id):
        raise Invalid(
            N_("Xã này không còn trong danh sách."), remedy=N_("Chọn xã, phường đang có."), field="place"
        )
    made = Household(
        key=secrets.token_hex(12), commune_id=commune_id, village=village,
        address_line=clean(address_line)[:200], created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "create household", f"household:{made.id}")
    if head is not None:
        _store_person(actor, made.id, head, from_on)
    return made


def add_person(actor: Actor, household_id: int, facts: PersonFacts, *, from_on: date | None = None) -> Person:
    """Record a person and her place in a household from a day (today). NotFound for somebody else's household."""
    _may_write(actor, household_id)
    return _store_person(actor, household_id, facts, from_on)


def _store_person(actor: Actor, household_id: int, facts: PersonFacts, from_on: date | None) -> Person:
    name = clean(facts.name)[:NAME_MAX]
    if len(name) < 2:
        raise Invalid(N_("Viết họ và tên, ví dụ Lý Thị Mẫu."), field="name")
    since = _checked_start(from_on)
    group = reference.ethnic_group(facts.ethnic_code) if facts.ethnic_code else None
    made = Person(
        name=name, name_folded=fold(name), birth_on=facts.birth_on,
        birth_year=check_birth(facts.birth_on, facts.birth_year, clock.today()), sex=facts.sex,
        ethnic_list=group.list if group else None, ethnic_code=group.code if group else None,
        ethnic_name=group.name if group else None,
        phone=normalise_phone(facts.phone) if facts.phone else None, user_id=facts.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add(
        HouseholdMember(household_id=household_id, person_id=made.id, relation=facts.relation, from_on=since)
    )
    db.session.flush()
    audit(actor, "add person", f"person:{made.id}", ("name", "birth", "sex", "ethnic_group", "phone"))
    return made


def _may_create(actor: Actor) -> None:
    """Helpers record households of others; anybody else records one household: her own."""
    if actor.role is Role.SYSTEM or actor.role in HELPERS:
        return
    if actor.user_id is None or queries.household_of_user(actor.user_id) is not None:
        raise Conflict(N_("Nhà mình đã có trong sổ."), remedy=N_("Mở trang Nhà mình để xem."))


def _checked_start(from_on: date | None) -> date:
    since = from_on or clock.today()
    if since > clock.today():
        raise Invalid(
            N_("Ngày này chưa tới."), remedy=N_("Chọn hôm nay hoặc một ngày trước."), field="from_on"
        )
    return since


def _may_write(actor: Actor, household_id: int) -> Household:
    """The household, if the actor lives in it or serves people in person; NotFound otherwise."""
    found = queries.household(household_id)
    if actor.role is Role.SYSTEM or actor.role in HELPERS:
        return found
    mine = queries.household_of_user(actor.user_id) if actor.user_id else None
    if mine is None or mine.id != household_id:
        raise NotFound(N_("Không tìm thấy hộ này."))
    return found


def move_person(
    actor: Actor, person_id: int, to_household_id: int, on: date, relation: Relation = Relation.OTHER
) -> None:
    """A person leaves her household and belongs to another from a day; what she did before stays with the old one."""
    open_row = db.session.execute(
        select(HouseholdMember).where(HouseholdMember.person_id == person_id, HouseholdMember.to_on.is_(None))
    ).scalar_one_or_none()
    if open_row is not None:
        _may_write(actor, open_row.household_id)
        if open_row.household_id == to_household_id:
            raise Invalid(N_("Người này đã ở hộ đó."), field="household_id")
        if on < open_row.from_on:
            raise Invalid(N_("Ngày chuyển trước ngày về hộ cũ."), remedy=N_("Chọn ngày sau đó."), field="on")
        open_row.to_on = on
        db.session.flush()
    _may_write(actor, to_household_id)
    _checked_start(on)
    db.session.add(
        HouseholdMember(household_id=to_household_id, person_id=person_id, relation=relation, from_on=on)
    )
    db.session.flush()
    audit(actor, "move person", f"person:{person_id}", ("household",))


def link_user(actor: Actor, person_id: int, user_id: int) -> None:
    """Tie a person to the account she signs in with. Raises Invalid if either is tied already."""
    actor.must_be(Role.MANAGER, Role.ADMINISTRATOR)
    found = queries.person(person_id)
    if found.user_id == user_id:
        return
    if found.user_id is not None or queries.person_of_user(user_id) is not None:
        raise Invalid(N_("Tài khoản này đã gắn với một người khác."), field="phone")
    found.user_id = user_id
    db.session.flush()
    audit(actor, "link user", f"person:{person_id}", ("user_id",))


def give_consent(actor: Actor, person_id: int, organisation_id: int, purpose: Purpose, *,
                 helped_by_user_id: int | None = None) -> Consent:  # fmt: skip
    """A person agrees, for her household, to one purpose of one organisation. Twice is one consent.

    The wording is today's.

    helped_by_user_id: who read it out or typed for her; then the actor must be that helper.
    """
    home = queries.household_of_person(person_id, clock.today())
    if home is None:
        raise NotFound(N_("Không tìm thấy hộ này."))
    if helped_by_user_id is None:
        _must_live_in(actor, home.id)
    elif actor.role is not Role.SYSTEM:
        actor.must_be(*HELPERS)
    held = queries.open_consent(home.id, organisation_id, purpose)
    if held is not None:
        return held
    given = Consent(
        person_id=person_id, household_id=home.id, organisation_id=organisation_id, purpose=purpose,
        wording_version=reference.current_wording(purpose).version, given_at=clock.now(),
        helped_by_user_id=helped_by_user_id,
    )  # fmt: skip
    db.session.add(given)
    db.session.flush()
    audit(actor, "give consent", f"consent:{given.id}", (purpose,))
    return given


def _must_live_in(actor: Actor, household_id: int) -> None:
    """Consent is the household's own: no helper gives or withdraws one in silence."""
    if actor.role is Role.SYSTEM:
        return
    mine = queries.household_of_user(actor.user_id) if actor.user_id else None
    if mine is None or mine.id != household_id:
        raise NotFound(N_("Không tìm thấy hộ này."))


def withdraw_consent(actor: Actor, consent_id: int) -> None:
    """Take a consent back, at once and without a reason. A second time changes nothing."""
    found = db.session.get(Consent, consent_id)
    if found is None:
        raise NotFound(N_("Không tìm thấy sự đồng ý này."))
    _must_live_in(actor, found.household_id)
    if found.withdrawn_at is None:
        found.withdrawn_at = clock.now()
        db.session.flush()
        audit(actor, "withdraw consent", f"consent:{consent_id}", (found.purpose,))
