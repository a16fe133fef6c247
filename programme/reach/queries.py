"""Counts of producers and households. Ids stay inside these functions; what comes out is sums alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import SQLColumnExpression, and_, case, extract, func, select
from sqlalchemy.sql import ColumnElement, Select

from cooperatives.models import Cooperative, Producer, Standing
from cooperatives.queries import standing_on
from core import clock
from core.db import db
from households.models import HouseholdMember, Person
from households.queries import member_on
from programme.reach.rules import (
    GROUPS,
    LINKED,
    MEMBER,
    SEXES,
    STANDINGS,
    Cohorts,
    cohorts,
    counted,
    ethnic_group,
    sex_group,
)
from programme.rules import Month, Split, split
from revenue.models import Entry, Ledger, Posting
from revenue.queries import TO_PRODUCERS

EARNED = func.coalesce(-func.sum(Posting.amount_vnd), 0)


@dataclass(frozen=True)
class PaidHouseholds:
    """Households to whom sales brought money, net of refunds. The first two are about the last month asked."""

    linked: int
    sexes: Split
    by_organisation: dict[int, int]
    by_month: tuple[int, ...]

    @property
    def count(self) -> int:
        """In the last month asked."""
        return self.by_month[-1]


def _home(day: date) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    """A producer's household on a day, and the condition of the outer join that finds it."""
    join = and_(HouseholdMember.person_id == Producer.person_id, member_on(day))
    return func.coalesce(Producer.household_id, HouseholdMember.household_id), join


def _heads(day: date) -> Select[Any]:
    """Of each household, its head's sex and declared ethnic code on a day."""
    return (
        select(HouseholdMember.household_id, Person.sex, Person.ethnic_code)
        .join(Person, Person.id == HouseholdMember.person_id)
        .where(HouseholdMember.relation == "head", member_on(day))
    )


def linked_households(day: date) -> int:
    """How many households have a producer with a standing on a day. One statement."""
    home, join = _home(day)
    return db.session.execute(
        select(func.count(home.distinct()))
        .select_from(Producer)
        .join(Standing, Standing.producer_id == Producer.id)
        .outerjoin(HouseholdMember, join)
        .where(standing_on(day))
    ).scalar_one()


def paid_households(months: Sequence[Month], today: date) -> PaidHouseholds:
    """Who earned in each month, the last one in detail. Three statements."""
    last, until = months[-1], months[-1].plus(1).first
    day = min(today, date.fromordinal(until.toordinal() - 1))
    return PaidHouseholds(
        linked=linked_households(day),
        sexes=_paid_sexes(last, day),
        by_organisation=_paid_by_organisation(last),
        by_month=_paid_by_month(months),
    )


def _earning(*by: SQLColumnExpression[Any], since: date, until: date) -> Select[Any]:
    """Households with a positive sum from `since` to before `until`, once for each value of `by`."""
    return (
        select(Posting.household_id, *by)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.household_id.is_not(None), Posting.component.in_(TO_PRODUCERS))
        .where(Entry.on >= since, Entry.on < until)
        .group_by(Posting.household_id, *by)
        .having(EARNED > 0)
    )


def _paid_by_month(months: Sequence[Month]) -> tuple[int, ...]:
    year, month = extract("year", Entry.on), extract("month", Entry.on)
    earning = _earning(
        year.label("year"), month.label("month"), since=months[0].first, until=months[-1].plus(1).first
    )
    paid = earning.subquery()
    rows = db.session.execute(
        select(paid.c.year, paid.c.month, func.count()).group_by(paid.c.year, paid.c.month)
    )
    found = {Month(int(at_year), int(at_month)): int(count) for at_year, at_month, count in rows}
    return tuple(found.get(one, 0) for one in months)


def _paid_by_organisation(month: Month) -> dict[int, int]:
    earning = _earning(Ledger.organisation_id, since=month.first, until=month.plus(1).first)
    paid = earning.join(Ledger, Ledger.id == Entry.ledger_id).subquery()
    rows = db.session.execute(select(paid.c.organisation_id, func.count()).group_by(paid.c.organisation_id))
    return {organisation_id: int(count) for organisation_id, count in rows}


