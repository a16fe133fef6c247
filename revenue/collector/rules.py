"""What each step of collected money writes into the two books. Pure; docs/guide/money.md shows the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Conflict
from core.i18n import N_
from core.money import largest_remainder
from revenue.rules import AccountKind, Line
from revenue.rules import order as order_subject


class Kind(StrEnum):
    """Entries of collected money."""

    COLLECTED = "collected"  # a buyer paid over a rail
    RAIL_FEE = "rail_fee"
    RAIL_REFUND = "rail_refund"
    RAIL_SETTLED = "rail_settled"  # the provider paid the collector's bank
    REMITTED = "remitted"  # the collector sent it on
    REMITTANCE_IN = "remittance_in"  # and the cooperative sees it in its bank
    REMITTANCE_BACK = "remittance_back"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"


class RemittanceState(StrEnum):
    """Where money sent on by the collector stands."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    RETURNED = "returned"


REMITTANCE_TRANSITIONS: dict[tuple[RemittanceState, str], RemittanceState] = {
    (RemittanceState.SENT, "confirm"): RemittanceState.CONFIRMED,
    (RemittanceState.SENT, "return"): RemittanceState.RETURNED,
}


def after(state: str, event: str) -> RemittanceState:
    """The state of a remittance after an event. Raises Conflict where the table has none."""
    found = REMITTANCE_TRANSITIONS.get((RemittanceState(state), event))
    if found is None:
        raise Conflict(N_("Lần chuyển này đã xong rồi."), remedy=N_("Tải lại trang để thấy bước hiện giờ."))
    return found


def cooperative(cooperative_id: int) -> str:
    """The subject of what the collector owes one cooperative."""
    return f"cooperative:{cooperative_id}"


def collector(organisation_id: int) -> str:
    """The subject of what a collector owes, in the cooperative's book."""
    return f"collector:{organisation_id}"


def rail(name: str) -> str:
    """The subject of a provider's clearing account."""
    return f"rail:{name}"


def dispute(dispute_id: int) -> str:
    """The subject of money that a buyer's bank holds back."""
    return f"dispute:{dispute_id}"


def remittance(remittance_id: int) -> str:
    """The subject of money on its way from the collector."""
    return f"remittance:{remittance_id}"


@dataclass(frozen=True)
class Part:
    """One order's part of a payment, đồng.

    to_order_vnd: what the order takes. surplus_vnd: what it does not (paid twice, or too late): owed back.
    """

    order_id: int
    cooperative_id: int
    organisation_id: int
    to_order_vnd: int
    surplus_vnd: int = 0

    @property
    def amount_vnd(self) -> int:
        """All of it."""
        return self.to_order_vnd + self.surplus_vnd


def divided(total_vnd: int, amounts: Mapping[int, int]) -> dict[int, int]:
    """A provider's fee, or a disputed sum, over orders {order id: đồng} by largest remainder; ties to the smaller id.

    >>> divided(1000, {7: 100_000, 9: 50_000, 12: 50_000})
    {7: 500, 9: 250, 12: 250}
    """
    return largest_remainder(total_vnd, dict(sorted(amounts.items())))


def _lines(*parts: tuple[AccountKind, str, int]) -> list[Line]:
    return [Line(kind, subject, amount) for kind, subject, amount in parts if amount]


def collected_here(collector_id: int, part: Part) -> list[Line]:
    """The cooperative's side: the collector owes it what its buyer paid, and it owes back what was too much."""
    subject = order_subject(part.order_id)
    return _lines(
        (AccountKind.DUE_FROM_COLLECTOR, collector(collector_id), part.amount_vnd),
        (AccountKind.BUYER_PREPAYMENT, subject, -part.to_order_vnd),
        (AccountKind.REFUND_DUE, subject, -part.surplus_vnd),
    )


def collected_there(rail_name: str, parts: Sequence[Part]) -> list[Line]:
    """The collector's side: one provider holds the sum, so much of it is owed to each cooperative."""
    return _lines(
        (AccountKind.RAIL_CLEARING, rail(rail_name), sum(part.amount_vnd for part in parts)),
        *(
            (AccountKind.DUE_TO_COOPERATIVE, cooperative(part.cooperative_id), -part.amount_vnd)
            for part in parts
        ),
    )


def cost_here(collector_id: int, kind: AccountKind, amount_vnd: int, subject: str = "") -> list[Line]:
    """The cooperative bears a cost (or loses a claim) that the collector takes off what it owes."""
    return _lines(
        (kind, subject, amount_vnd), (AccountKind.DUE_FROM_COLLECTOR, collector(collector_id), -amount_vnd)
    )


def cost_there(rail_name: str, amounts: Mapping[int, int]) -> list[Line]:
    """The provider kept a sum, or paid it back to a buyer: so much less is owed to each cooperative {id: đồng}."""
    return _lines(
        *(
            (AccountKind.DUE_TO_COOPERATIVE, cooperative(one), amount)
            for one, amount in sorted(amounts.items())
        ),
        (AccountKind.RAIL_CLEARING, rail(rail_name), -sum(amounts.values())),
    )


def settled(rail_name: str, amount_vnd: int) -> list[Line]:
    """The provider paid out to the collector's bank."""
    return _lines(
        (AccountKind.BANK, "", amount_vnd), (AccountKind.RAIL_CLEARING, rail(rail_name), -amount_vnd)
    )


def remitted(
    remittance_id: int, collector_id: int, cooperative_id: int, amount_vnd: int
) -> tuple[list[Line], ...]:
    """Sent on: (the cooperative's side: on its way, no longer owed; the collector's: out of its bank)."""
    here = _lines(
        (AccountKind.REMITTANCE_COMING, remittance(remittance_id), amount_vnd),
        (AccountKind.DUE_FROM_COLLECTOR, collector(collector_id), -amount_vnd),
    )
    there = _lines(
        (AccountKind.DUE_TO_COOPERATIVE, cooperative(cooperative_id), amount_vnd),
        (AccountKind.BANK, "", -amount_vnd),
    )
    return here, there


def arrived(remittance_id: int, amount_vnd: int) -> list[Line]:
    """The cooperative sees it in its bank."""
    return _lines(
        (AccountKind.BANK, "", amount_vnd),
        (AccountKind.REMITTANCE_COMING, remittance(remittance_id), -amount_vnd),
    )


def held(rail_name: str, dispute_id: int, amount_vnd: int) -> list[Line]:
    """A buyer's bank took the money back for the time being."""
    return _lines(
        (AccountKind.DISPUTE_HELD, dispute(dispute_id), amount_vnd),
        (AccountKind.RAIL_CLEARING, rail(rail_name), -amount_vnd),
    )


def lost_there(dispute_id: int, amounts: Mapping[int, int]) -> list[Line]:
    """And keeps it: so much less is owed to each cooperative {id: đồng}."""
    return _lines(
        *(
            (AccountKind.DUE_TO_COOPERATIVE, cooperative(one), amount)
            for one, amount in sorted(amounts.items())
        ),
        (AccountKind.DISPUTE_HELD, dispute(dispute_id), -sum(amounts.values())),
    )
