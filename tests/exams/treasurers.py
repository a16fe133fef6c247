"""One treasurer in a process: `Child("treasurers", USER, ORGANISATION)`.

Says "ready", then reads one task a line (`{"at": seconds, "do": [[deed, …arguments], …]}`), waits for the instant, does
each deed in a transaction of its own while others do the same, and writes one JSON list of what came of them.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from accounts.rules import Actor, Role
from app import create_app
from core.db import db, transaction
from core.errors import DomainError
from orders.queries import order
from payments import operations as payments
from payments.bank_statements import operations as statements
from payments.bank_statements.columns import COLUMNS
from payments.payruns import operations as payruns
from payments.tables.files import read_rows
from revenue import operations as revenue


def send_run(staff: Actor, run_id: int) -> object:
    """Everything of a pay run."""
    return list(payruns.send_all(staff, run_id))


def take_return(staff: Actor, payout_id: int) -> object:
    """The bank sent it back."""
    return payruns.take_return(staff, payout_id, "sai số tài khoản").id


def reverse(staff: Actor, entry_id: int) -> object:
    """It was a mistake."""
    return revenue.reverse(staff, entry_id, "ghi nhầm nhà").id


def take(staff: Actor, transfer_id: int, order_id: int) -> object:
    """Give money in suspense to an order."""
    return payments.match_transfer(staff, transfer_id, order(order_id).code, "Khách gọi báo").state


def undo(staff: Actor, transfer_id: int) -> object:
    """Take that back."""
    return payments.undo_decision(staff, transfer_id).state


def import_file(staff: Actor, key: str, account_id: int, text: str) -> object:
    """A bank's statement, up to the last line booked; each step commits, as it does on the page and in the worker."""
    rows = read_rows(text.encode(), COLUMNS)
    with transaction():
        made = statements.send_statement(staff, key, account_id, "saoke.csv", f"x/aa/{key}.csv", rows).id
    with transaction():
        statements.accept_statement(staff, made)
    done = False
    while not done:
        with transaction():
            done = statements.apply_turn(made, most=3)
    return made


DEEDS: dict[str, Callable[..., object]] = {
    one.__name__: one for one in (send_run, take_return, reverse, take, undo)
}


def carry_out(staff: Actor, deed: str, *words: Any) -> object:
    """One deed: its result, or the class of its refusal."""
    try:
        if deed == import_file.__name__:
            return import_file(staff, *words)
        with transaction():
            return DEEDS[deed](staff, *words)
    except DomainError as error:
        return type(error).__name__
    finally:
        db.session.remove()


def main(user_id: str, organisation_id: str) -> None:
    """Ready, and then task by task."""
    app = create_app()
    staff = Actor(int(user_id), Role.TREASURER, int(organisation_id))
    with app.app_context():
        print("ready", flush=True)
        for line in sys.stdin:
            task = json.loads(line)
            time.sleep(max(0.0, task["at"] - time.time()))
            print(json.dumps([carry_out(staff, *one) for one in task["do"]]), flush=True)
