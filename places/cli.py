"""`flask places load`: the administrative units and, where none are set, the illustrative shipping rates."""

import time
from pathlib import Path

import click
from flask.cli import with_appcontext

from core.db import transaction
from places import unitsfile
from places.operations import load_units, set_illustrative_rates


@click.group("places")
def places() -> None:
    """Administrative units."""


@places.command("load")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=unitsfile.SHIPPED
)
@with_appcontext
def load(file: Path) -> None:
    """Load a list of units (the shipped one by default). Safe to run again; a newer list replaces an older."""
    start = time.perf_counter()
    listed = unitsfile.read(file)
    with transaction():
        report = load_units(listed)
        rates = set_illustrative_rates()
    click.echo(
        f"{listed.source}: {report.opened} opened, {report.closed} closed, {report.corrected} corrected, "
        f"{report.unchanged} unchanged, {report.changes} changes, {rates} illustrative rates, "
        f"{time.perf_counter() - start:.1f} s"
    )


COMMANDS = [places]
