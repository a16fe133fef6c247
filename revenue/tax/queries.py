"""Reads of withholding: the dated rows, each seller's turnover of a year, what was kept back of it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from cooperatives.queries import producer_names
from core.db import db
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import OUTRIGHT_DEALS, AccountKind, Component
from revenue.tax import rules
from revenue.tax.rules import Layout, Rule

DATA = Path(__file__).parent / "data"
TAXED = [str(Component.PRODUCERS), str(Component.GUARANTEE)]
OUTRIGHT = [str(one) for one in OUTRIGHT_DEALS]
TAXES = ("vat", "pit")


@cache
def dated_rules() -> tuple[Rule, ...]:
    """Every row of the law that is known here, read once."""
    return rules.parse(json.loads((DATA / "withholding.json").read_text(encoding="utf-8")))


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout of a paper that is known here, read once: one example of our own, so far."""
    return rules.parse_layouts(json.loads((DATA / "layouts.json").read_text(encoding="utf-8")))


def _of_year(organisation_id: int, year: int) -> ColumnElement[bool]:
    """Shares that count as a seller's turnover in a calendar year: days are Hà Nội's, as `Entry.on` is."""
    return and_(
        Ledger.organisation_id == organisation_id, Entry.on >= date(year, 1, 1), Entry.on <= date(year, 12, 31),
        Posting.component.in_(TAXED), Posting.producer_id.is_not(None), Posting.deal.not_in(OUTRIGHT),
    )  # fmt: skip


def turnovers(organisation_id: int, year: int, sellers: Iterable[str]) -> dict[str, int]:
    """What these sellers turned over through one cooperative in a year, refunds taken off, đồng. One statement."""
    ids: dict[str, list[int]] = {"household": [], "producer": []}
    for one in sellers:
        kind, _colon, number = one.partition(":")
        ids[kind].append(int(number))
    mine = or_(
        Posting.household_id.in_(ids["household"]),
        and_(Posting.household_id.is_(None), Posting.producer_id.in_(ids["producer"])),
    )
    alone = case((Posting.household_id.is_(None), Posting.producer_id))
    rows = db.session.execute(
        select(Posting.household_id, alone, -func.sum(Posting.amount_vnd))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(mine, _of_year(organisation_id, year))
        .group_by(Posting.household_id, alone)
    )
    return {rules.seller(home, who or 0): int(amount) for home, who, amount in rows}


@dataclass(frozen=True)
class SellerYear:
    """One seller's calendar year in one cooperative, đồng, refunds taken off.

    kept: what was kept back, by tax. due: what the year's turnover comes to under the rule of its last day, for
    comparison: a refund gives back its own part of the tax, so both may differ by little. exempt: the threshold of
    each tax. rule_ids: every dated row that was applied.
    """

    seller: str
    name: str
    turnover_vnd: int
    kept: dict[str, int]
    due: dict[str, int]
    exempt: dict[str, int]
    rule_ids: tuple[str, ...]

    @property
    def kept_vnd(self) -> int:
        """All taxes together."""
        return sum(self.kept.values())

    @property
    def differs_vnd(self) -> int:
        """What was kept beyond what the year's sum comes to; negative when too little was."""
        return self.kept_vnd - sum(self.due.values())


def last_day_rule(year: int) -> Rule | None:
    """The row for goods that closes a year."""
    return rules.rule_on(dated_rules(), "goods", date(year, 12, 31))


def year(organisation_id: int, of_year: int, only: str | None = None) -> list[SellerYear]:
    """Every seller of a year, the largest turnover first. Its names are of those who supplied, as staff know them."""
    tax = Account.kind == str(AccountKind.TAXES_WITHHELD)
    subject = case((tax, Account.subject), else_="").label("levy")
    named = case((tax, Posting.rule), else_="").label("levy_rule")
    asked = (
        select(Posting.household_id, Posting.producer_id, subject, named, -func.sum(Posting.amount_vnd))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .join(Account, Account.id == Posting.account_id)
        .where(_of_year(organisation_id, of_year))
        .group_by(
            Posting.household_id, Posting.producer_id, "levy", "levy_rule"
        )  # by name: PostgreSQL compares them
    )
    sums: dict[str, list[tuple[str, str, int]]] = {}
    people: dict[str, set[int]] = {}
    for home, who, kind, rule, amount in db.session.execute(asked):
        one = rules.seller(home, who)
        if only in (None, one):
            sums.setdefault(one, []).append((kind, rule, int(amount)))
            people.setdefault(one, set()).add(who)
    names = producer_names({who for found in people.values() for who in found})
    closing = last_day_rule(of_year)
    found = [
        _seller_year(one, rows, ", ".join(names[who] for who in sorted(people[one])), closing)
        for one, rows in sums.items()
    ]
    return sorted(found, key=lambda one: (-one.turnover_vnd, one.seller))


