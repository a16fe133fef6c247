"""The arrows hold in the data too: no key, relationship or statement points up, and nobody writes another's table."""

import ast
import re
from pathlib import Path

from app.parts import PARTS, load_models
from core.db import Base

ROOT = Path(__file__).resolve().parents[2]
ORDER = [part for part in PARTS if "." not in part]
SIDE_BY_SIDE = {
    "registry": "payments",
    "office": "storefront",
    "programme": "storefront",
    "channels": "storefront",
}
LEVEL = {name: ORDER.index(SIDE_BY_SIDE.get(name, name)) for name in ORDER}
load_models()
OWNER = {mapper.local_table.name: mapper.class_.__module__.split(".")[0] for mapper in Base.registry.mappers}  # type: ignore[attr-defined]


def level(part: str) -> int:
    return LEVEL[part]


def test_every_table_has_one_owner() -> None:
    assert set(OWNER) == set(Base.metadata.tables)


def test_no_foreign_key_points_up() -> None:
    wrong = []
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            mine, theirs = OWNER[table.name], OWNER[key.column.table.name]
            if mine != theirs and level(theirs) >= level(mine):
                wrong.append(f"{table.name} → {key.column.table.name}")
    assert wrong == []


def test_no_relationship_points_up() -> None:
    wrong = []
    for mapper in Base.registry.mappers:
        mine = mapper.class_.__module__.split(".")[0]
        for relation in mapper.relationships:
            theirs = relation.mapper.class_.__module__.split(".")[0]
            if mine != theirs and level(theirs) >= level(mine):
                wrong.append(f"{mapper.class_.__name__}.{relation.key}")
    assert wrong == []


def _sources() -> list[tuple[str, str, str]]:
    found = []
    for part in ORDER:
        for path in sorted((ROOT / part).rglob("*.py")) if (ROOT / part).is_dir() else []:
            found.append((part, path.relative_to(ROOT).as_posix(), path.read_text()))
    return found


def test_raw_sql_names_no_table_of_a_part_above() -> None:
    wrong = []
    for part, path, text in _sources():
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            for table in re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]{3,})\b", node.value):
                if table in OWNER and OWNER[table] != part and level(OWNER[table]) >= level(part):
                    wrong.append(f"{path}: {table}")
    assert wrong == []


def test_nobody_writes_another_parts_table() -> None:
    """`insert(X)`, `update(X)`, `delete(X)` and `X(...)` of a mapped class only in the part that owns it."""
    classes = {
        mapper.class_.__name__: mapper.class_.__module__.split(".")[0] for mapper in Base.registry.mappers
    }
    wrong = []
    for part, path, text in _sources():
        if part == "app":
            continue  # the seed calls verbs; it is checked by its own test
        tree = ast.parse(text)
        imported = {
            alias.asname or alias.name: (node.module or "").split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if alias.name in classes and (node.module or "").split(".")[0] in ORDER
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            target = node.func.id
            if target in ("insert", "update", "delete") and node.args and isinstance(node.args[0], ast.Name):
                target = node.args[0].id
            if imported.get(target, part) != part and classes.get(target) is not None:
                wrong.append(f"{path}:{node.lineno} writes {target}")
    assert wrong == []
