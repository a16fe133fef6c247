"""`flask households import FILE` and `flask households export-xlsform`."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import click

from accounts.queries import actor_of, grants, user_by_phone
from accounts.rules import Actor, normalise_phone
from core.db import transaction
from core.errors import DomainError, NotFound
from core.headings import letter
from core.i18n import N_
from households.cli import households
from households.imports import operations, queries
from households.imports.queries import Planned
from households.roster.queries import KEEPERS
from registry.lists.files import read_rows
from registry.lists.submissions import read_submissions, take
from registry.lists.xlsform import xlsform

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


__all__ = ["households"]


@households.command("export-xlsform")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output.")
def export_xlsform(to: Path | None) -> None:
    """Write the declaration's questions as an XLSForm (.xlsx) for ODK and Kobo. Needs no database."""
    if to is not None:
        to.write_bytes(xlsform())
    else:
        sys.stdout.buffer.write(xlsform())


@households.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--officer", required=True, help="Telephone of the commune officer or village head who sends it."
)
@click.option("--village", default="", help="The village of rows that name none.")
@click.option("--with-doubles", is_flag=True, help="Write people who may be known already as new ones, too.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each row of a list; write nothing.")
def import_command(file: Path, officer: str, village: str, *, with_doubles: bool, dry_run: bool) -> None:
    """Take in a list (XLSX, CSV) or submissions of ODK or Kobo (JSON, CSV): one JSON line for each record.

    A record taken in before is "known"; one that is refused says why and stops no other. No name is printed.
    """
    data = file.read_bytes()
    try:
        with transaction():
            actor = _officer(officer)
        records = read_submissions(data)
        if records is None:
            rows = read_rows(data)
    except DomainError as error:
        click.echo(json.dumps({"ok": False, "error": str(error)}))
        return
    if records is not None:
        for record in records:
            click.echo(json.dumps(take(actor, record)))
        return
    key = hashlib.sha256(data + village.encode() + officer.encode()).hexdigest()[:40]
    try:
        said = _take_list(
            actor, f"{key}-{queries.count_of(key)}", file.name, rows, village, with_doubles, dry_run
        )
    except DomainError as error:
        said = [{"ok": False, "error": str(error)}]
    for line in said:
        click.echo(json.dumps(line))


def _officer(phone: str) -> Actor:
    """The officer with this telephone. Raises NotFound."""
    person = user_by_phone(normalise_phone(phone))
    for grant in grants(person.id) if person else []:
        if person is not None and grant.role in KEEPERS and grant.unit_id is not None:
            return actor_of(person, grant)
    raise NotFound(N_("Số này không phải của cán bộ xã hay trưởng thôn."))


def _take_list(
    actor: Actor, key: str, name: str, rows: Any, village: str, with_doubles: bool, dry_run: bool
) -> list[dict[str, Any]]:  # fmt: skip
    """What became of each row: the whole list is one transaction."""
    with transaction():
        operations.receive(actor, key, name, rows, village=village)
        found = queries.own_import(actor, key)
        _rows, headings = queries.content_of(found)
        planned = queries.plan(found)
        said = [_line(one, headings.at) for one in planned]
        if dry_run:
            operations.drop(actor, key)
        else:
            waiting = operations.waiting_groups(planned, with_doubles=with_doubles)
            for one, line in zip(planned, said, strict=True):
                line["written"] = operations.is_written(one, waiting)
            operations.accept(actor, key, with_doubles=with_doubles)
    return said


def _line(one: Planned, place_of: Any) -> dict[str, Any]:
    """A row as a JSON line; faults by cell as the spreadsheet names it."""
    faults = [
        {
            "cell": f"{letter(place)}{one.row.number}"
            if (place := place_of(fault.column)) is not None
            else "",
            "error": fault.text % fault.params,
            "left_out": "row" if fault.stops else "cell",
        }
        for fault in one.row.faults
    ]
    return {"ok": not one.row.faulty, "row": one.row.number, "result": one.outcome.value, "faults": faults}
