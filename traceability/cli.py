"""`flask stock verify`: recompute stock and bulk from their movements; and the commands of the subpackages."""

import sys

import click

from traceability.epcis.cli import epcis
from traceability.gs1.cli import gs1
from traceability.log.cli import log, witness_command
from traceability.stock.queries import differences


@click.group("stock")
def stock() -> None:
    """Stock of lots."""


@stock.command("verify")
def verify() -> None:
    """Compare every cached figure with its movements; exit 1 if any differs."""
    found = differences()
    for one in found:
        click.echo(f"{one.what}: {one.cached} in the books, {one.folded} by movements")
    click.echo(f"{len(found)} differences")
    sys.exit(1 if found else 0)


COMMANDS = [stock, gs1, epcis, log, witness_command]
