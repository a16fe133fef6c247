"""Many at once on PostgreSQL: a budget is never overdrawn, a last use is used once."""

from dataclasses import replace

import pytest
from flask import Flask

from core.db import db
from orders.operations import Wanted
from orders.rules import Method
from payments.operations import check_out
from revenue.audit.queries import faults
from revenue.subsidies import queries
from tests.factories.payments import buyer
from tests.factories.vouchers import create_subsidy, create_voucher
from tests.payments.scene import shelf
from tests.payments.test_races import AT_ONCE, passed, race

pytestmark = pytest.mark.postgres


def buyers(pack_id: int, code: str):
    """A check-out by somebody else each time."""

    def deed(number: int) -> str:
        who = replace(buyer(f"+8491234500{number}"), voucher=code)
        return check_out(f"at-once-{number}", who, [Wanted(pack_id, 1)], Method.VIETQR).token

    return deed


def test_a_budget_for_three_pays_for_three_of_eight(pg_app: Flask) -> None:
    with pg_app.app_context():
        pack = shelf(100)[1]
        staff, _found = create_subsidy(3 * 13_000 + 12_999)
        pack_id = pack.id
        db.session.remove()
    results = race(pg_app, buyers(pack_id, "VUNGCAO"))
    assert len(results) == AT_ONCE and len(passed(results)) == 3
    with pg_app.app_context():
        one = queries.budgets(staff.organisation_id)[0]
        assert (one.free_vnd, one.held_vnd) == (12_999, 39_000)
        assert list(faults()) == []


def test_a_voucher_for_two_is_used_by_two_of_eight(pg_app: Flask) -> None:
    with pg_app.app_context():
        coop, pack = shelf(100)
        create_voucher(coop, uses_max=2)
        pack_id = pack.id
        db.session.remove()
    assert len(passed(race(pg_app, buyers(pack_id, "TET2027")))) == 2


def test_two_codes_of_one_budget_share_it(pg_app: Flask) -> None:
    """The codes lock different rows, so the budget's own lock must hold."""
    with pg_app.app_context():
        pack = shelf(100)[1]
        staff, found = create_subsidy(2 * 13_000)
        from core.db import transaction
        from orders.vouchers.operations import make_subsidised_voucher
        from tests.factories.vouchers import draft

        with transaction():
            make_subsidised_voucher(staff, found.id, "second-code", draft("KHACMA", percent_bp=2_000))
        pack_id = pack.id
        db.session.remove()
    first, second = buyers(pack_id, "VUNGCAO"), buyers(pack_id, "KHACMA")
    assert len(passed(race(pg_app, lambda n: (first if n % 2 else second)(n)))) == 2
    with pg_app.app_context():
        assert queries.budgets(staff.organisation_id)[0].free_vnd == 0
