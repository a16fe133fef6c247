"""`flask registry standards …`: list them, send points or a standard in, approve, try one before it applies."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from accounts.queries import actor_of, grants, user_by_phone
from accounts.rules import SYSTEM, Actor, Role, normalise_phone
from core.db import transaction
from core.errors import DomainError
from places.queries import place_names, provinces
from registry.standards.intake import UPLOAD_MAX_BYTES, receive
from registry.standards.kept import keep_approved, known
from registry.standards.operations import approve
from registry.standards.rules import Unusable
from registry.trial.operations import begin_trial
from registry.trial.queries import trial_of

standards = AppGroup("standards", help="Poverty standards: dated files, their points and who approved them.")


@standards.command("list")
def list_command() -> None:
    """Print a JSON array of {"id", "from", "to", "demo"}, oldest first; asks no database."""
    rows = [
        {"id": one.id, "from": f"{one.valid_from}", "to": f"{one.valid_to}", "demo": one.is_demo}
        for one in known().values()
    ]
    click.echo(json.dumps(rows))


def _administrator(phone: str) -> Actor:
    """The administrator with this number, for the audit line and the rule of two."""
    user = user_by_phone(normalise_phone(phone))
    for grant in grants(user.id) if user else []:
        if user and grant.role == Role.ADMINISTRATOR:
            return actor_of(user, grant)
    raise click.ClickException("nobody with this number is an administrator")


@standards.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--standard", "standard_id", default="", help="Whose points these are; not asked of a whole standard."
)
@click.option("--as", "phone", required=True, help="The administrator who sends it in, by phone number.")
@click.option("--source", required=True, help="Which text of law it was copied from.")
def import_command(file: Path, standard_id: str, phone: str, source: str) -> None:
    """Send in a points table (XLSX, JSON) or a whole standard (JSON); it counts once another administrator approves."""
    if file.stat().st_size > UPLOAD_MAX_BYTES:
        raise click.ClickException("the file is larger than a points table can be")
    try:
        with transaction():
            made, faults = receive(_administrator(phone), standard_id, file.read_bytes(), source)
            said = {"import": made.key, "state": made.state, "hash": made.hash} if made else {}
    except Unusable as error:
        raise click.ClickException("\n".join(error.faults)) from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    for one in faults:
        click.echo(f"{one.at}: {one.why % one.params}", err=True)
    if not said:
        sys.exit(1)
    click.echo(json.dumps(said))


@standards.command("approve")
@click.argument("key")
@click.option("--as", "phone", required=True, help="The second administrator, by phone number.")
def approve_command(key: str, phone: str) -> None:
    """The second person's yes to an import."""
    try:
        with transaction():
            found = approve(_administrator(phone), key)
            said = {"import": found.key, "state": found.state, "standard": found.standard_id}
        keep_approved()
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(said))


@standards.command("try")
@click.argument("standard_id")
@click.option("--province", default="", help="A province's code; the whole country without it.")
def try_command(standard_id: str, province: str) -> None:
    """Count what would change on stored answers if this standard replaced the one in force. One JSON object."""
    try:
        place = next((one.id for one in provinces() if one.code == province), None)
        if province and place is None:
            raise click.ClickException(f"there is no province {province}")
        with transaction():
            begin_trial(SYSTEM, standard_id, place)
        before, after, counted = trial_of(standard_id, place)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    names = place_names(set(counted.by_commune))
    groups = {
        "by_commune": {names[unit_id].full: group for unit_id, group in counted.by_commune.items()},
        "by_ethnic_group": counted.by_group,
        "by_household_size": counted.by_size,
    }
    said = {
        "before": before.id,
        "after": after.id,
        "demo": before.is_demo or after.is_demo,
        "total": asdict(counted.total),
        "changes": [
            {"from": first, "to": then, "households": count}
            for (first, then), count in sorted(counted.changes.items())
        ],
        "missing": dict(counted.missing.most_common()),
    }
    said |= {name: {key: asdict(one) for key, one in sorted(rows.items())} for name, rows in groups.items()}
    click.echo(json.dumps(said))
