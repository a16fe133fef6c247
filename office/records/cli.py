"""Command: `flask records report YEAR`."""

import click

from core import clock
from office.records import queries


@click.group("records")
def records() -> None:
    """What the market reports."""


@records.command("report")
@click.argument("year", type=int, required=False)
@click.option("--csv", "as_csv", is_flag=True, help="As a table for a spreadsheet.")
def report_command(year: int | None, as_csv: bool) -> None:
    """The figures of a year (last year's by default), due before 15 February of the next."""
    year = year or clock.today().year - 1
    if as_csv:
        click.echo(queries.report_csv(year).decode("utf-8-sig"), nl=False)
        return
    click.echo(f"{year}, due before {queries.due_on(year)}")
    for one in queries.figures(year):
        click.echo(f"{one.name:20} {one.value:>16,} {one.unit}")


COMMANDS = [records]
