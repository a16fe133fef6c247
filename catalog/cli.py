"""Commands: `flask catalog categories`, `flask catalog reindex`."""

import click
from sqlalchemy import select

from catalog.models import Product
from catalog.reference import load_categories
from catalog.search.operations import reindex
from core.db import db, transaction


@click.group("catalog")
def catalog() -> None:
    """Categories and the search index."""


@catalog.command("categories")
def categories_command() -> None:
    """Add the categories that the market starts with."""
    with transaction():
        click.echo(f"{load_categories()} categories added")


@catalog.command("reindex")
def reindex_command() -> None:
    """Write the whole search index again."""
    with transaction():
        ids = list(db.session.execute(select(Product.id).order_by(Product.id)).scalars())
        for product_id in ids:
            reindex(product_id)
    click.echo(f"{len(ids)} products indexed")


COMMANDS = [catalog]
