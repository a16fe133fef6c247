"""The templates and the static files by themselves."""

import gzip
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = ROOT / "static"
LINES_MOST = 500
HOOKS = {"body", "review", "way"}  # name a list or a section; drawn by its own tags


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_parses_and_carries_no_style_script_or_handler(app: Flask, path: Path) -> None:
    app.jinja_env.get_template(_name(path))
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<[a-z][^>{]*\sstyle=", text), "style="
    assert not re.search(r"<[a-z][^>{]*\son[a-z]+=", text), "on…="
    assert "<style" not in text
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or "ld+json" in tag for tag in scripts), "inline script"
    assert len(text.splitlines()) <= LINES_MOST


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_extends_at_most_one_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(re.findall(r"{%-?\s*extends", text)) <= 1
    if '{% extends "layouts/' in text and path.parent.name != "layouts":
        assert "{% block title %}" in text, "no title block"


def test_the_template_linter_has_nothing_to_say() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "djlint", "--lint", "--quiet", "templates"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_scan_sheet_is_cut_from_the_whole_sheet() -> None:
    assert (
        subprocess.run([sys.executable, "scripts/cut_css.py", "--check"], cwd=ROOT, check=False).returncode
        == 0
    )


def _gz(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


def test_sheets_scripts_and_drawings_stay_light() -> None:
    assert _gz(STATIC / "css" / "chophien.css") <= 12 * 1024
    assert _gz(STATIC / "css" / "scan.css") <= 5 * 1024
    assert sum(_gz(path) for path in (STATIC / "js").glob("*.js")) <= 30 * 1024
    heavy = [path.name for path in (STATIC / "img" / "products").glob("*.svg") if path.stat().st_size > 3072]
    assert heavy == []


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.svg")), ids=lambda path: path.name)
def test_a_drawing_is_well_formed_and_needs_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert "style=" not in text and "<script" not in text
    assert not re.search(r'href="(?!#)', text)


def test_every_icon_that_a_template_asks_for_is_in_the_sprite() -> None:
    have = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "img" / "icons.svg").read_text(encoding="utf-8")))
    asked = {
        name for path in TEMPLATES for name in re.findall(r'icon\("(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert asked - have == set()


def test_every_class_a_template_uses_is_in_a_sheet_or_is_known_to_need_none() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css"))
    have = set(re.findall(r"\.([a-zA-Z][\w-]*)", sheets))
    used: dict[str, str] = {}
    for path in TEMPLATES:
        for names in re.findall(r'class="([^"{}]*)"', path.read_text(encoding="utf-8")):
            used |= dict.fromkeys(names.split(), _name(path))
    assert {name: where for name, where in used.items() if name not in have | HOOKS} == {}
