"""Commands: `flask catalog categories`; `flask search rebuild` and `flask search words`."""

import click

from catalog.reference import load_categories
from catalog.search.cli import search
from core.db import transaction


@click.group("catalog")
def catalog() -> None:
    """Categories."""


@catalog.command("categories")
def categories_command() -> None:
    """Add the categories that the market starts with."""
    with transaction():
        click.echo(f"{load_categories()} categories added")


COMMANDS = [catalog, search]
