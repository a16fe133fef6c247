"""Reads of subsidies: what is free, held, delivered, owed and paid, all as sums of postings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select

from accounts.models import Organisation
from cooperatives.models import Cooperative
from core.db import db
from core.i18n import N_
from orders.vouchers import queries as vouchers
from orders.vouchers.models import Subsidy
from orders.vouchers.queries import Cut
from orders.vouchers.rules import Refused
from revenue.ledger import queries as ledger
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind, EntryKind, subsidy

SET_ASIDE = [str(EntryKind.SUBSIDY_DEPOSIT), str(EntryKind.SUBSIDY_WITHDRAWN)]


def spent_up() -> Refused:
    """The budget has not so much left."""
    return Refused(N_("Chương trình trợ giá đã hết ngân sách."), remedy=N_("Bỏ mã ra rồi đặt."))


def left(found: Subsidy) -> int:
    """What of a subsidy's budget is free, đồng."""
    return -ledger.balance(found.organisation_id, AccountKind.SUBSIDY_BUDGET, subsidy(found.id))


def cut(typed: str, phone: str, goods: Mapping[int, int], on: date) -> Cut:
    """What a code takes off a cart {cooperative id: đồng of goods}, budgets looked at too; nothing is held.

    Raises Refused with the reason.
    """
    found = vouchers.cut(typed, phone, goods, on)
    if found.subsidy_id is not None and left(vouchers.subsidy(found.subsidy_id)) < found.total_vnd:
        raise spent_up()
    return found


def held_for(order_id: int) -> int:
    """What is held of a budget for an order that is under way, đồng."""
    asked = (
        select(func.coalesce(func.sum(Posting.amount_vnd), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(Entry.order_id == order_id, Account.kind == str(AccountKind.SUBSIDY_HELD))
    )
    return -int(db.session.execute(asked).scalar_one())


def step_count(order_id: int, kind: EntryKind) -> int:
    """How many entries of a kind an order has: the next one's number."""
    asked = select(func.count()).select_from(Entry).where(Entry.order_id == order_id, Entry.kind == str(kind))
    return int(db.session.execute(asked).scalar_one())


@dataclass(frozen=True)
class Budget:
    """A subsidy's money, đồng: set_aside = free + held + delivered. owed: delivered and not yet paid."""

    subsidy: Subsidy
    set_aside_vnd: int = 0
    free_vnd: int = 0
    held_vnd: int = 0
    delivered_vnd: int = 0
    owed_vnd: int = 0

    @property
    def paid_vnd(self) -> int:
        """What has reached cooperatives."""
        return self.delivered_vnd - self.owed_vnd


def _sum_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, -Posting.amount_vnd), else_=0)), 0)


def budgets(organisation_id: int | None) -> list[Budget]:
    """A project's subsidies with their money, the newest first. Two statements."""
    found = vouchers.subsidies(organisation_id)
    kind, entry = Account.kind, Entry.kind
    owed = kind == str(AccountKind.DUE_TO_COOPERATIVE)
    budget = kind == str(AccountKind.SUBSIDY_BUDGET)
    rows = db.session.execute(
        select(
            Account.subject,
            _sum_where(budget & entry.in_(SET_ASIDE)),
            _sum_where(budget),
            _sum_where(kind == str(AccountKind.SUBSIDY_HELD)),
            _sum_where(owed & (entry != str(EntryKind.SUBSIDY_PAID))),
            _sum_where(owed),
        )
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Account.subject.like("subsidy:%"))
        .group_by(Account.subject)
    )
    sums: dict[str, list[int]] = {}
    for subject, *amounts in rows:
        mine = sums.setdefault(":".join(subject.split(":")[:2]), [0] * 5)
        mine[:] = [before + int(more) for before, more in zip(mine, amounts, strict=True)]
    return [Budget(one, *sums.get(subsidy(one.id), ())) for one in found]


@dataclass(frozen=True)
class Claim:
    """What one programme owes one cooperative, đồng: delivered, and of that still owed."""

    subsidy_id: int
    name: str
    payer: str
    cooperative: str
    delivered_vnd: int
    owed_vnd: int

    @property
    def paid_vnd(self) -> int:
        """What came."""
        return self.delivered_vnd - self.owed_vnd


