"""One member of staff in a process: `Child("refunders", ORDER, LINE, ORGANISATION, USER, TIMES)`.

Waits for a line on standard input, then refunds a piece of the order so many times, each under its own key, and lets
the rail send what is owed, all while others do the same. Writes how many refunds were accepted.
"""

import json
import secrets
import sys

from accounts.rules import Actor, Role
from app import create_app
from core.db import db, transaction
from core.errors import DomainError
from payments.attempts.reconciliation import reconcile
from payments.refunds.operations import refund


def main(*words: str) -> None:
    """Refund, refund, send."""
    order_id, line_id, organisation_id, user_id, times = (int(word) for word in words)
    app = create_app()
    staff, accepted, refused = Actor(user_id, Role.MANAGER, organisation_id), 0, 0
    with app.app_context():
        print("ready", flush=True)
        sys.stdin.readline()
        for _time in range(times):
            try:
                with transaction():
                    refund(staff, order_id, {line_id: 1}, "hỏng", key=secrets.token_urlsafe(12))
                accepted += 1
            except DomainError:
                refused += 1
            reconcile("stripe", everything=True)
        db.session.remove()
    assert accepted + refused == times
    print(json.dumps(accepted), flush=True)
