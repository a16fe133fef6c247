"""Who may make vouchers, run subsidies, and enter what a programme paid."""

import secrets
from dataclasses import replace
from typing import Any

from accounts.operations import create_organisation
from accounts.queries import grants
from accounts.rules import SYSTEM, Role
from core import clock
from core.db import transaction
from orders.vouchers.operations import make_subsidised_voucher, make_subsidy, make_voucher
from revenue.ledger.operations import post
from revenue.rules import AccountKind, Line, subsidy
from tests.factories.vouchers import draft
from tests.routes.row import Row

BOTH, POST = ("GET", "POST"), ("POST",)
MANAGER = frozenset({Role.MANAGER})
MONEY = frozenset({Role.MANAGER, Role.TREASURER})
PROJECT = frozenset({Role.PROJECT_STAFF})


def _voucher(coop: Any) -> dict[str, int]:
    with transaction():
        made = make_voucher(SYSTEM, coop.id, secrets.token_hex(8), draft(f"R{secrets.token_hex(4)}"))
    return {"voucher_id": made.id}


def _subsidy(own: bool) -> Any:
    """A subsidy of the project that the world's project staff act for, or of another."""

    def params(world: Any) -> dict[str, int]:
        grant = next(one for one in grants(world.users[Role.PROJECT_STAFF]) if one.role == Role.PROJECT_STAFF)
        with transaction():
            project = grant.organisation_id if own else create_organisation("project", "Dự án khác").id
            made = make_subsidy(replace(SYSTEM, organisation_id=project), secrets.token_hex(8), "Tết ấm")
        return {"subsidy_id": made.id}

    return params


def _code(own: bool) -> Any:
    def params(world: Any) -> dict[str, int]:
        found = _subsidy(own)(world)
        with transaction():
            made = make_subsidised_voucher(
                SYSTEM, found["subsidy_id"], secrets.token_hex(8), draft(f"S{secrets.token_hex(4)}")
            )
        return found | {"voucher_id": made.id}

    return params


def _claim(world: Any) -> dict[str, int]:
    """A programme that owes the world's cooperative something."""
    found = _subsidy(own=True)(world)["subsidy_id"]
    lines = [
        Line(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found), 9_000),
        Line(AccountKind.CAPITAL, "", -9_000),
    ]
    with transaction():
        post(world.coop.organisation_id, "opening", secrets.token_hex(6), lines, clock.today())
    return {"subsidy_id": found}


ROWS = [
    Row("vouchers.index", MANAGER),
    Row("vouchers.new", MANAGER, methods=BOTH),
    Row("vouchers.stop", MANAGER, own=lambda w: _voucher(w.coop), foreign=lambda w: _voucher(w.other_coop),
        post=lambda w: {}, page=False, methods=POST),
    Row("subsidies.index", PROJECT),
    Row("subsidies.new", PROJECT, methods=BOTH),
    Row("subsidies.one", PROJECT, own=_subsidy(True), foreign=_subsidy(False), methods=BOTH),
    Row("subsidies.code", PROJECT, own=_subsidy(True), foreign=_subsidy(False), methods=BOTH),
    Row("subsidies.stop", PROJECT, own=_code(True), foreign=_code(False), post=lambda w: {}, page=False, methods=POST),
    Row("claims.index", MONEY),
    Row("claims.received", MONEY, own=_claim, foreign=_subsidy(False), methods=BOTH),
]  # fmt: skip
