"""A cooperative with goods on the shelf, and what its ledger holds."""

from typing import Any

from cooperatives import queries as cooperatives
from orders.models import Order
from revenue.ledger import queries as ledger
from revenue.rules import AccountKind
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.traceability import create_lot


def shelf(quantity: int = 20, price_vnd: int = 65_000, name: str = "HTX Thử Nghiệm") -> tuple[Any, Any]:
    """A cooperative and a pack of which `quantity` are in the store."""
    coop = create_cooperative(name)
    pack = create_product(coop, price_vnd=price_vnd).packs[0]
    create_lot(coop, pack, quantity)
    return coop, pack


def balances(order: Order) -> dict[str, int]:
    """The ledger of the order's cooperative: kind → đồng, debit +, zeros left out."""
    organisation_id = cooperatives.cooperative(order.cooperative_id).organisation_id
    assert organisation_id is not None
    return {str(kind): amount for kind, amount in ledger.balances(organisation_id).items() if amount}


def of(order: Order, kind: AccountKind, subject: str) -> int:
    """One account of the order's cooperative."""
    organisation_id = cooperatives.cooperative(order.cooperative_id).organisation_id
    assert organisation_id is not None
    return ledger.balance(organisation_id, kind, subject)
