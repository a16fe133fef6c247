"""`flask stock verify`: recompute stock and bulk from their movements."""

import sys

import click

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


COMMANDS = [stock]