def _paid_sexes(month: Month, day: date) -> Split:
    paid = _earning(since=month.first, until=month.plus(1).first).subquery()
    heads = _heads(day).subquery()
    rows = db.session.execute(
        select(heads.c.sex, func.count(paid.c.household_id.distinct()))
        .select_from(paid)
        .outerjoin(heads, heads.c.household_id == paid.c.household_id)
        .group_by(heads.c.sex)
    )
    return _split_counts(((sex_group(sex), int(count)) for sex, count in rows), SEXES)


def _split_counts(rows: Any, names: Sequence[str]) -> Split:
    found: Counter[str] = Counter()
    for name, count in rows:
        found[name] += count
    return split([(name, found[name]) for name in names])


@dataclass(frozen=True)
class Reach:
    """Whom the cooperatives reach today, as counts that are safe to print."""

    day: date
    standings: Split
    sexes: Split
    groups: Split
    home_standings: Split
    home_sexes: Split
    home_groups: Split
    cooperatives: Split
    cohorts: Cohorts
    began: date | None


def reach() -> Reach:
    """Everybody with a standing today. Five statements."""
    today, began = clock.today(), _ledger_began()
    producers = _producers(today)
    heads = {row.household_id: row for row in db.session.execute(_heads(today))}
    homes: dict[int, str] = {}
    for row in producers:
        if row.home is not None:
            homes[row.home] = MEMBER if row.kind == MEMBER else homes.get(row.home, LINKED)
    asked = [heads.get(home) for home in homes]
    names = {row.cooperative_id: row.name for row in producers}
    return Reach(
        day=today,
        standings=counted((row.kind for row in producers), STANDINGS),
        sexes=counted((sex_group(row.sex) for row in producers), SEXES),
        groups=counted((ethnic_group(row.ethnic_code) for row in producers), GROUPS),
        home_standings=counted(homes.values(), STANDINGS),
        home_sexes=counted((sex_group(head.sex if head else None) for head in asked), SEXES),
        home_groups=counted((ethnic_group(head.ethnic_code if head else None) for head in asked), GROUPS),
        cooperatives=counted(
            (names[row.cooperative_id] for row in producers), list(dict.fromkeys(names.values()))
        ),
        cohorts=cohorts(_joining_years(), _yearly_sums(), _ledger_years(began or today, today)),
        began=began,
    )


def _producers(day: date) -> Sequence[Any]:
    home, join = _home(day)
    return db.session.execute(
        select(Producer.cooperative_id, Cooperative.name, Standing.kind, Person.sex, Person.ethnic_code,
               home.label("home"))
        .join(Standing, Standing.producer_id == Producer.id)
        .join(Cooperative, Cooperative.id == Producer.cooperative_id)
        .outerjoin(Person, Person.id == Producer.person_id)
        .outerjoin(HouseholdMember, join)
        .where(standing_on(day))
        .order_by(Cooperative.name_folded, Cooperative.id)
    ).all()  # fmt: skip


def _joining_years() -> dict[int, int]:
    """Household → the year in which one of its people first had a standing, in whatever cooperative."""
    there = and_(
        HouseholdMember.person_id == Producer.person_id,
        HouseholdMember.from_on <= Standing.from_on,
        case((HouseholdMember.to_on.is_(None), True), else_=HouseholdMember.to_on > Standing.from_on),
    )
    home = func.coalesce(Producer.household_id, HouseholdMember.household_id)
    rows = db.session.execute(
        select(home, func.min(Standing.from_on))
        .select_from(Standing)
        .join(Producer, Producer.id == Standing.producer_id)
        .outerjoin(HouseholdMember, there)
        .where(home.is_not(None))
        .group_by(home)
    )
    return {household_id: first.year for household_id, first in rows}


def _yearly_sums() -> dict[tuple[int, int], int]:
    """(household, calendar year) → what sales through this ledger brought it, refunds taken off, đồng."""
    year = extract("year", Entry.on)
    rows = db.session.execute(
        select(Posting.household_id, year, EARNED)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.household_id.is_not(None), Posting.component.in_(TO_PRODUCERS))
        .group_by(Posting.household_id, year)
    )
    return {(household_id, int(of)): int(amount) for household_id, of, amount in rows}


def _ledger_began() -> date | None:
    """The day of the first entry of money; None while there is none."""
    return db.session.execute(select(func.min(Entry.on))).scalar_one()


def _ledger_years(began: date, today: date) -> tuple[int, ...]:
    """This year and the two before it, as far as there is a ledger."""
    return tuple(range(max(began.year, today.year - 2), today.year + 1))
