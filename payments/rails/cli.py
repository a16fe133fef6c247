"""`flask payments reconcile`, and the two steps by which an operator makes a collector."""

import json
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from core.db import transaction
from payments.attempts.reconciliation import reconcile, unfinished_count
from payments.rails.rules import RAILS


@click.command("reconcile")
@click.option("--provider", type=click.Choice(list(RAILS)), help="One rail; all when left out.")
@with_appcontext
def reconcile_command(provider: str | None) -> None:
    """Ask every provider about everything unfinished, and compare its book with ours. One JSON line a rail."""
    for rail in [provider] if provider else RAILS:
        tally = reconcile(rail, everything=True)
        click.echo(json.dumps({"provider": rail, **asdict(tally), "unfinished": unfinished_count(rail)}))


@click.command("collector")
@click.argument("name")
@click.argument("phone")
@with_appcontext
def collector_command(name: str, phone: str) -> None:
    """Make an organisation that takes money for cooperatives, and invite its first manager by PHONE."""
    from accounts.operations import invite
    from accounts.rules import SYSTEM, Role, normalise_phone
    from revenue.collector.operations import open_collector

    with transaction():
        made = open_collector(name)
        invite(SYSTEM, normalise_phone(phone), Role.MANAGER, made.id)
        click.echo(json.dumps({"organisation_id": made.id, "name": made.name}))
