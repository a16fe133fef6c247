"""Verbs of money that a marketplace holds. Each names its cause: the same cause again changes nothing."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.errors import Invalid, NotFound
from core.format import vnd
from core.i18n import N_
from core.money import check_price
from core.text import clean
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import Posted, posted
from revenue.markets import rules
from revenue.markets.queries import held
from revenue.markets.rules import Kind

STAFF = (Role.MANAGER, Role.TREASURER)


def sell(organisation_id: int, site: str, order_id: int, amount_vnd: int) -> Posted:
    """A buyer paid for an order at a site. Once an order."""
    return post(organisation_id, Kind.SOLD, f"market-sold:{order_id}", rules.sold(site, order_id, amount_vnd),
                clock.today(), order_id=order_id)  # fmt: skip


def charge_fee(
    organisation_id: int, site: str, order_id: int, was_vnd: int, now_vnd: int, step: int
) -> Posted | None:
    """What the site keeps of an order is now so much, đồng; only the difference to `was_vnd` is written.

    step: how many times it was said before, so that there and back again are three entries. None without a difference.
    """
    if was_vnd == now_vnd:
        return None
    return post(organisation_id, Kind.FEE, f"market-fee:{order_id}:{step}", rules.fee(site, now_vnd - was_vnd),
                clock.today(), order_id=order_id)  # fmt: skip


def give_back(
    organisation_id: int, site: str, order_id: int, amount_vnd: int, *, subject: str, ref: str
) -> Posted:
    """The site paid a buyer back what was owed. After a settlement the balance may turn over: the next is smaller."""
    return post(organisation_id, Kind.BACK, f"market-back:{ref}", rules.back(site, subject, amount_vnd),
                clock.today(), order_id=order_id)  # fmt: skip


def settle(actor: Actor, site: str, amount_vnd: int, key: str, reference: str = "") -> Posted:
    """A site's money is in the bank, as its book says. key: the form's own; the same key is the same money.

    Raises Invalid for more than the site holds.
    """
    actor.must_be(*STAFF)
    own = actor.organisation_id
    if own is None:
        raise NotFound(N_("Không có hợp tác xã này."), remedy=N_("Chọn lại trong danh sách."))
    check_price(amount_vnd, field="amount_vnd")
    lock_book(own)
    left = held(own).get(site, 0)
    if amount_vnd > left and posted(own, f"market-settled:{key}") is None:
        raise Invalid(
            N_("Theo sổ, sàn chỉ còn giữ %(left)s."),
            remedy=N_("Nhập tệp đơn mới nhất của sàn trước, hoặc xem lại số tiền trong sổ ngân hàng."),
            field="amount_vnd", left=vnd(max(left, 0)),
        )  # fmt: skip
    made = post(own, Kind.SETTLED, f"market-settled:{key}", rules.settled(site, amount_vnd), clock.today(),
                note=clean(reference)[:80])  # fmt: skip
    audit(actor, "settle_market", f"entry:{made.id}", ("amount_vnd", "reference"))
    return made
