"""`flask revenue verify` and `flask revenue export`."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from accounts.queries import organisation
from revenue.audit.queries import faults
from revenue.export import queries
from revenue.export.rules import FORMATS, beancount, hledger
from revenue.ledger.queries import ledger_id

WRITERS = {"hledger": hledger, "beancount": beancount}


revenue = AppGroup("revenue", help="The ledger: check it, or write it out.")


@revenue.command("verify")
def verify() -> None:
    """Recompute everything from the beginning; exit 1 naming the first fault."""
    first = next(faults(), None)
    click.echo(f"FAULT {first}" if first else "every ledger holds: chains, sums, splits, payouts, balances")
    sys.exit(1 if first else 0)


@revenue.command("export")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--organisation", type=int, required=True, help="Id of the organisation whose book is written.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
def export(form: str, organisation: int, output: Path) -> None:
    """Write one organisation's book for hledger or beancount."""
    if ledger_id(organisation) is None:
        raise click.ClickException(f"organisation {organisation} has no ledger")
    lines = WRITERS[form](queries.rows(organisation), queries.balances(organisation), title(organisation))
    output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    click.echo(f"wrote {output}")


def title(organisation_id: int) -> str:
    """The first line of an export; the demonstration says that it is one."""
    shown = organisation(organisation_id).name
    return f"{shown} (dữ liệu minh hoạ)" if current_app.config["DEMO"] else shown


COMMANDS = [revenue]
