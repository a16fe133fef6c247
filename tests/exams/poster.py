"""One writer in a process of its own: `Child("poster", ORGANISATION, FIRST, LIMIT_KIND, LIMIT)`.

Posts one đồng after another, each under a numbered key, and asks again under the same key until it is answered. Writes
"ready" when it has started, "ok NUMBER" when an entry was acknowledged and "refused WHY" when not; it is stopped by
killing it. LIMIT_KIND: "none"; "bytes", the largest file that the process may write (a full disk, as the kernel says
it); "pages", what the database itself may grow to.
"""

import resource
import signal
import sys
import time

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from core import clock
from core.db import db, transaction
from revenue.ledger.operations import post
from revenue.rules import AccountKind, Line


def limit(kind: str, most: int) -> None:
    """Take away the room to write."""
    if kind == "bytes":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    elif kind == "pages":

        @event.listens_for(db.engine, "connect")
        def _(connection, _record) -> None:
            connection.execute(f"PRAGMA max_page_count = {most}")


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write(organisation_id: int, number: int) -> bool:
    """Post one entry; whether it was acknowledged."""
    lines = [Line(AccountKind.BANK, "", 1), Line(AccountKind.CAPITAL, "", -1)]
    try:
        with transaction():
            post(organisation_id, "exam", f"exam:{number}", lines, clock.today(), note="x" * 400)
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", error)).split("\n")[0]
        say(f"refused {type(error).__name__}: {why}"[:150])
        return False
    finally:
        db.session.remove()
    return True


def main(organisation: str, first: str, kind: str, most: str) -> None:
    """Post until killed."""
    organisation_id, number = int(organisation), int(first)
    with create_app().app_context():
        limit(kind, int(most))
        say("ready")
        while True:
            while not write(organisation_id, number):
                time.sleep(0.05)
            say(f"ok {number}")
            number += 1
