"""Reads of collected money: what a collector owes and holds, what a cooperative waits for, whether the books agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from accounts.models import Organisation
from cooperatives.models import Cooperative
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from revenue.collector import rules
from revenue.collector.models import Remittance
from revenue.collector.rules import RemittanceState
from revenue.ledger.queries import Posted, balance, posted
from revenue.models import Account, Ledger, Posting
from revenue.rules import AccountKind


def no_remittance() -> NotFound:
    """The answer for one that is not there, and for another's."""
    return NotFound(N_("Không tìm thấy lần chuyển này."), remedy=N_("Mở lại từ danh sách."))


def collector_of(organisation_id: int | None) -> Organisation:
    """The collector that a person acts for. Raises NotFound for any other organisation."""
    found = db.session.get(Organisation, organisation_id) if organisation_id else None
    if found is None or found.kind != "collector":
        raise NotFound(N_("Trang này của bên thu hộ."), remedy=N_("Đổi vai trò ở trang Tôi."))
    return found


def posted_before(organisation_id: int, key: str) -> Posted | None:
    """An entry by its key."""
    return posted(organisation_id, key)


def owed_to(collector_id: int, cooperative_id: int) -> int:
    """What a collector owes a cooperative, đồng; negative while a refund waits to be netted."""
    return -balance(collector_id, AccountKind.DUE_TO_COOPERATIVE, rules.cooperative(cooperative_id))


def owed_by(organisation_id: int, collector_id: int) -> int:
    """The same from the cooperative's own book."""
    return balance(organisation_id, AccountKind.DUE_FROM_COLLECTOR, rules.collector(collector_id))


@dataclass(frozen=True)
class Owed:
    """What is owed to one cooperative, đồng; negative: netted from the next remittance."""

    cooperative_id: int
    name: str
    owed_vnd: int


def _sums(organisation_id: int, *conditions: ColumnElement[bool]) -> dict[str, int]:
    rows = db.session.execute(
        select(Account.subject, func.sum(Posting.amount_vnd))
        .join(Posting, Posting.account_id == Account.id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id, *conditions)
        .group_by(Account.subject)
    )
    return {subject: int(amount) for subject, amount in rows}


def owed(collector_id: int) -> list[Owed]:
    """Every cooperative that a collector ever took money for, by name. Two statements."""
    kind = Account.kind == str(AccountKind.DUE_TO_COOPERATIVE)
    sums = _sums(collector_id, kind, Account.subject.like("cooperative:%"))
    ids = {int(subject.partition(":")[2]): -amount for subject, amount in sums.items()}
    rows = db.session.execute(
        select(Cooperative.id, Cooperative.name).where(Cooperative.id.in_(ids)).order_by(Cooperative.name)
    )
    return [Owed(row.id, row.name, ids[row.id]) for row in rows]


def held_by_rails(collector_id: int) -> dict[str, int]:
    """What each provider holds for a collector, {rail: đồng}."""
    sums = _sums(collector_id, Account.kind == str(AccountKind.RAIL_CLEARING))
    return {subject.partition(":")[2]: amount for subject, amount in sorted(sums.items())}


@dataclass(frozen=True)
class Sent:
    """One remittance as both sides see it."""

    id: int
    number: str
    amount_vnd: int
    state: str
    reference: str
    sent_on: date
    cooperative: str
    collector: str


def remittances(condition: ColumnElement[bool], most: int = 30) -> list[Sent]:
    """Remittances, those that wait first, then the newest. One statement."""
    waits = (Remittance.state != str(RemittanceState.SENT)).asc()
    rows = db.session.execute(
        select(Remittance.id, Remittance.number, Remittance.amount_vnd, Remittance.state, Remittance.reference,
               Remittance.sent_on, Cooperative.name, Organisation.name.label("collector"))
        .join(Cooperative, Cooperative.id == Remittance.cooperative_id)
        .join(Organisation, Organisation.id == Remittance.collector_id)
        .where(condition).order_by(waits, Remittance.id.desc()).limit(most)
    )  # fmt: skip
    return [Sent(*row) for row in rows]


def sent_by(collector_id: int) -> list[Sent]:
    """What a collector sent on."""
    return remittances(Remittance.collector_id == collector_id)


def sent_to(cooperative_id: int) -> list[Sent]:
    """What was sent to a cooperative."""
    return remittances(Remittance.cooperative_id == cooperative_id)


def remittance_for(remittance_id: int, organisation_id: int | None) -> Remittance:
    """A remittance of the collector or the cooperative that asks. Another's is answered like none: NotFound."""
    found = db.session.get(Remittance, remittance_id)
    if found is None:
        raise no_remittance()
    there = db.session.get_one(Cooperative, found.cooperative_id).organisation_id
    if organisation_id is None or organisation_id not in (found.collector_id, there):
        raise no_remittance()
    return found


@dataclass(frozen=True)
class Due:
    """What one collector owes a cooperative, from the cooperative's own book, đồng."""

    collector_id: int
    name: str
    owed_vnd: int


def due_to(organisation_id: int) -> list[Due]:
    """What each collector owes a cooperative, by name. Two statements."""
    sums = _sums(organisation_id, Account.kind == str(AccountKind.DUE_FROM_COLLECTOR))
    ids = {int(subject.partition(":")[2]): amount for subject, amount in sums.items()}
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.name, Organisation.id)
    )
    return [Due(row.id, row.name, ids[row.id]) for row in rows]


def faults() -> Iterator[str]:
    """Where a collector's book and a cooperative's disagree about what is owed, for `flask revenue verify`."""
    kinds = (AccountKind.DUE_FROM_COLLECTOR, AccountKind.DUE_TO_COOPERATIVE)
    rows = db.session.execute(
        select(
            Account.kind,
            Account.subject,
            Ledger.organisation_id,
            Cooperative.id,
            func.sum(Posting.amount_vnd),
        )
        .join(Posting, Posting.account_id == Account.id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .outerjoin(Cooperative, Cooperative.organisation_id == Ledger.organisation_id)
        .where(Account.kind.in_([str(one) for one in kinds]), ~Account.subject.like("subsidy:%"))
        .group_by(Account.kind, Account.subject, Ledger.organisation_id, Cooperative.id)
    )
    sides: dict[tuple[int, int], list[int]] = {}
    for kind, subject, organisation_id, own_id, amount in rows:
        named = int(subject.rpartition(":")[2])
        here = kind == AccountKind.DUE_FROM_COLLECTOR
        place = (named, own_id) if here else (organisation_id, named)
        sides.setdefault(place, [0, 0])[0 if here else 1] += int(amount)
    for (collector_id, cooperative_id), (due_from, due_to_) in sorted(sides.items()):
        if due_from != -due_to_:
            yield f"collector {collector_id}: cooperative {cooperative_id} claims {due_from}, it owes {-due_to_}"
