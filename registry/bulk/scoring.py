"""Scoring a file: DuckDB reads Parquet or CSV and applies the standard's SELECT within a bounded memory.

DuckDB is loaded by this one command alone; no web process and no worker brings it in. Chosen over pyarrow with NumPy:
one wheel without dependencies, MIT, which reads, scores and writes without whole columns in memory.
"""

from pathlib import Path
from typing import Any

from registry.bulk.rules import UNPLACED, columns_of, select_of
from registry.questions import BY_ID
from registry.standards.rules import Standard

MEMORY_MB = 256
OUTCOMES = ("poor", "near_poor", "none", "unsaid")


class CannotScore(ValueError):
    """The file, or this machine, cannot be used; the text says why, for the operator."""


def rescore(
    standard: Standard, file: Path, *, to: Path | None = None, threads: int = 2, memory_mb: int = MEMORY_MB
) -> dict[str, Any]:
    """Score every row of a Parquet or CSV file; how many households fall in each class.

    to: a Parquet file to write the rows' points and class to. Raises CannotScore where the file lacks a column or
    holds something else in it.
    """
    import duckdb  # 60 MB of memory that only this command needs

    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET memory_limit = '{int(memory_mb)}MB'")
        connection.execute(f"SET threads = {int(threads)}")
        connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
        source = _source(connection, standard, file)
        select = select_of(standard, source)
        if to is not None:
            copy = f"COPY (SELECT * FROM ({select})) TO {_quoted(to)} (FORMAT parquet)"
            connection.execute(copy)
            select = f"SELECT outcome FROM read_parquet({_quoted(to)})"
        rows = connection.execute(f"SELECT outcome, count(*) FROM ({select}) GROUP BY outcome").fetchall()
    except duckdb.Error as error:
        raise CannotScore(f"{file.name}: {str(error).splitlines()[0]}") from error
    finally:
        connection.close()
    counts = dict(rows)
    if lost := counts.get(UNPLACED):
        raise CannotScore(
            f"{file.name}: {lost} rows have no region that the points table knows, or no 'urban'"
        )
    return {
        "standard": standard.id,
        "hash": standard.hash,
        "demo": standard.is_demo,
        "households": sum(counts.values()),
        "classes": {name: counts.get(name, 0) for name in OUTCOMES},
    }


def _source(connection: Any, standard: Standard, file: Path) -> str:
    """The file as a table with the columns asked for, of the types asked for. Raises CannotScore for one it lacks."""
    kind = {".parquet": "read_parquet", ".csv": "read_csv"}.get(file.suffix.lower())
    if kind is None:
        raise CannotScore(f"{file.name} is neither .parquet nor .csv")
    source = f"{kind}({_quoted(file)})"
    has = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    wanted = columns_of(standard)
    if missing := [name for name in wanted if name not in has]:
        raise CannotScore(f"{file.name} has no column {', '.join(missing)}")
    columns = [f'"{name}"::{_type(name)} AS "{name}"' for name in wanted]
    if "household" in has:
        columns.insert(0, "household")
    return f"(SELECT {', '.join(columns)} FROM {source})"


def _type(name: str) -> str:
    if name == "urban":
        return "BOOLEAN"
    return "INTEGER" if name in BY_ID and BY_ID[name].kind == "number" else "VARCHAR"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
