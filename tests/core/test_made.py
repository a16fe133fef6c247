"""What is kept from one start to the next, and what is made only when somebody asks for it."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, url_for
from werkzeug.routing import Map
from werkzeug.routing import Rule as WerkzeugRule

from app.addresses import Rule
from app.made import Made, Templates
from app.templates import Environment
from config import ROOT

SECRET = b"a secret of this test"


def test_what_was_kept_is_found_under_its_name_and_source_alone(tmp_path: Path) -> None:
    made = Made(tmp_path / "made", SECRET)
    made.keep("texts en", {(None, "Giỏ"): "Cart"}, b"po")
    assert made.find("texts en", b"po") == {(None, "Giỏ"): "Cart"}
    assert made.find("texts en", b"another po") is None
    assert made.find("texts ja", b"po") is None
    assert Made(tmp_path / "made", b"another secret").find("texts en", b"po") is None


def test_a_file_that_somebody_changed_is_not_run(tmp_path: Path) -> None:
    made = Made(tmp_path / "made", SECRET)
    made.keep("template vi home", compile("1", "home", "eval"))
    (path,) = (tmp_path / "made").iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert made.find("template vi home") is None


def test_what_another_version_of_our_files_made_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Made(tmp_path / "made", SECRET)
    made.keep("texts en", 1)
    monkeypatch.setattr("app.made.made_of", lambda: b"after an update")
    assert made.find("texts en") is None


def test_a_folder_that_takes_nothing_only_costs_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "made").write_text("a file where the folder should be")
    made = Made(tmp_path / "made", SECRET)
    made.keep("texts en", 1)
    assert made.find("texts en") is None


def test_templates_come_from_the_folder_each_in_its_language(app: Flask, tmp_path: Path) -> None:
    def drawn(hl: str) -> str:
        environment = Environment(app)  # as another process makes it
        environment.globals |= app.jinja_env.globals
        environment.filters |= app.jinja_env.filters
        environment.add_extension("jinja2.ext.do")
        environment.bytecode_cache = Templates(Made(tmp_path, SECRET))
        with app.test_request_context(f"/?hl={hl}"):
            return environment.get_template("busy.html").render()

    first = [drawn("vi"), drawn("en")]
    count = len(list(tmp_path.iterdir()))
    assert first[0] != first[1]
    assert [drawn("vi"), drawn("en")] == first
    assert len(list(tmp_path.iterdir())) == count > 2


def test_addresses_are_written_as_werkzeug_writes_them() -> None:
    def written(kind: type[WerkzeugRule]) -> list[str]:
        rules = [kind("/món/<int:n>/<path:rest>", endpoint="a"), kind("/b/", endpoint="b", defaults={"x": 1})]
        site = Map(rules).bind("chợ.example")
        return [
            site.build("a", {"n": 3, "rest": "x/y z", "q": "1"}),
            site.build("b", {"x": 1, "rule": "r"}),
            site.build("a", {"n": 3, "rest": "x"}, append_unknown=False),
            site.build("b", {"x": 1}),
        ]

    assert written(Rule) == written(WerkzeugRule)


def test_the_site_uses_them(app: Flask) -> None:
    with app.test_request_context("/"):
        assert isinstance(next(app.url_map.iter_rules("browse.product")), Rule)
        assert url_for("browse.product", slug="mien-dong") == "/products/mien-dong"


def test_commands_are_there_when_asked_for(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["--help"]).output
    assert "worker" in said and "search" in said and "gs1" in said
    assert "upgrade" in app.test_cli_runner().invoke(args=["db", "--help"]).output


def test_a_web_process_imports_no_command() -> None:
    """What no page needs is in no web process: commands, spreadsheets, decoders, PDF, migrations, card providers."""
    heavy = (
        "registry.cli",
        "catalog.cli",
        "openpyxl",
        "alembic",
        "PIL",
        "zxingcpp",
        "reportlab",
        "stripe",
        "duckdb",
    )
    code = f"import sys, wsgi; print([one for one in {heavy!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
