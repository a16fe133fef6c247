"""Commands of the channels."""

from pathlib import Path

import click
from flask.cli import AppGroup

from channels.live.judging import FILE, judge, load

channels = AppGroup("channels", help="Selling elsewhere: chat, live sales, feeds.")


@channels.command("judge")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def judge_command(files: tuple[Path, ...]) -> None:
    """How well comments are read: each miss, then precision and recall of the goods. Needs no database."""
    for file in files or (FILE, FILE.with_name("unseen.tsv")):
        verdict = judge(*load(file))
        for one in verdict.missed:
            click.echo(f"{one.text!r}: judged {one.judged}, read {one.read}", err=True)
        click.echo(
            f"{file.name}: {verdict.comments} comments, intent right in {verdict.intents_right}; goods: "
            f"precision {verdict.precision:.3f}, recall {verdict.recall:.3f}"
        )


COMMANDS = [channels]
