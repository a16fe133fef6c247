"""What a past month would have looked like under a draft: read from book and trace graph, nothing written."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select

from cooperatives import queries as cooperatives
from cooperatives.queries import ProducerView
from cooperatives.rules import Terms as Written
from cooperatives.terms.words import Sentence, sentences
from core.db import db
from revenue.models import Entry, Ledger, Posting
from revenue.rules import SHARES, EntryKind
from revenue.split import queries as split
from revenue.split.rules import UNMEASURED
from revenue.terms.queries import measures
from revenue.terms.rules import Change, Part, Sums, changes, recomputed

LOTS_MOST = 300  # the largest ones; what they brought is said beside the sums
PARTS_MOST = 3_000  # beyond it a lot's lines are taken together, which moves single đồng


@dataclass(frozen=True)
class Preview:
    """A month under a draft, đồng. seen of all: what the sums cover. said: articles that change, (before, after)."""

    month: date
    order_count: int
    all_vnd: int
    seen_vnd: int
    was: Sums
    would: Sums
    changes: list[Change]
    people: dict[int, ProducerView]
    said: list[tuple[Sentence | None, Sentence | None]]
    together: bool

    def total(self, sums: Sums) -> int:
        """What all parts of some sums add up to."""
        return sum(sums.components.values())


def month_of(day: date) -> tuple[date, date]:
    """The first day of a day's month and of the next one."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def preview(organisation_id: int, cooperative_id: int, draft: Written, in_month: date) -> Preview:
    """Last month's delivered sales again, before refunds, under a draft. Bounded by LOTS_MOST and PARTS_MOST."""
    since, until = month_of(in_month)
    rows = _sold(organisation_id, since, until)
    all_vnd = sum(row[2] for row in rows)
    largest = _largest({row[1] for row in rows}, rows)
    rows = [row for row in rows if row[1] in largest]
    terms = split.of_draft(draft)
    parts, together = _parts(rows, measured=terms.measured)
    given = split.contributions(largest)
    was = _posted(organisation_id, since, until, largest)
    now = cooperatives.terms_on(cooperative_id, until - timedelta(days=1))
    middle = recomputed(parts, given, replace(terms, grade_factors_bp=now.grade_factors_bp))
    would = recomputed(parts, given, terms)
    changed = changes(was, middle, would)
    return Preview(
        since, len({row[3] for row in rows}), all_vnd, sum(row[2] for row in rows), was, would, changed,
        cooperatives.producer_views([one.producer_id for one in changed]), compared(now.as_terms(), draft), together,
    )  # fmt: skip


def _month(organisation_id: int, since: date, until: date) -> tuple[object, ...]:
    return (
        Ledger.organisation_id == organisation_id, Entry.kind == str(EntryKind.SALE), Entry.on >= since,
        Entry.on < until,
        Posting.component.in_([str(one) for one in SHARES]), Posting.lot_id.is_not(None),
    )  # fmt: skip


def _sold(organisation_id: int, since: date, until: date) -> list[tuple[int, int, int, int]]:
    """(order line, lot, đồng, order) of a month's sales."""
    rows = db.session.execute(
        select(Posting.order_line_id, Posting.lot_id, -func.sum(Posting.amount_vnd), Entry.order_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(*_month(organisation_id, since, until))  # type: ignore[arg-type]
        .group_by(Posting.order_line_id, Posting.lot_id, Entry.order_id)
        .order_by(Posting.order_line_id, Posting.lot_id)
    )
    return [(int(line), int(lot), int(amount), int(order)) for line, lot, amount, order in rows]


def _largest(lots: set[int], rows: list[tuple[int, int, int, int]]) -> set[int]:
    sums = dict.fromkeys(lots, 0)
    for _line, lot, amount, _order in rows:
        sums[lot] += amount
    return set(sorted(sums, key=lambda lot: (-sums[lot], lot))[:LOTS_MOST])


def _parts(rows: list[tuple[int, int, int, int]], *, measured: bool) -> tuple[list[Part], bool]:
    goods = measures({row[0] for row in rows}) if measured else {}
    if len(rows) <= PARTS_MOST:
        return [
            Part(lot, amount, goods.get((line, lot), UNMEASURED)) for line, lot, amount, _order in rows
        ], False
    sums: dict[int, Part] = {}
    for line, lot, amount, _order in rows:
        before, mine = sums.get(lot), goods.get((line, lot), UNMEASURED)
        grams = mine.grams + (before.goods.grams if before else 0)
        sums[lot] = Part(lot, amount + (before.amount_vnd if before else 0), replace(mine, grams=grams))
    return list(sums.values()), True


def _posted(organisation_id: int, since: date, until: date, lots: set[int]) -> Sums:
    rows = db.session.execute(
        select(Posting.component, Posting.producer_id, -func.sum(Posting.amount_vnd))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(*_month(organisation_id, since, until), Posting.lot_id.in_(lots))  # type: ignore[arg-type]
        .group_by(Posting.component, Posting.producer_id)
    )
    sums = Sums()
    for component, who, amount in rows:
        sums.add(component, who, int(amount))
    return sums


def compared(now: Written, draft: Written) -> list[tuple[Sentence | None, Sentence | None]]:
    """The articles that a draft changes, adds or leaves out: (as it is, as it would be)."""
    old = {one.title: one for one in sentences(now)}
    new = {one.title: one for one in sentences(draft)}
    titles = list(dict.fromkeys([*old, *new]))
    return [
        (old.get(one), new.get(one))
        for one in titles
        if (old[one].text if one in old else "") != (new[one].text if one in new else "")
    ]
