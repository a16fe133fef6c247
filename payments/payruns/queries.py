"""Reads of pay runs: what a run would pay, one run with its lines and sums, one line with its neighbours."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from accounts.queries import user
from cooperatives.queries import ProducerView, of_organisation, producer_views
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from payments.payouts.models import ProducerAccount
from payments.payruns.models import Payrun, PayrunLine
from payments.payruns.rules import LineState, Owed, Plan, RunState, plan
from revenue.ledger.queries import balances, owed_producers
from revenue.payouts.models import PayoutConfirmation
from revenue.payouts.queries import alone_today, last_paid, limit_on, payable_upto
from revenue.payouts.rules import needs_second
from revenue.rules import AccountKind

PAGE = 20
OTHERS = (AccountKind.BUYER_PREPAYMENT, AccountKind.REFUND_DUE, AccountKind.SUSPENSE)
LAYOUTS = Path(__file__).with_name("layouts.json")


@dataclass(frozen=True)
class Choice:
    """What a run is to pay: what was earned up to a day, sums from `least_vnd`, in all at most `most_vnd` đồng."""

    upto_on: date
    least_vnd: int = 0
    most_vnd: int | None = None


@dataclass(frozen=True)
class Funds:
    """What the book says is there, đồng. others_vnd: of the bank's, what is the buyers' (paid ahead, owed back,
    unknown). carrier_vnd: cash on delivery that carriers hold; it is not money yet. planned: in other open runs."""

    bank_vnd: int
    cash_vnd: int
    others_vnd: int
    carrier_vnd: int
    planned_bank_vnd: int
    planned_cash_vnd: int

    @property
    def free_bank_vnd(self) -> int:
        """What no other run has planned."""
        return max(0, self.bank_vnd - self.planned_bank_vnd)

    @property
    def free_cash_vnd(self) -> int:
        """What no other run has planned."""
        return max(0, self.cash_vnd - self.planned_cash_vnd)

    @property
    def own_vnd(self) -> int:
        """What can be paid out without touching the buyers' money."""
        return max(0, self.free_bank_vnd - self.others_vnd) + self.free_cash_vnd


def no_run() -> NotFound:
    """The answer for what is not there, and for what is another cooperative's."""
    return NotFound(N_("Không có lượt trả này."), remedy=N_("Mở lại từ danh sách."))


def funds(organisation_id: int) -> Funds:
    """What can be paid from now."""
    kinds = (AccountKind.BANK, AccountKind.CASH, AccountKind.COD_RECEIVABLE, *OTHERS)
    there = balances(organisation_id, kinds)
    planned = dict.fromkeys(("bank", "cash"), 0)
    rows = db.session.execute(
        select(PayrunLine.method, func.sum(PayrunLine.amount_vnd))
        .join(Payrun, Payrun.id == PayrunLine.run_id)
        .where(
            Payrun.cooperative_id == of_organisation(organisation_id).id,
            PayrunLine.state == LineState.PLANNED,
        )
        .group_by(PayrunLine.method)
    )
    planned |= {method: int(amount) for method, amount in rows}
    others = -sum(there[kind] for kind in OTHERS)
    return Funds(there[AccountKind.BANK], there[AccountKind.CASH], max(0, others),
                 there[AccountKind.COD_RECEIVABLE], planned["bank"], planned["cash"])  # fmt: skip


def planned(organisation_id: int, choice: Choice) -> Plan:
    """What a run would pay now, and whom it would leave out, in a handful of statements however many are owed."""
    now_owed = dict(owed_producers(organisation_id))
    earned = payable_upto(organisation_id, choice.upto_on)
    accounts = {
        one.producer_id: one
        for one in db.session.execute(
            select(ProducerAccount).where(ProducerAccount.producer_id.in_(list(now_owed)))
        ).scalars()
    }
    busy = set(
        db.session.execute(
            select(PayrunLine.producer_id).where(
                PayrunLine.state == LineState.PLANNED, PayrunLine.producer_id.in_(list(now_owed))
            )
        ).scalars()
    )
    paid, there, now = last_paid(organisation_id), funds(organisation_id), clock.now()

    def held(account: ProducerAccount | None) -> bool:
        return account is not None and account.hold_until is not None and account.hold_until > now

    owed = [
        Owed(
            who,
            min(amount, earned[who]),
            paid.get(who),
            who in accounts,
            held(accounts.get(who)),
            who in busy,
            amount,
        )
        for who, amount in now_owed.items()
        if earned.get(who, 0) > 0
    ]
    return plan(
        owed, there.free_bank_vnd, there.free_cash_vnd, least_vnd=choice.least_vnd, most_vnd=choice.most_vnd
    )


def second_needed(organisation_id: int, amount_vnd: int) -> bool:
    """Whether a run of so many đồng waits for a second person: with what one alone paid or planned today."""
    mine = of_organisation(organisation_id).id
    alone = int(db.session.execute(
        select(func.coalesce(func.sum(PayrunLine.amount_vnd), 0))
        .join(Payrun, Payrun.id == PayrunLine.run_id)
        .where(Payrun.cooperative_id == mine, Payrun.state == RunState.OPEN,
               Payrun.approved_by_user_id.is_(None), PayrunLine.state == LineState.PLANNED)
    ).scalar_one())  # fmt: skip
    limit = limit_on(organisation_id, clock.today())
    return needs_second(amount_vnd, alone + alone_today(organisation_id), limit)


