"""Who may open the pages of pay runs, and of payouts afterwards."""

import secrets
from typing import Any

from accounts.rules import SYSTEM, Role
from core import clock
from core.db import db, transaction
from payments.payruns import queries
from payments.payruns.models import Payrun, PayrunLine
from payments.payruns.operations import make_run
from payments.payruns.queries import Choice
from revenue import operations
from revenue.models import Payout
from revenue.payouts.models import PayoutLimit
from revenue.payouts.operations import set_limit
from revenue.rules import AccountKind, Line, producer
from tests.factories.cooperatives import treasurer_of
from tests.factories.revenue import opened
from tests.routes.row import SIGNED_IN, Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})
BOTH, POST = ("GET", "POST"), ("POST",)


def owe(coop: Any, who_id: int, amount_vnd: int = 5_000) -> None:
    """A cooperative owes a producer something."""
    organisation_id = coop.organisation_id
    lines = [Line(AccountKind.COOPERATIVE_INCOME, "", amount_vnd),
             Line(AccountKind.PRODUCER_PAYABLE, producer(who_id), -amount_vnd, producer_id=who_id)]  # fmt: skip
    with transaction():
        operations.post(organisation_id, "bonus", f"bonus:{secrets.token_hex(6)}", lines, clock.today())


def a_run(coop: Any, who_id: int) -> Payrun:
    """An open run of a cooperative, made now if there is none."""
    found = db.session.query(Payrun).filter_by(cooperative_id=coop.id).first()
    if found is not None:
        return found
    opened(coop, cash_vnd=50_000)
    owe(coop, who_id)
    organisation_id, who = coop.organisation_id, treasurer_of(coop)
    choice = Choice(clock.today())
    with transaction():
        digest = queries.planned(organisation_id, choice).digest
        return make_run(who, choice, secrets.token_hex(8), digest)


def _run(w: Any, prefix: str = "") -> dict[str, int]:
    coop = getattr(w, f"{prefix}coop")
    return {"run_id": a_run(coop, getattr(w, f"{prefix}producer").id).id}


def _line(w: Any, prefix: str = "") -> dict[str, int]:
    run_id = _run(w, prefix)["run_id"]
    return {"run_id": run_id, "line_id": db.session.query(PayrunLine).filter_by(run_id=run_id).first().id}


def _paid(coop: Any, who_id: int, method: str) -> dict[str, int]:
    opened(coop, bank_vnd=9_000, cash_vnd=9_000)
    owe(coop, who_id, 4_000)
    with transaction():
        made = operations.pay_producer(SYSTEM, who_id, 4_000, method, secrets.token_hex(8)).id
    assert db.session.get(Payout, made) is not None
    return {"payout_id": made}


def _limit(coop: Any) -> dict[str, int]:
    found = db.session.query(PayoutLimit).filter_by(organisation_id=coop.organisation_id).first()
    if found is None:
        who = treasurer_of(coop)
        with transaction():
            found = set_limit(who, 90_000_000, clock.today())
    return {"limit_id": found.id}


def _own_run(w: Any) -> dict[str, int]:
    return _run(w)


def _other_run(w: Any) -> dict[str, int]:
    return _run(w, "other_")


def _mine(w: Any) -> dict[str, int]:
    return _paid(w.coop, w.mine.id, "cash")


ROWS = [
    Row("payruns.index", STAFF),
    Row("payruns.new", STAFF),
    Row("payruns.make", STAFF, methods=POST, page=False, post=lambda w: {"upto_on": "2026-11-22"}),
    Row("payruns.run", STAFF, own=_own_run, foreign=_other_run),
    Row("payruns.do", STAFF, own=lambda w: _run(w) | {"deed": "close"},
        foreign=lambda w: _run(w, "other_") | {"deed": "close"}, methods=POST, page=False),
    Row("payruns.sent_all", STAFF, own=_own_run, foreign=_other_run, methods=POST, page=False),
    Row("payruns.file", STAFF, own=_own_run, foreign=_other_run, methods=POST, page=False),
    Row("payruns.line", STAFF, own=_line, foreign=lambda w: _line(w, "other_"), methods=BOTH),
    Row("payruns.returned", STAFF, own=lambda w: _paid(w.coop, w.producer.id, "bank"),
        foreign=lambda w: _paid(w.other_coop, w.other_producer.id, "bank"), methods=BOTH),
    Row("confirmations.index", STAFF),
    Row("confirmations.cash", STAFF, own=lambda w: _paid(w.coop, w.producer.id, "cash"),
        foreign=lambda w: _paid(w.other_coop, w.other_producer.id, "cash"), methods=BOTH),
    Row("confirmations.pin", STAFF, own=lambda w: {"producer_id": w.producer.id},
        foreign=lambda w: {"producer_id": w.other_producer.id}, methods=BOTH),
    Row("confirmations.received", SIGNED_IN, own=_mine, foreign=lambda w: _paid(w.coop, w.producer.id, "cash"),
        methods=POST, page=False),
    Row("confirmations.limit", STAFF, methods=BOTH),
    Row("confirmations.approve_limit", STAFF, own=lambda w: _limit(w.coop), foreign=lambda w: _limit(w.other_coop),
        methods=POST, page=False),
]  # fmt: skip
