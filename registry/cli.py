"""`flask registry …`: classify and score line by line, measure, score a file, look after standards."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from accounts.operations import audit
from accounts.rules import SYSTEM
from core.db import transaction
from core.errors import DomainError
from core.lines import Refused, read, serve
from registry.bulk.scoring import MEMORY_MB, CannotScore, rescore
from registry.figures.rules import BASES, Basis
from registry.lines import classify_line, score_line, scored
from registry.lists import cli as lists_cli
from registry.measures.queries import measures_of
from registry.measures.rules import measure_line
from registry.queries import answers_of, explain, review_by_key
from registry.reports.files import written
from registry.reports.queries import NAMES, report
from registry.safety import cli as safety_cli
from registry.standards.cli import standards
from registry.standards.kept import known
from registry.standards.queries import standards as held_in_database

KEY_MAX = 100
registry = AppGroup("registry", help="The household's registry: standards, classes, points, measures.")
registry.add_command(standards)


@registry.command("classify")
def classify_command() -> None:
    """Say the class of B1 and B2 points, a JSON line each; asks no database.

    {"standard": "vn-2022-2025", "area": "rural" | "urban", "b1": 140, "b2": 30} gives {"class": "poor", "near_poor",
    "none" or null, "demo", "why"}.
    """
    every = known()
    serve(lambda line: classify_line(line, every))


@registry.command("score")
def score_command() -> None:
    """Points, class and reasons of answers, a JSON line each.

    {"standard", "area", "region", "answers": {question: option, number, null or "unknown"}} scores answers given here;
    {"review": key} those of a stored declaration under each of its standards, and leaves an audit line.
    """
    every = known()

    def answer(line: bytes) -> dict[str, Any]:
        asked = read(line)
        return _stored(asked["review"]) if "review" in asked else score_line(line, every)

    serve(answer)


def _stored(key: object) -> dict[str, Any]:
    """What each standard says of a stored declaration. The audit line is written first."""
    if not isinstance(key, str) or not (key.isascii() and key.isprintable()) or len(key) > KEY_MAX:
        raise Refused("review is no declaration's key")
    try:
        with transaction():
            review = review_by_key(key)
            audit(SYSTEM, "score declaration", f"review:{review.id}", ("answers",), "flask registry score")
        every, review = held_in_database(), review_by_key(key)
        results = explain(review, answers_of(review))
    except DomainError as error:
        raise Refused(str(error)) from None
    except (OperationalError, ProgrammingError):
        raise Refused("the database has no tables, or older ones: a stored declaration needs it") from None
    return {"review": review.key, "results": [scored(one, every[one.standard_id]) for one in results]}


@registry.command("measure")
@click.option(
    "--standard", "standard_id", help="Measure the stored results of this standard instead of lines."
)
@click.option("--round", "year", type=int, help="The year in which the declarations were sent.")
@click.option(
    "--k", "cutoff", type=int, default=3, show_default=True, help="In how many indicators poverty begins."
)
def measure_command(standard_id: str | None, year: int | None, cutoff: int) -> None:
    """H, A, M0 and what each indicator adds (Alkire and Foster), a JSON line each.

    {"rows": [[0, 1], …], "k": 2, "weights": [1, 1], "sizes": [4, 7], "names": ["water", "toilet"]}; weights, sizes and
    names may be left out. With --standard and --round: of the stored results, households counted.
    """
    if standard_id is None:
        serve(measure_line)
        return
    if year is None:
        raise click.UsageError("--standard needs --round")
    try:
        click.echo(json.dumps(measures_of(standard_id, year, cutoff)))
    except DomainError as error:
        raise click.ClickException(str(error)) from error


@registry.command("report")
@click.argument("name", type=click.Choice(NAMES))
@click.option(
    "--unit", "unit_code", required=True, help="A province's or commune's code; 'vn' for the country."
)
@click.option(
    "--round", "year", type=click.IntRange(2000, 2200), required=True, help="The year of the round."
)
@click.option("--basis", type=click.Choice(BASES), help="Recognised where anything is, else declared.")
@click.option(
    "--standard", "standard_id", default="", help="The standard of the round's last day without it."
)
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="Write an .xlsx or .pdf file instead."
)
def report_command(
    name: str, unit_code: str, year: int, basis: str | None, standard_id: str, to: Path | None
) -> None:
    """Counts of a round, a unit and what is inside it, as one JSON object. Parents are sums of their children."""
    chosen = Basis(basis) if basis else None
    try:
        with transaction():
            audit(SYSTEM, "report figures", f"unit:{unit_code[:40]}", ("outcome",), f"{name} {year}")
        if to is not None:
            to.write_bytes(written(name, unit_code, year, chosen, standard_id, to.suffix))
            return
        click.echo(json.dumps(report(name, unit_code, year, chosen, standard_id), ensure_ascii=False))
    except (DomainError, OSError) as error:
        raise click.ClickException(str(error)) from error


@registry.command("rescore")
@click.option("--standard", "standard_id", required=True)
@click.option("--from", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A Parquet or CSV file: a column for each question, region, urban.")  # fmt: skip
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="Write the scored rows (Parquet)."
)
@click.option("--threads", default=2, show_default=True)
@click.option("--memory-mb", default=MEMORY_MB, show_default=True, help="What DuckDB may use.")
def rescore_command(standard_id: str, file: Path, to: Path | None, threads: int, memory_mb: int) -> None:
    """Score every household of a file and print how many fall in each class."""
    standard = known().get(standard_id)
    if standard is None:
        raise click.ClickException(f"there is no standard {standard_id}")
    try:
        click.echo(json.dumps(rescore(standard, file, to=to, threads=threads, memory_mb=memory_mb)))
    except CannotScore as error:
        raise click.ClickException(str(error)) from error


registry.add_command(safety_cli.fences)
COMMANDS = [registry]
assert lists_cli.households  # its commands stand in the group of the part below