def _seller_year(
    seller: str, rows: list[tuple[str, str, int]], name: str, closing: Rule | None
) -> SellerYear:
    turnover = sum(amount for _kind, _rule, amount in rows)
    kept = {tax: sum(amount for kind, _rule, amount in rows if kind == tax) for tax in TAXES}
    applied = tuple(sorted({rule.split(":")[1] for _kind, rule, _amount in rows if rule.startswith("tax:")}))
    due = rules.due(turnover, closing) if closing and applied else dict.fromkeys(TAXES, 0)
    exempt = {one.tax: one.exempt_vnd for one in closing.levies} if closing else {}
    return SellerYear(seller, name, turnover, kept, due, exempt, applied)


def sellers_of(producer_id: int, of_year: int, organisation_id: int) -> list[SellerYear]:
    """The years of the households in which one producer lived while she sold; mostly one."""
    rows = db.session.execute(
        select(Posting.household_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(_of_year(organisation_id, of_year), Posting.producer_id == producer_id)
        .distinct()
    )
    mine = {rules.seller(home, producer_id) for (home,) in rows}
    return [one for one in year(organisation_id, of_year) if one.seller in mine]


def months(organisation_id: int, of_year: int) -> list[tuple[date, dict[str, int]]]:
    """What was kept back in each month of a year, by tax, refunds taken off; the newest first."""
    rows = db.session.execute(
        select(Entry.on, Account.subject, -func.sum(Posting.amount_vnd))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .join(Account, Account.id == Posting.account_id)
        .where(_of_year(organisation_id, of_year), Account.kind == str(AccountKind.TAXES_WITHHELD))
        .group_by(Entry.on, Account.subject)
    )
    found: dict[date, dict[str, int]] = {}
    for on, tax, amount in rows:
        mine = found.setdefault(on.replace(day=1), dict.fromkeys(TAXES, 0))
        mine[tax] = mine.get(tax, 0) + int(amount)
    return sorted(found.items(), reverse=True)


def years(organisation_id: int) -> list[int]:
    """The calendar years in which anything was sold for its maker, the newest first."""
    year_of = func.extract("year", Entry.on)
    rows = db.session.execute(
        select(year_of)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Entry.kind == "sale")
        .distinct()
    )
    return sorted((int(one) for (one,) in rows), reverse=True)


def faults() -> Iterator[str]:
    """Where tax kept back is not what the seller's year gives; for `flask revenue verify`.

    Reads the shares of ledgers that keep tax back in the order of their entries: each entry's tax must be the tax on
    the year with it less the tax on the year before it. Refunds are held by `revenue.audit` as every other share.
    """
    kept = select(Account.ledger_id).where(Account.kind == str(AccountKind.TAXES_WITHHELD)).distinct()
    for (ledger_id,) in db.session.execute(kept).all():
        yield from _faults_of(ledger_id)


def _faults_of(ledger_id: int) -> Iterator[str]:
    tax = Account.kind == str(AccountKind.TAXES_WITHHELD)
    subject = case((tax, Account.subject), else_="")
    rows = db.session.execute(
        select(Entry.seq, Entry.kind, Entry.on, Posting.household_id, Posting.producer_id, subject, Posting.rule,
               Posting.amount_vnd)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(Entry.ledger_id == ledger_id, Posting.component.in_(TAXED), Posting.producer_id.is_not(None),
               Posting.deal.not_in(OUTRIGHT))
        .order_by(Entry.seq).execution_options(yield_per=1_000)
    )  # fmt: skip
    known = {one.id: one for one in dated_rules()}
    turnover: dict[tuple[int, str], int] = {}
    entry: dict[str, _Taxed] = {}
    at, kind, on = 0, "", date.min
    for seq, kind_, on_, home, who, levy, rule, amount in rows:
        if seq != at:
            yield from _checked(ledger_id, at, kind, on, entry, turnover, known)
            at, kind, on, entry = seq, kind_, on_, {}
        one = entry.setdefault(rules.seller(home, who), _Taxed())
        one.amount_vnd -= amount
        if levy:
            one.kept[levy] = one.kept.get(levy, 0) - amount
            one.rule_id = rule.split(":")[1]
    yield from _checked(ledger_id, at, kind, on, entry, turnover, known)


@dataclass
class _Taxed:
    """What one seller got in one entry, and what was kept back of it."""

    amount_vnd: int = 0
    rule_id: str = ""
    kept: dict[str, int] = field(default_factory=dict)


def _checked(
    ledger_id: int, seq: int, kind: str, on: date, entry: dict[str, _Taxed], turnover: dict[tuple[int, str], int],
    known: dict[str, Rule],
) -> Iterator[str]:  # fmt: skip
    for seller, one in sorted(entry.items()):
        before = turnover.get((on.year, seller), 0)
        turnover[on.year, seller] = before + one.amount_vnd
        if kind == "refund" or not one.rule_id:
            continue
        rule = known.get(one.rule_id)
        wanted = rules.withheld(before, one.amount_vnd, rule) if rule else {}
        if rule is None or wanted != one.kept:
            yield f"ledger {ledger_id}: entry {seq}: {seller} was taxed {one.kept}, the year gives {wanted}"