def run_for(run_id: int, organisation_id: int | None, *, lock: bool = False) -> Payrun:
    """A pay run of the cooperative that an organisation is. Another's is answered like none: NotFound."""
    wanted = select(Payrun).where(Payrun.id == run_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None or found.cooperative_id != of_organisation(organisation_id).id:
        raise no_run()
    return found


@dataclass(frozen=True)
class RunRow:
    """One run in the list."""

    id: int
    number: str
    state: str
    made_at: datetime
    lines_count: int
    total_vnd: int


def runs(organisation_id: int, page: int = 1) -> tuple[list[RunRow], int]:
    """A page of runs, the newest first, and how many pages there are."""
    mine = Payrun.cooperative_id == of_organisation(organisation_id).id
    count = db.session.execute(select(func.count()).select_from(Payrun).where(mine)).scalar_one()
    rows = db.session.execute(
        select(Payrun.id, Payrun.number, Payrun.state, Payrun.made_at, func.count(PayrunLine.id),
               func.coalesce(func.sum(PayrunLine.amount_vnd), 0))
        .outerjoin(PayrunLine, PayrunLine.run_id == Payrun.id)
        .where(mine).group_by(Payrun.id).order_by(Payrun.id.desc()).offset((page - 1) * PAGE).limit(PAGE)
    )  # fmt: skip
    found = [
        RunRow(run_id, number, state, at, lines, int(total))
        for run_id, number, state, at, lines, total in rows
    ]
    return found, max(1, -(-count // PAGE))


@dataclass(frozen=True)
class LineView:
    """A line as staff see it. confirmed: cash that the producer confirmed."""

    id: int
    who: ProducerView
    method: str
    amount_vnd: int
    owed_vnd: int
    state: str
    why: str
    payout_id: int | None
    confirmed: bool


@dataclass(frozen=True)
class RunView:
    """A run with its lines and what became of them, đồng by state."""

    row: Payrun
    made_by: str
    approved_by: str
    lines: list[LineView]
    sums: dict[str, int]
    counts: dict[str, int]
    total_vnd: int


def run_view(run: Payrun) -> RunView:
    """Everything of a run, in the order it was planned."""
    said = select(PayoutConfirmation.id).where(PayoutConfirmation.payout_id == PayrunLine.payout_id).exists()
    rows = db.session.execute(
        select(PayrunLine, said).where(PayrunLine.run_id == run.id).order_by(PayrunLine.id)
    ).all()
    who = producer_views([one.producer_id for one, _said in rows])
    lines = [
        LineView(one.id, who[one.producer_id], one.method, one.amount_vnd, one.owed_vnd, one.state, one.why,
                 one.payout_id, bool(confirmed))
        for one, confirmed in rows
    ]  # fmt: skip
    sums = {str(state): sum(one.amount_vnd for one in lines if one.state == state) for state in LineState}
    counts = {str(state): sum(one.state == state for one in lines) for state in LineState}
    return RunView(
        run, user(run.made_by_user_id).name, user(run.approved_by_user_id).name if run.approved_by_user_id else "",
        lines, sums, counts, sum(one.amount_vnd for one in lines),
    )  # fmt: skip


def line_of(run_id: int, line_id: int) -> PayrunLine:
    """A line of a run. Raises NotFound for another run's."""
    found = db.session.get(PayrunLine, line_id)
    if found is None or found.run_id != run_id:
        raise no_run()
    return found


@dataclass(frozen=True)
class Place:
    """Where a line stands in its run: its number, how many there are, its neighbours, the next that did not go yet."""

    number: int
    count: int
    before: int | None
    after: int | None
    next_planned: int | None


def place(line: PayrunLine) -> Place:
    """A line's place among those that go the same way."""
    rows = db.session.execute(
        select(PayrunLine.id, PayrunLine.state)
        .where(PayrunLine.run_id == line.run_id, PayrunLine.method == line.method)
        .order_by(PayrunLine.id)
    ).all()
    ids = [row.id for row in rows]
    at = ids.index(line.id)
    waiting = [row.id for row in [*rows[at + 1 :], *rows[:at]] if row.state == LineState.PLANNED]
    return Place(at + 1, len(ids), ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None,
                 waiting[0] if waiting else None)  # fmt: skip


def line_of_payout(payout_id: int) -> PayrunLine | None:
    """The line by which a payout went, if it was part of a run."""
    return db.session.execute(
        select(PayrunLine).where(PayrunLine.payout_id == payout_id)
    ).scalar_one_or_none()


@dataclass(frozen=True)
class Layout:
    """Which columns a bank's bulk file has, from which day; `verified` says whether a bank's own template was seen."""

    id: str
    title: str
    from_on: date
    to_on: date | None
    verified: bool
    source: str
    columns: tuple[tuple[str, str], ...]


@cache
def _layouts() -> tuple[Layout, ...]:
    rows: Iterable[dict[str, object]] = json.loads(LAYOUTS.read_text(encoding="utf-8"))
    return tuple(
        Layout(
            str(row["id"]), str(row["title"]), date.fromisoformat(str(row["from_on"])),
            date.fromisoformat(str(row["to_on"])) if row["to_on"] else None, bool(row["verified"]), str(row["source"]),
            tuple((one["heading"], one["field"]) for one in row["columns"]),  # type: ignore[attr-defined]
        )
        for row in rows
    )  # fmt: skip


def layouts_on(day: date) -> list[Layout]:
    """The layouts in force on a day."""
    return [one for one in _layouts() if one.from_on <= day and (one.to_on is None or day <= one.to_on)]
