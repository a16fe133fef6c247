"""Vouchers and subsidies, made through the verbs that people call."""

import secrets
from datetime import timedelta
from typing import Any

from accounts.operations import create_organisation
from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from orders import queries as orders
from orders.models import Order, Subsidy, Voucher
from orders.operations import Wanted
from orders.rules import Method
from orders.vouchers import operations
from orders.vouchers.operations import Draft
from payments.operations import check_out
from revenue.subsidies.operations import deposit
from tests.factories.accounts import actor_for
from tests.factories.payments import PHONE, buyer


def draft(code: str = "TET2027", **fields: Any) -> Draft:
    """Ten percent from today for a month, unless told otherwise."""
    if "amount_vnd" not in fields:
        fields.setdefault("percent_bp", 1_000)
    fields.setdefault("from_on", clock.today())
    fields.setdefault("to_on", clock.today() + timedelta(days=30))
    return Draft(code, **fields)


def create_voucher(coop: Any, code: str = "TET2027", **fields: Any) -> Voucher:
    """A voucher of a cooperative, at its own cost."""
    manager = actor_for(Role.MANAGER, coop.organisation_id)
    with transaction():
        return operations.make_voucher(manager, coop.id, secrets.token_hex(8), draft(code, **fields))


def project_staff() -> Actor:
    """Somebody of a new project."""
    with transaction():
        project = create_organisation("project", "Dự án Mẫu").id
    return actor_for(Role.PROJECT_STAFF, project)


def create_subsidy(
    budget_vnd: int = 500_000, code: str = "VUNGCAO", *, coop: Any = None, **fields: Any
) -> tuple[Actor, Subsidy]:
    """A programme with a budget and one code: twenty percent, for everybody's goods unless a cooperative is named."""
    staff = project_staff()
    fields.setdefault("percent_bp", None if "amount_vnd" in fields else 2_000)
    with transaction():
        made = operations.make_subsidy(staff, secrets.token_hex(8), "Tết ấm vùng cao")
        operations.make_subsidised_voucher(
            staff, made.id, secrets.token_hex(8), draft(code, **fields), coop.id if coop else None
        )
        if budget_vnd:
            deposit(staff, made.id, budget_vnd, secrets.token_hex(8))
    return staff, made


def order_with(
    code: str, lines: Any, method: str = "vietqr", *, phone: str = PHONE, key: str | None = None
) -> list[Order]:
    """Check out packs [(pack, pieces)…] with a voucher; one order per cooperative."""
    from dataclasses import replace

    wanted, who = [Wanted(pack.id, quantity) for pack, quantity in lines], replace(buyer(phone), voucher=code)
    with transaction():
        purchase = check_out(key or secrets.token_urlsafe(12), who, wanted, Method(method))
    return orders.orders_of(purchase.id)
