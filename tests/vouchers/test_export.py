"""Both books of a subsidy, written out: hledger and beancount agree with every balance."""

import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from core.db import transaction
from orders import queries as orders
from payments.refunds.operations import refund
from revenue.cli import revenue
from revenue.export.rules import account_name
from revenue.rules import AccountKind, subsidy
from revenue.subsidies.operations import receive
from tests.factories.payments import staff_of
from tests.factories.revenue import delivered
from tests.factories.vouchers import create_subsidy, order_with
from tests.revenue.stories import a_world
from tests.revenue.test_export import PROGRAMS


def two_books(app: Flask) -> list[int]:
    """Held, delivered, refunded, paid: the organisations of programme and cooperative."""
    with app.app_context():
        world = a_world()
        staff, found = create_subsidy(100_000, once_per_phone=False)
        order_with("VUNGCAO", [(world.pack, 1)])
        order = delivered(order_with("VUNGCAO", [(world.pack, 2)])[0])
        with transaction():
            refund(staff_of(order), order.id, {orders.lines(order.id)[0].id: 1}, "hỏng", key="refund-one")
            receive(staff_of(order), world.coop.id, found.id, 10_000, "the-form-key")
        assert staff.organisation_id is not None
        return [staff.organisation_id, world.org]


@pytest.mark.parametrize("form", PROGRAMS)
def test_other_programs_agree_with_both_books(app: Flask, tmp_path: Path, form: str) -> None:
    if shutil.which(PROGRAMS[form][0]) is None:
        pytest.skip(f"{PROGRAMS[form][0]} is not installed (apt-get install hledger beancount)")
    runner = app.test_cli_runner()
    for number in two_books(app):
        path = tmp_path / f"book{number}.{form}"
        asked = ["export", "--format", form, "--organisation", str(number), "-o", str(path)]
        assert runner.invoke(revenue, asked).exit_code == 0
        assert subprocess.run([*PROGRAMS[form], str(path)], capture_output=True, check=False).returncode == 0
    assert runner.invoke(revenue, ["verify"]).exit_code == 0


def test_the_accounts_of_a_subsidy_stand_where_an_accountant_looks() -> None:
    assert account_name(AccountKind.SUBSIDY_RECEIVABLE, subsidy(3)) == "Assets:SubsidyReceivable:Subsidy-3"
    assert account_name(AccountKind.DUE_TO_COOPERATIVE, subsidy(3, 5)) == (
        "Liabilities:DueToCooperative:Subsidy-3-Cooperative-5"
    )
