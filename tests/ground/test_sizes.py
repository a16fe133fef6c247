"""The absence of monsters: caps on functions and files, a median that stays small, a docstring everywhere."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FUNCTION_MAX, FILE_MAX, MEDIAN_MAX = 60, 500, 9
SKIPPED = (
    ".venv",
    "build",
    "instance",
    "migrations/versions",
    "node_modules",
    ".git",
)


def files(suffix: str, *folders: str) -> Iterator[Path]:
    for path in sorted(ROOT.rglob(f"*{suffix}")):
        relative = path.relative_to(ROOT).as_posix()
        if not relative.startswith(SKIPPED) and (not folders or relative.startswith(folders)):
            yield path


PYTHON = list(files(".py"))
CAPPED = [*PYTHON, *sorted((ROOT / "migrations" / "versions").glob("*.py"))]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (
                f"{path.relative_to(ROOT)}:{node.lineno} {node.name}",
                (node.end_lineno or 0) - node.lineno + 1,
            )


def test_no_function_is_over_sixty_lines() -> None:
    assert [name for path in CAPPED for name, lines in functions(path) if lines > FUNCTION_MAX] == []


def test_no_file_is_over_five_hundred_lines() -> None:
    checked = [*CAPPED, *files(".html", "templates")]
    assert [
        str(path.relative_to(ROOT)) for path in checked if len(path.read_text().splitlines()) > FILE_MAX
    ] == []


def test_the_median_function_is_small() -> None:
    product = [path for path in PYTHON if not path.relative_to(ROOT).as_posix().startswith("tests/")]
    assert statistics.median(lines for path in product for _name, lines in functions(path)) <= MEDIAN_MAX


@pytest.mark.parametrize("kind", [ast.FunctionDef, ast.ClassDef])
def test_what_is_public_says_what_it_means(kind: type[ast.FunctionDef | ast.ClassDef]) -> None:
    silent = []
    for path in PYTHON:
        if path.relative_to(ROOT).as_posix().startswith(("tests/", "migrations/")):
            continue
        tree = ast.parse(path.read_text())
        if ast.get_docstring(tree) is None and path.stat().st_size:
            silent.append(f"{path.relative_to(ROOT)}: module")
        silent += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            for node in tree.body
            if isinstance(node, kind) and not node.name.startswith("_") and ast.get_docstring(node) is None
        ]
    assert silent == []


def test_no_exception_is_swallowed() -> None:
    swallowed = []
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body):
                swallowed.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert swallowed == []


def test_only_the_floor_commits_and_only_the_configuration_reads_the_environment() -> None:
    wrong = []
    for path in PYTHON:
        relative = path.relative_to(ROOT).as_posix()
        if relative.startswith(("tests/", "benchmarks/", "scripts/", "migrations/")):
            continue
        text = path.read_text()
        if ".commit()" in text and relative != "core/db.py":
            wrong.append(f"{relative} commits")
        if "os.environ" in text and relative != "config.py":
            wrong.append(f"{relative} reads the environment")
        if "datetime.now(" in text and relative not in ("core/clock.py",):
            wrong.append(f"{relative} has its own clock")
    assert wrong == []
