"""One member of staff in a process: `python -m tests.exams.refunders ORDER LINE ORGANISATION USER TIMES`.

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


def main(order_id: int, line_id: int, organisation_id: int, user_id: int, times: int) -> None:
    """Refund, refund, send."""
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


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
