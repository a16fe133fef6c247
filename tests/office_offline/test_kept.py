"""What a phone may keep: three pages and their files, light, the same for everybody; and the way onto a home screen."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from core.db import transaction
from tests.factories.accounts import sign_in
from tests.factories.catalog import category
from tests.factories.cooperatives import create_cooperative, manager_of

STATIC = Path(__file__).resolve().parents[2] / "static"
SHELLS = ("/manage/offline/day", "/manage/offline/product", "/manage/offline/slip")


def kept(client: FlaskClient) -> list[str]:
    """The addresses that the worker keeps."""
    found = re.search(r"const KEPT = (\[.*?\]);", client.get("/sw.js").text)
    assert found
    return list(json.loads(found[1]))


def name_of(client: FlaskClient) -> str:
    """The cache's name."""
    found = re.search(r'NAME = "(chophien-\w+)"', client.get("/sw.js").text)
    assert found
    return found[1]


def test_the_worker_stands_at_the_root_light_and_asked_after_each_time(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript" and "no-cache" in answer.headers["Cache-Control"]
    assert len(gzip.compress(answer.data)) < 2048 and "Set-Cookie" not in answer.headers
    assert client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_worker_never_keeps_an_answer_at_run_time() -> None:
    text = (STATIC / "sw.js").read_text(encoding="utf-8")
    assert not re.search(r"\.put\(|\.add\(|importScripts|[\"'.]sync|SyncManager", text)
    assert text.count("addAll") == 1 and 'credentials: "omit"' in text


def test_everything_it_keeps_is_there_for_everybody(client: FlaskClient) -> None:
    addresses = kept(client)
    assert set(SHELLS) < set(addresses)
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
            assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")


def test_a_changed_word_of_the_pages_makes_the_phone_keep_them_anew(app: Flask, client: FlaskClient) -> None:
    before = name_of(client)
    with app.app_context(), transaction():
        category().name = "Miến, bún, phở"
    assert name_of(client) != before


@pytest.mark.parametrize("path", SHELLS)
def test_a_kept_page_is_the_same_whoever_asks(app: Flask, path: str) -> None:
    with app.app_context():
        manager = manager_of(create_cooperative("HTX Ta"))
    hers, nobodys = app.test_client(), app.test_client()
    sign_in(hers, manager)
    assert hers.get(path).data == nobodys.get(path).data


def test_every_module_that_a_page_imports_is_kept(client: FlaskClient) -> None:
    addresses = kept(client)
    for path in (STATIC / "js" / "offline").glob("*.js"):
        if path.name == "leave.js":  # signing out needs a line
            continue
        for named in re.findall(r'(?:from|import\()\s*"(\.{1,2}/[\w./]+)"', path.read_text(encoding="utf-8")):
            wanted = "/" + (path.parent / named).resolve().relative_to(STATIC.parent).as_posix()
            assert wanted in addresses, f"{path.name} imports {named}"


@pytest.mark.parametrize("page", ["day", "product", "slip"])
def test_the_scripts_of_a_page_stay_light(page: str) -> None:
    names = ["app.js", "shrink.js", f"offline/{page}.js"]
    names += [f"offline/{name}.js" for name in ("store", "send", "ui", "writing")]
    assert sum(len(gzip.compress((STATIC / "js" / name).read_bytes())) for name in names) <= 30 * 1024


def manifest(client: FlaskClient, page: str) -> dict[str, Any]:
    """The manifest that a page names."""
    found = re.search(r'<link rel="manifest" href="([^"]+)"', client.get(page).text)
    assert found
    with client.get(found[1]) as answer:
        return dict(answer.get_json(force=True))


def test_the_home_screen_gets_a_name_a_start_and_whole_icons(client: FlaskClient) -> None:
    found = manifest(client, "/manage/offline/day")
    assert found["start_url"] == "/manage" and found["scope"] == "/" and found["display"] != "browser"
    assert found["name"] and len(found["short_name"]) <= 12 and found["theme_color"] == "#171c48"
    sizes = {(icon["sizes"], icon["purpose"]) for icon in found["icons"] if icon["type"] == "image/png"}
    assert sizes == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for icon in found["icons"]:
        if icon["type"] == "image/png":
            with Image.open(STATIC / icon["src"]) as picture:
                assert "x".join(map(str, picture.size)) == icon["sizes"]


def test_the_shortcuts_lead_to_pages_that_exist(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        manager = manager_of(create_cooperative("HTX Ta"))
    sign_in(client, manager)
    for shortcut in manifest(client, "/manage/offline/day")["shortcuts"]:
        assert client.get(shortcut["url"]).status_code == 200, shortcut["url"]


def test_a_buyers_home_screen_starts_in_the_shop(client: FlaskClient) -> None:
    assert manifest(client, "/terms")["start_url"] == "/"


def test_signing_out_without_script_has_the_browser_empty_itself(app: Flask) -> None:
    with app.app_context():
        manager = manager_of(create_cooperative("HTX Ta"))
    for sent, header in (({}, '"storage"'), ({"wiped": "1"}, None)):
        client = app.test_client()
        sign_in(client, manager)
        token = client.get("/manage/offline/token").get_json()["token"]
        answer = client.post("/sign-out", data=sent | {"csrf_token": token})
        assert answer.status_code == 302 and answer.headers.get("Clear-Site-Data") == header
        assert client.get("/me").status_code == 401
