"""Verbs of producers: adding people and households who supply, and their dated standing."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from accounts.operations import audit, grant
from accounts.queries import user_by_phone
from accounts.rules import Actor, Role, normalise_phone
from cooperatives import queries, rules
from cooperatives.models import Cooperative, Producer, Standing
from cooperatives.rules import StandingKind
from core import clock, once
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.text import fold
from households import queries as households
from households.models import Consent, Person
from households.operations import (
    PersonFacts,
    add_person,
    create_household,
    give_consent,
    link_user,
    move_person,
)
from households.rules import Purpose, Relation

RECRUITERS = (Role.MANAGER, Role.DIGITAL_TEAM)


@dataclass(frozen=True)
class Place:
    """Where a new producer lives."""

    commune_id: int
    village: str
    address_line: str = ""


def add_producer(
    actor: Actor,
    standing: StandingKind,
    *,
    cooperative_id: int | None = None,
    person_id: int | None = None,
    household_id: int | None = None,
    from_on: date | None = None,
) -> Producer:
    """Take a person, or a household as a whole, as a supplier from a day (today). The same one twice is one producer.

    cooperative_id: only for the system; staff add to their own. Exactly one of person_id and household_id.
    """
    found = _cooperative(actor, cooperative_id)
    if (person_id is None) == (household_id is None):
        raise Invalid(N_("Chọn một người, hoặc cả hộ."))
    if person_id is not None:
        households.person(person_id)
    else:
        households.household(household_id or 0)
    same = select(Producer).where(
        Producer.cooperative_id == found.id,
        Producer.person_id == person_id if person_id is not None else Producer.household_id == household_id,
    )
    if (before := db.session.execute(same).scalar_one_or_none()) is not None:
        if queries.standing_of(before.id, clock.today()) is None:
            _open_standing(actor, before.id, standing, _day(from_on))
        return before
    number = (
        db.session.execute(select(func.count()).where(Producer.cooperative_id == found.id)).scalar_one() + 1
    )
    made = Producer(
        key=secrets.token_hex(8),
        cooperative_id=found.id,
        person_id=person_id,
        household_id=household_id,
        code=rules.producer_code(number),
        added_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, "add producer", f"producer:{made.id}")
    _open_standing(actor, made.id, standing, _day(from_on))
    return made


def register_producer(
    actor: Actor,
    key: str,
    facts: PersonFacts,
    place: Place,
    standing: StandingKind,
    *,
    whole: bool,
    from_on: date | None,
    namesake: bool = False,
) -> Producer:
    """Take in somebody new with her household; under the same key only once.

    Somebody recorded before, with the same phone and name, is not recorded twice: her household stays as it is.
    whole: the household as such is the producer, for people without a phone of their own. namesake: the actor says
    that this is somebody else than the producer of that name in that village; otherwise Invalid names the other.
    """
    actor.must_be(*RECRUITERS)
    body = [fold(facts.name), place.commune_id, place.village, standing, whole]
    if (before := once.done_before("producer", key, body)) is not None:
        return queries.producer(int(before))
    known = _known_person(facts)
    if known is None:
        if not namesake:
            _refuse_namesake(actor, facts.name, place.village)
        home = create_household(actor, place.commune_id, place.village, address_line=place.address_line)
        person_id = add_person(actor, home.id, facts, from_on=from_on).id
        home_id: int | None = home.id
    else:
        current = households.household_of_person(known.id, clock.today())
        person_id, home_id = known.id, current.id if current else None
    named = {"household_id": home_id} if whole and home_id else {"person_id": person_id}
    made = add_producer(actor, standing, from_on=from_on, **named)
    once.remember("producer", key, body, str(made.id))
    return made


def _refuse_namesake(actor: Actor, name: str, village: str) -> None:
    """The same name in the same village is mostly the same person, added again."""
    for one in queries.producers(queries.of_organisation(actor.organisation_id).id):
        if (fold(one.name), fold(one.village)) == (fold(name), fold(village)):
            raise Invalid(
                N_("Trong sổ đã có %(name)s ở %(village)s, mã %(code)s."),
                remedy=N_("Nếu là người khác trùng tên thì đánh dấu vào ô này."),
                field="namesake", name=one.name, village=one.village, code=one.code,
            )  # fmt: skip


def add_housemate(
    actor: Actor, producer_id: int, key: str, facts: PersonFacts, standing: StandingKind | None
) -> Person:
    """Record one more person of a producer's household, under the same key only once.

    standing: as what she supplies herself; None where only the household is to be known in full.
    """
    actor.must_be(*RECRUITERS)
    found = own_producer(actor, producer_id)
    body = [producer_id, fold(facts.name), facts.relation, standing]
    if (before := once.done_before("housemate", key, body)) is not None:
        return households.person(int(before))
    home_id = queries.household_of_producer(found.id, clock.today())
    if home_id is None:
        raise NotFound(N_("Người sản xuất này chưa có nhà trong sổ."))
    made = _known_person(facts) or add_person(actor, home_id, facts)
    home = households.household_of_person(made.id, clock.today())
    if home is None or home.id != home_id:
        raise Invalid(
            N_("Người này đã có trong sổ, ở một nhà khác."),
            remedy=N_("Mở trang của người đó rồi bấm Chuyển nhà."), field="phone",
        )  # fmt: skip
    if standing is not None:
        add_producer(actor, standing, cooperative_id=found.cooperative_id, person_id=made.id)
    once.remember("housemate", key, body, str(made.id))
    return made


def move_producer(
    actor: Actor, producer_id: int, key: str, to: int | Place, relation: Relation, on: date
) -> None:
    """A producer lives with another household from a day, today or before; her slips before it stay with the old one.

    to: a household of the cooperative's own producers, or the place of a new one, of which she is the head then.
    """
    actor.must_be(Role.MANAGER)
    found = own_producer(actor, producer_id)
    body = [producer_id, to if isinstance(to, int) else [to.commune_id, to.village], on]
    if once.done_before("move producer", key, body) is not None:
        return
    if found.person_id is None:
        raise Invalid(
            N_("Sổ ghi cả hộ này, không ghi riêng một người, nên không chuyển nhà được."), field="to"
        )
    if on > clock.today():
        raise Invalid(N_("Ngày này chưa tới."), remedy=N_("Chọn hôm nay hoặc một ngày trước."), field="on")
    if isinstance(to, Place):
        home_id, relation = create_household(actor, to.commune_id, to.village).id, Relation.HEAD
    elif to in queries.homes(found.cooperative_id):
        home_id = to
    else:
        raise NotFound(N_("Không tìm thấy hộ này."))
    move_person(actor, found.person_id, home_id, on, relation)
    once.remember("move producer", key, body, str(home_id))


def _known_person(facts: PersonFacts) -> Person | None:
    """Somebody with this phone and this name; a shared phone alone is not enough."""
    if not facts.phone:
        return None
    same = [
        one
        for one in households.persons_by_phone(normalise_phone(facts.phone))
        if one.name_folded == fold(facts.name)
    ]
    return same[0] if len(same) == 1 else None


def _cooperative(actor: Actor, cooperative_id: int | None) -> Cooperative:
    actor.must_be(*RECRUITERS)
    if actor.role is Role.SYSTEM and cooperative_id is not None:
        return queries.cooperative(cooperative_id)
    return queries.of_organisation(actor.organisation_id)


def _day(from_on: date | None) -> date:
    day = from_on or clock.today()
    if day > clock.today():
        raise Invalid(
            N_("Ngày này chưa tới."), remedy=N_("Chọn hôm nay hoặc một ngày trước."), field="from_on"
        )
    return day


def _open_standing(actor: Actor, producer_id: int, kind: StandingKind, day: date) -> Standing:
    made = Standing(producer_id=producer_id, kind=kind, from_on=day)
    db.session.add(made)
    db.session.flush()
    audit(actor, "set standing", f"producer:{producer_id}", ("standing",))
    return made


def own_producer(actor: Actor, producer_id: int) -> Producer:
    """A producer of the actor's cooperative. Raises NotFound for another's."""
    found = queries.producer(producer_id)
    if actor.role is Role.SYSTEM:
        return found
    if queries.cooperative(found.cooperative_id).organisation_id != actor.organisation_id:
        raise NotFound(N_("Không tìm thấy người sản xuất này."))
    return found


def _last_standing(producer_id: int) -> Standing | None:
    rows = queries.standings(producer_id)
    return rows[0] if rows else None


def set_standing(actor: Actor, producer_id: int, kind: StandingKind, on: date) -> Standing:
    """Member or linked from a day, today or before, but not before the current standing began. History is kept."""
    actor.must_be(Role.MANAGER)
    own_producer(actor, producer_id)
    last, day = _last_standing(producer_id), _day(on)
    if last is not None and last.to_on is None:
        if last.kind == kind:
            raise Invalid(N_("Người này đang như vậy rồi."), field="standing")
        _end(last, day)
    elif last is not None and last.to_on is not None and day < last.to_on:
        raise Invalid(_too_early(last), field="from_on", day=last.to_on.strftime("%d/%m/%Y"))
    return _open_standing(actor, producer_id, kind, day)


def _too_early(_last: Standing) -> str:
    return N_("Chọn một ngày từ %(day)s trở đi, để lịch sử không chồng nhau.")


def _end(standing: Standing, day: date) -> None:
    if day <= standing.from_on:
        first = date.fromordinal(standing.from_on.toordinal() + 1)
        raise Invalid(_too_early(standing), field="from_on", day=first.strftime("%d/%m/%Y"))
    standing.to_on = day
    db.session.flush()


def end_standing(actor: Actor, producer_id: int, on: date) -> None:
    """The producer supplies no more from a day; slips, money and history stay."""
    actor.must_be(Role.MANAGER)
    own_producer(actor, producer_id)
    last = _last_standing(producer_id)
    if last is None or last.to_on is not None:
        raise Invalid(N_("Người này đã thôi giao hàng rồi."))
    _end(last, _day(on))
    audit(actor, "end standing", f"producer:{producer_id}", ("standing",))


def link_account(actor: Actor, producer_id: int) -> bool:
    """Tie a producer to the account of her phone number, so that she sees her statements; False if there is none."""
    found = own_producer(actor, producer_id)
    if found.person_id is None:
        return False
    person = households.person(found.person_id)
    account = user_by_phone(person.phone) if person.phone else None
    if account is None:
        return False
    link_user(actor, person.id, account.id)
    grant(
        actor,
        account.id,
        Role.PRODUCER,
        organisation_id=queries.cooperative(found.cooperative_id).organisation_id,
    )
    return True


def helped_consent(actor: Actor, producer_id: int, purpose: Purpose) -> Consent:
    """A producer agrees to something, read out by the actor, who is recorded as the helper."""
    actor.must_be(*RECRUITERS)
    found = own_producer(actor, producer_id)
    cooperative = queries.cooperative(found.cooperative_id)
    if found.person_id is None or cooperative.organisation_id is None:
        raise Invalid(N_("Ghi cả hộ thì cần một người trong hộ đứng tên đồng ý."))
    return give_consent(
        actor, found.person_id, cooperative.organisation_id, purpose, helped_by_user_id=actor.user_id
    )


def own_consent(actor: Actor, cooperative_id: int, purpose: Purpose) -> Consent:
    """A signed-in producer agrees, for her household, to one purpose of a cooperative she supplies."""
    mine = [
        one for one in queries.producers_of_user(actor.user_id or 0) if one.cooperative_id == cooperative_id
    ]
    person = households.person_of_user(actor.user_id or 0)
    organisation_id = queries.cooperative(cooperative_id).organisation_id
    if not mine or person is None or organisation_id is None:
        raise NotFound(N_("Nhà mình chưa giao hàng cho hợp tác xã này."))
    return give_consent(actor, person.id, organisation_id, purpose)
