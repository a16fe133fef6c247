"""Small worlds that the tests of money share."""

from dataclasses import dataclass, field
from typing import Any

from revenue.queries import balance
from revenue.rules import AccountKind, order, producer, slip
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.payments import place_order
from tests.factories.revenue import opened, weighed
from tests.factories.traceability import create_lot


@dataclass
class World:
    """A cooperative with producers, one slip each, and one lot of their goods in the store."""

    coop: Any
    producers: list[Any]
    slips: list[Any]
    pack: Any
    lot: Any
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def org(self) -> int:
        """The organisation whose book it is."""
        return int(self.coop.organisation_id)

    def of(self, kind: AccountKind, subject: str = "") -> int:
        """The balance of an account."""
        return balance(self.org, kind, subject)

    def owed(self, who: Any) -> int:
        """What a producer is owed."""
        return -self.of(AccountKind.PRODUCER_PAYABLE, producer(who.id))

    def open_advance(self, one: Any) -> int:
        """What of a slip's advance is not yet earned."""
        return self.of(AccountKind.PRODUCER_ADVANCE, slip(one.id))

    def prepaid(self, one: Any) -> int:
        """What a buyer has paid ahead."""
        return -self.of(AccountKind.BUYER_PREPAYMENT, order(one.id))

    def bought(self, quantity: int = 1, method: str = "vietqr") -> Any:
        """One order of the pack."""
        return place_order([(self.pack, quantity)], method=method)[0]


def a_world(grams: tuple[int, ...] = (40_000, 20_000), advances: tuple[int, ...] = (), quantity: int = 40,
            cash_vnd: int = 5_000_000) -> World:  # fmt: skip
    """Producers who weighed in these grams, with these advances paid in cash; their lot stands in the store."""
    coop = create_cooperative()
    opened(coop, cash_vnd=cash_vnd)
    producers = [
        create_producer(coop, name=f"Lý Thị {name}") for name, _g in zip("ABCDE", grams, strict=False)
    ]
    paid = (*advances, *([0] * len(grams)))
    slips = [weighed(one, advance_vnd=paid[i], net_g=grams[i]) for i, one in enumerate(producers)]
    pack = create_product(coop).packs[0]
    lot = create_lot(coop, pack, quantity, slips=slips)
    return World(coop, producers, slips, pack, lot)
