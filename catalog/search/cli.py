"""Commands: `flask search rebuild`, `flask search words`."""

import click

from catalog.search.builds import operations as builds
from catalog.search.spelling import operations as spelling
from catalog.search.suggestions import operations as suggestions
from catalog.search.tasks import stamp


@click.group("search")
def search() -> None:
    """The index of products, suggestions and the list of words."""


@search.command("rebuild")
def rebuild_command() -> None:
    """Build the index anew beside the one in use, and swap. The shop may go on."""
    count = builds.rebuild(lambda done: click.echo(f"{done} …", err=True) if done % 10_000 == 0 else None)
    click.echo(f"{count} products indexed")
    words_command.callback()  # type: ignore[misc]


@search.command("words")
def words_command() -> None:
    """Make suggestions and the words for "did you mean" anew, as the worker does when goods changed."""
    click.echo(f"{spelling.rebuild()} words")
    click.echo(f"{suggestions.rebuild(stamp())} suggestion rows")
