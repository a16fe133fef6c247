"""`flask revenue verify`, `flask revenue export` and `flask revenue split`."""

import gc
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from core.db import db
from core.lines import serve
from revenue.audit.queries import faults
from revenue.audit.rules import Tally
from revenue.export.files import written
from revenue.export.rules import FORMATS
from revenue.sharing.rules import split_line

revenue = AppGroup("revenue", help="The ledger: check it, write it out; the split alone.")


@revenue.command("verify")
def verify() -> None:
    """Recompute everything from the beginning; exit 1 naming the first fault."""
    if db.engine.dialect.name == "postgresql":  # one moment of the books, whatever is posted meanwhile
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    tally = Tally()
    gc.disable()  # millions of rows in no ring: counting references frees them
    first = next(faults(tally), None)
    if first:
        click.echo(f"FAULT {first}")
        sys.exit(1)
    click.echo("every ledger holds: chains, sums, splits, payouts, balances")
    click.echo(str(tally))


@revenue.command("export")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option(
    "--organisation", type=int, help="Id of the organisation whose book is written; all books without it."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file; standard output without it.")
def export(form: str, organisation: int | None, output: Path | None) -> None:
    """Write one organisation's book, or all, for hledger, beancount or a spreadsheet."""
    made = written(form, organisation)
    if made is None:
        raise click.ClickException(
            f"organisation {organisation} has no ledger" if organisation else "there is no ledger yet"
        )
    if output is None:
        sys.stdout.buffer.write(made)
        return
    output.write_bytes(made)
    click.echo(f"wrote {output}")


@revenue.command("split")
def split() -> None:
    """Share amounts over members by grams, a JSON line each.

    {"amount_vnd": 100, "weights": {"a": 1, "b": 2}} gives {"parts": {"a": 33, "b": 67}}: largest remainder, ties to the
    smaller key, exact sums. What is malformed is answered with {"ok": false, "error": …}.
    """
    serve(split_line)


COMMANDS = [revenue]
