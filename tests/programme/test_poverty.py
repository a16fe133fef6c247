"""Project staff read what was published of poverty, and the code can reach nothing else of the registry."""

import ast
import subprocess
import sys
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from tests.factories.accounts import actor_for, sign_in
from tests.queries import count_queries
from tests.registry_figures.world import released

ROOT = Path(__file__).resolve().parents[2]


def test_every_import_of_the_registry_is_of_what_it_published() -> None:
    wrong, right = [], 0
    for path in sorted((ROOT / "programme").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                if name.split(".")[0] == "registry":
                    right += name.startswith("registry.published.public")
                    wrong += [] if name.startswith("registry.published.public") else [f"{path.name}: {name}"]
    assert wrong == [] and right == 1


def test_reading_what_was_published_loads_no_table_of_households_answers_or_classes() -> None:
    said = (
        "import registry.published.public as _; from core.db import Base; "
        "print(*sorted(one for one in Base.metadata.tables))"
    )
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"figure_release", "figure_row"} <= set(done.stdout.split())
    assert not {"review", "review_case", "counted_home", "place_count", "household", "person"} & set(
        done.stdout.split()
    )


def test_staff_see_a_published_round_beside_the_cooperatives(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        who = actor_for(Role.PROJECT_STAFF)
    sign_in(client, who)
    assert "Chưa công bố đợt nào" in client.get("/programme/poverty").text
    with app.app_context():
        released()
    with count_queries(app) as counted:
        page = client.get("/programme/poverty?round=1999").text
    assert "Đợt 2025" in page and "DEMO" in page and "HTX trên chợ" in page and "không hiện" in page
    assert counted.count <= 20, counted.statements
