"""Reads of cooperatives, their accounts, terms and producers."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import selectinload

from cooperatives.models import (
    BankAccount,
    Cooperative,
    CooperativeDocument,
    Producer,
    SettlementTerms,
    Standing,
)
from cooperatives.rules import AccountState, StandingKind, State, Terms
from cooperatives.terms.rules import Clause
from core import clock
from core.db import UtcDateTime, db, run
from core.errors import NotFound
from core.i18n import N_
from core.text import fold
from households import queries as households
from households.models import Household, HouseholdMember, Person
from households.queries import member_on
from places.queries import place_names


@dataclass(frozen=True)
class ProducerView:
    """A producer as her own cooperative's staff see her: name and phone, standing, home; nothing of the registry."""

    id: int
    key: str
    code: str
    name: str
    phone: str | None
    standing: str | None
    person_id: int | None
    household_id: int | None
    household_key: str
    village: str
    place: str


@dataclass(frozen=True)
class TermsView:
    """Settlement terms in force on a day. Shares and factors in basis points."""

    id: int
    cooperative_id: int
    from_on: date
    producers_bp: int
    processing_bp: int
    fund_bp: int
    grade_factors_bp: dict[str, int]
    guaranteed_price: bool
    recall_borne_by: str
    clauses: tuple[Clause, ...] = ()
    buying: str = "consigned"
    member_agreement: bool = True
    withholds_tax: bool = False
    advance_bp: int = 10_000
    revision: int = 1
    set_at: datetime | None = None

    def as_terms(self) -> Terms:
        """The same as what a manager writes."""
        return Terms(**{one.name: getattr(self, one.name) for one in fields(Terms)})


def cooperative(cooperative_id: int) -> Cooperative:
    """A cooperative by id, in whatever state. Raises NotFound."""
    found = db.session.get(Cooperative, cooperative_id)
    if found is None:
        raise NotFound(N_("Không tìm thấy hợp tác xã này."))
    return found


def by_slug(slug: str) -> Cooperative:
    """An approved cooperative by its slug. Raises NotFound, also while it is suspended."""
    query = select(Cooperative).where(Cooperative.slug == slug, Cooperative.state == State.APPROVED)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không tìm thấy hợp tác xã này."))
    return found