def claims_of(cooperative_id: int) -> list[Claim]:
    """What each programme owes a cooperative, from the cooperative's own book; the newest programme first."""
    organisation_id = (
        select(Cooperative.organisation_id).where(Cooperative.id == cooperative_id).scalar_subquery()
    )
    paid = Entry.kind == str(EntryKind.SUBSIDY_PAID)
    rows = db.session.execute(
        select(Account.subject, -_sum_where(~paid), -_sum_where(Posting.amount_vnd != 0), Cooperative.name)
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .join(Cooperative, Cooperative.organisation_id == Ledger.organisation_id)
        .where(Ledger.organisation_id == organisation_id, Account.kind == str(AccountKind.SUBSIDY_RECEIVABLE))
        .group_by(Account.subject, Cooperative.name)
    ).all()
    names = _named({int(row[0].split(":")[1]) for row in rows})
    found = [Claim(int(row[0].split(":")[1]), *names[int(row[0].split(":")[1])], row[3], int(row[1]), int(row[2]))
             for row in rows]  # fmt: skip
    return sorted(found, key=lambda one: -one.subsidy_id)


def _named(subsidy_ids: set[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(
        select(Subsidy.id, Subsidy.name, Organisation.name)
        .join(Organisation, Organisation.id == Subsidy.organisation_id)
        .where(Subsidy.id.in_(subsidy_ids))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def claims_on(found: Subsidy) -> list[Claim]:
    """What a subsidy owes each cooperative, from the programme's own book, by name."""
    paid = Entry.kind == str(EntryKind.SUBSIDY_PAID)
    rows = db.session.execute(
        select(Account.subject, _sum_where(~paid), _sum_where(Posting.amount_vnd != 0))
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(
            Ledger.organisation_id == found.organisation_id, Account.subject.like(f"{subsidy(found.id)}:%")
        )
        .group_by(Account.subject)
    ).all()
    ids = [int(row[0].rpartition(":")[2]) for row in rows]
    asked = select(Cooperative.id, Cooperative.name).where(Cooperative.id.in_(ids))
    names = {row.id: row.name for row in db.session.execute(asked)}
    made = [Claim(found.id, found.name, "", names[one], int(row[1]), int(row[2]))
            for one, row in zip(ids, rows, strict=True)]  # fmt: skip
    return sorted(made, key=lambda one: one.cooperative)


def order_count(subsidy_id: int) -> int:
    """How many orders it has paid a part of, in whatever state."""
    from orders.vouchers.models import Redemption

    asked = select(func.count()).select_from(Redemption).where(Redemption.subsidy_id == subsidy_id)
    return int(db.session.execute(asked).scalar_one())


def faults() -> Iterator[str]:
    """Where a programme's book and a cooperative's disagree about what is owed; for `flask revenue verify`."""
    owed: dict[tuple[int, int], list[int]] = {}
    kinds = (AccountKind.SUBSIDY_RECEIVABLE, AccountKind.DUE_TO_COOPERATIVE)
    rows = db.session.execute(
        select(Account.kind, Account.subject, Cooperative.id, func.sum(Posting.amount_vnd))
        .join(Posting, Posting.account_id == Account.id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .outerjoin(Cooperative, Cooperative.organisation_id == Ledger.organisation_id)
        .where(Account.kind.in_([str(kind) for kind in kinds]), Account.subject.like("subsidy:%"))
        .group_by(Account.kind, Account.subject, Cooperative.id)
    )
    for kind, subject, own_id, amount in rows:
        parts = subject.split(":")
        mine = kind == AccountKind.SUBSIDY_RECEIVABLE
        place = (int(parts[1]), own_id if mine else int(parts[3]))
        owed.setdefault(place, [0, 0])[0 if mine else 1] += int(amount)
    for (subsidy_id, cooperative_id), (receivable, due) in sorted(owed.items()):
        if receivable != -due:
            yield (f"subsidy {subsidy_id}: cooperative {cooperative_id} claims {receivable}, "
                   f"the programme owes {-due}")  # fmt: skip
