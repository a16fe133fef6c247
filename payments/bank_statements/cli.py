"""`flask payments import-statement FILE`: book a bank's file from the command line."""

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from accounts.rules import SYSTEM, Actor, Role
from cooperatives.models import BankAccount
from core import files
from core.db import db, transaction
from core.errors import DomainError
from payments.bank_statements import operations, queries
from payments.bank_statements.columns import COLUMNS
from payments.bank_statements.models import StatementLine
from payments.bank_statements.rules import Outcome, State, lacking
from payments.queries import organisation_of
from payments.tables.files import Rows, read_rows


class Refused(Exception):
    """The file cannot be booked; the text says why."""


@click.command("import-statement")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--account", default="", help="Number of the receiving account; else the one that stands in the file."
)
@click.option("--dry-run", is_flag=True, help="Say what it would do, and book nothing.")
@with_appcontext
def import_statement(file: Path, account: str, dry_run: bool) -> None:
    """Read a bank's CSV or XLSX, book what is new, and print one JSON line; exit 1 when it cannot be read.

    The same file again, or one that overlaps it, books nothing twice.
    """
    try:
        said = run(file, account, dry_run=dry_run)
    except (DomainError, Refused) as error:
        said = {"ok": False, "error": str(error)}
    click.echo(json.dumps(said, ensure_ascii=False))
    sys.exit(0 if said["ok"] else 1)


def run(file: Path, account_number: str, *, dry_run: bool) -> dict[str, object]:
    """Import one file; what it held and what became of it. Raises Refused, and Invalid for what is no table."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refused(f"{file.name}: {error.strerror}") from error
    rows = read_rows(data, COLUMNS)
    account = _account(rows, account_number)
    actor = Actor(SYSTEM.user_id, Role.SYSTEM, organisation_of(account.cooperative_id))
    stored = files.put(data, ".xlsx" if data.startswith(b"PK") else ".csv")
    key = f"cli-{account.id}-{stored.rpartition('/')[2].partition('.')[0]}"
    account_id, number = account.id, account.account_number
    with transaction():
        statement_id = operations.send_statement(actor, key, account_id, file.name, stored, rows).id
    found = queries.statement_for(statement_id, actor.organisation_id)
    if found.state == State.COLUMNS:
        missing = lacking([key for _text, key in found.headings])
        raise Refused(
            f"columns not recognised: {', '.join(missing)}. Say once on the page of statements what they are."
        )
    again = found.state == State.DONE
    if not dry_run:
        _book(actor, statement_id)
    sums = queries.sums(statement_id)
    new = Outcome.NEW if dry_run else Outcome.BOOKED
    return {
        "ok": True, "account": number, "statement": statement_id, "again": again,
        "new": 0 if again else sums[new].count, "new_vnd": 0 if again else sums[new].vnd,
        "known": sums[Outcome.KNOWN].count + (sums[Outcome.BOOKED].count if again else 0),
        "out": sums[Outcome.OUT].count, "faults": _faults(statement_id),
    }  # fmt: skip


def _book(actor: Actor, statement_id: int) -> None:
    with transaction():
        operations.accept_statement(actor, statement_id)
    done = False
    while not done:
        with transaction():
            done = operations.apply_turn(statement_id)


def _account(rows: Rows, wanted: str) -> BankAccount:
    """The account asked for, else the only one whose number stands in the file."""
    known = db.session.execute(
        select(BankAccount).where(BankAccount.state.in_(["active", "retired"])).order_by(BankAccount.id.desc())
    ).scalars().all()  # fmt: skip
    text = "\n".join(
        "".join(c for c in str(cell) if c.isalnum()) for _no, row in rows for cell in row if cell is not None
    )
    found = [one for one in known if one.account_number == wanted] if wanted else [
        one for one in known if len(one.account_number) >= 6 and one.account_number in text
    ]  # fmt: skip
    numbers = {one.account_number for one in found}
    if len(numbers) != 1:
        raise Refused("name the receiving account with --account" if not wanted else f"no account {wanted}")
    return next((one for one in found if one.state == "active"), found[0])


def _faults(statement_id: int) -> list[dict[str, str]]:
    wanted = select(StatementLine.fault).where(
        StatementLine.statement_id == statement_id, StatementLine.outcome == Outcome.FAULT
    )
    rows = db.session.execute(wanted.order_by(StatementLine.row_no)).scalars()
    return [{"cell": fault[0], "fault": fault[1] % fault[2]} for fault in rows if fault]
