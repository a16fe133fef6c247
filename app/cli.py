"""Commands: `flask serve`, `flask worker`; each part adds its own."""

import sys

import click
from flask import Flask, current_app

from app import keys, worker
from app.commands import plainly
from app.serve import serve


@click.command("serve")
def serve_command() -> None:
    """Run web server and worker together until stopped."""
    from config import load

    sys.exit(serve(load()))


@click.command("worker")
@click.option("--once", is_flag=True, help="Run every duty once and stop.")
def worker_command(once: bool) -> None:
    """Run the worker."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        click.echo(f"{worker.run_once(app)} done")
    else:
        worker.run(app)


def register(app: Flask) -> None:
    """Add the commands of the composition root."""
    app.cli.add_command(serve_command)
    app.cli.add_command(worker_command)
    app.cli.add_command(plainly(keys.keys))
