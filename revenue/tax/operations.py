"""Keeping tax back while a share is posted, and paying over what was kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.format import vnd
from core.i18n import N_
from core.text import clean
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import Posted, balance, lines_of, posted
from revenue.rules import OUTRIGHT_DEALS, AccountKind, Component, EntryKind, Line
from revenue.tax import queries, rules

ACTIVITY = "goods"
STAFF = (Role.MANAGER, Role.TREASURER)


@dataclass
class Withholding:
    """What each seller has turned over this year, while an entry is being written; each share taxed adds to it.

    rule: None keeps nothing back.
    """

    rule: rules.Rule | None = None
    turnover: dict[str, int] = field(default_factory=dict)

    def keep(self, who: int, home: int | None, amount_vnd: int, component: Component, line_id: int | None,
             lot_id: int | None, deal: str) -> list[Line]:  # fmt: skip
        """The postings of tax on a share sold for its maker, credit −; none on goods bought outright or on wages."""
        if self.rule is None or component is Component.LABOUR or deal in OUTRIGHT_DEALS:
            return []
        seller = rules.seller(home, who)
        before = self.turnover.get(seller, 0)
        self.turnover[seller] = before + amount_vnd
        kept = rules.withheld(before, amount_vnd, self.rule)
        return [
            Line(AccountKind.TAXES_WITHHELD, tax, -part, line_id, lot_id, who, home, component,
                 rules.posting_rule(self.rule.id, tax), deal)
            for tax, part in kept.items()
        ]  # fmt: skip


def begin(
    organisation_id: int, on: date, sellers: Iterable[tuple[int, int | None]], *, asked: bool
) -> Withholding:
    """Make ready to keep tax back in an entry of a day. asked: whether the terms say so; else nothing is kept.

    sellers: (producer, household of the slip's day). The caller holds the book, so no turnover grows meanwhile.
    """
    rule = rules.rule_on(queries.dated_rules(), ACTIVITY, on) if asked else None
    if rule is None:
        return Withholding()
    wanted = {rules.seller(home, who) for who, home in sellers}
    return Withholding(rule, queries.turnovers(organisation_id, on.year, wanted))


def pay_tax(actor: Actor, tax: str, amount_vnd: int, key: str, reference: str = "") -> Posted:
    """What was kept back went to the tax office, from the cooperative's bank. The same key is the same payment.

    Raises Invalid for more than is kept, or than the bank holds; Conflict for the key with another sum.
    """
    actor.must_be(*STAFF)
    if actor.organisation_id is None:
        raise NotFound(
            N_("Vai trò đang dùng không thuộc hợp tác xã nào."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    own = actor.organisation_id
    lock_book(own)
    if (known := posted(own, f"tax-paid:{key}")) is not None:
        if Line(AccountKind.TAXES_WITHHELD, tax, amount_vnd) not in lines_of(known.id):
            raise Conflict(
                N_("Lần nộp này đã ghi với số khác."), remedy=N_("Mở lại trang rồi làm lại từ đầu.")
            )
        return known
    kept = -balance(own, AccountKind.TAXES_WITHHELD, tax)
    if not 0 < amount_vnd <= kept:
        raise Invalid(
            N_("Đang giữ %(kept)s, không nộp quá số đó."), remedy=N_("Sửa số tiền rồi làm lại."), field="amount_vnd",
            kept=vnd(max(kept, 0)),
        )  # fmt: skip
    lines = [Line(AccountKind.TAXES_WITHHELD, tax, amount_vnd), Line(AccountKind.BANK, "", -amount_vnd)]
    made = post(own, EntryKind.TAX_PAID, f"tax-paid:{key}", lines, clock.today(), note=clean(reference)[:80])
    audit(actor, "pay_tax", f"entry:{made.id}", fields=("amount_vnd", "reference"))
    return made