def of_organisation(organisation_id: int | None) -> Cooperative:
    """The cooperative that an actor's organisation is. Raises NotFound."""
    query = select(Cooperative).where(Cooperative.organisation_id == organisation_id)
    found = db.session.execute(query).scalar_one_or_none() if organisation_id else None
    if found is None:
        raise NotFound(
            N_("Vai trò đang dùng không thuộc hợp tác xã nào."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    return found


def approved() -> list[Cooperative]:
    """Every cooperative that sells, by name."""
    query = select(Cooperative).where(Cooperative.state == State.APPROVED).order_by(Cooperative.name_folded)
    return list(db.session.execute(query).scalars())


def all_cooperatives() -> list[Cooperative]:
    """Every cooperative for the administrator: applications first, the oldest first, then the others by name."""
    query = select(Cooperative).order_by((Cooperative.state == State.APPLIED).desc())
    return list(
        db.session.execute(
            query.order_by((Cooperative.state != State.APPLIED), Cooperative.applied_at)
        ).scalars()
    )


def applications_of(user_id: int) -> list[Cooperative]:
    """The applications that a person made, the newest first."""
    query = (
        select(Cooperative).where(Cooperative.applied_by_user_id == user_id).order_by(Cooperative.id.desc())
    )
    return list(db.session.execute(query).scalars())


def active_account(cooperative_id: int, at: datetime | None = None) -> BankAccount | None:
    """The account to which money goes at an instant (now): the newest approved one whose hold has passed."""
    params = {"cooperative": cooperative_id, "moment": at or clock.now()}
    return db.session.execute(_active_statement(), params).scalar_one_or_none()


def active_account_id(cooperative_id: int, at: datetime | None = None) -> int | None:
    """The same, its id alone: whether a transfer can be offered, and what a payment keeps."""
    params = {"cooperative": cooperative_id, "moment": at or clock.now()}
    found = run(_active_id_statement(), params).scalar_one_or_none()
    return None if found is None else int(found)


@cache
def _active_id_statement() -> Select[tuple[int]]:
    return _active_statement().with_only_columns(BankAccount.id)


@cache
def _active_statement() -> Select[tuple[BankAccount]]:
    moment: BindParameter[datetime] = bindparam("moment", type_=UtcDateTime)
    return (
        select(BankAccount)
        .where(
            BankAccount.cooperative_id == bindparam("cooperative"),
            BankAccount.effective_at <= moment,
            or_(BankAccount.retired_at.is_(None), BankAccount.retired_at > moment),
            BankAccount.state != AccountState.PROPOSED,
        )
        .order_by(BankAccount.effective_at.desc(), BankAccount.id.desc())
        .limit(1)
    )


def accounts(cooperative_id: int) -> list[BankAccount]:
    """Every account a cooperative ever had, the newest first."""
    query = (
        select(BankAccount)
        .where(BankAccount.cooperative_id == cooperative_id)
        .order_by(BankAccount.id.desc())
    )
    return list(db.session.execute(query).scalars())


def open_change(cooperative_id: int) -> BankAccount | None:
    """The account that is proposed, or approved and still held."""
    for account in accounts(cooperative_id):
        if account.state == AccountState.PROPOSED:
            return account
        if (
            account.state == AccountState.WAITING
            and account.effective_at
            and account.effective_at > clock.now()
        ):
            return account
    return None


def _terms_view(row: SettlementTerms) -> TermsView:
    return TermsView(
        row.id,
        row.cooperative_id,
        row.from_on,
        row.producers_bp,
        row.processing_bp,
        row.fund_bp,
        {grade.grade: grade.factor_bp for grade in row.grades},
        row.guaranteed_price,
        row.recall_borne_by,
        tuple(Clause(one.kind, one.per, one.rate_bp, one.amount_vnd, one.name) for one in row.clauses),
        row.buying,
        row.member_agreement,
        row.withholds_tax,
        row.advance_bp,
        row.revision,
        row.set_at,
    )


def _all_terms(cooperative_id: int) -> list[SettlementTerms]:
    query = (
        select(SettlementTerms)
        .options(selectinload(SettlementTerms.grades), selectinload(SettlementTerms.clauses))
        .where(SettlementTerms.cooperative_id == cooperative_id)
        .order_by(SettlementTerms.from_on.desc(), SettlementTerms.revision.desc())
    )
    return list(db.session.execute(query).scalars())


def terms_on(cooperative_id: int, on: date) -> TermsView:
    """The settlement terms of a day; the latest revision where a day has several. Raises NotFound."""
    found = next((row for row in _all_terms(cooperative_id) if row.from_on <= on), None)
    if found is None:
        raise NotFound(
            N_("Hợp tác xã chưa có quy chế chia cho ngày này."), remedy=N_("Viết quy chế chia trước.")
        )
    return _terms_view(found)


def terms_history(cooperative_id: int) -> list[TermsView]:
    """All terms that hold, held or will hold, the newest first; a corrected revision only in its last form."""
    seen: dict[date, TermsView] = {}
    for row in _all_terms(cooperative_id):
        seen.setdefault(row.from_on, _terms_view(row))
    return list(seen.values())


def terms_view(cooperative_id: int, terms_id: int) -> TermsView:
    """One version of a cooperative's terms. Raises NotFound for another's."""
    found = db.session.get(SettlementTerms, terms_id)
    if found is None or found.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có quy chế này."), remedy=N_("Xem lại danh sách quy chế."))
    return _terms_view(found)


def standing_on(day: date) -> ColumnElement[bool]:
    """The condition that a standing holds on a day."""
    return (Standing.from_on <= day) & or_(Standing.to_on.is_(None), Standing.to_on > day)


def producer(producer_id: int) -> Producer:
    """A producer by id. Raises NotFound."""
    found = db.session.get(Producer, producer_id)
    if found is None:
        raise NotFound(N_("Không tìm thấy người sản xuất này."))
    return found


def producers(cooperative_id: int, on: date | None = None, search: str = "") -> list[ProducerView]:
    """The producers with a standing on a day (today), by given name.

    search: parts of name, village and code, in any order; marks may be left out.
    """
    day = on or clock.today()
    standing_ids = select(Standing.producer_id).where(standing_on(day))
    where = (Producer.cooperative_id == cooperative_id, Producer.id.in_(standing_ids))
    found = sorted(producer_views(list(db.session.execute(select(Producer.id).where(*where)).scalars()), day).values(),
                   key=lambda one: (fold(one.name.rsplit(" ", 1)[-1]), fold(one.name), one.id))  # fmt: skip
    wanted = fold(search)
    return [
        one
        for one in found
        if all(word in fold(f"{one.name} {one.village} {one.code}") for word in wanted.split())
    ]


def homes(cooperative_id: int) -> dict[int, str]:
    """The households of a cooperative's producers of today, by village, each with the names its staff know already."""
    names: dict[int, list[str]] = {}
    villages: dict[int, str] = {}
    for one in producers(cooperative_id):
        if one.household_id is not None:
            names.setdefault(one.household_id, []).append(one.name)
            villages[one.household_id] = one.village
    ordered = sorted(names, key=lambda home: (fold(villages[home]), fold(names[home][0]), home))
    return {home: f"{villages[home]}: {', '.join(names[home])}" for home in ordered}


def former_producers(cooperative_id: int, on: date | None = None) -> list[ProducerView]:
    """Producers who supplied this cooperative once and have no standing on a day."""
    day = on or clock.today()
    standing_ids = select(Standing.producer_id).where(standing_on(day))
    where = (Producer.cooperative_id == cooperative_id, Producer.id.not_in(standing_ids))
    ids = list(db.session.execute(select(Producer.id).where(*where)).scalars())
    return sorted(producer_views(ids, day).values(), key=lambda one: fold(one.name))


def producer_views(producer_ids: list[int], on: date | None = None) -> dict[int, ProducerView]:
    """What staff may see of producers, by id, in three queries however many there are."""
    day = on or clock.today()
    home = func.coalesce(Producer.household_id, HouseholdMember.household_id)
    query = (
        select(Producer, Person.name, Person.phone, Standing.kind, Household)
        .outerjoin(Person, Person.id == Producer.person_id)
        .outerjoin(HouseholdMember, (HouseholdMember.person_id == Producer.person_id) & member_on(day))
        .outerjoin(Household, Household.id == home)
        .outerjoin(Standing, (Standing.producer_id == Producer.id) & standing_on(day))
        .where(Producer.id.in_(producer_ids))
    )
    rows = [row._tuple() for row in db.session.execute(query)]
    heads = households.head_names({one.household_id for one, *_rest in rows if one.household_id}, day)
    places = place_names({row[4].commune_id for row in rows if row[4]})
    views = {}
    for one, name, phone, standing, house in rows:
        views[one.id] = ProducerView(
            id=one.id,
            key=one.key,
            code=one.code,
            name=name or heads.get(one.household_id or 0) or (house.village if house else ""),
            phone=phone,
            standing=standing,
            person_id=one.person_id,
            household_id=house.id if house else None,
            household_key=house.key if house else one.key,
            village=house.village if house else "",
            place=places[house.commune_id].full if house else "",
        )
    return views


def producer_view(producer_id: int, on: date | None = None) -> ProducerView:
    """What staff may see of one producer. Raises NotFound."""
    producer(producer_id)
    return producer_views([producer_id], on)[producer_id]


def producer_names(producer_ids: set[int]) -> dict[int, str]:
    """Names for lists and statements."""
    return {key: view.name for key, view in producer_views(list(producer_ids)).items()}


def producer_name(producer_id: int) -> str:
    """One producer's name. Raises NotFound."""
    return producer_view(producer_id).name


def producers_of_person(person_id: int) -> list[Producer]:
    """Every producer row of a person, one for each cooperative she supplies."""
    return list(db.session.execute(select(Producer).where(Producer.person_id == person_id)).scalars())


def producers_of_user(user_id: int) -> list[Producer]:
    """The producer rows of a signed-in person, and those of her household where it is named as a whole."""
    person = households.person_of_user(user_id)
    if person is None:
        return []
    home = households.household_of_person(person.id, clock.today())
    ours = Producer.household_id == home.id if home else Producer.id < 0
    query = select(Producer).where(or_(Producer.person_id == person.id, ours)).order_by(Producer.id)
    return list(db.session.execute(query).scalars())


def household_of_producer(producer_id: int, on: date) -> int | None:
    """The household that a producer belonged to on a day, to be written on that day's slip."""
    one = producer(producer_id)
    if one.household_id is not None:
        return one.household_id
    home = households.household_of_person(one.person_id, on) if one.person_id else None
    return home.id if home else None


def standing_of(producer_id: int, on: date) -> StandingKind | None:
    """Member, linked, or None on a day without a standing."""
    query = select(Standing.kind).where(Standing.producer_id == producer_id, standing_on(on))
    kind = db.session.execute(query).scalar_one_or_none()
    return StandingKind(kind) if kind else None


def standings(producer_id: int) -> list[Standing]:
    """A producer's standings, the newest first."""
    query = select(Standing).where(Standing.producer_id == producer_id).order_by(Standing.from_on.desc())
    return list(db.session.execute(query).scalars())


def document_of(cooperative_id: int, document_id: int) -> CooperativeDocument:
    """A paper of an application. Raises NotFound for another's."""
    found = db.session.get(CooperativeDocument, document_id)
    if found is None or found.cooperative_id != cooperative_id:
        raise NotFound(N_("Không tìm thấy giấy tờ này."))
    return found
